"""Numbers as people write them: separators of several countries, scales, words, negatives."""

from __future__ import annotations

import re
from decimal import Decimal

# Possessive, and never begun inside another number: no text makes this slow.
NUMBER = re.compile(
    r"(?<![0-9A-Za-z_])(?<![0-9][.,'])(?:"
    r"[0-9]{1,3}(?:[,'][0-9]{3})++(?:\.[0-9]++)?+(?![,'.]?[0-9])"  # 1,234,567.89  1'234.5
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}+(?:,[0-9]++)?+(?![,.]?[0-9])"  # 1.234.567,89
    r"|[0-9]{1,3}(?:\.[0-9]{3})++,[0-9]++(?![,.]?[0-9])"  # 1.234,56
    r"|[0-9]{1,2}(?:,[0-9]{2}(?![0-9]))++,[0-9]{3}(?:\.[0-9]++)?+(?![,.]?[0-9])"  # 12,34,567
    r"|[0-9]{1,3}(?: [0-9]{3})++(?:[.,][0-9]++)?+(?! ?[0-9])"  # 1 234 567,89
    r"|[0-9]++(?:[.,][0-9]++)?+(?![.,'][0-9])"  # 1234  12.5  12,5
    r"|\.[0-9]++(?![.,]?[0-9]))"
)
_MANY_DIGITS = 60  # longer runs are serial numbers or noise, not figures

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
_POWERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
NUMBER_WORD = "|".join((*_UNITS, *_POWERS))
# "three", "forty-five", "two hundred and fifty thousand": at most eight words.
NUMBER_WORDS = re.compile(
    rf"\b(?i:(?:{NUMBER_WORD})(?:(?: and |[ -])(?:{NUMBER_WORD})(?![A-Za-z])){{0,7}})(?![A-Za-z])"
)

SCALES: dict[str, Decimal] = {
    **dict.fromkeys(("k", "thousand", "thousands", "tsd", "tsd."), Decimal(10**3)),
    **dict.fromkeys(
        ("m", "mn", "mm", "mio", "mio.", "million", "millions", "millionen", "mln"), Decimal(10**6)
    ),
    **dict.fromkeys(
        ("b", "bn", "billion", "billions", "mrd", "mrd.", "milliarden", "milliard", "milliards"),
        Decimal(10**9),
    ),
    **dict.fromkeys(("tn", "trillion", "trillions"), Decimal(10**12)),
    "lakh": Decimal(10**5),
    "crore": Decimal(10**7),
}


def european(text: str) -> bool:
    """Return whether a text writes a number that only reads with a comma before its decimals."""
    return _EUROPEAN.search(text) is not None


_EUROPEAN = re.compile(
    r"(?<![0-9.,])[0-9]{1,3}(?:(?:\.[0-9]{3})++,[0-9]|(?:\.[0-9]{3}){2,}+(?![.0-9]))"
)


def value_of(digits: str, *, comma_decimals: bool) -> Decimal | None:
    """Return what a number's digits mean, or None where they are no figure.

    One comma before exactly three digits separates thousands, as one full stop does not; with
    `comma_decimals` it is the other way round.
    """
    if len(digits) > _MANY_DIGITS:
        return None
    bare = digits.replace("'", "").replace(" ", "")
    commas, stops = bare.count(","), bare.count(".")
    if commas and stops:
        bare = _with_both(bare)
    elif commas > 1:
        bare = bare.replace(",", "")
    elif stops > 1:
        bare = bare.replace(".", "")
    elif commas:
        thousands = not comma_decimals and len(bare) - bare.index(",") == 4
        bare = bare.replace(",", "" if thousands else ".")
    elif stops and comma_decimals and len(bare) - bare.index(".") == 4 and bare.index("."):
        bare = bare.replace(".", "")
    return Decimal(bare)


def _with_both(bare: str) -> str:
    """Return a number with both separators: the one that comes last is before the decimals."""
    if bare.rindex(",") > bare.rindex("."):
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(",", "")


def value_of_words(words: str) -> int:
    """Return what a number in words means: 'two hundred and fifty thousand' is 250000."""
    total = current = 0
    for word in words.casefold().replace("-", " ").split():
        if word in _UNITS:
            current += _UNITS[word]
        elif word == "hundred":
            current = max(1, current) * 100
        elif word in _POWERS:
            total += max(1, current) * _POWERS[word]
            current = 0
    return total + current
