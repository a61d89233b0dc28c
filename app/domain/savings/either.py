"""What either model costs for each prompt of a history: as charged, or guessed where not asked.

The guess is the one that Savings makes for the frontier, made both ways: for the cheap model the
ledger is read as in a mirror, each model in the other's seat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.money import Money
from app.domain.savings.estimate import FrontierEstimator
from app.domain.turn import LedgerAnswer, LedgerTurn


@dataclass(frozen=True, slots=True)
class Either:
    """One prompt's two prices, None where unknown; `guessed` tells if either is a guess."""

    turn: LedgerTurn
    cheap: Money | None
    frontier: Money | None
    guessed: bool


def either_costs(ledger: Sequence[LedgerTurn]) -> list[Either]:
    """Return what each model costs for each turn, in the order of the ledger (oldest first)."""
    mirror = [mirrored(turn) for turn in ledger]
    ahead, back = FrontierEstimator(ledger), FrontierEstimator(mirror)
    found = []
    for turn, image in zip(ledger, mirror, strict=True):
        ahead.see(turn)
        back.see(image)
        frontier, first = _cost(turn, ahead)
        cheap, second = _cost(image, back)
        found.append(Either(turn, cheap, frontier, guessed=first or second))
    return found


def mirrored(turn: LedgerTurn) -> LedgerTurn:
    """Return the turn with each model in the other's seat."""
    cheap, _, frontier = turn.pair_key.rpartition("-")
    answers = tuple(replace(answer, role=answer.role.other()) for answer in turn.answers)
    return replace(turn, pair_key=f"{frontier}-{cheap}", answers=answers)


def _cost(turn: LedgerTurn, estimator: FrontierEstimator) -> tuple[Money | None, bool]:
    """Return what the model in the frontier's seat cost or would cost, and if that is a guess."""
    own = _complete(turn, Role.FRONTIER)
    if own is not None and own.cost.money is not None:
        return own.cost.money, False
    other, price = _complete(turn, Role.CHEAP), estimator.price(turn)
    if other is None or price is None:
        return None, False
    amount = estimator.estimate(turn, other)
    return (None, False) if amount is None else (Money(amount, price.currency), True)


def _complete(turn: LedgerTurn, role: Role) -> LedgerAnswer | None:
    return next(
        (
            answer
            for answer in turn.answers
            if answer.role is role and answer.state == AnswerState.COMPLETE.value
        ),
        None,
    )
