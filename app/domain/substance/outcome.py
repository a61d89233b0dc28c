"""What comparing two answers came to, with what they share and what only one of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.substance.kind import Kind
from app.domain.words import listed

_SAID_IN_FULL, _SAID_OF_MANY = 3, 2


class Outcome(StrEnum):
    """What comparing two answers came to."""

    AGREE = "agree"
    DIFFER = "differ"
    CANNOT_COMPARE = "cannot_compare"


class Obstacle(StrEnum):
    """Why an answer cannot be compared."""

    EMPTY = "empty"
    REFUSED = "refused"
    CUT = "cut"
    MALFORMED = "malformed"
    UNSURE = "unsure"  # it hedges, contradicts itself, or says that there is no telling
    NO_SUBSTANCE = "no_substance"  # nothing of the kind that was asked for


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two answers compared. Values are as written: `shared` by both, `ours` and `theirs` by one.

    `obstacles` are those of the first and of the second answer; only where they cannot be
    compared is one of them not None.
    """

    outcome: Outcome
    kind: Kind
    shared: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    obstacles: tuple[Obstacle | None, Obstacle | None] = (None, None)

    @property
    def agrees(self) -> bool:
        """Return whether the substance is the same."""
        return self.outcome is Outcome.AGREE

    def shared_words(self) -> str:
        """Return what both say, short enough for a sentence."""
        return said(self.shared)

    def difference(self) -> str:
        """Return what each says alone, "nothing more" for who says no more: 'A, B'."""
        return f"{said(self.ours) or 'nothing more'}, {said(self.theirs) or 'nothing more'}"


def said(values: Sequence[str]) -> str:
    """Return values as a sentence lists them; of many, the first two and how many more."""
    if len(values) > _SAID_IN_FULL:
        return f"{', '.join(values[:_SAID_OF_MANY])} and {len(values) - _SAID_OF_MANY} more"
    return listed(values)
