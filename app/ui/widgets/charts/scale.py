"""Round steps for an axis, and days for a calendar one; pure arithmetic, no pyqtgraph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.domain.money import Money
from app.domain.words import money_text
from app.ui.models.moments import month_text

_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
_STEPS = 4  # gridlines above zero, at most
_DAYS_A_YEAR = 366
_SHORT_DAYS = 70


def round_step(top: float) -> float:
    """Return the smallest round step that needs at most four gridlines up to `top` (> 0)."""
    rough = top / _STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in _ROUND if power * step >= rough * (1 - 1e-9))


def steps_up_to(top: float) -> tuple[float, ...]:
    """Return zero and the round values up to `top`; (0, 1) where there is nothing to show."""
    if top <= 0:
        return (0.0, 1.0)
    step = round_step(top)
    count = max(1, math.floor(top / step + 1e-9))
    return tuple(step * place for place in range(count + 1))


def money_tick(value: float, step: float, currency: str) -> str:
    """Return an axis label with no more digits than its step needs."""
    exponent = Decimal(f"{step:.10g}").normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    if places == 1:
        places = 2  # money has no tenths
    quantum = Decimal(1).scaleb(-places)
    return money_text(Money(Decimal(repr(value)), currency), quantum=quantum)


def day_number(day: str) -> int:
    """Return the place of an ISO day on a calendar axis."""
    return date.fromisoformat(day).toordinal()


def day_ticks(days: Sequence[str], most: int) -> list[tuple[float, str]]:
    """Return at most `most` labelled places on the axis from the first day to the last.

    A short span is labelled by days, a longer one by the months that begin in it; a month of
    another year than the one before names it.
    """
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    if (last - first).days <= _SHORT_DAYS:
        return _short_ticks(first, last, most)
    month = first.replace(day=1)
    starts = []
    while month <= last:
        if month >= first:
            starts.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    every = max(1, math.ceil(len(starts) / most))
    long = (last - first).days > _DAYS_A_YEAR
    ticks = []
    for start in starts[::every]:
        name = month_text(start.isoformat(), with_year=False)
        if long:
            name = f"{name} {start.year}"
        ticks.append((float(start.toordinal()), name))
    return ticks


def _short_ticks(first: date, last: date, most: int) -> list[tuple[float, str]]:
    span = (last - first).days
    every = max(1, math.ceil((span + 1) / most))
    ticks = []
    for place in range(0, span + 1, every):
        day = date.fromordinal(first.toordinal() + place)
        name = month_text(day.isoformat(), with_year=False)
        ticks.append((float(day.toordinal()), f"{day.day} {name}"))
    return ticks
