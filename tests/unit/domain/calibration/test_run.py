"""A run's states, what still wants a vote, and what may be asked once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.answer import AnswerState
from app.domain.calibration.item import ItemState, Side, counting_vote
from app.domain.calibration.run import RunState
from app.domain.errors import InputError
from app.domain.model import Role
from app.domain.money import Certainty, Cost
from app.domain.vote import Choice, Vote, VoteKind
from tests.fakes.calibrations import EXTRACT, answered, cents, drafted, entries, run_with, voted
from tests.fakes.history_samples import NOON


def test_the_states_of_a_run_show_in_its_votes() -> None:
    run = run_with([(EXTRACT, [None] * 3)])
    assert run.state is RunState.ANSWERED
    one = voted(run.items[0], Choice.EQUAL)
    voting = replace(run, items=(one, *run.items[1:]))
    assert voting.state is RunState.VOTING
    assert replace(voting, closed_at=NOON).state is RunState.DONE
    assert replace(voting, stored_state=RunState.PAUSED).state is RunState.PAUSED


def test_votes_are_asked_for_in_the_order_of_the_lot_and_skipped_ones_last() -> None:
    run = drafted()
    assert [item.place for item in run.by_lot] != [item.place for item in run.items]
    items = tuple(answered(item) for item in run.items)
    run = replace(run, items=items)
    first = run.to_vote[0]
    assert first.order == 1
    skipped = replace(first, skipped_at=NOON)
    run = replace(run, items=tuple(skipped if i.place == first.place else i for i in items))
    assert run.to_vote[0].order == 2
    assert run.to_vote[-1].place == first.place


@pytest.mark.parametrize(
    ("state", "costs", "again"),
    [
        (AnswerState.INCOMPLETE, ("0.10",), True),
        (AnswerState.INCOMPLETE, ("0.10", "0.10"), False),
        (AnswerState.FAILED, ("0",), True),
        (AnswerState.FAILED, ("0", "0", "0"), True),  # never answered, so never billed
        (AnswerState.FAILED, ("0.10", "0"), True),
        (AnswerState.COMPLETE, ("0.10",), False),
        (AnswerState.REFUSED, ("0.10",), False),
        (AnswerState.TRUNCATED, ("0.10",), False),
        (AnswerState.BLOCKED, ("0",), False),
    ],
)
def test_a_side_is_asked_again_only_where_it_cannot_bill_a_third_time(
    state: AnswerState, costs: tuple[str, ...], again: bool
) -> None:
    *earlier, last = (cents(cost) for cost in costs)
    assert Side(Role.CHEAP, state, last, earlier=tuple(earlier)).may_ask_again is again


def test_an_unknown_or_a_free_first_attempt_counts_as_one() -> None:
    for cost in (Cost.unknown(), Cost.free()):
        once = Side(Role.CHEAP, AnswerState.INCOMPLETE, cost)
        assert once.may_ask_again
        assert not replace(once, earlier=(cost,)).may_ask_again


def test_a_deleted_turn_leaves_the_item_deleted() -> None:
    item = replace(voted(drafted().items[0], Choice.EQUAL), turn_id=None, vote=None)
    assert item.state is ItemState.DELETED
    assert item.frontier_better
    assert not item.good_enough
    run = drafted()
    assert replace(run, items=(item, *run.items[1:])).unchanged is None


def test_the_last_blind_vote_before_the_end_counts_and_a_changed_one_never() -> None:
    first = Vote(Choice.EQUAL, VoteKind.BLIND, (), NOON)
    corrected = Vote(Choice.FRONTIER, VoteKind.BLIND, (), NOON + timedelta(minutes=1))
    changed = Vote(Choice.CHEAP, VoteKind.CHANGED, (), NOON + timedelta(minutes=2))
    late = Vote(Choice.CHEAP, VoteKind.BLIND, (), NOON + timedelta(hours=1))
    assert counting_vote((first, corrected, changed), None) is corrected
    assert counting_vote((first, late), NOON + timedelta(minutes=5)) is first
    assert counting_vote((late,), NOON) is None
    assert counting_vote((), None) is None


def test_the_time_left_follows_the_users_own_pace() -> None:
    run = run_with([(EXTRACT, [None] * 30)])
    assert run.minutes_left() == round(30 * 130 / 60)
    paced = [
        voted(item, Choice.EQUAL, NOON + timedelta(seconds=30 * item.order))
        for item in run.items[:10]
    ]
    # A break of an hour is no reading time.
    rested = voted(run.items[10], Choice.EQUAL, NOON + timedelta(hours=1))
    run = replace(run, items=(*paced, rested, *run.items[11:]))
    assert run.vote_seconds() == 30
    assert run.minutes_left() == round(19 * 30 / 60)
    assert replace(run, items=tuple(paced)).minutes_left() == 0


def test_an_unknown_number_is_told_in_words() -> None:
    with pytest.raises(InputError, match="no prompt 99"):
        drafted().item(99)


def test_a_run_needs_a_name() -> None:
    with pytest.raises(InputError, match="needs a name"):
        drafted(entries(20), name="  ")


def test_costs_of_every_attempt_are_told() -> None:
    side = Side(
        Role.CHEAP, AnswerState.COMPLETE, cents("0.2"),
        earlier=(cents("0.1", Certainty.ESTIMATED),),
    )  # fmt: skip
    assert side.costs == (cents("0.1", Certainty.ESTIMATED), cents("0.2"))
