"""A lesson: one prompt that both models were asked, or were to be judged on, with its vote."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.vote import Choice, VoteKind


class Asked(StrEnum):
    """Why a vote on this prompt was asked for: decides whether it may speak for the promise."""

    CHOSEN = "chosen"  # the user chose to compare it: trains, never calibrates
    RUN = "run"  # on the list of a calibration run, fixed before anything was sent: chance 1
    CHECK = "check"  # drawn by lot among auto-routed prompts; chance 1 while the rule still learns


@dataclass(frozen=True, slots=True)
class Lesson:
    """One prompt with its vote (the first of the turn, on complete answers).

    `choice` is None where a vote was asked for and not given. `propensity` is the chance (0..1)
    with which the vote was asked for, known beforehand; None where the user chose to compare.
    `settled_at` is when the vote was cast, or when it was given up (a run closed, a spot check too
    old); None with a choice means `asked_at`, None without one means it still waits.
    `late` marks a vote cast after it was given up: it trains, and still counts as a loss.
    `place` is the place in a run's order of voting, drawn by lot before the first vote; all items
    of a run share one `asked_at`, the moment its list was fixed.
    `pair_version` is `Pair.key` and what the servers said they served; "" where nobody noted it.
    `agreed` tells of a spot check on a second look whether the models agreed: such checks measure
    the second look and not the learned rule; None where no second look was taken.
    `of_pair` is False where the cheap answer that was judged is another model's than the pair's:
    that measures the second look too, and teaches nothing about the pair. It is no part of a rule's
    fingerprint, which knows the turn. Nor is `looked`, which is False where a second look ended
    before its models were compared: nobody knows whether they would have agreed.
    """

    turn_id: int
    text: str
    matter: str
    tags: tuple[str, ...]
    attachment_chars: int
    choice: Choice | None
    kind: VoteKind
    severity: float
    asked_at: datetime
    propensity: float | None = None
    asked: Asked = Asked.CHOSEN
    settled_at: datetime | None = None
    late: bool = False
    place: int = 0
    pair_version: str = ""
    agreed: bool | None = None
    of_pair: bool = field(default=True, repr=False)
    looked: bool = field(default=True, repr=False)

    @property
    def frontier_better(self) -> bool:
        """Return whether paying for the frontier would have helped, by the vote."""
        return self.choice in (Choice.FRONTIER, Choice.NOT_GOOD_ENOUGH)

    @property
    def compared(self) -> bool:
        """Return whether both models answered; a vote on one routed answer compares nothing."""
        return self.kind is not VoteKind.SINGLE

    @property
    def counts_as_loss(self) -> bool:
        """Return the label for the promise: what was asked for and not answered is a loss."""
        return self.choice is None or self.late or self.frontier_better

    @property
    def settled(self) -> datetime | None:
        """Return since when the label stands, or None while the vote is still waited for."""
        if self.settled_at is not None or self.choice is None:
            return self.settled_at
        return self.asked_at

    @property
    def calibrates(self) -> bool:
        """Return whether it may speak for the promise: blind, and asked for with a known chance.

        One chance holds for all prompts of a kind of asking, whatever they say and wherever they
        would have gone, so each kind is a fair sample of its prompts and no vote needs a weight.
        A run speaks for prompts like those on its list, a check for those that are routed; put
        together they speak for the two as mixed, and whether that is today's work the checks tell.
        """
        known = self.asked is not Asked.CHOSEN and bool(self.propensity)
        measures = self.agreed is not None or not self.of_pair
        return known and self.kind is VoteKind.BLIND and not measures
