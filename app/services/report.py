"""Savings: the ledger of one world as a report, computed off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from app.domain.errors import InputError
from app.domain.model import ModelRef, Role
from app.domain.money import Cost, Price
from app.domain.savings.estimate import FrontierPrice
from app.domain.savings.report import Scope, savings
from app.domain.savings.sentences import headline, notes
from app.domain.savings.values import (
    Besides,
    CurrencySavings,
    Figures,
    LeftOut,
    Savings,
    SavingsRow,
    SeriesPoint,
)
from app.services.ports.clock import Clock
from app.services.store import Store

_MONTHS_A_YEAR = 12
_ZERO = Decimal(0)


class Prices(Protocol):
    """What a report asks of prices: the list's, for models that have no price of their own."""

    def price(self, model: ModelRef, at: datetime) -> Price | None:
        """Return the price of a model at that moment, or None if it is not known."""
        ...


class Reports:
    """Says what was paid, what it would have cost, and how sure that is."""

    def __init__(self, store: Store, clock: Clock, prices: Prices | None = None) -> None:
        self._store = store
        self._clock = clock
        self._prices = prices

    async def savings(
        self, practice: bool = False, months: int | None = None, matter: str | None = None
    ) -> Savings:
        """Return the report of one world: this month and those before it, `months` in all.

        None is everything. InputError if `months` is not at least 1.
        """
        now = self._clock.now()
        since = None
        if months is not None:
            if months < 1:
                raise InputError("A report covers at least one month.", "Choose 1 or more.")
            since = first_day(now + timedelta(minutes=self._clock.utc_offset_min(now)), months)
        ledger = await self._store(lambda history: history.ledger(practice=practice))
        models = await self._store(lambda history: history.models())

        def compute() -> Savings:
            prices = self._frontier_prices(models, now)
            return savings(ledger, Scope(since, matter), practice=practice, prices=prices)

        return await asyncio.to_thread(compute)

    def _frontier_prices(
        self, models: Sequence[ModelRef], now: datetime
    ) -> dict[str, FrontierPrice]:
        """Return today's prices of the frontier models, for pairs that never asked theirs."""
        known = {}
        for model in models:
            if model.role is not Role.FRONTIER:
                continue
            if model.local or model.practice:
                known[model.fingerprint()] = FrontierPrice(_ZERO, _ZERO, free=True)
                continue
            price = model.price
            if price is None and self._prices is not None:
                price = self._prices.price(model, now)
            if price is not None:
                known[model.fingerprint()] = FrontierPrice(
                    price.input_per_million, price.output_per_million, price.currency,
                    tiers=tuple(
                        (tier.above_tokens, tier.rates.input, tier.rates.output)
                        for tier in price.tiers
                    ),
                )  # fmt: skip
        return known


def first_day(local_now: datetime, months: int) -> str:
    """Return the first day (ISO) of the earliest of `months` calendar months ending now."""
    # More months than there have been reach to the first: an ISO date has no earlier year.
    place = max(local_now.year * _MONTHS_A_YEAR + local_now.month - months, _MONTHS_A_YEAR)
    return f"{place // _MONTHS_A_YEAR:04d}-{place % _MONTHS_A_YEAR + 1:02d}-01"


def to_json(report: Savings) -> dict[str, object]:
    """Return the report as `savings --json` prints it: amounts as text, shown and exact."""
    return {
        "practice": report.practice,
        "since": report.since,
        "matter": report.matter,
        "headline": headline(report),
        "notes": list(notes(report)),
        "prompts": report.turns,
        **_currency(report.main),
        "other_currencies": [_currency(part) for part in report.others],
        "left_out": [_left_out(item) for item in report.left_out],
        "may_also_have_been_billed": _besides(report.besides),
        "estimate_check": {
            "comparisons": report.check.turns,
            "median_error": report.check.median_error,
            "bias": report.check.bias,
        },
        "decided": report.decided,
        "sent_to_cheap": report.to_cheap,
        "share_to_cheap": report.share_to_cheap,
        "first_decided": report.first_decided,
        "judged": report.judged,
        "not_good_enough": report.not_good_enough,
        "wait_ms": {
            "typical": report.waits.typical_ms,
            "routed": report.waits.routed_ms,
            "compared": report.waits.compared_ms,
            "frontier": report.waits.frontier_ms,
        },
    }


def _currency(part: CurrencySavings) -> dict[str, object]:
    return {
        "currency": part.currency,
        "counted": part.turns,
        **_figures(part.shown),
        "always_frontier_low": str(part.low),
        "always_frontier_high": str(part.high),
        "exact": _figures(part.exact),
        "months": [_row(row) for row in part.months],
        "matters": [_row(row) for row in part.matters],
        "models": [_row(row) for row in part.models],
        "days": [_point(point) for point in part.series],
    }


def _figures(figures: Figures) -> dict[str, object]:
    """Return the totals as plain decimal text."""
    return {
        "paid": f"{figures.paid:f}",
        "paid_measured": f"{figures.paid_measured:f}",
        "paid_estimated": f"{figures.paid_estimated:f}",
        "always_frontier": f"{figures.frontier:f}",
        "saved": f"{figures.saved:f}",
        "saved_measured": f"{figures.saved_measured:f}",
        "saved_estimated": f"{figures.saved_estimated:f}",
        "comparing": f"{figures.comparing:f}",
        "approximate": figures.approximate,
    }


def _row(row: SavingsRow) -> dict[str, object]:
    return {"name": row.name, "count": row.turns, **_figures(row.shown)}


def _point(point: SeriesPoint) -> dict[str, object]:
    return {
        "day": point.day,
        "paid": str(point.paid),
        "always_frontier": str(point.frontier),
        "low": str(point.low),
        "high": str(point.high),
    }


def _left_out(item: LeftOut) -> dict[str, object]:
    return {
        "reason": item.reason,
        "prompts": item.turns,
        "paid": [_cost(cost) for cost in item.paid],
    }


def _besides(besides: Besides) -> dict[str, object]:
    return {
        "attempts": besides.attempts,
        "costs": [_cost(cost) for cost in besides.costs],
        "unknown": besides.unknown,
    }


def _cost(cost: Cost) -> dict[str, object]:
    money = cost.money
    return {
        "amount": None if money is None else f"{money.amount:f}",
        "currency": "USD" if money is None else money.currency,
        "certainty": cost.certainty.value,
    }
