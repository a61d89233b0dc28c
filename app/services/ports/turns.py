"""Prompts, answers and votes, written down and read again."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.domain.answer import Answer
from app.domain.budget import Month
from app.domain.events import Attempted
from app.domain.routing.decision import Decision
from app.domain.turn import HistoryQuery, Turn, TurnRow
from app.domain.vote import Vote
from app.services.ports.spending import SpendingCheck


class TurnHistory(Protocol):
    """Prompts with their answers and votes, as the history keeps them. Blocking.

    Each method is one transaction. What `begin_turn`, `finish_answer`, `add_vote` and
    `add_decision` return from is durable (synchronous=FULL). StorageError in words otherwise.
    """

    def begin_turn(self, turn: Turn, spending: SpendingCheck | None = None) -> Turn:
        """Store the prompt, its attachments, tags and empty answers before anything is sent.

        Creates the matter if it is new. Returns the turn with ids on it and on its answers. What
        `spending` raises leaves everything as it was.
        """
        ...

    def add_answer(
        self, turn_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer:
        """Add one more answer to a turn (the other model asked afterwards); returns it with id.

        Of several answers of one role the latest counts; the others become the turn's `earlier`.
        """
        ...

    def spending(self, month: str, start: datetime, end: datetime) -> Month:
        """Return what was sent from `start` to before `end` has cost, what is held included."""
        ...

    def save_partial(self, answer_id: int, text: str, reasoning: str) -> None:
        """Store what has arrived so far; about once a second, so it need not be durable."""
        ...

    def finish_answer(self, answer: Answer, attempts: tuple[Attempted, ...]) -> None:
        """Store the final state, text, times, usage, cost and attempts of `answer.id`."""
        ...

    def set_mode(self, turn_id: int, mode: str) -> None:
        """Change how a turn counts: a routed one becomes an open comparison."""
        ...

    def add_vote(self, turn_id: int, vote: Vote) -> None:
        """Append a vote; earlier ones stay."""
        ...

    def add_decision(self, turn_id: int, decision: Decision) -> None:
        """Store the decision that sent a turn, whole, so it can be shown as it was."""
        ...

    def recover(self) -> int:
        """Mark answers that were streaming when the app died as incomplete; return how many.

        Answers being streamed by another live process are left alone.
        """
        ...

    def unreckoned(self) -> list[int]:
        """Return the turns with an answer that ended with the app and has no known cost yet."""
        ...

    def undecided(self) -> list[int]:
        """Return the late turns whose second look may have broken off between two of its steps.

        None while another live process uses the history.
        """
        ...

    def turn(self, turn_id: int) -> Turn | None:
        """Return a whole turn, or None."""
        ...

    def page(self, query: HistoryQuery) -> list[TurnRow]:
        """Return one page, newest first."""
        ...

    def count(self, query: HistoryQuery) -> int:
        """Return how many turns match, ignoring `before_id` and `limit`."""
        ...

    def delete_turn(self, turn_id: int) -> None:
        """Delete a turn and all that hangs on it, the search index included, overwritten."""
        ...
