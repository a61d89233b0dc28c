"""An answer and the states it can end in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.errors import Problem
from app.domain.events import Attempted
from app.domain.model import ModelRef, Role
from app.domain.money import Cost, Money, Price, Usage


class AnswerState(StrEnum):
    """How an answer ended. Only COMPLETE may be voted on or learned from."""

    STREAMING = "streaming"  # only while it arrives; found after a crash, it becomes INCOMPLETE
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    STOPPED = "stopped"
    REFUSED = "refused"
    FILTERED = "filtered"
    TRUNCATED = "truncated"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    REASONING_ONLY = "reasoning_only"
    BLOCKED = "blocked"

    def in_words(self) -> str:
        """Return the state as a badge shows it."""
        return _WORDS[self]


_WORDS = {
    AnswerState.STREAMING: "answering",
    AnswerState.COMPLETE: "complete",
    AnswerState.INCOMPLETE: "cut off",
    AnswerState.FAILED: "failed",
    AnswerState.STOPPED: "stopped by you",
    AnswerState.REFUSED: "declined by the model",
    AnswerState.FILTERED: "withheld by a content filter",
    AnswerState.TRUNCATED: "ended at its length limit",
    AnswerState.TOO_LONG: "prompt too long for the model",
    AnswerState.EMPTY: "no text came",
    AnswerState.REASONING_ONLY: "only reasoning came",
    AnswerState.BLOCKED: "not sent",
}
_WHY_BLOCKED = {
    "blocked_by_policy": "blocked by matter policy",
    "blocked_by_earlier_policy": "blocked by an earlier matter's policy",
    "budget_reached": "not sent: budget reached",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One model's answer as recorded. Times are milliseconds from sending, monotonic.

    `price` is the price its cost was computed with; `id` the history's number, 0 before stored.
    `held` is kept back from the budget while it arrives. `attempts` are the requests that were
    made for it, known once it has ended.
    """

    role: Role
    model: ModelRef
    state: AnswerState = AnswerState.STREAMING
    text: str = ""
    reasoning: str = ""
    first_token_ms: int | None = None
    total_ms: int | None = None
    usage: Usage = field(default_factory=Usage)
    cost: Cost = field(default_factory=Cost.unknown)
    price: Price | None = None
    problem: Problem | None = None
    served_model: str = ""
    sent_at: datetime | None = None
    id: int = 0
    held: Money | None = None
    attempts: tuple[Attempted, ...] = ()

    @property
    def besides(self) -> tuple[Cost, ...]:
        """Return what attempts that broke may have cost besides, one each."""
        return tuple(item.besides for item in self.attempts if item.besides is not None)

    def state_in_words(self) -> str:
        """Return the state as a badge shows it, with what kept a blocked answer from being sent."""
        if self.state is AnswerState.BLOCKED and self.problem is not None:
            return _WHY_BLOCKED.get(self.problem.kind, self.state.in_words())
        return self.state.in_words()

    @property
    def complete(self) -> bool:
        """Return whether this answer may be voted on."""
        return self.state is AnswerState.COMPLETE
