"""A routing decision: a value that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.model import Role


class Basis(StrEnum):
    """What a decision rests on."""

    LEARNED = "learned"  # the rule trained on this user's votes
    NOT_ENOUGH_VOTES = "not_enough_votes"
    FRONTIER_PREFERRED = "frontier_preferred"  # the user chose frontier only until the rule knows
    POLICY = "policy"  # the matter's policy leaves one model
    CHOSEN = "chosen"  # the user overrode the rule for this prompt


@dataclass(frozen=True, slots=True)
class Tally:
    """How often the cheap answer was good enough among the votes that count, with an interval.

    `low` and `high` bound the share (0..1) at 90% (Clopper-Pearson).
    """

    label: str
    good: int
    total: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a prompt goes, how sure that is, and why.

    `role` is None when both are asked because too few votes exist.
    `probability` that the frontier's answer would have been strictly better (0..1), with its 90%
    interval `low`..`high`; None before the rule has learned. `because` are whole sentences, the
    weightiest first. `propensity` is the chance with which this role was drawn (1 when it was not).
    `nearest` are the turns of the most alike prompts that were voted on; their words stay with
    them, so that deleting such a turn leaves nothing of it here.
    """

    role: Role | None
    basis: Basis
    because: tuple[str, ...] = ()
    probability: float | None = None
    low: float | None = None
    high: float | None = None
    tally: Tally | None = None
    votes_used: int = 0
    votes_needed: int = 0
    propensity: float = 1.0
    rule_version: str = ""
    nearest: tuple[int, ...] = ()
