"""How figures are written everywhere: money, shares, times and token counts.

One place, so that a number reads alike in the window, in the terminal and in a report. "≈" marks
every estimate; an unknown price is never written as $0.00.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from app.domain.money import Certainty, Cost, Money

PRICE_NOT_KNOWN = "price not known"
MINUS = "−"
APPROXIMATELY = "≈ "
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_CENTS_FROM = Decimal("0.0995")  # below ten cents, two digits of an amount say more than cents do
_SMALLEST = Decimal("0.000001")
_CENT = Decimal("0.01")


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


def _digits(amount: Decimal, quantum: Decimal | None) -> str:
    """Return the digits of an amount >= 0: cents, or two telling digits where it is small."""
    if quantum is None:
        if amount == 0 or amount >= _CENTS_FROM:
            quantum = _CENT
        elif amount < _SMALLEST:
            return f"{_SMALLEST:f}"
        else:
            places = max(_SMALLEST.adjusted(), amount.adjusted() - 1)
            quantum = Decimal(1).scaleb(min(places, -2))
    return f"{amount.quantize(quantum, ROUND_HALF_EVEN):,f}"


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


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: '1 prompt', '1,204 prompts'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
