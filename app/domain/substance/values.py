"""What an answer says, as values: each with the words it stands in and its place in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.substance.plain import Place

_SHOWN_CHARS = 60
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_DENIAL_CHARS = 40
_DENIAL = re.compile(
    r"(?i:\b(?:not|rather than|instead of|never|nor)"
    r"(?: (?:on|by|the|a|until|before|after|under|in|at|within|of|about|exactly|be|is|was|clause"
    r"|section|article|even)){0,3}[ ]?[\"'(]?)$"
)
_DENIES = re.compile(r"(?i:\b(?:not|rather than|instead of|never|nor)\b)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit.

    `shown` is how it is written, `place` where in the original text. `unit` is an ISO currency,
    "%", "pp" (percentage points), "day", "business day", "month", "hour", "minute" (a time of
    day), "times", or empty. Scales are multiplied out: 1.2 million is 1200000. `step` is what the
    last digit written is worth, so that 1.2 million has a step of 100000. `one` is what one of its
    written unit is: 12 where years are counted in months. `falls` tells that the words call it a
    decrease or a loss, `negated` that it is named only to be denied.
    """

    shown: str
    place: Place
    amount: Decimal
    unit: str = ""
    step: Decimal = Decimal(1)
    one: Decimal = Decimal(1)
    falls: bool = False
    negated: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what makes two figures of one text the same."""
        return (self.signed.normalize(), self.unit, self.negated)

    @property
    def signed(self) -> Decimal:
        """Return the amount, negative where the words or the sign say so."""
        return -abs(self.amount) if self.falls else self.amount

    @property
    def year_like(self) -> bool:
        """Return whether this might as well be a year."""
        return not self.unit and self.step == 1 and _FIRST_YEAR <= self.amount <= _LAST_YEAR


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date, as exactly as it was written: "2026-03-18", "--03-18", "2026-03", "2026", "2026-Q3".

    A range is "start/end", two days of one month are "day&day". `other` is the second reading of
    a date such as 03/04/2026, which may be a day in March or in April.
    """

    shown: str
    place: Place
    iso: str
    other: str = ""
    negated: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what makes two dates of one text the same."""
        return (self.iso, self.other, self.negated)


@dataclass(frozen=True, slots=True)
class Citation:
    """A case, a statute, a numbered provision or a docket number.

    `sort` is what kind of place it is ("case", "report", "statute", "section", "article", "rule",
    "schedule", "recital", "docket"), `key` its normal form without the act, `act` the act or the
    contract that it names, if it does.
    """

    shown: str
    place: Place
    sort: str
    key: str
    act: str = ""
    negated: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what makes two citations of one text the same."""
        return (self.sort, self.key, self.act, self.negated)


@dataclass(frozen=True, slots=True)
class Name:
    """A party, a person or a company; `key` without its legal form, which is `form`."""

    shown: str
    place: Place
    key: str
    form: str = ""
    negated: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Return what makes two names of one text the same."""
        return (self.key, self.form, self.negated)


class Verdict(StrEnum):
    """What a yes-or-no answer comes to."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A yes or a no; `hedged` where the answer is not sure or makes it depend on something."""

    shown: str
    place: Place
    verdict: Verdict
    hedged: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A class or an option that an answer chooses; `key` is its normal form or its letter."""

    shown: str
    place: Place
    key: str


def on_one_line(text: str) -> str:
    """Return words as a sentence can quote them: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1].rstrip()}…"


def denied(text: str, start: int) -> bool:
    """Return whether what begins there is named only to say that it is not so."""
    return _DENIAL.search(text[max(0, start - _DENIAL_CHARS) : start]) is not None


def denies(text: str) -> bool:
    """Return whether a text denies anything at all."""
    return _DENIES.search(text) is not None
