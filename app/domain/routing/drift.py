"""Drift: spot checks that tell when a promise no longer holds, at any time, however often asked.

Two hypotheses are weighed: losses well below the limit (six tenths of it, about where a careful
promise runs), or as far above it. Each loss speaks for the second, each prompt without one for the
first. The evidence never falls below even (a model may change after a long good time), and at the
alarm the promise is withdrawn. Too early costs some money, too late costs its meaning: so a rule
that runs right at its limit is withdrawn in time as well. At an alarm of 100 and a limit of 1 in 10
about 1 rule in 25 that loses 6% is withdrawn within 250 checks (4,000 prompts), and nearly all that
lose 14%. Source: Page (1954), on cumulative sums. Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.words import counted, limit_text

_WELL, _ILL = 0.6, 1.4  # of the limit
_WORST = 0.95  # more than certain cannot be lost


@dataclass(frozen=True, slots=True)
class Drift:
    """What the spot checks since the promise say.

    `losses` of `checks` went to cheap, or would have gone there, and were better on the frontier;
    `recent_losses` of `recent` since the evidence was last even.
    `evidence` is how many times likelier the worse hypothesis is than the better one, 1 at least.
    `at` is the place (from 0) of the check that raised the alarm, None where there was none.
    """

    checks: int
    losses: int
    evidence: float
    at: int | None = None
    recent: int = 0
    recent_losses: int = 0

    @property
    def alarm(self) -> bool:
        """Return whether the promise is withdrawn."""
        return self.at is not None

    def sentence(self, limit: float) -> str:
        """Return what the spot checks say, or why the promise is withdrawn."""
        if not self.checks:
            return f"No spot check has a vote yet; your limit is {limit_text(limit)}."
        if not self.alarm:
            found = _found(self.losses, counted(self.checks, "spot check"))
            return f"{found}; your limit is {limit_text(limit)}."
        latest = f"the latest {counted(self.recent, 'spot check')}"
        return (
            f"The promise is withdrawn: {_found(self.recent_losses, latest)}, which is too many "
            f"for your limit of {limit_text(limit)}. Prompts go to the frontier until new "
            "calibrating votes make a new promise."
        )


def _found(losses: int, checks: str) -> str:
    return (
        f"{losses:,} of {checks} found that the frontier would have been better than the cheap "
        "model that the rule chose"
    )


def watch(losses: Sequence[bool], limit: float, alarm: float) -> Drift:
    """Return what these checks say, oldest first; it stops at the alarm."""
    well, ill = _WELL * limit, min(_WORST, _ILL * limit)
    found, recent, recent_losses, evidence = 0, 0, 0, 1.0
    for place, lost in enumerate(losses):
        if evidence <= 1.0:
            recent, recent_losses, evidence = 0, 0, 1.0
        found, recent, recent_losses = found + lost, recent + 1, recent_losses + lost
        evidence *= ill / well if lost else (1.0 - ill) / (1.0 - well)
        if evidence >= alarm:
            return Drift(place + 1, found, evidence, place, recent, recent_losses)
    return Drift(len(losses), found, max(1.0, evidence), None, recent, recent_losses)
