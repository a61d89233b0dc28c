"""Decisions: a few columns to ask across turns, and the whole value to show it as it was."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, select

from app.adapters.storage import tables as t
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision, Tally


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
            "body": asdict(decision),
        },
    )


def find(connection: Connection, turn_id: int) -> Decision | None:
    """Return the decision that sent a turn, or None."""
    body = connection.scalar(select(t.decision.c.body).where(t.decision.c.turn_id == turn_id))
    return None if body is None else _decision_of(body)


def _decision_of(body: dict[str, Any]) -> Decision:
    # A field that a later version adds has its default in what an earlier one has stored.
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in body.items()
    }
    values["role"] = Role(body["role"]) if body["role"] else None
    values["basis"] = Basis(body["basis"])
    values["tally"] = Tally(**body["tally"]) if body["tally"] else None
    return Decision(**values)
