"""One prompt of a run: its two sides, its vote, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt
from app.domain.model import Role
from app.domain.money import Certainty, Cost
from app.domain.vote import Choice, Vote, VoteKind

# An answer that ended so can be asked for once more; the others would only end so again.
_WORTH_ANOTHER = frozenset(
    {
        AnswerState.FAILED,
        AnswerState.INCOMPLETE,
        AnswerState.STOPPED,
        AnswerState.EMPTY,
        AnswerState.REASONING_ONLY,
    }
)
_MOST_ATTEMPTS = 2


class ItemState(StrEnum):
    """How far one prompt has come."""

    WAITING = "waiting"
    ASKING = "asking"
    ANSWERED = "answered"  # both answers are whole: it can be voted on
    VOTED = "voted"
    INCOMPLETE = "incomplete"  # a side did not end well
    DELETED = "deleted"  # its turn was deleted: counts as unvoted

    def in_words(self) -> str:
        """Return the state as a list shows it."""
        return _ITEM_WORDS[self]


_ITEM_WORDS = {
    ItemState.WAITING: "waiting",
    ItemState.ASKING: "being answered",
    ItemState.ANSWERED: "answered",
    ItemState.VOTED: "voted",
    ItemState.INCOMPLETE: "no two whole answers",
    ItemState.DELETED: "deleted",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One model's answer to an item, without its text. `earlier` are the costs of first attempts.

    `answer_id` is the history's number of the answer that counts, the latest one.
    """

    role: Role
    state: AnswerState
    cost: Cost
    served_model: str = ""
    problem: str = ""
    earlier: tuple[Cost, ...] = ()
    answer_id: int = 0

    @property
    def costs(self) -> tuple[Cost, ...]:
        """Return what all attempts cost, the first one first."""
        return (*self.earlier, self.cost)

    @property
    def may_ask_again(self) -> bool:
        """Return whether asking once more can help and cannot bill a third time.

        An attempt that is known to have cost nothing was never answered, and does not count.
        """
        tried = sum(
            cost.money is None or bool(cost.money.amount) or cost.certainty is Certainty.FREE
            for cost in self.costs
        )
        return self.state in _WORTH_ANOTHER and tried < _MOST_ATTEMPTS


@dataclass(frozen=True, slots=True)
class Item:
    """One prompt of a run. `place` is its number in the list, from 1; `order` that of the lot.

    Items are asked and voted on in the order of the lot, so that whatever is left over when a run
    stops early was left over by chance. `asked` with no `turn_id` means that its turn was deleted.
    `late_vote` was cast elsewhere after the voting had ended: it teaches, and counts as none.
    """

    place: int
    order: int
    prompt: Prompt
    source: str = ""
    asked: bool = False
    skipped_at: datetime | None = None
    turn_id: int | None = None
    sides: tuple[Side, ...] = ()
    vote: Vote | None = None
    late_vote: Vote | None = None
    id: int = 0

    @property
    def skipped(self) -> bool:
        """Return whether the vote was put off and has not been cast since."""
        return self.skipped_at is not None and self.vote is None

    @property
    def state(self) -> ItemState:
        """Return how far it has come."""
        if not self.asked:
            return ItemState.WAITING
        if self.turn_id is None:
            return ItemState.DELETED
        if any(side.state is AnswerState.STREAMING for side in self.sides):
            return ItemState.ASKING
        if len(self.sides) < 2 or any(
            side.state is not AnswerState.COMPLETE for side in self.sides
        ):
            return ItemState.INCOMPLETE
        return ItemState.ANSWERED if self.vote is None else ItemState.VOTED

    @property
    def votable(self) -> bool:
        """Return whether a vote is still wanted."""
        return self.state is ItemState.ANSWERED

    @property
    def settled(self) -> bool:
        """Return whether nothing more will come of asking as it stands."""
        return self.state not in (ItemState.WAITING, ItemState.ASKING)

    def side(self, role: Role) -> Side | None:
        """Return that role's side, if it was asked."""
        return next((side for side in self.sides if side.role is role), None)

    @property
    def frontier_better(self) -> bool:
        """Return whether the cheap answer lost: by the vote, or by the want of one."""
        return self.vote is None or self.vote.choice is Choice.FRONTIER

    @property
    def good_enough(self) -> bool:
        """Return whether the vote found the cheap answer good enough."""
        return self.vote is not None and self.vote.choice in (Choice.CHEAP, Choice.EQUAL)


def side_of(answer: Answer, earlier: Sequence[Answer] = ()) -> Side:
    """Return an answer as an item's side; `earlier` are first attempts of the same role."""
    return Side(
        role=answer.role,
        state=answer.state,
        cost=answer.cost,
        served_model=answer.served_model,
        problem=answer.problem.kind if answer.problem else "",
        earlier=tuple(item.cost for item in earlier if item.role is answer.role),
        answer_id=answer.id,
    )


def counting_vote(votes: Sequence[Vote], closed_at: datetime | None) -> Vote | None:
    """Return the vote that counts for a run: the last one cast blind, before the voting ended.

    Nothing is revealed while a run is voted on, so a corrected vote is as blind as the first. One
    that was changed once the names were known leaves the blind one standing.
    """
    blind = [vote for vote in votes if vote.kind is VoteKind.BLIND and not _after(vote, closed_at)]
    return blind[-1] if blind else None


def late_vote(votes: Sequence[Vote], closed_at: datetime | None) -> Vote | None:
    """Return the first blind vote that was cast after the voting had ended."""
    return next(
        (vote for vote in votes if vote.kind is VoteKind.BLIND and _after(vote, closed_at)), None
    )


def _after(vote: Vote, closed_at: datetime | None) -> bool:
    return closed_at is not None and vote.cast_at is not None and vote.cast_at > closed_at
