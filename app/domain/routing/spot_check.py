"""Spot checks: a known share of auto-routed prompts is asked of both models, blind.

The lot is drawn before anything is sent and its chance is stored with the decision, so that what
the checks find speaks for all routed prompts without bias.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.routing.decision import Basis, Decision

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
