"""How figures are written everywhere: money, shares, times and token counts.

One place, so that a number reads alike in the window, in the terminal and in a report. "≈" marks
every estimate; an unknown price is never written as $0.00.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.money import Certainty, Cost, Money, Price, totals

PRICE_NOT_KNOWN = "price not known"
FREE = "free"
NO_COST = "—"
MINUS = "−"
APPROXIMATELY = "≈ "
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_CENTS_FROM = Decimal("0.0995")  # below ten cents, two digits of an amount say more than cents do
_SMALLEST = Decimal("0.000001")
_CENT = Decimal("0.01")
# Not strftime: its names follow the system's language, these sentences do not.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money_text(
    value: Cost | Money | None, *, quantum: Decimal | None = None, approximate: bool = False
) -> str:
    """Return an amount in words: '$0.0041', '≈ $0.31', 'price not known', '$0.00', 'CNY 1.20'.

    A Cost brings its own certainty; `approximate` marks a Money as an estimate. With `quantum`
    (for example 0.01) exactly that many digits are written, as in a table that must add up.
    """
    match value:
        case None:
            return PRICE_NOT_KNOWN
        case Cost():
            if value.money is None:
                return PRICE_NOT_KNOWN
            estimated = approximate or value.certainty is Certainty.ESTIMATED
            return money_text(value.money, quantum=quantum, approximate=estimated)
        case Money():
            sign = MINUS if value.amount < 0 else ""
            digits = _digits(abs(value.amount), quantum)
            if not digits.strip("0.,"):
                sign = ""  # a rounded zero has no sign
            symbol = _SYMBOLS.get(value.currency, f"{value.currency} ")
            small = quantum is None and 0 < abs(value.amount) < _SMALLEST
            mark = APPROXIMATELY if approximate else ""
            return f"{mark}{'< ' if small else ''}{sign}{symbol}{digits}"


def cost_text(cost: Cost) -> str:
    """Return an amount with how it came to be known, in words: '$0.0041 measured', 'free'."""
    match cost.certainty:
        case Certainty.UNKNOWN:
            return PRICE_NOT_KNOWN
        case Certainty.FREE:
            return FREE
        case Certainty.MEASURED | Certainty.ESTIMATED:
            return f"{money_text(cost)} {cost.certainty}"


def costs_text(costs: Iterable[Cost]) -> str:
    """Return what several answers cost together: '$0.31', '≈ $0.31 + CNY 1.20', 'free', '—'.

    Amounts are added within a currency only, and what nobody knows is named beside what is known.
    """
    return " + ".join(amount_text(cost) for cost in totals(costs)) or NO_COST


def range_text(low: Money, high: Money) -> str:
    """Return a likely range of one currency: '≈ $0.15–$0.62', '≈ $0.0041' where both read alike."""
    quantum = _quantum(high.amount)
    # With the digits of the high end the low one reads easier, unless that would leave nothing.
    kept = low.amount.quantize(quantum, ROUND_HALF_EVEN) if low.amount else low.amount
    first = money_text(low, quantum=quantum) if kept else money_text(low)
    last = money_text(high, quantum=quantum) if high.amount >= quantum else money_text(high)
    return f"{APPROXIMATELY}{first}" if first == last else f"{APPROXIMATELY}{first}–{last}"


def price_text(price: Price | None) -> str:
    """Return a price with its source and date: '$3.00 in, $15.00 out per million tokens (…)'."""
    if price is None:
        return PRICE_NOT_KNOWN
    rates = [(price.input_per_million, "in"), (price.output_per_million, "out")]
    if price.cached_per_million is not None:
        rates.insert(1, (price.cached_per_million, "cached"))
    said = [f"{rate_text(rate, price.currency)} {word}" for rate, word in rates]
    told = f"{', '.join(said)} per million tokens"
    if price.words:
        told = f"{told}, {price.words}"
    where = price.source
    if price.as_of is not None:
        where = f"{where} of {date_text(price.as_of)}" if where else date_text(price.as_of)
    return f"{told} ({where})" if where else told


def rate_text(rate: Decimal, currency: str) -> str:
    """Return a price per million tokens with all its digits: '$3.00', '$0.435', 'CNY 1.20'."""
    places = max(2, -int(rate.normalize().as_tuple().exponent))
    return money_text(Money(rate, currency), quantum=Decimal(1).scaleb(-places))


def amount_text(cost: Cost) -> str:
    """Return an amount where 'measured' or 'estimated' stands nearby: '≈ $0.31', 'free'."""
    return FREE if cost.certainty is Certainty.FREE else money_text(cost)


def date_text(day: date) -> str:
    """Return a day as people write it: '18 Nov 2026'."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _digits(amount: Decimal, quantum: Decimal | None) -> str:
    """Return the digits of an amount >= 0: cents, or two telling digits where it is small."""
    if quantum is None:
        if 0 < amount < _SMALLEST:
            return f"{_SMALLEST:f}"
        quantum = _quantum(amount)
    return f"{amount.quantize(quantum, ROUND_HALF_EVEN):,f}"


def _quantum(amount: Decimal) -> Decimal:
    if amount == 0 or amount >= _CENTS_FROM:
        return _CENT
    places = max(_SMALLEST.adjusted(), amount.adjusted() - 1)
    return Decimal(1).scaleb(min(places, -2))


def share_text(share: float) -> str:
    """Return a share (0..1) as a percentage; never 0% or 100% where it is not exactly that."""
    percent = share * 100
    if share in (0, 1):
        return f"{percent:.0f}%"
    if percent < 0.05:
        return "<0.1%"
    if percent > 99.5:
        return ">99%"
    return f"{percent:.1f}%" if percent < 9.95 else f"{percent:.0f}%"


def interval_text(low: float, high: float) -> str:
    """Return an interval of a share (0..1 each): 'likely 59%–90%', 'likely 0.8%–7.5%'."""
    digits = 1 if high < 0.0995 else 0
    return f"likely {low * 100:.{digits}f}%–{high * 100:.{digits}f}%"


def seconds_text(milliseconds: float | None) -> str:
    """Return a time span: '0.31 s', '3.4 s', '1 min 12 s'; a dash where it was not measured."""
    if milliseconds is None:
        return "–"
    seconds = milliseconds / 1000
    if seconds < 0.995:
        return f"{seconds:.2f} s"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def tokens_text(tokens: int | None, *, approximate: bool = False) -> str:
    """Return a count of tokens: '18,612', '≈ 18,612'; a dash where nobody counted."""
    if tokens is None:
        return "–"
    return f"{APPROXIMATELY if approximate else ''}{tokens:,}"


def limit_text(limit: float) -> str:
    """Return a limit as people say it: '1 in 10', or a percentage where no such number fits."""
    if limit > 0:
        one_in = round(1 / limit)
        if abs(1 / limit - one_in) < 1e-6:
            return f"1 in {one_in}"
    return share_text(limit)


def listed(parts: Sequence[str]) -> str:
    """Return parts as a sentence lists them: 'A', 'A and B', 'A, B and C'."""
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: '1 prompt', '1,204 prompts'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
