"""Turns as written and read back, in a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.adapters.storage.history import SqlHistory
from app.domain.answer import AnswerState
from app.domain.conversation import Attachment, Prompt
from app.domain.errors import NotFoundError, Problem
from app.domain.events import Attempted
from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.domain.routing.decision import Basis, Decision, Tally
from app.domain.turn import HistoryQuery, TurnMode
from app.domain.vote import Choice, Reason, Vote, VoteKind
from tests.fakes.history_samples import (
    CHEAP,
    FRONTIER,
    NOON,
    SetClock,
    asked,
    ended,
    turn,
    waiting,
)

DECISION = Decision(
    role=Role.CHEAP,
    basis=Basis.LEARNED,
    because=("Clause summaries were good enough 18 times in 23.", "It is short."),
    probability=0.12,
    low=0.05,
    high=0.3,
    tally=Tally("clause summaries", 18, 23, 0.6, 0.9),
    votes_used=23,
    votes_needed=0,
    propensity=1.0,
    rule_version="1",
    nearest=(3, 1),
)


def test_a_prompt_is_stored_whole_before_anything_is_sent(history: SqlHistory) -> None:
    wanted = turn("What is due?\n\nAnd when?", tags=("lease", "dates"), offset_min=-300)
    document = Attachment("lease.pdf", "application/pdf", "Rent is due on 1 May.", "ab" * 32, 4_096)
    wanted = replace(wanted, prompt=replace(wanted.prompt, attachments=(document,)))
    begun = history.begin_turn(wanted)
    read = history.turn(begun.id)
    assert read == begun
    assert begun.id > 0
    assert all(answer.id > 0 for answer in begun.answers)
    assert replace(begun, id=0, answers=wanted.answers) == wanted


def test_a_finished_answer_reads_back_exactly_as_it_was_recorded(history: SqlHistory) -> None:
    begun = history.begin_turn(turn())
    cheap, frontier = begun.answers
    done = replace(
        ended(cheap, "# Yes\n\n§ 2-207 — “no”  👩‍⚖️ \u202ertl\u202c"),
        reasoning="First, …",
        usage=Usage(10, 20, 3, 4, 5, Money(Decimal("0.000000123"), "EUR")),
        cost=Cost(Money(Decimal("0.000000123"), "EUR"), Certainty.MEASURED),
        price=Price(
            Decimal("0.5"), Decimal("2.5"), "EUR", Decimal("0.05"), Decimal("0.625"), "a list",
            date(2026, 11, 9), Decimal("3"), Decimal("5"), above_tokens=100_000,
            words="for prompts above 100,000 tokens", doubt="searches are not counted",
        ),
        attempts=(
            Attempted(1, 503, "busy", "req-1", True, Cost(Money(Decimal(1)), Certainty.ESTIMATED)),
            Attempted(2, None, "connection_broke", "", True, Cost.unknown()),
            Attempted(3, 200, "answered", "", True),
        ),
    )  # fmt: skip
    failed = replace(
        frontier,
        state=AnswerState.FAILED,
        problem=Problem("key_refused", "The key was refused.", "Mend the key in Settings."),
        attempts=(Attempted(1, 401, "refused"),),
    )
    history.finish_answer(done, done.attempts)
    history.finish_answer(failed, failed.attempts)
    read = history.turn(begun.id)
    assert read is not None
    assert read.answers == (done, failed)
    assert read.revealed


def test_answers_come_cheap_first_however_they_were_begun(history: SqlHistory) -> None:
    begun = history.begin_turn(turn(answers=waiting(FRONTIER, CHEAP)))
    read = history.turn(begun.id)
    assert read is not None
    assert [answer.role for answer in read.answers] == [Role.CHEAP, Role.FRONTIER]


def test_partial_text_is_there_before_the_answer_has_ended(history: SqlHistory) -> None:
    begun = history.begin_turn(turn())
    history.save_partial(begun.answers[0].id, "The clause says", "Let me think")
    read = history.turn(begun.id)
    assert read is not None
    assert read.answers[0].text == "The clause says"
    assert read.answers[0].reasoning == "Let me think"
    assert read.answers[0].state is AnswerState.STREAMING


def test_text_that_no_database_accepts_is_cleaned_at_the_last_gate(history: SqlHistory) -> None:
    begun = history.begin_turn(turn())
    history.save_partial(begun.answers[0].id, "a\x00b\ud800c", "\udfff")
    history.finish_answer(ended(begun.answers[0], "before\x00after \ud83d end"), ())
    read = history.turn(begun.id)
    assert read is not None
    assert read.answers[0].text == "beforeafter � end"
    assert history.count(HistoryQuery("beforeafter")) == 1
    assert history.count(HistoryQuery("\ud83d\x00")) == 0


def test_five_megabytes_of_prompt_and_answers_round_trip(history: SqlHistory) -> None:
    long = "Ünïcode clause, né? " * 250_000
    begun = history.begin_turn(replace(turn(), prompt=Prompt(long)))
    for answer in begun.answers:
        history.finish_answer(ended(answer, long), ())
    read = history.turn(begun.id)
    assert read is not None
    assert read.prompt.text == long
    assert read.answers[1].text == long
    assert len(history.page(HistoryQuery("unicode"))[0].prompt_start) <= 200


def test_every_vote_is_kept_and_the_last_one_counts(history: SqlHistory, clock: SetClock) -> None:
    stored = asked(history)
    first = Vote(Choice.CHEAP, VoteKind.BLIND, (Reason.STYLE, Reason.UNCLEAR), NOON)
    history.add_vote(stored.id, first)
    clock.advance(timedelta(minutes=1))
    history.add_vote(stored.id, Vote(Choice.NEITHER, VoteKind.CHANGED))
    read = history.turn(stored.id)
    assert read is not None
    assert read.votes == (first, Vote(Choice.NEITHER, VoteKind.CHANGED, (), clock.now()))
    assert history.page(HistoryQuery())[0].choice is Choice.NEITHER


def test_a_decision_can_be_shown_as_it_was(history: SqlHistory) -> None:
    stored = asked(history)
    history.add_decision(stored.id, replace(DECISION, votes_used=1))
    history.add_decision(stored.id, DECISION)
    read = history.turn(stored.id)
    assert read is not None
    assert read.decision == DECISION
    assert history.page(HistoryQuery())[0].decided


def test_a_turn_stored_with_its_vote_and_decision_keeps_both(history: SqlHistory) -> None:
    vote = Vote(Choice.GOOD_ENOUGH, VoteKind.SINGLE, (), NOON)
    begun = history.begin_turn(
        replace(
            turn(mode=TurnMode.ROUTED, answers=waiting(CHEAP)), votes=(vote,), decision=DECISION
        )
    )
    assert history.turn(begun.id) == begun


@pytest.mark.parametrize("basis", sorted(set(Basis) - {Basis.LEARNED, Basis.SECOND_LOOK}))
def test_only_the_rule_and_its_second_look_count_as_having_decided(
    history: SqlHistory, basis: Basis
) -> None:
    stored = asked(history)
    history.add_decision(stored.id, replace(DECISION, basis=basis))
    assert not history.page(HistoryQuery())[0].decided
    assert not history.ledger(practice=False)[0].decided


def test_the_other_model_asked_afterwards_makes_an_open_comparison(history: SqlHistory) -> None:
    begun = history.begin_turn(turn(mode=TurnMode.ROUTED, answers=waiting(CHEAP)))
    history.finish_answer(ended(begun.answers[0]), ())
    added = history.add_answer(begun.id, waiting(FRONTIER)[0])
    history.set_mode(begun.id, TurnMode.OPEN)
    history.finish_answer(ended(added, "penultimate"), ())
    read = history.turn(begun.id)
    assert read is not None
    assert read.mode is TurnMode.OPEN
    assert [answer.role for answer in read.answers] == [Role.CHEAP, Role.FRONTIER]
    assert history.count(HistoryQuery("penultimate")) == 1


def test_what_belongs_to_a_deleted_turn_is_refused_or_ignored_never_crashes(
    history: SqlHistory,
) -> None:
    begun = history.begin_turn(turn())
    history.delete_turn(begun.id)
    history.save_partial(begun.answers[0].id, "late", "")
    history.finish_answer(ended(begun.answers[0], "late"), ())
    history.delete_turn(begun.id)
    for use in (
        lambda: history.add_vote(begun.id, Vote(Choice.CHEAP, VoteKind.BLIND)),
        lambda: history.add_answer(begun.id, waiting()[0]),
        lambda: history.add_decision(begun.id, DECISION),
        lambda: history.set_mode(begun.id, TurnMode.OPEN),
    ):
        with pytest.raises(NotFoundError, match=f"no comparison {begun.id}"):
            use()
    assert history.turn(begun.id) is None
    assert history.count(HistoryQuery()) == 0


def test_a_deleted_turn_never_lends_its_number_to_another(history: SqlHistory) -> None:
    first = asked(history)
    history.delete_turn(first.id)
    assert asked(history).id > first.id


def test_the_clock_jumping_back_does_not_reorder_the_history(
    history: SqlHistory,
) -> None:
    ids = [history.begin_turn(turn(asked_at=NOON + timedelta(days=days))).id for days in (0, 1, -1)]
    assert [row.id for row in history.page(HistoryQuery())] == ids[::-1]
    assert [entry.id for entry in history.ledger(practice=False)] == ids


@pytest.mark.parametrize(
    ("mode", "states", "voted", "revealed"),
    [
        (TurnMode.BLIND, ("streaming", "streaming"), False, False),
        (TurnMode.BLIND, ("complete", "streaming"), False, False),
        (TurnMode.BLIND, ("failed", "streaming"), False, False),
        (TurnMode.BLIND, ("complete", "complete"), False, False),
        (TurnMode.BLIND, ("complete", "complete"), True, True),
        (TurnMode.BLIND, ("complete", "incomplete"), False, True),
        (TurnMode.OPEN, ("complete", "complete"), False, True),
        (TurnMode.ROUTED, ("streaming", "streaming"), False, True),
    ],
)
def test_the_list_never_reveals_a_blind_turn_before_its_vote(
    history: SqlHistory, mode: TurnMode, states: tuple[str, str], voted: bool, revealed: bool
) -> None:
    answers = tuple(
        replace(answer, state=AnswerState(state))
        for answer, state in zip(waiting(), states, strict=True)
    )
    begun = history.begin_turn(turn(mode=mode, answers=answers))
    if voted:
        history.add_vote(begun.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    read = history.turn(begun.id)
    row = history.page(HistoryQuery())[0]
    assert read is not None
    assert row.revealed is read.revealed is revealed
    assert row.states == states


def test_a_turn_keeps_which_answer_it_continued_and_tells_when_that_was_deleted(
    history: SqlHistory,
) -> None:
    parent = asked(history)
    answer_id = parent.answers[1].id
    child = history.begin_turn(
        replace(turn("Why?"), parent_id=parent.id, continued_answer_id=answer_id)
    )
    read = history.turn(child.id)
    assert read is not None
    assert (read.parent_id, read.continued_answer_id) == (parent.id, answer_id)
    assert not read.context_gone
    history.delete_turn(parent.id)
    orphan = history.turn(child.id)
    assert orphan == replace(read, parent_id=None)
    assert orphan.context_gone
    assert not asked(history).context_gone


def test_a_parent_that_another_window_deletes_at_that_moment_does_not_lose_the_prompt(
    history: SqlHistory,
) -> None:
    parent = asked(history)
    history.delete_turn(parent.id)
    stored = history.begin_turn(replace(turn("Why?"), parent_id=parent.id, continued_answer_id=1))
    read = history.turn(stored.id)
    assert read is not None
    assert read.context_gone
