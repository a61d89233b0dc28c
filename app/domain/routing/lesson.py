"""A lesson: one vote as the rule learns from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.vote import Choice, VoteKind


@dataclass(frozen=True, slots=True)
class Lesson:
    """One vote with what the rule may learn from it (first vote of the turn, complete answers).

    `frontier_better` is the label: True only when the frontier's answer was strictly better (or a
    routed cheap answer was not good enough).
    """

    turn_id: int
    text: str
    matter: str
    tags: tuple[str, ...]
    attachment_chars: int
    choice: Choice
    kind: VoteKind
    severity: float
    asked_at: datetime

    @property
    def frontier_better(self) -> bool:
        """Return whether paying for the frontier would have helped."""
        return self.choice in (Choice.FRONTIER, Choice.NOT_GOOD_ENOUGH)
