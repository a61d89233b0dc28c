"""Who agrees with whom in a second look, and whose answer stands by it alone.

Apart from what votes make of it, so that a program that only looks need not load any of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Pattern(StrEnum):
    """Who agrees with whom."""

    ALL = "all"  # all three say the same
    FIRST = "first"  # another agrees with the first; of two, both do
    OTHERS = "others"  # the two others agree against the first
    NONE = "none"

    @property
    def stands(self) -> int | None:
        """Return which answer stands by agreement (0 is the first), or None."""
        match self:
            case Pattern.ALL | Pattern.FIRST:
                return 0
            case Pattern.OTHERS:
                return 1
            case Pattern.NONE:
                return None


def pattern_of(agree: Sequence[bool]) -> Pattern:
    """Return the pattern of two models (one value: do they agree) or of three.

    Of three: whether first and second, first and third, second and third agree.
    """
    if len(agree) == 1:
        return Pattern.FIRST if agree[0] else Pattern.NONE
    with_second, with_third, others = agree
    if with_second and with_third:
        return Pattern.ALL
    if with_second or with_third:
        return Pattern.FIRST
    return Pattern.OTHERS if others else Pattern.NONE
