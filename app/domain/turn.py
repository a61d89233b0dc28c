"""A turn: one prompt with its answers, votes and decision, as the history keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt
from app.domain.model import Role
from app.domain.money import Cost
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.lesson import Lesson as Lesson  # noqa: PLC0414  # a turn's own word too
from app.domain.routing.second_look_ends import never_taken
from app.domain.vote import Choice, Seating, Vote

# The words under which answers beside the sides are kept, and told to other programs.
SECOND, THIRD = "second", "third"
BESIDE = (SECOND, THIRD)
# What a person is told they are. Which was chosen first is not said: a policy may leave it out.
ANOTHER_CHEAP = "another cheap"
TOGETHER = "Both answers appear together once all models have answered."


class TurnMode(StrEnum):
    """How a prompt was asked."""

    BLIND = "blind"  # both, names hidden until the vote
    OPEN = "open"  # both, names visible
    ROUTED = "routed"  # one answer, chosen by the rule, a second look or the user


@dataclass(frozen=True, slots=True)
class Turn:
    """One prompt asked once. `asked_at` is UTC; `utc_offset_min` tells the user's local time then.

    `answers` are in the order of roles, cheap first. `votes` are in the order they were cast.
    `revealed` is False while a blind comparison waits for its vote; a side that is not complete
    ends blindness. `parent_id` is the turn that this one continues, and `continued_answer_id` which
    of its answers: a number that stays when the parent is deleted, so that the gap can be told.
    `earlier` are attempts of a side that did not end well and was asked once more: kept, and paid
    for. `beside` holds the other cheap models' answers of a second look: they are paid for, and
    have no seat unless the look found that one of them stands in the first one's place.
    """

    prompt: Prompt
    mode: TurnMode
    pair_key: str
    practice: bool
    asked_at: datetime
    utc_offset_min: int = 0
    seating: Seating | None = None
    answers: tuple[Answer, ...] = ()
    votes: tuple[Vote, ...] = ()
    decision: Decision | None = None
    parent_id: int | None = None
    id: int = 0
    continued_answer_id: int | None = None
    earlier: tuple[Answer, ...] = ()
    beside: tuple[Answer, ...] = ()

    def answer(self, role: Role) -> Answer | None:
        """Return that role's answer, if it was asked."""
        return next((answer for answer in self.answers if answer.role is role), None)

    def side(self, role: Role) -> Answer | None:
        """Return the answer that stands for that role, and is judged as its answer.

        The cheap one is another model's where a second look found that the others agree.
        """
        stands = self.decision.stands if self.decision is not None else 0
        if role is Role.CHEAP and 0 < stands <= len(self.beside):
            return self.beside[stands - 1]
        return self.answer(role)

    @property
    def shown(self) -> tuple[Answer, ...]:
        """Return the answers that have a place of their own: the one that stands, or the sides."""
        if self.mode is TurnMode.ROUTED:
            return () if self.standing is None else (self.standing,)
        return tuple(answer for role in Role if (answer := self.side(role)) is not None)

    @property
    def together(self) -> bool:
        """Return whether its blind answers are shown together once all models have ended.

        Of three cheap models it is known only then whose answer is judged.
        """
        return self.mode is TurnMode.BLIND and len(self.beside) > 1

    @property
    def running(self) -> bool:
        """Return whether an answer that is judged, or decides which one is, still arrives."""
        waited_for = (*self.answers, *(self.beside if self.together else ()))
        return any(answer.state is AnswerState.STREAMING for answer in waited_for)

    @property
    def held_back(self) -> bool:
        """Return whether both places are still empty: which answers belong there is not known.

        A program that died meanwhile left a look that nobody will finish.
        """
        if not self.together or self.decision is None:
            return False
        over = self.decision.looked or never_taken(self.decision)
        every = (*self.answers, *self.beside)
        died = any(each.problem and each.problem.kind == "app_ended" for each in every)
        return self.running or not (over or died)

    @property
    def votable(self) -> bool:
        """Return whether both answers are there to choose between, and complete."""
        compared = self.mode is not TurnMode.ROUTED and len(self.answers) == 2
        ready = compared and not self.held_back
        return ready and all(answer.complete for answer in self.shown)

    @property
    def standing(self) -> Answer | None:
        """Return the one answer that a routed turn gives; None where two are compared.

        Where a second look asked the frontier in the end, its answer took the cheap one's place.
        """
        if self.mode is not TurnMode.ROUTED:
            return None
        return self.answer(Role.FRONTIER) or self.side(Role.CHEAP)

    @property
    def context_gone(self) -> bool:
        """Return whether it continued an answer that has been deleted since."""
        return self.continued_answer_id is not None and self.parent_id is None

    @property
    def vote(self) -> Vote | None:
        """Return the vote that counts: the last one cast."""
        return self.votes[-1] if self.votes else None

    @property
    def told(self) -> Decision | None:
        """Return the decision as far as it may be told.

        What a second look found would tell the cheap answer from the other one: as a spot check it
        stays untold until the vote.
        """
        hides = self.decision is not None and self.decision.basis is Basis.SECOND_LOOK
        return None if hides and not self.revealed else self.decision

    @property
    def revealed(self) -> bool:
        """Return whether names, prices and times may be shown."""
        if self.mode is not TurnMode.BLIND:
            return True
        return bool(self.votes) or not (self.running or self.held_back or self.votable)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One line of the history list; light enough to page through a million.

    `roles` and `states` are of the answers that count; `costs` of every attempt that was made, and
    of what was asked beside the sides, `payees` who each was for. `second_look` tells that other
    cheap models were asked, too.
    """

    id: int
    asked_at: datetime
    utc_offset_min: int
    prompt_start: str
    matter: str
    mode: TurnMode
    practice: bool
    roles: tuple[Role, ...]
    states: tuple[str, ...]
    costs: tuple[Cost, ...]
    payees: tuple[str, ...]  # cheap, frontier, or a word of BESIDE
    wait_ms: int | None
    choice: Choice | None
    revealed: bool
    decided: bool = False
    second_look: bool = False


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What to list: newest first, the page after `before_id` (exclusive), at most `limit` rows.

    `words` are plain words as typed (each must occur, as a prefix); empty lists everything.
    """

    words: str = ""
    matter: str | None = None
    choice: Choice | None = None
    model: str | None = None
    before_id: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class LedgerAnswer:
    """What one answer cost, for the savings arithmetic."""

    role: Role
    model: str
    vendor: str
    state: str
    cost: Cost
    input_tokens: int | None
    output_tokens: int | None
    input_price: str | None  # per million, decimal text
    output_price: str | None
    total_ms: int | None
    first_token_ms: int | None
    above_tokens: int = 0  # the tier of those prices: of prompts above so many tokens
    besides: tuple[Cost, ...] = ()  # what attempts that broke may have cost too


@dataclass(frozen=True, slots=True)
class LedgerTurn:
    """One turn as an accountant sees it. `local_day` is ISO (YYYY-MM-DD) in the user's time.

    `decided` tells that the rule decided, and `sent_to` for whom: where the prompt went, or would
    have gone had it not been drawn as a spot check.
    """

    id: int
    local_day: str
    matter: str
    mode: TurnMode
    pair_key: str
    practice: bool
    decided: bool
    choice: Choice | None
    answers: tuple[LedgerAnswer, ...]
    asked_at: datetime | None = None
    beside: tuple[LedgerAnswer, ...] = ()
    sent_to: Role | None = None

    @property
    def wait_ms(self) -> int | None:
        """Return how long the user waited, as far as it was measured."""
        sides = {answer.role: answer.total_ms for answer in self.answers}
        return wait_ms(self.mode, sides, [answer.total_ms for answer in self.beside])


def wait_ms(
    mode: TurnMode, sides: Mapping[Role, int | None], beside: Sequence[int | None]
) -> int | None:
    """Return how long a turn took, milliseconds: its answers run at once.

    In a second look the frontier is asked only after the cheap ones have ended.
    """
    after = sides.get(Role.FRONTIER)
    if mode is TurnMode.ROUTED and beside:
        first = _longest((sides.get(Role.CHEAP), *beside))
        return first if after is None else (first or 0) + after
    return _longest((*sides.values(), *beside))


def _longest(times: Iterable[int | None]) -> int | None:
    return max((time for time in times if time is not None), default=None)
