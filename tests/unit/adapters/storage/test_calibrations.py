"""Calibration runs in the history: tied to their turns, asked once, forgotten when deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.storage import SqlHistory, open_history
from app.domain.answer import Answer, AnswerState
from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.prompts import Found, choose
from app.domain.calibration.run import Pause, PauseReason, Run, RunState
from app.domain.conversation import Attachment
from app.domain.errors import InputError, NotFoundError
from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.lesson import Asked
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.domain.vote import Choice, Seating, Vote, VoteKind
from tests.fakes.calibrations import PAIR, drafted, entries
from tests.fakes.history_samples import NOON, SetClock, asked, ended, waiting

PAUSED = Pause(PauseReason.USER, "You paused this run.")


def stored(history: SqlHistory, run: Run) -> Run:
    found = history.calibration(run.name)
    assert found is not None
    return found


def turn_of(item: Item) -> Turn:
    return Turn(
        item.prompt, TurnMode.BLIND, PAIR.key, practice=False, asked_at=NOON,
        seating=Seating(Role.FRONTIER), answers=waiting(PAIR.cheap, PAIR.frontier),
    )  # fmt: skip


def ask(
    history: SqlHistory, run: Run, item: Item, state: AnswerState = AnswerState.COMPLETE
) -> Turn:
    begun = history.begin_item(run.id, item.id, turn_of(item))
    assert begun is not None
    for answer in begun.answers:
        history.finish_answer(ended(answer, state=state), ())
    return begun


@pytest.fixture
def run(history: SqlHistory) -> Run:
    return history.add_calibration(drafted())


def test_a_list_is_read_back_as_it_was_fixed(history: SqlHistory) -> None:
    document = Attachment("lease.txt", "text/plain", "The lease.", "00", 10)
    listed = [
        *entries(20),
        *choose([Found("Who signs?", "Oak", ("lease", "parties"), "row 3", (document,))]).entries,
    ]
    kept = history.add_calibration(drafted(listed, limit=Money(Decimal("7.50"))))
    found = stored(history, kept)
    assert replace(found.pair.cheap, id=0) == PAIR.cheap
    assert [replace(item, id=0) for item in found.items] == list(drafted(listed).items)
    assert (found.limit, found.seed, found.created_at) == (Money(Decimal("7.50")), "7", NOON)
    assert found.unchanged is True
    assert found.state is RunState.DRAFTED
    assert history.calibration("MARCH AUDIT ") == found
    assert history.calibrations() == [found]
    assert history.count(HistoryQuery()) == 0  # nothing of it is in the history yet


def test_two_runs_never_share_a_name(history: SqlHistory, run: Run) -> None:
    with pytest.raises(InputError, match="already a calibration run"):
        history.add_calibration(drafted(name="march AUDIT"))


def test_a_prompt_is_asked_once_and_tied_to_its_turn(history: SqlHistory, run: Run) -> None:
    history.claim_calibration(run.id)
    item = run.by_lot[0]
    begun = ask(history, run, item)
    assert history.begin_item(run.id, item.id, turn_of(item)) is None
    assert history.count(HistoryQuery()) == 1
    found = stored(history, run).item(item.place)
    assert (found.turn_id, found.state) == (begun.id, ItemState.ANSWERED)
    assert [side.role for side in found.sides] == [Role.CHEAP, Role.FRONTIER]
    assert found.sides[0].cost == Cost(Money(Decimal("0.0042")), Certainty.MEASURED)
    assert found.sides[0].served_model == "cheap-1"


def test_a_turn_that_cannot_be_stored_leaves_the_prompt_unasked(
    history: SqlHistory, run: Run
) -> None:
    history.claim_calibration(run.id)
    item = run.items[0]
    broken = replace(turn_of(item), asked_at=NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="time zone"):
        history.begin_item(run.id, item.id, broken)
    assert stored(history, run).item(1).state is ItemState.WAITING
    assert history.begin_item(run.id, item.id, turn_of(item)) is not None


@pytest.mark.parametrize("how", ["drafted", "paused", "released"])
def test_nothing_is_asked_of_a_run_that_is_not_running(
    history: SqlHistory, run: Run, how: str
) -> None:
    if how != "drafted":
        history.claim_calibration(run.id)
    if how == "paused":
        history.pause_calibration(run.id, PAUSED)
    if how == "released":
        history.release_calibration(run.id, RunState.ANSWERED, None)
    item = run.items[0]
    assert history.begin_item(run.id, item.id, turn_of(item)) is None
    assert history.count(HistoryQuery()) == 0


def test_only_one_program_asks_for_a_run_and_another_one_can_pause_it(
    history: SqlHistory, run: Run, tmp_path: Path
) -> None:
    history.claim_calibration(run.id)
    other = open_history(tmp_path / "history.db", SetClock())
    try:
        with pytest.raises(InputError, match="being answered just now"):
            other.claim_calibration(run.id)
        item = run.items[0]
        assert other.begin_item(run.id, item.id, turn_of(item)) is None
        other.pause_calibration(run.id, PAUSED)
        assert history.begin_item(run.id, item.id, turn_of(item)) is None
        # Until the first one has let go, the other one still may not take it.
        with pytest.raises(InputError, match="being answered just now"):
            other.claim_calibration(run.id)
        history.release_calibration(run.id, RunState.ANSWERED, None)
        assert stored(history, run).pause == PAUSED
        other.claim_calibration(run.id)
        assert other.begin_item(run.id, item.id, turn_of(item)) is not None
    finally:
        other.close()


def test_a_program_that_ends_without_a_word_leaves_the_run_paused(
    history: SqlHistory, run: Run, tmp_path: Path
) -> None:
    dead = open_history(tmp_path / "history.db", SetClock())
    dead.claim_calibration(run.id)
    item = run.items[0]
    assert dead.begin_item(run.id, item.id, turn_of(item)) is not None
    assert stored(history, run).item(1).state is ItemState.ASKING
    history.recover()
    assert stored(history, run).state is RunState.RUNNING  # the other one lives
    dead.close()
    history.recover()
    found = stored(history, run)
    assert found.state is RunState.PAUSED
    assert found.pause is not None
    assert found.pause.reason is PauseReason.APP_ENDED
    assert found.item(1).state is ItemState.INCOMPLETE
    assert [side.state for side in found.item(1).sides] == [AnswerState.INCOMPLETE] * 2
    assert found.retryable == (found.item(1),)
    history.claim_calibration(run.id)


def test_a_second_attempt_stands_beside_the_first_and_both_are_paid_for(
    history: SqlHistory, run: Run
) -> None:
    history.claim_calibration(run.id)
    item = run.items[0]
    begun = history.begin_item(run.id, item.id, turn_of(item))
    assert begun is not None
    cheap, frontier = begun.answers
    history.finish_answer(ended(cheap, "Whole."), ())
    history.finish_answer(ended(frontier, "Half", AnswerState.INCOMPLETE, cents="0.10"), ())
    assert history.begin_side(run.id, item.id, Answer(Role.CHEAP, PAIR.cheap)) is None
    second = history.begin_side(run.id, item.id, Answer(Role.FRONTIER, PAIR.frontier))
    assert second is not None
    assert history.begin_side(run.id, item.id, Answer(Role.FRONTIER, PAIR.frontier)) is None
    history.finish_answer(ended(second, "Whole too.", cents="0.30"), ())
    turn = history.turn(begun.id)
    assert turn is not None
    assert [answer.text for answer in turn.answers] == ["Whole.", "Whole too."]
    assert [answer.text for answer in turn.earlier] == ["Half"]
    assert turn.votable
    side = stored(history, run).item(1).sides[1]
    assert [cost.money for cost in side.costs] == [Money(Decimal("0.10")), Money(Decimal("0.30"))]
    (row,) = history.page(HistoryQuery())
    assert row.states == ("complete", "complete")
    assert sum(cost.money.amount for cost in row.costs if cost.money) == Decimal("0.4042")
    (account,) = history.ledger(practice=False)
    paid = [answer.cost.money.amount for answer in account.answers if answer.cost.money]
    assert sum(paid) == Decimal("0.4042")
    frontier_first = next(answer for answer in account.answers if answer.role is Role.FRONTIER)
    assert frontier_first.state == "complete"
    history.add_vote(begun.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    cast = [lesson for lesson in history.lessons(PAIR.key) if lesson.choice is not None]
    assert [lesson.turn_id for lesson in cast] == [begun.id]


def test_the_blind_vote_counts_and_one_changed_after_the_end_does_not(
    history: SqlHistory, run: Run, clock: SetClock
) -> None:
    history.claim_calibration(run.id)
    item = run.items[0]
    begun = ask(history, run, item)
    history.add_vote(begun.id, Vote(Choice.EQUAL, VoteKind.BLIND, (), clock.now()))
    clock.advance(timedelta(minutes=5))
    history.close_calibration(run.id)
    clock.advance(timedelta(minutes=5))
    history.add_vote(begun.id, Vote(Choice.FRONTIER, VoteKind.CHANGED, (), clock.now()))
    found = stored(history, run)
    vote = found.item(1).vote
    assert vote is not None
    assert vote.choice is Choice.EQUAL
    assert found.state is RunState.DONE
    assert found.seen_at == found.closed_at
    with pytest.raises(InputError, match="has ended"):
        history.claim_calibration(run.id)


def test_when_the_count_was_first_looked_at_is_kept(
    history: SqlHistory, run: Run, clock: SetClock
) -> None:
    first = clock.now()
    history.see_calibration(run.id)
    clock.advance(timedelta(hours=1))
    history.see_calibration(run.id)
    assert stored(history, run).seen_at == first


def test_deleting_a_prompt_leaves_no_word_of_it_in_any_file(
    history: SqlHistory, tmp_path: Path
) -> None:
    secret = Attachment("secret.txt", "text/plain", "zebrafinch document", "00", 10)
    found = Found("The zebrafinch prompt.", "Larch", ("zebrafinch",), "zebrafinch.csv", (secret,))
    listed = [*choose([found]).entries, *entries(20)]
    run = history.add_calibration(drafted(listed))
    history.claim_calibration(run.id)
    begun = ask(history, run, run.items[0])
    history.delete_turn(begun.id)
    kept = stored(history, run).item(1)
    assert kept.state is ItemState.DELETED
    assert kept.prompt.text == ""
    for path in tmp_path.glob("history.db*"):
        if path.is_file():
            assert b"zebrafinch" not in path.read_bytes(), path


def test_deleting_a_run_leaves_no_word_of_its_list_but_what_was_asked(
    history: SqlHistory, tmp_path: Path
) -> None:
    listed = [*choose([Found("The zebrafinch prompt.")]).entries, *entries(20)]
    run = history.add_calibration(drafted(listed))
    history.claim_calibration(run.id)
    ask(history, run, run.items[5])
    history.delete_calibration(run.id)
    assert history.calibrations() == []
    assert history.count(HistoryQuery()) == 1
    with closing(sqlite3.connect(tmp_path / "history.db")) as file:
        assert file.execute("SELECT count(*) FROM calibration_item").fetchone() == (0,)
    for path in tmp_path.glob("history.db*"):
        if path.is_file():
            assert b"zebrafinch" not in path.read_bytes(), path


def test_the_limit_can_be_raised_and_an_item_put_off(history: SqlHistory, run: Run) -> None:
    history.limit_calibration(run.id, Money(Decimal(25)))
    history.skip_item(run.items[3].id)
    found = stored(history, run)
    assert found.limit == Money(Decimal(25))
    assert [item.place for item in found.items if item.skipped] == [4]


@pytest.mark.parametrize(
    "act",
    [
        lambda history: history.claim_calibration(99),
        lambda history: history.limit_calibration(99, None),
    ],
)
def test_a_run_that_is_gone_is_told(history: SqlHistory, act: Callable[[SqlHistory], None]) -> None:
    with pytest.raises(NotFoundError):
        act(history)


def test_every_prompt_of_a_run_teaches_or_counts_as_a_loss_with_the_chance_of_one(
    history: SqlHistory, run: Run, clock: SetClock
) -> None:
    history.claim_calibration(run.id)
    voted, skipped, refused, waiting_one, unasked = run.by_lot[:5]
    turns = {item.place: ask(history, run, item) for item in (voted, skipped, waiting_one)}
    ask(history, run, refused, AnswerState.REFUSED)
    clock.advance(timedelta(minutes=1))
    history.add_vote(turns[voted.place].id, Vote(Choice.FRONTIER, VoteKind.BLIND, (), clock.now()))
    clock.advance(timedelta(minutes=1))
    history.skip_item(skipped.id)
    lessons = {lesson.place: lesson for lesson in history.lessons(PAIR.key)}
    assert len(lessons) == 24
    assert {lesson.propensity for lesson in lessons.values()} == {1.0}
    assert {lesson.asked for lesson in lessons.values()} == {Asked.RUN}
    assert {lesson.asked_at for lesson in lessons.values()} == {NOON}
    assert all(lesson.calibrates for lesson in lessons.values())
    first = lessons[voted.order]
    assert (first.choice, first.turn_id) == (Choice.FRONTIER, turns[voted.place].id)
    assert first.settled == NOON + timedelta(minutes=1)
    put_off, lost = lessons[skipped.order], lessons[refused.order]
    assert (put_off.choice, put_off.settled) == (None, clock.now())
    assert (lost.choice, lost.settled) == (None, NOON)
    assert put_off.counts_as_loss
    assert lessons[waiting_one.order].settled is None
    assert lessons[unasked.order].settled is None
    clock.advance(timedelta(minutes=1))
    history.release_calibration(run.id, RunState.ANSWERED, None)
    history.close_calibration(run.id)
    closed = clock.now()
    clock.advance(timedelta(minutes=1))
    history.add_vote(
        turns[waiting_one.place].id, Vote(Choice.EQUAL, VoteKind.BLIND, (), clock.now())
    )
    lessons = {lesson.place: lesson for lesson in history.lessons(PAIR.key)}
    assert lessons[unasked.order].settled == closed
    late = lessons[waiting_one.order]
    assert (late.choice, late.late, late.settled) == (Choice.EQUAL, True, closed)
    assert late.counts_as_loss
    assert not lessons[voted.order].late
    assert history.lessons("another pair") == []


def test_a_corrected_vote_teaches_as_it_stands_and_a_changed_one_does_not(
    history: SqlHistory, run: Run
) -> None:
    history.claim_calibration(run.id)
    begun = ask(history, run, run.items[0])
    for choice, kind in (
        (Choice.EQUAL, VoteKind.BLIND),
        (Choice.FRONTIER, VoteKind.BLIND),
        (Choice.CHEAP, VoteKind.CHANGED),
    ):
        history.add_vote(begun.id, Vote(choice, kind))
    cast = [lesson for lesson in history.lessons(PAIR.key) if lesson.choice is not None]
    assert [lesson.choice for lesson in cast] == [Choice.FRONTIER]
    assert history.votes_left_out(PAIR.key) == {
        "changed after the reveal": 1,
        "corrected while still blind": 1,
    }


def test_what_was_compared_by_choice_stands_beside_a_run_and_never_calibrates(
    history: SqlHistory, run: Run
) -> None:
    stored_turn = asked(history, pair_key=PAIR.key)
    history.add_vote(stored_turn.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    lessons = history.lessons(PAIR.key)
    assert len(lessons) == 25
    chosen = [lesson for lesson in lessons if lesson.asked is Asked.CHOSEN]
    assert [lesson.turn_id for lesson in chosen] == [stored_turn.id]
    assert not chosen[0].calibrates
    assert run.items
