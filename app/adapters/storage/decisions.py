"""Decisions: a few columns to ask across turns, and the whole value to show it as it was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select

from app.adapters.storage import tables as t
from app.domain.routing.decision import Decision
from app.domain.routing.record import body_of, decision_of


def add(connection: Connection, turn_id: int, decision: Decision) -> None:
    """Store the decision that sent a turn, in place of an earlier one."""
    connection.execute(delete(t.decision).where(t.decision.c.turn_id == turn_id))
    connection.execute(
        t.decision.insert(),
        {
            "turn_id": turn_id,
            "role": decision.role.value if decision.role else None,
            "basis": decision.basis.value,
            "probability": decision.probability,
            "propensity": decision.propensity,
            "votes_used": decision.votes_used,
            "rule_version": decision.rule_version,
            "body": body_of(decision),
        },
    )


def stands(body: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the place of the cheap model whose answer stands by a decision's body; 0 the first.

    Null or absent (no decision, or one from before this was noted) means the first, too.
    """
    return func.coalesce(body["stands"].as_integer(), 0)


def find(connection: Connection, turn_id: int) -> Decision | None:
    """Return the decision that sent a turn, or None."""
    body = connection.scalar(select(t.decision.c.body).where(t.decision.c.turn_id == turn_id))
    return None if body is None else decision_of(body)
