"""Reading turns: one whole, or a page of slim rows, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    select,
)

from app.adapters.storage import decisions, matters, models, search
from app.adapters.storage import tables as t
from app.adapters.storage.columns import Fields, cost_of, price_of, usage_of
from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Attachment, Prompt
from app.domain.errors import Problem
from app.domain.events import Attempted
from app.domain.model import ModelRef, Role
from app.domain.money import Cost, Money
from app.domain.routing.decision import Basis
from app.domain.turn import BESIDE, HistoryQuery, Turn, TurnMode, TurnRow, wait_ms
from app.domain.vote import Choice, Reason, Seating, Vote, VoteKind

_IDS_AT_ONCE = 5_000  # databases allow some 32,000 values in one statement


def turn(connection: Connection, turn_id: int) -> Turn | None:
    """Return a whole turn, or None."""
    row = (
        connection.execute(
            select(t.turn, t.matter.c.name.label("matter"), t.prompt.c.text)
            .join(t.matter, t.matter.c.id == t.turn.c.matter_id)
            .join(t.prompt, t.prompt.c.turn_id == t.turn.c.id)
            .where(t.turn.c.id == turn_id)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    tags = connection.scalars(
        select(t.tag.c.name)
        .join(t.turn_tag)
        .where(t.turn_tag.c.turn_id == turn_id)
        .order_by(t.turn_tag.c.position)
    )
    answers, earlier = _latest(_answers(connection, turn_id))
    return Turn(
        prompt=Prompt(row["text"], row["matter"], tuple(tags), _attachments(connection, turn_id)),
        mode=TurnMode(row["mode"]),
        pair_key=row["pair_key"],
        practice=row["practice"],
        asked_at=row["asked_at"],
        utc_offset_min=row["utc_offset_min"],
        seating=Seating(Role(row["seat_a"])) if row["seat_a"] else None,
        answers=answers,
        beside=_answers(connection, turn_id, beside=True),
        votes=_votes(connection, turn_id),
        decision=decisions.find(connection, turn_id),
        parent_id=row["parent_id"],
        id=row["id"],
        continued_answer_id=row["continued_answer_id"],
        earlier=earlier,
    )


def _latest(answers: tuple[Answer, ...]) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """Return each role's latest answer, and the attempts before it."""
    last = {answer.role: answer.id for answer in answers}
    current = tuple(answer for answer in answers if answer.id == last[answer.role])
    return current, tuple(answer for answer in answers if answer.id != last[answer.role])


def page(connection: Connection, query: HistoryQuery) -> list[TurnRow]:
    """Return one page, newest first: a keyset, so that the last page is as quick as the first."""
    narrowed = _narrowed(query, t.turn.c.id)
    if narrowed is None or query.limit <= 0:
        return []
    # The index's own rowid, where it leads: it comes in that order without sorting.
    key = search.found.c.rowid if query.words.strip() else t.turn.c.id
    if query.before_id is not None:
        narrowed = narrowed.where(key < query.before_id)
    ids = list(connection.scalars(narrowed.order_by(key.desc()).limit(query.limit)))
    found: list[TurnRow] = []
    for start in range(0, len(ids), _IDS_AT_ONCE):
        found += _rows(connection, ids[start : start + _IDS_AT_ONCE])
    return found


def _rows(connection: Connection, ids: list[int]) -> list[TurnRow]:
    """Return the slim rows of these turns, newest first."""
    rows = connection.execute(
        select(
            t.turn,
            t.matter.c.name.label("matter"),
            t.decision.c.basis,
            t.decision.c.role,
            decisions.stands(t.decision.c.body).label("stands"),
        )
        .join(t.matter, t.matter.c.id == t.turn.c.matter_id)
        .outerjoin(t.decision, t.decision.c.turn_id == t.turn.c.id)
        .where(t.turn.c.id.in_(ids))
        .order_by(t.turn.c.id.desc())
    )
    answers = _slim_answers(connection, ids)
    return [_row_of(row, answers[row["id"]]) for row in rows.mappings()]


def count(connection: Connection, query: HistoryQuery) -> int:
    """Return how many turns match, ignoring `before_id` and `limit`."""
    narrowed = _narrowed(query, func.count())
    return 0 if narrowed is None else int(connection.scalar(narrowed) or 0)


def _narrowed(query: HistoryQuery, wanted: ColumnElement[int]) -> Select[int] | None:
    """Return the selection that a query means, or None where its words can match nothing."""
    statement = select(wanted).select_from(t.turn)
    if query.words.strip():
        expression = search.match_expression(query.words)
        if expression is None:
            return None
        statement = (
            select(wanted)
            .select_from(search.found.join(t.turn, t.turn.c.id == search.found.c.rowid))
            .where(search.matches(expression))
        )
    if query.matter is not None:
        key = matters.name_key(query.matter)
        wanted_matter = select(t.matter.c.id).where(t.matter.c.name_key == key).scalar_subquery()
        statement = statement.where(t.turn.c.matter_id == wanted_matter)
    if query.choice is not None:
        statement = statement.where(t.turn.c.last_choice == query.choice.value)
    if query.model is not None:
        versions = select(t.model.c.id).where(t.model.c.name == query.model)
        asked = and_(t.answer.c.turn_id == t.turn.c.id, t.answer.c.model_id.in_(versions))
        statement = statement.where(exists().where(asked))
    return statement


def _slim_answers(connection: Connection, turn_ids: list[int]) -> dict[int, list[Fields]]:
    """Return the answers of these turns without their texts, cheap first."""
    a = t.answer.c
    rows = connection.execute(
        select(
            a.turn_id, a.role, a.state, a.total_ms, a.cost_amount, a.cost_currency, a.cost_certainty
        )
        .where(a.turn_id.in_(turn_ids))
        .order_by(a.turn_id, a.role, a.id)
    )
    found: dict[int, list[Fields]] = defaultdict(list)
    for row in rows.mappings():
        found[row["turn_id"]].append(row)
    return found


def _row_of(row: Fields, every: list[Fields]) -> TurnRow:
    # Of several attempts of one side the latest counts; all of them were paid for.
    latest = {answer["role"]: answer for answer in every if answer["role"] not in BESIDE}
    beside = [answer for answer in every if answer["role"] in BESIDE]
    mode = TurnMode(row["mode"])
    states = _states(mode, _judged(latest, beside, row["stands"]), beside)
    return TurnRow(
        id=row["id"],
        asked_at=row["asked_at"],
        utc_offset_min=row["utc_offset_min"],
        prompt_start=row["prompt_start"],
        matter=row["matter"],
        mode=mode,
        practice=row["practice"],
        roles=tuple(Role(role) for role in latest),
        states=states,
        costs=tuple(slim_cost(answer) for answer in every),
        payees=tuple(answer["role"] for answer in every),
        wait_ms=wait_ms(
            mode,
            {Role(role): answer["total_ms"] for role, answer in latest.items()},
            [answer["total_ms"] for answer in beside],
        ),
        choice=Choice(row["last_choice"]) if row["last_choice"] else None,
        revealed=_revealed(mode, states, voted=row["last_choice"] is not None),
        decided=by_rule(row["basis"], row["role"]),
        second_look=bool(beside),
    )


def _judged(sides: dict[str, Fields], beside: Sequence[Fields], stands: int) -> dict[str, Fields]:
    """Return the sides' answers by role as they are judged: see `Turn.side`."""
    if not 0 < stands <= len(beside):
        return sides
    return {**sides, Role.CHEAP.value: beside[stands - 1]}


def _states(mode: TurnMode, sides: dict[str, Fields], beside: Sequence[Fields]) -> tuple[str, ...]:
    """Return the states of the sides; both still arrive where they are shown together and wait."""
    waits = any(answer["state"] == AnswerState.STREAMING.value for answer in beside)
    if mode is TurnMode.BLIND and len(beside) > 1 and waits:
        return (AnswerState.STREAMING.value,) * len(sides)
    return tuple(answer["state"] for answer in sides.values())


def _revealed(mode: TurnMode, states: tuple[str, ...], *, voted: bool) -> bool:
    """Return what `Turn.revealed` says, from a slim row."""
    if mode is not TurnMode.BLIND or voted:
        return True
    votable = states == (AnswerState.COMPLETE.value,) * 2
    return AnswerState.STREAMING.value not in states and not votable


def by_rule(basis: str | None, role: str | None) -> bool:
    """Return whether the rule, learned or by a second look, sent a turn to one model."""
    return basis in (Basis.LEARNED.value, Basis.SECOND_LOOK.value) and role is not None


def slim_cost(row: Fields) -> Cost:
    """Return the cost of an answer's row."""
    return cost_of(row["cost_amount"], row["cost_currency"], row["cost_certainty"])


def _attachments(connection: Connection, turn_id: int) -> tuple[Attachment, ...]:
    a = t.attachment.c
    rows = connection.execute(
        select(a.name, a.media_type, a.text, a.sha256, a.size_bytes)
        .where(a.turn_id == turn_id)
        .order_by(a.id)
    )
    return tuple(Attachment(*row) for row in rows)


def _votes(connection: Connection, turn_id: int) -> tuple[Vote, ...]:
    rows = connection.execute(
        select(t.vote).where(t.vote.c.turn_id == turn_id).order_by(t.vote.c.id)
    )
    return tuple(vote_of(row) for row in rows.mappings())


def vote_of(row: Fields) -> Vote:
    """Return the vote that a row holds."""
    reasons = tuple(Reason(reason) for reason in row["reasons"])
    return Vote(Choice(row["choice"]), VoteKind(row["kind"]), reasons, row["cast_at"])


def _answers(connection: Connection, turn_id: int, *, beside: bool = False) -> tuple[Answer, ...]:
    """Return the answers of the two sides, or those that stand beside them."""
    others = t.answer.c.role.in_(BESIDE)
    rows = (
        connection.execute(
            select(t.answer, t.answer_text.c.text, t.answer_text.c.reasoning)
            .join(t.answer_text, t.answer_text.c.answer_id == t.answer.c.id)
            .where(t.answer.c.turn_id == turn_id, others if beside else ~others)
            .order_by(t.answer.c.role, t.answer.c.id)
        )
        .mappings()
        .all()
    )
    versions = models.by_id(connection, {row["model_id"] for row in rows})
    attempts = _attempts(connection, [row["id"] for row in rows])
    return tuple(
        _answer_of(row, versions[row["model_id"]], tuple(attempts[row["id"]])) for row in rows
    )


def role_of(word: str) -> Role:
    """Return the role of an answer's model; what stands beside the sides is a cheap model's."""
    return Role.CHEAP if word in BESIDE else Role(word)


def _attempts(connection: Connection, answer_ids: list[int]) -> dict[int, list[Attempted]]:
    found: dict[int, list[Attempted]] = defaultdict(list)
    rows = connection.execute(
        select(t.attempt).where(t.attempt.c.answer_id.in_(answer_ids)).order_by(t.attempt.c.id)
    )
    for row in rows.mappings():
        besides = None
        if row["besides_certainty"] is not None:
            besides = cost_of(
                row["besides_amount"], row["besides_currency"], row["besides_certainty"]
            )
        found[row["answer_id"]].append(
            Attempted(
                row["attempt"],
                row["status"],
                row["outcome"],
                row["request_id"],
                bool(row["may_be_billed"]),
                besides,
            )
        )
    return found


def _answer_of(row: Fields, model: ModelRef, attempts: tuple[Attempted, ...]) -> Answer:
    held = row["held_amount"]
    problem = None
    if row["problem_kind"] is not None:
        problem = Problem(row["problem_kind"], row["problem_message"], row["problem_next_step"])
    return Answer(
        role=role_of(row["role"]),
        model=model,
        state=AnswerState(row["state"]),
        text=row["text"],
        reasoning=row["reasoning"],
        first_token_ms=row["first_token_ms"],
        total_ms=row["total_ms"],
        usage=usage_of(row),
        cost=slim_cost(row),
        price=price_of(row),
        problem=problem,
        served_model=row["served_model"],
        sent_at=row["sent_at"],
        id=row["id"],
        held=None if held is None else Money(held, row["held_currency"]),
        attempts=attempts,
    )
