"""From accounts to a report: sums, rows and the series, rounded in one place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.domain.savings.account import Account
from app.domain.savings.estimate import FrontierEstimator
from app.domain.savings.rounding import apportion, quantum_for, rounded
from app.domain.savings.values import ZERO, CurrencySavings, Figures, Parts, SavingsRow, SeriesPoint

DEFAULT_CURRENCY = "USD"


class _Sum:
    """Parts being added up, and how many turns or answers they stem from."""

    __slots__ = ("parts", "turns")

    def __init__(self) -> None:
        self.turns = 0
        self.parts = list(Figures().parts())

    def add(self, parts: Parts) -> None:
        self.turns += 1
        for place, part in enumerate(parts):
            if part:
                self.parts[place] += part

    def exact(self) -> Figures:
        return Figures(*self.parts)


def by_currency(accounts: Iterable[Account]) -> dict[str, list[Account]]:
    """Return the accounts of each currency, the one with most first; what is free joins that."""
    sorted_out: dict[str, list[Account]] = defaultdict(list)
    counts: Counter[str] = Counter()
    all_accounts = list(accounts)
    for account in all_accounts:
        if account.currency is not None:
            counts[account.currency] += 1
    main = min(counts, key=lambda name: (-counts[name], name), default=DEFAULT_CURRENCY)
    for account in all_accounts:
        sorted_out[account.currency or main].append(account)
    return dict(sorted(sorted_out.items(), key=lambda item: (-counts[item[0]], item[0])))


def summarise(
    currency: str, accounts: Sequence[Account], estimator: FrontierEstimator
) -> CurrencySavings:
    """Return the report of one currency; `accounts` are oldest first."""
    whole = _Sum()
    months: dict[str, _Sum] = defaultdict(_Sum)
    matters: dict[str, _Sum] = defaultdict(_Sum)
    models: dict[str, _Sum] = defaultdict(_Sum)
    for account in accounts:
        whole.add(account.parts)
        months[account.turn.local_day[:7]].add(account.parts)
        matters[account.turn.matter].add(account.parts)
        for model, parts in account.models:
            models[model].add(parts)
    exact = whole.exact()
    quantum = quantum_for(max(exact.paid, exact.frontier))
    shown = _shown(exact, quantum)
    series = _series(accounts, estimator, quantum)
    low, high = (series[-1].low, series[-1].high) if series else (ZERO, ZERO)
    return CurrencySavings(
        currency, whole.turns, quantum, exact, shown, low, high,
        months=_rows(dict(sorted(months.items())), shown, quantum),
        matters=_rows(_largest_first(matters), shown, quantum),
        models=_rows(_largest_first(models), shown, quantum),
        series=series,
    )  # fmt: skip


def _shown(exact: Figures, quantum: Decimal) -> Figures:
    """Return the parts as shown: what was paid is rounded, then shared out among its parts.

    The frontier's own cost is thus the same in both totals, to the cent.
    """
    *paid_parts, instead = exact.parts()
    paid = apportion(paid_parts, rounded(exact.paid, quantum), quantum)
    shown = [*paid, rounded(instead, quantum)]
    return Figures(*shown)


def _rows(sums: Mapping[str, _Sum], total: Figures, quantum: Decimal) -> tuple[SavingsRow, ...]:
    """Return rows whose every part adds up to the total's."""
    if not sums:
        return ()
    columns = zip(*(item.parts for item in sums.values()), strict=True)
    shared = [
        apportion(column, part, quantum)
        for column, part in zip(columns, total.parts(), strict=True)
    ]
    return tuple(
        SavingsRow(name, item.turns, item.exact(), Figures(*parts))
        for (name, item), parts in zip(sums.items(), zip(*shared, strict=True), strict=True)
    )


def _largest_first(sums: Mapping[str, _Sum]) -> dict[str, _Sum]:
    return dict(sorted(sums.items(), key=lambda item: (-item[1].exact().frontier, item[0])))


def _series(
    accounts: Sequence[Account], estimator: FrontierEstimator, quantum: Decimal
) -> tuple[SeriesPoint, ...]:
    """Return the running sums at the end of each local day on which something was asked."""
    days: dict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        days[account.turn.local_day].append(account)
    points, doubt, running = [], estimator.doubt(), _Sum()
    for day in sorted(days):
        for account in days[day]:
            running.add(account.parts)
            if account.instead:
                doubt.add(account.turn.pair_key, account.instead)
        # The same function as the headline's, so that the last point is the headline.
        shown, half = _shown(running.exact(), quantum), rounded(doubt.half_width(), quantum)
        low = max(shown.frontier - half, shown.frontier - shown.instead)  # measured is no guess
        points.append(SeriesPoint(day, shown.paid, shown.frontier, low, shown.frontier + half))
    return tuple(points)
