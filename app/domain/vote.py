"""Votes: what was chosen, how blindly, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.model import Role


class Choice(StrEnum):
    """What the user would have used."""

    CHEAP = "cheap"
    EQUAL = "equal"
    FRONTIER = "frontier"
    NEITHER = "neither"  # paying more would not have helped
    GOOD_ENOUGH = "good_enough"  # about one routed answer
    NOT_GOOD_ENOUGH = "not_good_enough"


class VoteKind(StrEnum):
    """How the vote was cast: decides what it may teach."""

    BLIND = "blind"  # trains
    OPEN = "open"  # names were visible: trains at a lower weight
    SINGLE = "single"  # on one routed answer: trains lightly
    CHANGED = "changed"  # after the reveal: kept, never trains


class Reason(StrEnum):
    """Why; each with a severity."""

    WRONG_CITATION = "wrong_citation"
    MISSED_POINT = "missed_point"
    WRONG_FIGURE = "wrong_figure"
    UNCLEAR = "unclear"
    STYLE = "style"

    def in_words(self) -> str:
        """Return the reason as its button shows it."""
        return _REASON_WORDS[self]

    @property
    def severity(self) -> float:
        """Return how much a vote with this reason weighs (1 is an ordinary vote)."""
        return _SEVERITY[self]


_REASON_WORDS = {
    Reason.WRONG_CITATION: "wrong citation",
    Reason.MISSED_POINT: "missed a point",
    Reason.WRONG_FIGURE: "wrong figure",
    Reason.UNCLEAR: "unclear",
    Reason.STYLE: "style only",
}
_SEVERITY = {
    Reason.WRONG_CITATION: 2.0,
    Reason.MISSED_POINT: 1.5,
    Reason.WRONG_FIGURE: 2.0,
    Reason.UNCLEAR: 1.0,
    Reason.STYLE: 0.5,
}


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote as cast. A later vote on the same turn never erases it."""

    choice: Choice
    kind: VoteKind
    reasons: tuple[Reason, ...] = ()
    cast_at: datetime | None = None

    @property
    def severity(self) -> float:
        """Return the weight of the gravest reason, 1 where none was given."""
        return max((reason.severity for reason in self.reasons), default=1.0)


class Letter(StrEnum):
    """The two places of a blind comparison."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Seating:
    """Which role sits at A; drawn at random for each comparison."""

    a: Role

    def role(self, letter: Letter) -> Role:
        """Return who sits there."""
        return self.a if letter is Letter.A else self.a.other()

    def letter(self, role: Role) -> Letter:
        """Return where that role sits."""
        return Letter.A if role is self.a else Letter.B

    def choice(self, word: str) -> Choice:
        """Return the choice that a, b, equal or neither stands for; ValueError otherwise."""
        match word.casefold():
            case "a":
                return Choice(self.role(Letter.A).value)
            case "b":
                return Choice(self.role(Letter.B).value)
            case "equal" | "neither":
                return Choice(word.casefold())
            case _:
                raise ValueError(word)
