"""Votes: cast, changed, explained; each kind told apart."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import InputError
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Reason, Vote, VoteKind
from app.services.archive import Archive
from app.services.ports.clock import Clock
from app.services.store import Store

_OPEN = (Choice.CHEAP, Choice.EQUAL, Choice.FRONTIER, Choice.NEITHER)
_SINGLE = (Choice.GOOD_ENOUGH, Choice.NOT_GOOD_ENOUGH)


class Votes:
    """Casts votes and keeps every one of them."""

    def __init__(self, store: Store, archive: Archive, clock: Clock) -> None:
        self._store = store
        self._archive = archive
        self._clock = clock

    async def cast(self, turn_id: int, word: str, reasons: tuple[Reason, ...] = ()) -> Turn:
        """Record a vote and return the turn, revealed.

        `word` is a, b, equal or neither for a blind comparison; cheap, equal, frontier or neither
        for an open one; good_enough or not_good_enough for one routed answer. Giving reasons for
        the same choice later keeps the vote's kind; another choice is a changed vote.
        """
        turn = await self._archive.show(turn_id)
        choice = chosen(turn, word)
        last = turn.vote
        if last is None:
            kind = first_kind(turn)
        elif last.choice is choice:
            kind = last.kind
        else:
            kind = VoteKind.CHANGED
        vote = Vote(choice, kind, tuple(dict.fromkeys(reasons)), self._clock.now())
        await self._store(lambda history: history.add_vote(turn_id, vote))
        return replace(turn, votes=(*turn.votes, vote))


def first_kind(turn: Turn) -> VoteKind:
    """Return what a first vote on this turn is worth."""
    match turn.mode:
        case TurnMode.BLIND:
            return VoteKind.BLIND
        case TurnMode.OPEN:
            return VoteKind.OPEN
        case TurnMode.ROUTED:
            return VoteKind.SINGLE


def chosen(turn: Turn, word: str) -> Choice:
    """Return the choice a word stands for in this turn, or raise InputError."""
    if turn.mode is TurnMode.ROUTED:
        if turn.standing is None or not turn.standing.complete:
            raise InputError("This answer is not complete.", "Only a complete one can be rated.")
        return _of(word, _SINGLE)
    if turn.held_back and not turn.running:
        raise InputError(
            f"Comparison {turn.id} cannot be voted on yet: what its models found is not stored.",
            "Make room on the disk, then vote again.",
            "not_votable",
        )
    if not turn.votable:
        raise InputError(
            f"Comparison {turn.id} cannot be voted on: not both answers are complete.",
            "Ask again to compare two whole answers.",
            "not_votable",
        )
    if turn.mode is TurnMode.BLIND and turn.seating is not None:
        try:
            return turn.seating.choice(word)
        except ValueError:
            if not turn.votes:
                raise InputError(
                    f"“{word}” is not a vote on a blind comparison.",
                    "Use a, equal, b or neither.",
                ) from None
    return _of(word, _OPEN)


def _of(word: str, allowed: tuple[Choice, ...]) -> Choice:
    for choice in allowed:
        if choice.value == word.casefold().replace("-", "_"):
            return choice
    names = ", ".join(choice.value for choice in allowed)
    raise InputError(f"“{word}” is not a vote here.", f"Use one of: {names}.")
