"""A calibration run and its items: what was fixed, what has been asked, what was voted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from app.domain.calibration.item import Item, ItemState, counting_vote, late_vote, side_of
from app.domain.calibration.prompts import FEWEST, MOST, Entry, digest, shuffled
from app.domain.errors import InputError
from app.domain.model import Pair
from app.domain.money import Money
from app.domain.turn import Turn

_ONE_VOTE = timedelta(seconds=130)  # reading two answers, before this user's own pace is known
_A_BREAK = timedelta(minutes=10)  # a longer gap between two votes is no reading time
_PACE_VOTES = 3


class RunState(StrEnum):
    """How far a run has come."""

    DRAFTED = "drafted"  # the list is fixed, nothing has been sent
    RUNNING = "running"
    PAUSED = "paused"
    ANSWERED = "answered"
    VOTING = "voting"  # answered, and some have a vote
    DONE = "done"  # the voting was ended: what has no vote counts as a loss

    def in_words(self) -> str:
        """Return the state as a list shows it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    RunState.DRAFTED: "not started",
    RunState.RUNNING: "being answered",
    RunState.PAUSED: "paused",
    RunState.ANSWERED: "ready for your votes",
    RunState.VOTING: "being voted on",
    RunState.DONE: "done",
}


class PauseReason(StrEnum):
    """Why a run stands still."""

    USER = "user"
    LIMIT = "limit"
    PROBLEM = "problem"
    APP_ENDED = "app_ended"


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a run stands still, with the sentence that says so."""

    reason: PauseReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A calibration run as the history keeps it.

    `pair` holds the exact versions of both models, which it asks to its end; `limit` what it may
    spend, None where nothing costs. `digest` was taken when the list was fixed, before anything
    was sent; `seed` fixes the order of the lot. `seen_at` is when the count by model was first
    looked at, `closed_at` when the voting was ended. `stored_state` is what the history holds.
    """

    name: str
    pair: Pair
    limit: Money | None
    seed: str
    digest: str
    created_at: datetime
    utc_offset_min: int
    items: tuple[Item, ...]
    stored_state: RunState = RunState.DRAFTED
    pause: Pause | None = None
    seen_at: datetime | None = None
    closed_at: datetime | None = None
    id: int = 0

    @property
    def state(self) -> RunState:
        """Return how far the run has come; voting and its end show in the votes."""
        if self.closed_at is not None:
            return RunState.DONE
        if self.stored_state is RunState.ANSWERED and any(item.vote for item in self.items):
            return RunState.VOTING
        return self.stored_state

    @property
    def by_lot(self) -> tuple[Item, ...]:
        """Return the items in the order in which they are asked and voted on."""
        return tuple(sorted(self.items, key=lambda item: item.order))

    def item(self, place: int) -> Item:
        """Return the item with that number; InputError if there is none."""
        for item in self.items:
            if item.place == place:
                return item
        raise InputError(
            f"The run “{self.name}” has no prompt {place}.",
            f"Its prompts are numbered 1 to {len(self.items)}.",
        )

    @property
    def answered(self) -> int:
        """Return how many items have two whole answers."""
        whole = (ItemState.ANSWERED, ItemState.VOTED)
        return sum(item.state in whole for item in self.items)

    @property
    def voted(self) -> int:
        """Return how many items have a vote."""
        return sum(item.vote is not None for item in self.items)

    @property
    def to_vote(self) -> tuple[Item, ...]:
        """Return what still wants a vote: in the order of the lot, skipped ones at the end."""
        waiting = [item for item in self.by_lot if item.votable]
        return tuple(sorted(waiting, key=lambda item: item.skipped))

    @property
    def retryable(self) -> tuple[Item, ...]:
        """Return the items of which a side may be asked once more."""
        return tuple(
            item
            for item in self.by_lot
            if item.state is ItemState.INCOMPLETE and any(s.may_ask_again for s in item.sides)
        )

    @property
    def unchanged(self) -> bool | None:
        """Return whether the list is as it was fixed; None once a prompt has been deleted."""
        if any(item.state is ItemState.DELETED for item in self.items):
            return None
        return digest([item.prompt for item in self.items], self.pair.key) == self.digest

    def vote_seconds(self) -> float:
        """Return how long one vote takes: this user's median pace, or a guess before it shows."""
        moments = sorted(
            item.vote.cast_at for item in self.items if item.vote and item.vote.cast_at
        )
        gaps = [later - before for before, later in pairwise(moments)]
        told = [gap for gap in gaps if timedelta(0) < gap < _A_BREAK]
        if len(told) < _PACE_VOTES:
            return _ONE_VOTE.total_seconds()
        return median(gap.total_seconds() for gap in told)

    def minutes_left(self) -> int:
        """Return about how many minutes the votes still wanted take, at least 1 if there are."""
        seconds = len(self.to_vote) * self.vote_seconds()
        return max(1, round(seconds / 60)) if seconds else 0


def fixed_run(
    name: str,
    entries: Sequence[Entry],
    pair: Pair,
    limit: Money | None,
    *,
    seed: str,
    created_at: datetime,
    utc_offset_min: int = 0,
) -> Run:
    """Return a run whose list is fixed, nothing of it sent; InputError when it has a wrong size."""
    name = " ".join(name.split())
    if not name:
        raise InputError("The run needs a name.", "Give it one, for example “March audit”.")
    if not FEWEST <= len(entries) <= MOST:
        raise InputError(
            f"A calibration run takes {FEWEST} to {MOST} prompts; this list has {len(entries)}.",
            "Choose more of them." if len(entries) < FEWEST else "Leave some out.",
            "calibration_size",
        )
    places = {place: order for order, place in enumerate(shuffled(len(entries), seed), 1)}
    items = tuple(
        Item(place + 1, places[place], entry.prompt, entry.source)
        for place, entry in enumerate(entries)
    )
    return Run(
        name=name,
        pair=pair,
        limit=limit,
        seed=seed,
        digest=digest([entry.prompt for entry in entries], pair.key),
        created_at=created_at,
        utc_offset_min=utc_offset_min,
        items=items,
    )


def with_turn(run: Run, item: Item, turn: Turn) -> Run:
    """Return the run with what has become of an item's turn."""
    sides = tuple(side_of(answer, turn.earlier) for answer in turn.answers)
    vote = counting_vote(turn.votes, run.closed_at)
    late = late_vote(turn.votes, run.closed_at)
    settled = replace(item, asked=True, turn_id=turn.id, sides=sides, vote=vote, late_vote=late)
    items = tuple(settled if old.place == item.place else old for old in run.items)
    return replace(run, items=items)
