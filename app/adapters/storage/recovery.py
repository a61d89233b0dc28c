"""What is done about answers that were arriving when the app died."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from app.adapters.storage import calibrations, search
from app.adapters.storage import tables as t
from app.adapters.storage.owners import Owner
from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.money import Certainty

APP_ENDED = Problem(
    "app_ended",
    "The app ended while this answer was arriving; what had come by then is kept.",
    "Ask again if you need the whole answer.",
)


def recover(connection: Connection, owner: Owner) -> int:
    """Mark the answers of dead programs as incomplete; return how many."""
    streaming = t.answer.c.state == AnswerState.STREAMING.value
    owners = connection.scalars(select(t.answer.c.owner).where(streaming).distinct()).all()
    dead = [token for token in owners if token is None or not owner.alive(token)]
    turns: set[int] = set()
    recovered = 0
    for token in dead:
        changed = connection.scalars(
            update(t.answer)
            .where(streaming, t.answer.c.owner.is_not_distinct_from(token))
            .values(
                state=AnswerState.INCOMPLETE.value,
                owner=None,
                problem_kind=APP_ENDED.kind,
                problem_message=APP_ENDED.message,
                problem_next_step=APP_ENDED.next_step,
            )
            .returning(t.answer.c.turn_id)
        ).all()
        recovered += len(changed)
        turns.update(changed)
    for turn_id in sorted(turns):
        search.index_turn(connection, turn_id)
    calibrations.recover(connection, owner)
    return recovered


def unreckoned(connection: Connection) -> list[int]:
    """Return the turns with an answer that ended with the app and has no known cost."""
    a = t.answer.c
    broken = a.problem_kind == APP_ENDED.kind, a.cost_certainty == Certainty.UNKNOWN.value
    return list(connection.scalars(select(a.turn_id).where(*broken).distinct()))
