"""How a second look ends other than by its answers: stopped, over the budget, or held back.

Apart from the comparing itself, so that a window need not load all of that to tell them apart.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.routing.decision import Decision

UNFINISHED = "The second look was stopped before both had answered; nothing was decided."
UNFINISHED_OF_THREE = (
    "The second look was stopped before all three had answered; nothing was decided."
)
BROKEN_OFF = (
    "The app ended before the answers of the cheap models were compared; nothing was decided."
)
UNSENT = "No second look was taken: it might have passed your budget, so nothing was sent."
GOES_ON = ", so the frontier was asked."
_HELD_BACK = ", so the frontier was to be asked; it was not."


def held_back(decision: Decision) -> Decision:
    """Return a decision for the frontier that was stopped or blocked before it was asked."""
    sentence, *rest = decision.because
    return replace(decision, because=(sentence.replace(GOES_ON, _HELD_BACK), *rest))


def broken_off(decision: Decision) -> Decision:
    """Return the decision of a look that died with the program and can be decided by nothing."""
    return replace(decision, because=(BROKEN_OFF, *decision.because[-1:]))


def went_on(decision: Decision) -> bool:
    """Return whether a decision says that the frontier was asked after the cheap models."""
    return bool(decision.because) and decision.because[0].endswith(GOES_ON)


def never_taken(decision: Decision) -> bool:
    """Return whether a second look is over without having been taken."""
    ends = (UNFINISHED, UNFINISHED_OF_THREE, BROKEN_OFF, UNSENT)
    return bool(decision.because) and decision.because[0] in ends


def nothing_sent(decision: Decision) -> bool:
    """Return whether the budget kept a second look from being taken."""
    return decision.because[:1] == (UNSENT,)
