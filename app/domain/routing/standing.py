"""Where a rule stands, in one word; what a chip, a strip and a terminal say of it."""

from __future__ import annotations

from enum import StrEnum

from app.domain.routing.overview import RuleOverview
from app.domain.words import share_text


class Standing(StrEnum):
    """What may be said of the promise."""

    LEARNING = "learning"  # too few calibrating votes for a first one
    HOLDS = "holds"
    NOT_YET = "not_yet"  # looked at, and nothing may go to cheap so far
    WITHDRAWN = "withdrawn"  # spot checks went wrong too often
    PAIR_CHANGED = "pair_changed"  # a model is another version: the votes are about an earlier one

    def in_words(self, confidence: float) -> str:
        """Return it as a chip shows it; the confidence is a share (0..1)."""
        match self:
            case Standing.LEARNING:
                return "not enough votes yet"
            case Standing.HOLDS:
                return f"limit holds at {share_text(confidence)} confidence"
            case Standing.NOT_YET:
                return "nothing goes to cheap yet"
            case Standing.WITHDRAWN:
                return "promise withdrawn"
            case Standing.PAIR_CHANGED:
                return "a model has changed"


def standing(overview: RuleOverview) -> Standing:
    """Return where the rule of this overview stands."""
    if overview.learned:
        return Standing.HOLDS if overview.promise.holds else Standing.NOT_YET
    if overview.drift is not None and overview.drift.alarm:
        return Standing.WITHDRAWN
    return Standing.PAIR_CHANGED if overview.outdated else Standing.LEARNING


def next_look_sentence(overview: RuleOverview) -> str:
    """Return when the promise is made anew, or an empty string after the last time."""
    look = overview.promise.next_look
    if look is None or not overview.learned:
        return ""
    left = max(0, look - overview.calibrating)
    return (
        f"The promise is made anew at {look:,} calibrating votes; "
        f"{overview.calibrating:,} are in, {left:,} to come."
    )
