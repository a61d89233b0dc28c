"""Before a run is fixed: what both models would cost, who would be sent what, and who may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from app.domain.calibration.prompts import Chosen, Entry
from app.domain.calibration.report import Spent, total
from app.domain.conversation import Prompt
from app.domain.matter import Matter, provider_name
from app.domain.model import ModelRef, Pair
from app.domain.money import Cost, Money
from app.services.compare import both
from app.services.estimate import Estimates
from app.services.store import Store

# How far answers may run from what is typical: the user's own answers tell it better than a guess.
_KNOWN_SPREAD = (Decimal("0.7"), Decimal("1.5"))
_GUESSED_SPREAD = (Decimal("0.4"), Decimal("2.5"))
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
        costs = [await self.cost(entry.prompt, pair) for entry in kept]
        cheap, frontier = total([c for c, _ in costs]), total([f for _, f in costs])
        low, high = await self._range(cheap, frontier, pair)
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

    async def cost(self, prompt: Prompt, pair: Pair) -> tuple[Cost, Cost]:
        """Return what one prompt is likely to cost on each side."""
        estimate = await self._estimates.estimate(prompt.full_text(), pair)
        return estimate.cheap, estimate.frontier

    async def at_most(self, prompt: Prompt, pair: Pair) -> Money | None:
        """Return the upper end of what one prompt may cost on both sides; None where unknown."""
        cheap, frontier = await self.cost(prompt, pair)
        _, high = await self._range(total([cheap]), total([frontier]), pair)
        return high

    async def _range(
        self, cheap: Spent, frontier: Spent, pair: Pair
    ) -> tuple[Money | None, Money | None]:
        """Return the likely range of both sums in one currency, the frontier's where it has one."""
        sums = [
            (model, spent.total.money)
            for (_, model), spent in zip(both(pair), (cheap, frontier), strict=True)
            if spent.total.money is not None and spent.total.money.amount
        ]
        if not sums:
            return None, None
        currency = sums[-1][1].currency
        low = high = Decimal(0)
        for model, money in sums:
            if money.currency == currency:
                least, most = await self._spread(model)
                low, high = low + money.amount * least, high + money.amount * most
        return Money(low, currency), Money(high, currency)

    async def _spread(self, model: ModelRef) -> tuple[Decimal, Decimal]:
        known = await self._store(lambda history: history.typical_output_tokens(model.id))
        return _KNOWN_SPREAD if known else _GUESSED_SPREAD


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
    receivers = tuple((model.name, provider_name(model)) for _, model in both(pair))
    return tuple(
        Recipients(
            name,
            matters.get(name.casefold(), Matter(name)).policy.in_words(),
            count,
            receivers,
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
