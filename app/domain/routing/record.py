"""Decisions as JSON and back, so that any past one can be shown as it was."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.decision import Basis, Decision, Tally

Body = dict[str, Any]


def body_of(decision: Decision) -> Body:
    """Return the decision as a JSON object; amounts are decimal text, moments ISO text."""
    body = asdict(decision)
    body["cheap_cost"] = _cost_body(decision.cheap_cost)
    body["frontier_cost"] = _cost_body(decision.frontier_cost)
    body["decided_at"] = decision.decided_at.isoformat() if decision.decided_at else None
    return body


def decision_of(body: Body) -> Decision:
    """Return the decision that was stored. A field that was not there yet has its default."""
    values: Body = {
        name: tuple(value) if isinstance(value, list) else value for name, value in body.items()
    }
    values["role"] = Role(body["role"]) if body["role"] else None
    values["basis"] = Basis(body["basis"])
    values["tally"] = Tally(**body["tally"]) if body["tally"] else None
    values["contributions"] = tuple(
        (str(words), float(value)) for words, value in body.get("contributions", ())
    )
    for side in ("cheap_cost", "frontier_cost"):
        values[side] = _cost_of(body.get(side))
    moment = body.get("decided_at")
    values["decided_at"] = datetime.fromisoformat(moment) if moment else None
    return Decision(**values)


def _cost_body(cost: Cost | None) -> Body | None:
    if cost is None:
        return None
    return {
        "amount": None if cost.money is None else str(cost.money.amount),
        "currency": None if cost.money is None else cost.money.currency,
        "certainty": cost.certainty.value,
    }


def _cost_of(body: Body | None) -> Cost | None:
    if body is None:
        return None
    money = None
    if body["amount"] is not None:
        money = Money(Decimal(body["amount"]), body["currency"])
    return Cost(money, Certainty(body["certainty"]))
