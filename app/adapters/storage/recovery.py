"""What is done about answers that were arriving when the app died."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from app.adapters.storage import calibrations, reading, search
from app.adapters.storage import tables as t
from app.adapters.storage.columns import cost_values, price_values
from app.adapters.storage.owners import Owner
from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem
from app.domain.turn import Turn

APP_ENDED = Problem(
    "app_ended",
    "The app ended while this answer was arriving; what had come by then is kept.",
    "Ask again if you need the whole answer.",
)
_STREAMING = t.answer.c.state == AnswerState.STREAMING.value


def broken(connection: Connection, owner: Owner) -> list[tuple[Turn, Answer]]:
    """Return the answers of dead programs that are not marked yet, each with its turn."""
    found: list[tuple[Turn, Answer]] = []
    for token in _dead(connection, owner):
        lost = connection.execute(
            select(t.answer.c.turn_id, t.answer.c.id).where(
                _STREAMING, t.answer.c.owner.is_not_distinct_from(token)
            )
        ).all()
        for turn_id, answer_id in lost:
            turn = reading.turn(connection, turn_id)
            if turn is not None:
                found += [
                    (turn, answer)
                    for answer in (*turn.answers, *turn.earlier)
                    if answer.id == answer_id
                ]
    return found


def recover(connection: Connection, owner: Owner, reckoned: Sequence[Answer] = ()) -> int:
    """Mark the answers of dead programs as incomplete; return how many.

    `reckoned` are such answers with what they are thought to have cost, stored where it is known.
    """
    turns: set[int] = set()
    recovered: set[int] = set()
    for token in _dead(connection, owner):
        changed = connection.execute(
            update(t.answer)
            .where(_STREAMING, t.answer.c.owner.is_not_distinct_from(token))
            .values(
                state=AnswerState.INCOMPLETE.value,
                owner=None,
                problem_kind=APP_ENDED.kind,
                problem_message=APP_ENDED.message,
                problem_next_step=APP_ENDED.next_step,
            )
            .returning(t.answer.c.id, t.answer.c.turn_id)
        ).all()
        recovered.update(row.id for row in changed)
        turns.update(row.turn_id for row in changed)
    for answer in reckoned:
        # Of an unknown cost the budget goes on counting what was held for it.
        if answer.id in recovered and answer.cost.money is not None:
            connection.execute(
                update(t.answer)
                .where(t.answer.c.id == answer.id)
                .values(
                    **cost_values(answer.cost),
                    **price_values(answer.price),
                    held_amount=None,
                    held_currency=None,
                )
            )
    for turn_id in sorted(turns):
        search.index_turn(connection, turn_id)
    calibrations.recover(connection, owner)
    return len(recovered)


def _dead(connection: Connection, owner: Owner) -> list[str | None]:
    """Return the programs that stream no more although their answers say so."""
    owners = connection.scalars(select(t.answer.c.owner).where(_STREAMING).distinct()).all()
    return [token for token in owners if token is None or not owner.alive(token)]
