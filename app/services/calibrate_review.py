"""Before a run is fixed: what both models would cost, who would be sent what, and who may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from app.domain.calibration.prompts import Chosen, Entry
from app.domain.calibration.report import Spent, total
from app.domain.conversation import Prompt
from app.domain.matter import Matter
from app.domain.model import Pair
from app.domain.money import Money
from app.services.compare import both
from app.services.estimate import Estimate, Estimates
from app.services.store import Store

_STEPS = tuple(Decimal(step) for step in ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "7.5", "10"))
_SMALLEST_LIMIT = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is sent a matter's prompts: each model with the provider that receives them."""

    matter: str
    policy: str
    prompts: int
    receivers: tuple[tuple[str, str], ...]  # model's name, provider's name


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A prompt that its matter's policy keeps from one of the models, and the sentence why."""

    entry: Entry
    reason: str


@dataclass(frozen=True, slots=True)
class Review:
    """What a person must know before one button fixes the list and asks both models.

    `low`..`high` is the likely range of both costs together; None where nothing is charged or no
    price is known. `limit` is what is suggested as the most that may be spent. `unpriced` names
    models without a price. `missing` says why the list cannot be fixed, empty where it can.
    """

    pair: Pair
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]
    recipients: tuple[Recipients, ...]
    cheap: Spent
    frontier: Spent
    low: Money | None
    high: Money | None
    limit: Money | None
    free: bool
    unpriced: tuple[str, ...]
    missing: str


class Reviews:
    """Works a review out; nothing is stored and nothing sent."""

    def __init__(self, estimates: Estimates, store: Store) -> None:
        self._estimates = estimates
        self._store = store

    async def review(self, entries: Sequence[Entry], pair: Pair) -> Review:
        """Return the review of a list on a pair.

        A prompt that its matter keeps from either model is left out before the list is fixed: a
        comparison of which one side may not be sent says nothing.
        """
        matters = {item.name.casefold(): item for item in await self._store(lambda h: h.matters())}
        kept, left_out = [], []
        for entry in entries:
            name = entry.prompt.matter
            matter = matters.get(name.casefold(), Matter(name))
            refused = [matter.policy.refuses(model, matter.name) for _, model in both(pair)]
            reasons = [problem.message for problem in refused if problem is not None]
            if reasons:
                left_out.append(LeftOut(entry, reasons[0]))
            else:
                kept.append(entry)
        estimates = [await self._estimates.estimate(entry.prompt, pair) for entry in kept]
        cheap = total([estimate.cheap for estimate in estimates])
        frontier = total([estimate.frontier for estimate in estimates])
        low, high = _range(estimates)
        unpriced = [
            model.name
            for (_, model), spent in zip(both(pair), (cheap, frontier), strict=True)
            if spent.unknown
        ]
        return Review(
            pair=pair,
            entries=tuple(kept),
            left_out=tuple(left_out),
            recipients=_recipients(kept, matters, pair),
            cheap=cheap,
            frontier=frontier,
            low=low,
            high=high,
            limit=None if high is None else limit_above(high),
            free=all(model.practice or model.local for _, model in both(pair)),
            unpriced=tuple(unpriced),
            missing=Chosen(tuple(kept)).missing(),
        )

    async def at_most(self, prompt: Prompt, pair: Pair) -> Money | None:
        """Return the upper end of what one prompt may cost on both sides; None where unknown."""
        _, high = _range([await self._estimates.estimate(prompt, pair)])
        return high


def _range(estimates: Sequence[Estimate]) -> tuple[Money | None, Money | None]:
    """Return the sums of the low and the high ends, in the frontier's currency where it has one.

    How long answers run errs for all of them alike, so nothing averages out. None where nothing
    is charged or no price is known.
    """
    sides = [side for item in estimates for side in (item.likely_frontier, item.likely_cheap)]
    charged = [side for side in sides if side.high is not None and side.high.amount]
    if not charged:
        return None, None
    currency = next((s.high.currency for s in charged if s.high is not None), "USD")
    low = high = Decimal(0)
    for side in charged:
        if side.low is not None and side.high is not None and side.high.currency == currency:
            low, high = low + side.low.amount, high + side.high.amount
    return Money(low, currency), Money(high, currency)


def limit_above(money: Money) -> Money:
    """Return the next round amount that is not below: 0.10, 0.15, … 7.50, 10, 15, …."""
    amount = max(money.amount, _SMALLEST_LIMIT)
    scale = Decimal(1).scaleb(amount.adjusted())
    step = next(step for step in _STEPS if step * scale >= amount)
    return Money((step * scale).quantize(Decimal("0.01"), ROUND_UP), money.currency)


def _recipients(
    entries: Sequence[Entry], matters: dict[str, Matter], pair: Pair
) -> tuple[Recipients, ...]:
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.prompt.matter] = counts.get(entry.prompt.matter, 0) + 1
    receivers = tuple((model.name, model.provider) for _, model in both(pair))
    return tuple(
        Recipients(
            name,
            matters.get(name.casefold(), Matter(name)).policy.in_words(),
            count,
            receivers,
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
