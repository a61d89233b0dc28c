"""What the rule may learn from: votes with their prompts, and the votes that teach nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from app.adapters.storage import spot_checks
from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields
from app.adapters.storage.reading import vote_of
from app.adapters.storage.spot_checks import AskedFor
from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.turn import SECOND, Lesson, TurnMode
from app.domain.vote import Vote, VoteKind

MAX_LESSON_CHARS = 20_000
_LATEST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The votes of one turn: the one that teaches, if any, and why the others do not."""

    turn_id: int
    lesson: Vote | None
    left_out: Counter[str]


def lessons(connection: Connection, pair_key: str, now: datetime) -> list[Lesson]:
    """Return what each turn of that pair teaches, oldest first; see `_sort`.

    A turn without a vote that counts is among them where a vote on it was asked for: so is one
    whose vote was changed after the reveal, which is a loss once it is no longer waited for.
    """
    teaching = {item.turn_id: item.lesson for item in _sorted(connection, pair_key) if item.lesson}
    asked = spot_checks.asked_for(connection, pair_key)
    wanted = {*teaching, *asked}
    if not wanted:
        return []
    tags = _tags(connection, pair_key)
    served = _served(connection, pair_key)
    return [
        _lesson(row, tuple(tags[row["id"]]), teaching.get(row["id"]), asked.get(row["id"]),
                "\x1f".join((pair_key, *served[row["id"]])), now)
        for row in connection.execute(_prompts(pair_key)).mappings()
        if row["id"] in wanted
    ]  # fmt: skip


def _lesson(
    row: Fields,
    tags: tuple[str, ...],
    vote: Vote | None,
    asked: AskedFor | None,
    pair_version: str,
    now: datetime,
) -> Lesson:
    """Return one prompt with its vote and with why the vote was asked for."""
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
        pair_version=pair_version,
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
    )


def _after(moment: datetime | None, end: datetime | None) -> bool:
    return moment is not None and end is not None and moment > end


def _served(connection: Connection, pair_key: str) -> dict[int, list[str]]:
    """Return by turn what the servers said they served, cheap first."""
    found: dict[int, list[str]] = defaultdict(list)
    a = t.answer.c
    rows = connection.execute(
        select(a.turn_id, a.served_model)
        .join(t.turn)
        .where(t.turn.c.pair_key == pair_key, a.role != SECOND)
        .order_by(a.turn_id, a.role, a.id)
    )
    for turn_id, name in rows:
        found[turn_id].append(name)
    return found


def votes_left_out(connection: Connection, pair_key: str) -> dict[str, int]:
    """Return how many votes do not train the rule of that pair, by reason in words."""
    reasons: Counter[str] = Counter()
    for item in _sorted(connection, pair_key):
        reasons += item.left_out
    # Practice votes belong to a world of their own: they are no one's missing votes.
    practice = connection.scalar(
        select(t.turn.c.practice).where(t.turn.c.pair_key == pair_key).limit(1)
    )
    of_another = exists().where(
        t.turn.c.id == t.vote.c.turn_id,
        t.turn.c.pair_key != pair_key,
        t.turn.c.practice.is_(bool(practice)),
    )
    elsewhere = connection.scalar(select(func.count()).select_from(t.vote).where(of_another))
    if elsewhere:
        reasons["cast on another pair or model version"] = int(elsewhere)
    return dict(reasons)


def typical_output_tokens(connection: Connection, model_id: int) -> int | None:
    """Return the median output length of a model's latest complete answers, or None."""
    lengths = list(
        connection.scalars(
            select(t.answer.c.output_tokens)
            .where(
                t.answer.c.model_id == model_id,
                t.answer.c.state == AnswerState.COMPLETE.value,
                t.answer.c.output_tokens.is_not(None),
            )
            .order_by(t.answer.c.id.desc())
            .limit(_LATEST_ANSWERS)
        )
    )
    return round(median(lengths)) if lengths else None


def _sorted(connection: Connection, pair_key: str) -> Iterator[_Sorted]:
    """Yield the sorted votes of each voted turn of that pair."""
    of_pair = t.turn.c.pair_key == pair_key
    answers: dict[int, list[Fields]] = defaultdict(list)
    a = t.answer.c
    for row in connection.execute(
        select(a.turn_id, a.role, a.state, t.turn.c.mode)
        .join(t.turn)
        .where(of_pair, t.turn.c.last_choice.is_not(None), a.role != SECOND)
        .order_by(a.turn_id, a.id)
    ).mappings():
        answers[row["turn_id"]].append(row)
    votes = connection.execute(
        select(t.vote).join(t.turn).where(of_pair).order_by(t.vote.c.turn_id, t.vote.c.id)
    ).mappings()
    for turn_id, rows in groupby(votes, key=lambda row: int(row["turn_id"])):
        yield _sort(turn_id, [vote_of(row) for row in rows], answers[turn_id])


def _sort(turn_id: int, votes: list[Vote], answers: list[Fields]) -> _Sorted:
    """Sort one turn's votes, in the order cast; `answers` in the order asked.

    A vote changed after the reveal discredits the first one too. A vote on one routed answer
    teaches only where that was the cheap model's: how good the frontier is alone says nothing
    about whether it was needed.
    """
    if any(vote.kind is VoteKind.CHANGED for vote in votes):
        return _Sorted(turn_id, None, Counter({"changed after the reveal": len(votes)}))
    left_out: Counter[str] = Counter()
    teaching = votes
    if answers and not _cheap_stood(answers):
        teaching = [vote for vote in votes if vote.kind is not VoteKind.SINGLE]
        alone = len(votes) - len(teaching)
        if alone:
            left_out["on a frontier answer alone"] = alone
    if not teaching:
        return _Sorted(turn_id, None, left_out)
    first, *later = teaching
    needed = 1 if first.kind is VoteKind.SINGLE else 2
    judged = answers[:needed]
    if len(judged) < needed or any(
        answer["state"] != AnswerState.COMPLETE.value for answer in judged
    ):
        left_out["an answer was not complete"] = len(teaching)
        return _Sorted(turn_id, None, left_out)
    if later:
        left_out["not the first vote on its prompt"] = len(later)
    return _Sorted(turn_id, first, left_out)


def _cheap_stood(answers: list[Fields]) -> bool:
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
