"""The rule's numbers as data: what may be changed, and what a fingerprint must cover."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.routing.lesson import Lesson
from app.domain.vote import VoteKind


@dataclass(frozen=True, slots=True)
class RuleDefaults:
    """What the rule starts from. Shares and chances are 0..1; scales are standard deviations.

    `limit` is the share of ALL prompts that may go to cheap and be better on the frontier.
    """

    votes_needed: int = 50
    limit: float = 0.10
    confidence: float = 0.90
    spot_check_chance: float = 1 / 16
    folds: int = 5
    group_votes: int = 8  # fewer say nothing about a tag, a task or a matter
    neighbours: int = 3
    intercept_mean: float = -1.2
    intercept_scale: float = 1.0
    simple_scale: float = 0.12
    projected_scale: float = 0.18
    tag_scale: float = 1.0
    matter_scale: float = 0.5
    blind_weight: float = 1.0
    open_weight: float = 0.5
    single_weight: float = 0.3
    changed_weight: float = 0.0

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


def canonical(lessons: Sequence[Lesson]) -> tuple[Lesson, ...]:
    """Return the lessons in one order, however they came, so that sums round alike."""
    return tuple(sorted(lessons, key=_order))


def _order(lesson: Lesson) -> tuple[int, str, str, str]:
    return lesson.turn_id, lesson.asked_at.isoformat(), lesson.text, repr(lesson)


def rule_version(lessons: Sequence[Lesson], defaults: RuleDefaults) -> str:
    """Return the fingerprint of a rule: the same lessons and numbers give the same 16 digits."""
    digest = hashlib.sha256(repr(defaults).encode())
    for lesson in canonical(lessons):
        digest.update(repr(lesson).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()[:16]
