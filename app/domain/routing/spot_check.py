"""Spot checks: a known share of auto-routed prompts is asked of both models, blind.

The lot is drawn before anything is sent and its chance is stored with the decision, so that what
the checks find speaks for all routed prompts without bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from app.domain.routing.counts import interval
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.lesson import Lesson
from app.domain.words import counted, interval_text

# A check that nobody voted on for this long is given up, and counts as a loss: a promise must not
# profit from the prompts that its user could not face.
PATIENCE = timedelta(days=14)

# What the user or a policy decided is not the rule's doing, so a check of it would measure nothing.
_CHECKED = frozenset(
    {Basis.LEARNED, Basis.SECOND_LOOK, Basis.DRIFT, Basis.PAIR_CHANGED, Basis.NOT_ENOUGH_VOTES}
)


def with_lot(decision: Decision, lot: float, chance: float) -> Decision:
    """Return the decision with its lot (0..1) drawn: a spot check where it lies below `chance`.

    While the rule still learns both are asked anyway, so each such prompt is a check of chance 1.
    """
    if decision.basis not in _CHECKED:
        return decision
    if decision.role is None:
        return replace(decision, spot_check=True, propensity=1.0)
    checked = lot < chance
    return replace(
        decision, spot_check=checked, draw=lot, propensity=chance if checked else 1.0 - chance
    )


def second_look_checks(lessons: Sequence[Lesson]) -> list[Lesson]:
    """Return the settled spot checks on second looks that came to an end."""
    checks = [item for item in lessons if item.agreed is not None and item.looked]
    return [item for item in checks if item.settled is not None]


def second_look_sentence(lessons: Sequence[Lesson], confidence: float) -> str:
    """Return what the spot checks on second looks found so far, or an empty string without any."""
    checks = second_look_checks(lessons)
    if not checks:
        return ""
    kept = [item for item in checks if item.agreed]
    drawn = counted(len(checks), "spot check")
    said = f"In {len(kept):,} of {drawn} on a second look two models agreed"
    if not kept:
        return f"{said}."
    lost = sum(item.counts_as_loss for item in kept)
    low, high = interval(lost, len(kept), confidence)
    return f"{said}; {lost:,} of those would have been better on the frontier " + (
        f"({interval_text(low, high)})."
    )
