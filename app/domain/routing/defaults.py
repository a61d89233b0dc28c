"""The rule's numbers as data: what may be changed, and what a fingerprint must cover."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.routing.lesson import Lesson
from app.domain.vote import VoteKind
from app.domain.words import counted, limit_text, share_text


@dataclass(frozen=True, slots=True)
class RuleDefaults:
    """What the rule starts from. Shares and chances are 0..1; scales are standard deviations.

    `limit` is the share of ALL prompts that may go to cheap and be better on the frontier; the
    promise is about the next `horizon` prompts. It is looked at anew at `votes_needed`
    calibrating votes and at each doubling, with `look_shares` of what the confidence leaves open.
    Scales and the reach are in the units of the features (about one standard deviation each).
    """

    votes_needed: int = 50
    limit: float = 0.10
    confidence: float = 0.90
    spot_check_chance: float = 1 / 16
    horizon: int = 1_000
    look_shares: tuple[float, ...] = (0.40, 0.25, 0.15, 0.10, 0.05, 0.05)
    folds: int = 5
    group_votes: int = 8  # fewer say nothing about a tag, a task or a matter
    neighbours: int = 3
    most_lessons: int = 1_000  # the newest that the learner reads
    intercept_mean: float = -1.2
    intercept_scale: float = 1.0
    like_scale: float = 0.8  # how far prompts of one sort may lie from the user's average
    reach: float = 3.0  # how unlike two prompts may be and still say something of each other
    tag_scale: float = 0.4
    tag_like_scale: float = 0.7
    matter_scale: float = 0.3
    matter_like_scale: float = 0.5
    old_pair_scale: float = 1.0  # how far an earlier model version may lie from today's
    blind_weight: float = 1.0
    open_weight: float = 0.5
    single_weight: float = 0.3
    changed_weight: float = 0.0
    old_pair_weight: float = 0.5
    objection: float = 0.4  # on the logit scale: how far above the line later votes hold back
    alarm: float = 100.0  # how many times likelier must it be that the limit does not hold

    @property
    def looks(self) -> tuple[int, ...]:
        """Return at how many calibrating votes the promise is made anew."""
        first = max(1, self.votes_needed)
        return tuple(first * 2**step for step in range(len(self.look_shares)))

    def weight(self, kind: VoteKind) -> float:
        """Return how much a vote of this kind teaches."""
        match kind:
            case VoteKind.BLIND:
                return self.blind_weight
            case VoteKind.OPEN:
                return self.open_weight
            case VoteKind.SINGLE:
                return self.single_weight
            case VoteKind.CHANGED:
                return self.changed_weight

    def in_words(self) -> tuple[str, ...]:
        """Return what the user may change, as whole sentences."""
        return (
            f"At most {limit_text(self.limit)} of all your prompts may go to the cheap model and "
            "be better on the frontier.",
            f"That is to hold with {share_text(self.confidence)} confidence, for your next "
            f"{counted(self.horizon, 'prompt')}.",
            f"{limit_text(self.spot_check_chance).capitalize()} of the prompts that are routed is "
            "asked of both models, blind.",
            f"The rule may decide from {counted(self.votes_needed, 'calibrating vote')} on; the "
            "promise is made anew at each doubling.",
        )


def canonical(lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """Return the lessons in one order, however they came, so that sums round alike."""
    return tuple(sorted(lessons, key=_order))


def _order(lesson: Lesson) -> tuple[str, int, int, str, str]:
    # As they stand in line for the promise: when asked for, then by the lot of their run.
    return lesson.asked_at.isoformat(), lesson.place, lesson.turn_id, lesson.text, repr(lesson)


def rule_version(
    lessons: Sequence[Lesson], defaults: RuleDefaults, changed_at: datetime | None = None
) -> str:
    """Return the fingerprint of a rule: the same lessons and numbers give the same 16 digits."""
    digest = hashlib.sha256(f"{defaults!r}{changed_at or ''}".encode())
    for lesson in canonical(lessons):
        digest.update(repr(lesson).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:16]
