"""What the rule may learn from: votes with their prompts, and the votes that teach nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from app.adapters.storage import calibrations, decisions, spot_checks
from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields
from app.adapters.storage.reading import vote_of
from app.adapters.storage.spot_checks import AskedFor
from app.domain.answer import AnswerState
from app.domain.calibration.lessons import lessons_of
from app.domain.model import ModelRef, Pair, Role
from app.domain.routing.decision import Basis
from app.domain.routing.question import Question
from app.domain.turn import ANOTHER_CHEAP, BESIDE, Lesson, TurnMode
from app.domain.vote import Vote, VoteKind
from app.services.ports.learning import OutputLength

MAX_LESSON_CHARS = 20_000
_Judged = Mapping[str, Any]  # an answer's role, state and mode of asking


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The votes of one turn: the one that teaches, if any, and why the others do not.

    `of_pair` is False where the cheap answer that was judged is another model's.
    """

    turn_id: int
    votes: tuple[Vote, ...]
    lesson: Vote | None
    left_out: Counter[str]
    of_pair: bool = True


def lessons(connection: Connection, pair_key: str, now: datetime) -> list[Lesson]:
    """Return what each turn of that pair teaches, oldest first; see `_sort`.

    Those of calibration runs come with the rest of their lists, whether voted on or not.
    """
    of_runs = [
        lesson
        for run in calibrations.of_pair(connection, pair_key)
        for lesson in lessons_of(run, MAX_LESSON_CHARS)
    ]
    found = [*_asked_by_itself(connection, pair_key, now), *of_runs]
    served = _served(connection, pair_key)
    versioned = (replace(lesson, pair_version=served.get(lesson.turn_id, "")) for lesson in found)
    return sorted(versioned, key=lambda lesson: (lesson.asked_at, lesson.turn_id))


def earlier_versions(connection: Connection, pair: Pair) -> list[str]:
    """Return the keys of pairs whose models had the same names and were not quite these.

    A changed model keeps its name, and what was voted on it before still teaches a little.
    """
    named = [
        set(
            connection.scalars(
                select(t.turn.c.pair_key)
                .join(t.answer, t.answer.c.turn_id == t.turn.c.id)
                .join(t.model, t.model.c.id == t.answer.c.model_id)
                .where(
                    t.model.c.name == model.name,
                    t.model.c.practice.is_(pair.practice),
                    t.answer.c.role == role.value,
                )
                .distinct()
            )
        )
        for role, model in ((Role.CHEAP, pair.cheap), (Role.FRONTIER, pair.frontier))
    ]
    return sorted(set.intersection(*named) - {pair.key})


def _asked_by_itself(connection: Connection, pair_key: str, now: datetime) -> list[Lesson]:
    """Return what the user chose to ask or auto-route drew as a spot check, oldest first.

    A turn without a vote that counts is among them where a vote on it was asked for: so is one
    whose vote was changed after the reveal, which is a loss once it is no longer waited for.
    """
    apart = calibrations.turn_ids(connection)
    asked = spot_checks.asked_for(connection, pair_key)
    voted = {
        item.turn_id: item
        for item in _sorted(connection, pair_key)
        # What is not of the pair measures the second look, and only where a lot asked for it.
        if item.lesson and item.turn_id not in apart and (item.of_pair or item.turn_id in asked)
    }
    wanted = {*voted, *asked}
    if not wanted:
        return []
    tags = _tags(connection, pair_key)
    return [
        _lesson(row, tuple(tags[row["id"]]), voted.get(row["id"]), asked.get(row["id"]), now)
        for row in connection.execute(_prompts(pair_key)).mappings()
        if row["id"] in wanted
    ]  # fmt: skip


def questions(connection: Connection, pair_key: str) -> list[tuple[int, Question]]:
    """Return every prompt asked of that pair as the rule sees it, by its turn, oldest first."""
    tags = _tags(connection, pair_key)
    return [
        (row["id"], Question(row["text"], row["name"], tuple(tags[row["id"]]), row["chars"]))
        for row in connection.execute(_prompts(pair_key)).mappings()
    ]


def _lesson(
    row: Fields,
    tags: tuple[str, ...],
    voted: _Sorted | None,
    asked: AskedFor | None,
    now: datetime,
) -> Lesson:
    """Return one prompt with its vote and with why the vote was asked for."""
    vote = voted.lesson if voted else None
    lesson = Lesson(
        turn_id=row["id"],
        text=row["text"],
        matter=row["name"],
        tags=tags,
        attachment_chars=row["chars"],
        choice=vote.choice if vote else None,
        kind=vote.kind if vote else VoteKind.BLIND,
        severity=vote.severity if vote else 1.0,
        asked_at=row["asked_at"],
        settled_at=vote.cast_at if vote else None,
        of_pair=voted.of_pair if voted else True,
    )
    if asked is None:
        return lesson
    over = asked.given_up_at is not None and asked.given_up_at <= now
    late = vote is not None and _after(vote.cast_at, asked.given_up_at)
    return replace(
        lesson,
        asked=asked.asked,
        propensity=asked.propensity,
        asked_at=asked.asked_at,
        settled_at=asked.given_up_at if late or (vote is None and over) else lesson.settled_at,
        late=late,
        place=asked.place,
        agreed=asked.agreed,
        looked=asked.looked,
    )


def _after(moment: datetime | None, end: datetime | None) -> bool:
    return moment is not None and end is not None and moment > end


def _served(connection: Connection, pair_key: str) -> dict[int, str]:
    """Return by turn the pair with what the servers said they served.

    Only of turns with two whole answers whose servers named a model: of others nobody can tell
    whether the model has changed.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    a = t.answer.c
    rows = connection.execute(
        select(a.turn_id, a.role, a.served_model)
        .join(t.turn)
        .where(
            t.turn.c.pair_key == pair_key,
            a.role.not_in(BESIDE),
            a.state == AnswerState.COMPLETE.value,
        )
        .order_by(a.turn_id, a.id)
    )
    for turn_id, role, name in rows:
        found[turn_id][role] = name
    return {
        turn_id: "\x1f".join((pair_key, *(names[role.value] for role in Role)))
        for turn_id, names in found.items()
        if len(names) == len(Role) and all(names.values())
    }


def votes_left_out(
    connection: Connection, pair_key: str, earlier: Sequence[str] = ()
) -> dict[str, int]:
    """Return how many votes do not train the rule of that pair, by reason in words.

    Those on its `earlier` versions do train, if less.
    """
    reasons: Counter[str] = Counter()
    apart = calibrations.turn_ids(connection)
    for item in _sorted(connection, pair_key):
        reasons += _left_out_of_run(item.votes) if item.turn_id in apart else item.left_out
    # Practice votes belong to a world of their own: they are no one's missing votes.
    practice = connection.scalar(
        select(t.turn.c.practice).where(t.turn.c.pair_key == pair_key).limit(1)
    )
    of_another = exists().where(
        t.turn.c.id == t.vote.c.turn_id,
        t.turn.c.pair_key.not_in((pair_key, *earlier)),
        t.turn.c.practice.is_(bool(practice)),
    )
    elsewhere = connection.scalar(select(func.count()).select_from(t.vote).where(of_another))
    if elsewhere:
        reasons["cast on another pair"] = int(elsewhere)
    return dict(reasons)


def output_lengths(
    connection: Connection, model: ModelRef, after: int, most: int
) -> list[OutputLength]:
    """Return how long the newest complete answers of any version of a model were, oldest first.

    A version differs in its price or its key, not in how much it writes.
    """
    versions = connection.scalars(
        select(t.model.c.id).where(
            t.model.c.name == model.name,
            t.model.c.base_url == model.base_url,
            t.model.c.model == model.model,
            t.model.c.system_prompt == model.system_prompt,
        )
    ).all()
    found: list[OutputLength] = []
    # One after the other: each then follows the index of its own answers, newest first.
    for version in versions:
        rows = connection.execute(
            select(
                t.answer.c.id,
                func.substr(t.prompt.c.text, 1, MAX_LESSON_CHARS),
                t.answer.c.output_tokens,
            )
            .join(t.prompt, t.prompt.c.turn_id == t.answer.c.turn_id)
            .where(
                t.answer.c.model_id == version,
                t.answer.c.id > after,
                t.answer.c.state == AnswerState.COMPLETE.value,
                t.answer.c.output_tokens.is_not(None),
            )
            .order_by(t.answer.c.id.desc())
            .limit(most)
        )
        found += [OutputLength(*row) for row in rows]
    return sorted(found, key=lambda item: item.answer_id)[-most:]


def _sorted(connection: Connection, pair_key: str) -> Iterator[_Sorted]:
    """Yield the sorted votes of each voted turn of that pair."""
    of_pair = t.turn.c.pair_key == pair_key
    others = _others_stand(connection, pair_key)
    answers: dict[int, list[_Judged]] = defaultdict(list)
    a = t.answer.c
    for row in connection.execute(
        select(a.turn_id, a.role, a.state, t.turn.c.mode)
        .join(t.turn)
        .where(of_pair, t.turn.c.last_choice.is_not(None))
        .order_by(a.turn_id, a.id)
    ).mappings():
        word = others.get(row["turn_id"], Role.CHEAP.value)
        if row["role"] in (word, Role.FRONTIER.value):
            role = Role.CHEAP.value if row["role"] == word else row["role"]
            # What stands is judged as the cheap answer, whoever wrote it.
            answers[row["turn_id"]].append({**row, "role": role})
    cast = connection.execute(
        select(t.vote).join(t.turn).where(of_pair).order_by(t.vote.c.turn_id, t.vote.c.id)
    ).mappings()
    for turn_id, rows in groupby(cast, key=lambda row: int(row["turn_id"])):
        votes = [vote_of(row) for row in rows]
        lesson, left_out = _sort(votes, answers[turn_id])
        if lesson is not None and turn_id in others:
            left_out[f"on {ANOTHER_CHEAP} model's answer"] += 1
        yield _Sorted(turn_id, tuple(votes), lesson, left_out, turn_id not in others)


def _others_stand(connection: Connection, pair_key: str) -> dict[int, str]:
    """Return the turns in which another cheap model's answer stands, with its word."""
    place = decisions.stands(t.decision.c.body)
    rows = connection.execute(
        select(t.turn.c.id, place)
        .join(t.decision, t.decision.c.turn_id == t.turn.c.id)
        .where(
            t.turn.c.pair_key == pair_key,
            t.decision.c.basis == Basis.SECOND_LOOK.value,
            place > 0,
        )
    )
    return {turn_id: BESIDE[stands - 1] for turn_id, stands in rows}


def _left_out_of_run(votes: Sequence[Vote]) -> Counter[str]:
    """Return why votes on a run's prompt do not teach: its last blind one stands, come what may."""
    kinds = Counter(vote.kind for vote in votes)
    return +Counter(
        {
            "changed after the reveal": kinds[VoteKind.CHANGED],
            "corrected while still blind": max(0, kinds[VoteKind.BLIND] - 1),
        }
    )


def _sort(votes: list[Vote], answers: list[_Judged]) -> tuple[Vote | None, Counter[str]]:
    """Return the vote that teaches, if any, and why others do not; `answers` as asked.

    A vote changed after the reveal discredits the first one too. A vote on one routed answer
    teaches only where that was the cheap model's: how good the frontier is alone says nothing
    about whether it was needed.
    """
    if any(vote.kind is VoteKind.CHANGED for vote in votes):
        return None, Counter({"changed after the reveal": len(votes)})
    left_out: Counter[str] = Counter()
    teaching = votes
    if answers and not _cheap_stood(answers):
        teaching = [vote for vote in votes if vote.kind is not VoteKind.SINGLE]
        alone = len(votes) - len(teaching)
        if alone:
            left_out["on a frontier answer alone"] = alone
    if not teaching:
        return None, left_out
    first, *later = teaching
    needed = 1 if first.kind is VoteKind.SINGLE else 2
    # Of several attempts of one side the latest is the one that was voted on.
    judged = list({answer["role"]: answer for answer in answers}.values())[:needed]
    if len(judged) < needed or any(
        answer["state"] != AnswerState.COMPLETE.value for answer in judged
    ):
        left_out["an answer was not complete"] = len(teaching)
        return None, left_out
    if later:
        left_out["not the first vote on its prompt"] = len(later)
    return first, left_out


def _cheap_stood(answers: list[_Judged]) -> bool:
    """Return whether one routed answer was the cheap model's.

    In a second look that asked the frontier in the end, the frontier's is the one that was judged;
    where the user asked for it afterwards, the turn is no longer routed.
    """
    roles = [answer["role"] for answer in answers]
    routed = answers[0]["mode"] == TurnMode.ROUTED.value
    return roles[0] == Role.CHEAP.value and not (routed and Role.FRONTIER.value in roles)


def _prompts(pair_key: str) -> Select[Any]:
    chars = (
        select(func.coalesce(func.sum(t.attachment.c.chars), 0))
        .where(t.attachment.c.turn_id == t.turn.c.id)
        .scalar_subquery()
    )
    return (
        select(
            t.turn.c.id,
            t.turn.c.asked_at,
            t.matter.c.name,
            func.substr(t.prompt.c.text, 1, MAX_LESSON_CHARS).label("text"),
            chars.label("chars"),
        )
        .join(t.matter, t.matter.c.id == t.turn.c.matter_id)
        .join(t.prompt, t.prompt.c.turn_id == t.turn.c.id)
        .where(t.turn.c.pair_key == pair_key)
        .order_by(t.turn.c.id)
    )


def _tags(connection: Connection, pair_key: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(t.turn_tag.c.turn_id, t.tag.c.name)
        .join(t.tag, t.tag.c.id == t.turn_tag.c.tag_id)
        .join(t.turn, t.turn.c.id == t.turn_tag.c.turn_id)
        .where(t.turn.c.pair_key == pair_key)
        .order_by(t.turn_tag.c.turn_id, t.turn_tag.c.position)
    )
    for turn_id, name in rows:
        found[turn_id].append(name)
    return found
