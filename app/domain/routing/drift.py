"""Drift: spot checks that tell when a promise no longer holds, at any time, however often asked.

Two hypotheses are weighed: losses at the limit, or at twice the limit. Each loss speaks for the
second, each prompt without one for the first. The evidence never falls below even (a model may
change after a long good time), and at the alarm the promise is withdrawn. Below the limit alarms
come less than once in `alarm` checks on average, and mostly never. Source: Page (1954); Lorden
(1971). Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.words import counted, limit_text

_WORST = 0.95  # twice a limit of 1 in 2 would be certain


@dataclass(frozen=True, slots=True)
class Drift:
    """What the spot checks since the promise say.

    `losses` of `checks` went to cheap, or would have gone there, and were better on the frontier.
    `evidence` is how many times likelier twice the limit is than the limit, 1 at least.
    `at` is the place (from 0) of the check that raised the alarm, None where there was none.
    """

    checks: int
    losses: int
    evidence: float
    at: int | None = None

    @property
    def alarm(self) -> bool:
        """Return whether the promise is withdrawn."""
        return self.at is not None

    def sentence(self, limit: float) -> str:
        """Return what the spot checks say, or why the promise is withdrawn."""
        if not self.checks:
            return f"No spot check has a vote yet; your limit is {limit_text(limit)}."
        found = (
            f"{self.losses:,} of {counted(self.checks, 'spot check')} found that the frontier "
            "would have been better than the cheap model that the rule chose"
        )
        if not self.alarm:
            return f"{found}; your limit is {limit_text(limit)}."
        return (
            f"The promise is withdrawn: {found}, which is too many for your limit of "
            f"{limit_text(limit)}. Prompts go to the frontier until new calibrating votes make a "
            "new promise."
        )


def watch(losses: Sequence[bool], limit: float, alarm: float) -> Drift:
    """Return what these checks say, oldest first; it stops at the alarm."""
    worse = min(_WORST, 2.0 * limit)
    found, evidence = 0, 1.0
    for place, lost in enumerate(losses):
        found += lost
        evidence = max(1.0, evidence) * (worse / limit if lost else (1 - worse) / (1 - limit))
        if evidence >= alarm:
            return Drift(place + 1, found, evidence, place)
    return Drift(len(losses), found, max(1.0, evidence))
