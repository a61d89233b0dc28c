"""Units of figures: currencies, percentages and lengths of time, before or after the number."""

from __future__ import annotations

import re
from decimal import Decimal

from app.domain.substance.numbers import SCALES

_SIGNS = {
    "us$": "USD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "nz$": "NZD",
    "s$": "SGD", "hk$": "HKD", "r$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "₽": "RUB", "₩": "KRW", "rs.": "INR", "rs": "INR",
}  # fmt: skip
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|RMB|HKD|SGD|AUD|NZD|CAD|INR|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|ZAR|BRL"
    "|MXN|KRW|RUB|ILS|AED|SAR"
)
_CURRENCY_WORDS = {
    "dollar": "USD", "dollars": "USD", "us dollars": "USD", "euro": "EUR", "euros": "EUR",
    "pound": "GBP", "pounds": "GBP", "pounds sterling": "GBP", "sterling": "GBP", "yen": "JPY",
    "rupees": "INR", "swiss francs": "CHF", "francs": "CHF",
}  # fmt: skip
_ONE, _HUNDREDTH = Decimal(1), Decimal("0.01")
# Singular, with what one of it is: a year is 12 months, a basis point 0.01 percentage points.
_WORDS: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("%", "percent", "per cent", "pct", "prozent"), ("%", _ONE)),
    **dict.fromkeys(("percentage point", "pp"), ("pp", _ONE)),
    **dict.fromkeys(("basis point", "bp"), ("pp", _HUNDREDTH)),
    **dict.fromkeys(("business day", "working day", "banking day"), ("business day", _ONE)),
    **dict.fromkeys(("day", "calendar day", "tag", "tage"), ("day", _ONE)),
    "week": ("day", Decimal(7)),
    **dict.fromkeys(("month", "monat", "monate"), ("month", _ONE)),
    **dict.fromkeys(("year", "jahr", "jahre"), ("month", Decimal(12))),
    "hour": ("hour", _ONE),
    **dict.fromkeys(("p", "pence"), ("GBP", _HUNDREDTH)),
    **dict.fromkeys(("cent", "¢"), ("USD", _HUNDREDTH)),
    **dict.fromkeys(("x", "time"), ("times", _ONE)),
}

# What may stand directly before a number, at the end of the text before it.
BEFORE = re.compile(
    r"(?<!\w)(?P<sign>[-+])?(?P<open>\()? ?"
    rf"(?P<currency>(?i:us|a|au|c|ca|nz|s|hk|r)?\$|[€£¥₹₽₩]|(?:{_CODES})\b|(?i:rs\.?))? ?"
    r"(?P<sign2>[-+])?(?P<open2>\()?$"
)
_LONG = "|".join(re.escape(word) for word in SCALES if len(word) > 3)
_SHORT = "|".join(re.escape(word) for word in SCALES if len(word) < 4)
_SCALE = rf"(?i:[ -]?(?:{_LONG})|[ ]?(?:{_SHORT}))(?![A-Za-z0-9])"
# What may follow it.
AFTER = re.compile(
    rf"(?P<scale>{_SCALE})?(?P<close>\))?(?P<scale2>{_SCALE})?"
    r"(?:[ -]?(?P<unit>%|(?i:per ?cent|percent|pct|prozent|percentage points?|pp|basis points?|bps?"
    r"|(?:(?:business|working|banking|calendar)[ -])?days?|weeks?|months?|years?|hours?"
    r"|tagen?|monaten?|jahren?|pence|p|cents?|x|times)(?![A-Za-z0-9])"
    rf"|¢|(?:{_CODES})(?![A-Za-z])|[€£¥₹]|\$(?![0-9])"
    r"|(?i:us dollars|dollars?|euros?|pounds(?: sterling)?|sterling|yen|rupees|swiss francs|francs)"
    r"(?![A-Za-z])))?"
    r"(?P<close2>\))?"
)


def currency_of(before: str | None, after: str | None) -> str:
    """Return the ISO code that a sign, a code or a word stands for; empty where none does."""
    for word in (before, after):
        plainly = (word or "").casefold()
        if plainly in _SIGNS or plainly in _CURRENCY_WORDS:
            return _SIGNS.get(plainly) or _CURRENCY_WORDS[plainly]
        if word and re.fullmatch(_CODES, word):
            return word
    return ""


def unit_of(word: str | None) -> tuple[str, Decimal]:
    """Return the unit that a word stands for, and how much of it one is; empty where none does."""
    plainly = (word or "").casefold().replace("-", " ")
    for form in (plainly, plainly.removesuffix("s"), plainly.removesuffix("n")):
        if form in _WORDS:
            return _WORDS[form]
    return "", _ONE


def scale_of(*words: str | None) -> Decimal:
    """Return the factor that the first of these words stands for; 1 where there is none."""
    for word in words:
        if word:
            return SCALES[word.strip(" -").casefold()]
    return _ONE
