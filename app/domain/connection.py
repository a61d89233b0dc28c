"""How long and how much one answer may take, and whom this computer trusts beside its own store."""

from __future__ import annotations

from dataclasses import dataclass, fields

from app.domain.errors import InputError


@dataclass(frozen=True, slots=True)
class Connection:
    """What holds for every request. Seconds; `answer_mb` is millions of bytes of text.

    `first_token_s` and `between_tokens_s` run since the last word, not since the last sign of
    life. `ca_file` names a PEM file whose certificates are trusted beside the system's own; there
    is no setting that trusts without checking.
    """

    connect_s: float = 10.0
    first_token_s: float = 120.0
    between_tokens_s: float = 60.0
    whole_answer_s: float = 1200.0
    answer_mb: float = 10.0
    ca_file: str = ""

    def checked(self) -> Connection:
        """Return this, or raise InputError with the sentence about the first figure to mend."""
        for field in fields(self):
            if field.name in BOUNDS:
                _check(field.name, getattr(self, field.name))
        if self.whole_answer_s < max(self.first_token_s, self.between_tokens_s):
            raise InputError(
                "The time for a whole answer is shorter than the wait for its first word, or for "
                "the next one.",
                "Make it the longest of the three.",
                "bad_limit",
            )
        return self


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a limit is called, and between which figures it lies."""

    name: str
    least: float
    most: float
    unit: str


BOUNDS = {
    "connect_s": Bounds("The time to connect", 1, 120, "seconds"),
    "first_token_s": Bounds("The wait for the first word", 5, 3600, "seconds"),
    "between_tokens_s": Bounds("The wait between words", 5, 3600, "seconds"),
    "whole_answer_s": Bounds("The time for a whole answer", 30, 14_400, "seconds"),
    "answer_mb": Bounds("The size of an answer", 0.1, 100, "MB"),
}


def _check(name: str, value: float) -> None:
    bounds = BOUNDS[name]
    # A figure that is none (NaN) compares as false and is refused too.
    if not bounds.least <= value <= bounds.most:
        raise InputError(
            f"{bounds.name} is between {bounds.least:,g} and {bounds.most:,g} {bounds.unit}.",
            f"{getattr(Connection(), name):,g} is the usual figure.",
            "bad_limit",
        )
