"""Spot checks: which prompts were drawn, which still wait for a vote, and which were given up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from app.adapters.storage import tables as t
from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.routing.decision import Basis
from app.domain.routing.lesson import Asked
from app.domain.routing.spot_check import PATIENCE
from app.domain.turn import BESIDE

# How an answer can end by its model's own doing. Whatever else ends one (a broken line, a policy,
# the user's Stop) says nothing about the model.
_OWN_DOING = frozenset(
    {
        AnswerState.REFUSED,
        AnswerState.FILTERED,
        AnswerState.TRUNCATED,
        AnswerState.TOO_LONG,
        AnswerState.EMPTY,
        AnswerState.REASONING_ONLY,
    }
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """That a vote on a turn was asked for: why, with what chance, and until when it was awaited.

    `given_up_at` is when waiting ends or ended; a vote cast later is `late`. `lost` marks a check
    that can never be voted on because the cheap model itself failed where the frontier did not.
    `agreed` tells of one on a second look whether its models agreed, None on any other; `looked` is
    False where that look was stopped, or died, before they were compared.
    """

    asked: Asked
    propensity: float
    asked_at: datetime
    given_up_at: datetime | None = None
    lost: bool = False
    place: int = 0
    agreed: bool | None = None
    looked: bool = True


def asked_for(connection: Connection, pair_key: str) -> dict[int, AskedFor]:
    """Return the checks of that pair by turn; those that could never be judged are left out."""
    drawn = connection.execute(
        select(t.turn.c.id, t.turn.c.asked_at, t.decision.c.propensity, t.decision.c.body)
        .select_from(t.turn)
        .join(t.decision, t.decision.c.turn_id == t.turn.c.id)
        .where(t.turn.c.pair_key == pair_key, _is_check())
        .order_by(t.turn.c.id)
    ).all()
    states = _states(connection, pair_key)
    found = {}
    for turn_id, asked_at, propensity, body in drawn:
        cheap = states[turn_id].get(_judged_word(body))
        frontier = states[turn_id].get(Role.FRONTIER.value)
        whole = cheap is frontier is AnswerState.COMPLETE
        lost = frontier is AnswerState.COMPLETE and cheap in _OWN_DOING
        if whole or lost:
            until = asked_at if lost else asked_at + PATIENCE
            found[turn_id] = AskedFor(
                Asked.CHECK, propensity, asked_at, until, lost,
                agreed=_agreed(body), looked=not _never_looked(body),
            )  # fmt: skip
    return found


def waiting(connection: Connection, pair_key: str, now: datetime) -> list[int]:
    """Return the turns of that pair whose check can be voted on and was not, the oldest first."""
    voted = set(
        connection.scalars(
            select(t.turn.c.id).where(
                t.turn.c.pair_key == pair_key, t.turn.c.last_choice.is_not(None)
            )
        )
    )
    return [
        turn_id
        for turn_id, item in asked_for(connection, pair_key).items()
        if turn_id not in voted and not item.lost and (item.given_up_at or now) > now
    ]


def _judged_word(body: Mapping[str, Any]) -> str:
    """Return the word of the cheap answer that is judged: another's, where that one stands."""
    stands = int(body.get("stands") or 0)
    return BESIDE[stands - 1] if 0 < stands <= len(BESIDE) else Role.CHEAP.value


def _agreed(body: Mapping[str, Any]) -> bool | None:
    if body["basis"] != Basis.SECOND_LOOK.value:
        return None
    return bool(body.get("looked")) and body["role"] == Role.CHEAP.value


def _never_looked(body: Mapping[str, Any]) -> bool:
    return body["basis"] == Basis.SECOND_LOOK.value and not body.get("looked")


def _is_check() -> ColumnElement[bool]:
    checked: ColumnElement[bool] = t.decision.c.body["spot_check"].as_boolean()
    return checked.is_(True)


def _states(connection: Connection, pair_key: str) -> dict[int, dict[str, AnswerState]]:
    """Return by turn and role, or word of what stands beside, how the latest answer ended."""
    found: dict[int, dict[str, AnswerState]] = defaultdict(dict)
    a = t.answer.c
    for turn_id, role, state in connection.execute(
        select(a.turn_id, a.role, a.state)
        .select_from(t.answer)
        .join(t.turn, t.turn.c.id == a.turn_id)
        .join(t.decision, t.decision.c.turn_id == t.turn.c.id)
        .where(t.turn.c.pair_key == pair_key, _is_check())
        .order_by(a.turn_id, a.id)
    ):
        found[turn_id][role] = AnswerState(state)
    return found
