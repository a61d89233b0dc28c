"""What is done about answers that were arriving when the app died."""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, or_, select, update

from app.adapters.storage import calibrations, search
from app.adapters.storage import tables as t
from app.adapters.storage.owners import Owner
from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.model import Role
from app.domain.money import Certainty
from app.domain.routing.decision import Basis

APP_ENDED = Problem(
    "app_ended",
    "The app ended while this answer was arriving; what had come by then is kept.",
    "Ask again if you need the whole answer.",
)

# A program that dies leaves its turns among the last ones; all of them need not be looked through.
_LAST_TURNS = 1_000


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


def undecided(connection: Connection) -> list[int]:
    """Return the late turns whose second look was not decided, or not gone on with.

    A program that died between two steps leaves such a turn, if all its answers had ended. So does
    a look that was stopped: what is there tells them apart.
    """
    d, a = t.decision.c, t.answer.c
    of_turn = a.turn_id == d.turn_id
    streaming = exists().where(of_turn, a.state == AnswerState.STREAMING.value)
    frontier = exists().where(of_turn, a.role == Role.FRONTIER.value)
    last = select(func.coalesce(func.max(t.turn.c.id), 0)).scalar_subquery()
    looked = func.coalesce(d.body["looked"].as_boolean(), False)
    unasked = (d.role == Role.FRONTIER.value) & ~frontier
    return list(
        connection.scalars(
            select(d.turn_id)
            .where(
                d.turn_id > last - _LAST_TURNS,
                d.basis == Basis.SECOND_LOOK.value,
                ~streaming,
                or_(looked.is_(False), unasked),
            )
            .order_by(d.turn_id)
        )
    )
