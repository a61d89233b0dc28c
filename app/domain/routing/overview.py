"""What the rule knows, as a view or a terminal shows it: plain values, no numpy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.model import Role
from app.domain.routing.drift import Drift
from app.domain.routing.groups import Group
from app.domain.routing.promise import CalibrationPoint, CurvePoint, Promise
from app.domain.vote import VoteKind


@dataclass(frozen=True, slots=True)
class Learned:
    """One group with its counts and where its prompts go now.

    `goes_to` is where most of them go, None before the rule has learned; `to_cheap` of `routed`
    would go to cheap, by scores from folds that had not seen them. `enough` tells whether the
    group has votes enough to be given as a reason.
    """

    group: Group
    goes_to: Role | None
    to_cheap: int
    routed: int
    enough: bool


@dataclass(frozen=True, slots=True)
class RuleOverview:
    """The whole of "My rule". `left_out` says by reason how many votes do not train.

    `drift` is what the spot checks since the promise say; `outdated` votes are about an earlier
    version of the pair; `waiting` calibrating votes are asked for and not given yet.
    `second_looks` spot checks measure the second look, and not the promise; `second_look` says in a
    sentence what they found, and is empty without any.
    """

    as_of: datetime
    learned: bool
    votes_used: int
    calibrating: int
    votes_needed: int
    kinds: tuple[tuple[VoteKind, int], ...]
    left_out: tuple[tuple[str, int], ...]
    promise: Promise
    groups: tuple[Learned, ...]
    curve: tuple[CurvePoint, ...]
    calibration: tuple[CalibrationPoint, ...]
    sentences: tuple[str, ...]
    rule_version: str
    drift: Drift | None = None
    outdated: int = 0
    waiting: int = 0
    second_looks: int = 0
    second_look: str = ""

    @property
    def missing(self) -> int:
        """Return how many calibrating votes the rule still needs before it may decide."""
        return max(0, self.votes_needed - self.calibrating)
