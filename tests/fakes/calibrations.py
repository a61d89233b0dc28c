"""Calibration runs for tests: lists, answered and voted as a test says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.answer import AnswerState
from app.domain.calibration.item import Item, Side
from app.domain.calibration.prompts import Entry, Found, choose
from app.domain.calibration.run import Run, RunState, fixed_run
from app.domain.model import Pair, Role
from app.domain.money import Certainty, Cost, Money
from app.domain.vote import Choice, Vote, VoteKind
from tests.fakes.history_samples import CHEAP, FRONTIER, NOON

PAIR = Pair(CHEAP, FRONTIER)
EXTRACT, ANALYSE, DRAFT = "Extract the dates", "Analyse the risk", "Draft a reply"


def entries(count: int = 24, words: str = EXTRACT, matter: str = "Larch") -> tuple[Entry, ...]:
    """Return so many different prompts of one kind of work."""
    found = [Found(f"{words} of clause {number}.", matter) for number in range(1, count + 1)]
    return choose(found).entries


def drafted(
    listed: Sequence[Entry] | None = None,
    *,
    name: str = "March audit",
    pair: Pair = PAIR,
    limit: Money | None = Money(Decimal(10)),  # noqa: B008 - a frozen value
    seed: str = "7",
    created_at: datetime = NOON,
) -> Run:
    """Return a fixed list of which nothing was sent."""
    return fixed_run(
        name,
        entries() if listed is None else listed,
        pair,
        limit,
        seed=seed,
        created_at=created_at,
    )


def cents(amount: str, certainty: Certainty = Certainty.MEASURED) -> Cost:
    return Cost(Money(Decimal(amount)), certainty)


def answered(item: Item, cheap: str = "0.01", frontier: str = "0.20") -> Item:
    """Return the item with two whole answers that cost so many USD."""
    sides = (
        Side(Role.CHEAP, AnswerState.COMPLETE, cents(cheap), "cheap-1"),
        Side(Role.FRONTIER, AnswerState.COMPLETE, cents(frontier), "frontier-1"),
    )
    return replace(item, asked=True, turn_id=item.place, sides=sides)


def voted(item: Item, choice: Choice, at: datetime | None = None) -> Item:
    """Return the item answered and voted on."""
    when = at or NOON + timedelta(minutes=2 * item.order)
    return replace(answered(item), vote=Vote(choice, VoteKind.BLIND, (), when))


def run_with(groups: Iterable[tuple[str, Sequence[Choice | None]]]) -> Run:
    """Return an answered run: for each kind of work its votes, None where there is none.

    The lot draws the prompts in the order given.
    """
    found: list[Found] = []
    choices: list[Choice | None] = []
    for words, cast in groups:
        for choice in cast:
            found.append(Found(f"{words} of clause {len(found)}.", "Larch"))
            choices.append(choice)
    listed = choose(found).entries
    items = [Item(place, place, entry.prompt, id=place) for place, entry in enumerate(listed, 1)]
    settled = tuple(
        answered(item) if choice is None else voted(item, choice)
        for item, choice in zip(items, choices, strict=True)
    )
    return replace(drafted(), items=settled, stored_state=RunState.ANSWERED)
