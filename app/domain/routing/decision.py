"""A routing decision: a value that explains itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.model import Role
from app.domain.money import Cost


class Basis(StrEnum):
    """What a decision rests on."""

    LEARNED = "learned"  # the rule trained on this user's votes
    NOT_ENOUGH_VOTES = "not_enough_votes"
    FRONTIER_PREFERRED = "frontier_preferred"  # the user chose frontier only until the rule knows
    POLICY = "policy"  # the matter's policy leaves one model
    CHOSEN = "chosen"  # the user overrode the rule for this prompt
    PIN = "pin"  # the user's own words say where such a prompt goes
    BUDGET = "budget"  # what is left of the budget pays for one model alone
    BLOCKED = "blocked"  # the hard rules leave no model: nothing may be sent
    SECOND_LOOK = "second_look"  # cheap models answer first; whether they agree decides
    DRIFT = "drift"  # spot checks went wrong too often: the promise is withdrawn
    PAIR_CHANGED = "pair_changed"  # a model is another than the one the votes were about


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

    `role` is None when both are asked because too few votes exist, and with BLOCKED, when nothing
    may be sent. With `spot_check` both are asked, blind, and `role` says where the prompt would
    have gone (None while the rule still learns). `draw` is the lot that was drawn (0..1), None
    where none was; a spot check where it lies below the chance of one. `propensity` is the chance
    with which what happened was drawn: that of a spot check, or of none; 1 without a lot.

    `probability` that the frontier's answer would have been strictly better (0..1), with its 90%
    interval `low`..`high`; None before the rule has learned. A prompt goes to cheap below
    `threshold`. `because` are whole sentences, the weightiest first. `contributions` say in words
    what speaks for the frontier (above 0) and for cheap (below), on the logit scale, against the
    user's typical prompt.
    `nearest` are the turns of the most alike prompts that were voted on; their words stay with
    them, so that deleting such a turn leaves nothing of it here.
    `looked` tells that the second look it rests on has been taken; until then `role` is where the
    prompt goes if its models agree. `others` names the cheap models that look beside the first
    one, in the order in which they were chosen; `stands` is the place of the cheap model whose
    answer stands (0 is the first, 1 the first of the others).
    `limit` and `confidence` (0..1) are those the rule kept to, so that it can be made again after
    they were changed; None where no promise decided.
    `cheap_cost` and `frontier_cost` are what each would cost, as estimated before sending; None in
    decisions that were made before this was noted.
    `met` are whole sentences too: the user's pins that spoke about the prompt and took no model
    away, because both of the pair meet them.
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
    contributions: tuple[tuple[str, float], ...] = ()
    threshold: float | None = None
    spot_check: bool = False
    draw: float | None = None
    pair_version: str = ""
    cheap_cost: Cost | None = None
    frontier_cost: Cost | None = None
    decided_at: datetime | None = None
    limit: float | None = None
    confidence: float | None = None
    looked: bool = False
    met: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    stands: int = 0

    @property
    def asks_both(self) -> bool:
        """Return whether both models are to be asked, blind."""
        return self.basis is not Basis.BLOCKED and (self.spot_check or self.role is None)
