"""One turn's account: what was paid, what the frontier alone would have cost, or why neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.savings.estimate import FrontierEstimator
from app.domain.savings.values import ZERO, Parts
from app.domain.turn import LedgerAnswer, LedgerTurn

NO_PRICE_PAID = "the price of a model they were sent to is not known"
NO_PRICE_FRONTIER = "what the frontier model would have cost is not known"
TWO_CURRENCIES = "their two models charge in different currencies"
STILL_ANSWERING = "they are still being answered"

# A model's name with its part of a turn, in the order of the fields of Figures.
ModelParts = tuple[str, Parts]
_STREAMING, _BLOCKED, _FAILED, _COMPLETE = (
    AnswerState.STREAMING.value,
    AnswerState.BLOCKED.value,
    AnswerState.FAILED.value,
    AnswerState.COMPLETE.value,
)
_NONE = (ZERO, ZERO)
_NOTHING: Parts = (ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Account:
    """A turn that can be counted.

    `parts` are in the order of Figures; `models` holds each answer's model and its own part;
    `currency` is None where everything was free.
    """

    turn: LedgerTurn
    currency: str | None
    parts: Parts
    models: tuple[ModelParts, ...]

    @property
    def instead(self) -> Decimal:
        """Return what the frontier would have cost where it was not asked, else zero."""
        return self.parts[6]


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A turn that cannot be counted, why, and what is known to have been paid for it."""

    turn: LedgerTurn
    reason: str
    paid: tuple[Cost, ...]


def account_of(turn: LedgerTurn, estimator: FrontierEstimator) -> Account | Uncounted | None:
    """Return the turn's account, or None where nothing was sent.

    A request that was blocked here, or failed before any token, is not charged for by providers:
    it counts as not asked. An unknown cost is never taken for zero: it leaves the turn out.
    """
    # An answer beside the sides was paid for like any other.
    asked = [answer for answer in (*turn.answers, *turn.beside) if _was_charged(answer)]
    if not asked:
        return None
    if any(answer.state == _STREAMING for answer in asked):
        return Uncounted(turn, STILL_ANSWERING, _known(asked))
    if any(answer.cost.money is None for answer in asked):
        return Uncounted(turn, NO_PRICE_PAID, _known(asked))
    frontier = _frontier(turn, asked, estimator)
    if frontier is None:
        return Uncounted(turn, NO_PRICE_FRONTIER, _known(asked))
    costs = (*(answer.cost for answer in asked), frontier)
    # What cost nothing has no currency of its own: a zero fits any.
    currencies = {cost.money.currency for cost in costs if cost.money and cost.money.amount}
    if len(currencies) > 1:
        return Uncounted(turn, TWO_CURRENCIES, _known(asked))
    return Account(turn, next(iter(currencies), None), *_parts(asked, frontier))


def _was_charged(answer: LedgerAnswer) -> bool:
    if answer.state == _BLOCKED:
        return False
    silent = answer.cost.money is None and not answer.output_tokens
    return not (answer.state == _FAILED and silent)


def _known(asked: list[LedgerAnswer]) -> tuple[Cost, ...]:
    return tuple(answer.cost for answer in asked if answer.cost.money is not None)


def _frontier(
    turn: LedgerTurn, asked: list[LedgerAnswer], estimator: FrontierEstimator
) -> Cost | None:
    """Return the frontier's own cost where it was asked, else the estimate."""
    for answer in asked:
        if answer.role is Role.FRONTIER:
            return answer.cost
    price = estimator.price(turn)
    if turn.practice or (price is not None and price.free):
        return Cost.free()
    # In a second look the first model's answer may have broken off where the others' stand.
    whole = next((answer for answer in asked if answer.state == _COMPLETE), asked[0])
    amount = estimator.estimate(turn, whole)
    if amount is None or price is None:
        return None
    return Cost(Money(amount, price.currency), Certainty.ESTIMATED)


def _parts(asked: list[LedgerAnswer], frontier: Cost) -> tuple[Parts, tuple[ModelParts, ...]]:
    """Return the turn's parts and each model's; the models' add up to the turn's.

    What the frontier would have cost stands with the first model that was asked in its place.
    """
    beside = any(answer.role is Role.FRONTIER for answer in asked)
    models = []
    for place, answer in enumerate(asked):
        paid = _split(answer.cost)
        instead = ZERO if beside or place else _amount(frontier)
        if answer.role is Role.FRONTIER:
            parts = (*paid, *_NONE, *_NONE, ZERO)
        elif beside:
            parts = (*_NONE, *paid, *_NONE, ZERO)
        else:
            parts = (*_NONE, *_NONE, *paid, instead)
        models.append((answer.model, parts))
    if len(models) == 1:
        return models[0][1], tuple(models)
    return added(parts for _, parts in models), tuple(models)


def added(items: Iterable[Parts]) -> Parts:
    """Return the sum, part by part."""
    sums = list(_NOTHING)
    for parts in items:
        for place, part in enumerate(parts):
            if part:
                sums[place] += part
    one, two, three, four, five, six, seven = sums
    return one, two, three, four, five, six, seven


def _amount(cost: Cost) -> Decimal:
    assert cost.money is not None
    return cost.money.amount


def _split(cost: Cost) -> tuple[Decimal, Decimal]:
    """Return the amount in its place of (measured, estimated)."""
    amount = _amount(cost)
    return (ZERO, amount) if cost.certainty is Certainty.ESTIMATED else (amount, ZERO)
