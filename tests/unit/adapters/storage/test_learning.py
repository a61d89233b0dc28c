"""Which votes teach the rule, which do not and why, and what the accountant sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.adapters.storage.history import SqlHistory
from app.domain.answer import AnswerState
from app.domain.conversation import Attachment
from app.domain.model import ModelRef, Role, price_per_million
from app.domain.money import Certainty, Cost, Money
from app.domain.turn import LedgerAnswer, LedgerTurn, TurnMode
from app.domain.vote import Choice, Reason, Vote, VoteKind
from tests.fakes.history_samples import CHEAP, FRONTIER, NOON, asked, ended, model, turn, waiting


def test_a_blind_vote_teaches_with_all_that_the_rule_may_know(history: SqlHistory) -> None:
    wanted = turn("x" * 25_000, matter="Acme", tags=("lease", "dates"))
    files = (
        Attachment("a.txt", "text/plain", "1234", "00", 4),
        Attachment("b.txt", "text/plain", "é\n", "01", 3),
    )
    begun = history.begin_turn(replace(wanted, prompt=replace(wanted.prompt, attachments=files)))
    for answer in begun.answers:
        history.finish_answer(ended(answer), ())
    history.add_vote(
        begun.id, Vote(Choice.FRONTIER, VoteKind.BLIND, (Reason.WRONG_CITATION, Reason.STYLE))
    )
    (lesson,) = history.lessons("pair-1")
    assert lesson.turn_id == begun.id
    assert lesson.text == "x" * 20_000
    assert (lesson.matter, lesson.tags, lesson.attachment_chars) == ("Acme", ("lease", "dates"), 6)
    assert (lesson.choice, lesson.kind, lesson.severity) == (Choice.FRONTIER, VoteKind.BLIND, 2.0)
    assert lesson.asked_at == NOON
    assert history.votes_left_out("pair-1") == {}


def test_lessons_come_oldest_first(history: SqlHistory) -> None:
    ids = [asked(history).id for _ in range(4)]
    for turn_id in reversed(ids):
        history.add_vote(turn_id, Vote(Choice.EQUAL, VoteKind.BLIND))
    assert [lesson.turn_id for lesson in history.lessons("pair-1")] == ids


def test_a_vote_changed_after_the_reveal_discredits_both(history: SqlHistory) -> None:
    stored = asked(history)
    history.add_vote(stored.id, Vote(Choice.CHEAP, VoteKind.BLIND))
    history.add_vote(stored.id, Vote(Choice.FRONTIER, VoteKind.CHANGED))
    assert history.lessons("pair-1") == []
    assert history.votes_left_out("pair-1") == {"changed after the reveal": 2}


@pytest.mark.parametrize("state", [s for s in AnswerState if s is not AnswerState.COMPLETE])
def test_nothing_is_learned_from_an_answer_that_is_not_complete(
    history: SqlHistory, state: AnswerState
) -> None:
    begun = history.begin_turn(turn(mode=TurnMode.OPEN))
    history.finish_answer(ended(begun.answers[0]), ())
    history.finish_answer(ended(begun.answers[1], "cut", state), ())
    history.add_vote(begun.id, Vote(Choice.CHEAP, VoteKind.OPEN))
    assert history.lessons("pair-1") == []
    assert history.votes_left_out("pair-1") == {"an answer was not complete": 1}


def routed(history: SqlHistory, model: Role) -> int:
    asked_of = CHEAP if model is Role.CHEAP else FRONTIER
    begun = history.begin_turn(turn(mode=TurnMode.ROUTED, answers=waiting(asked_of)))
    history.finish_answer(ended(begun.answers[0]), ())
    return begun.id


def test_a_vote_on_one_routed_answer_teaches_even_if_the_other_is_asked_later(
    history: SqlHistory,
) -> None:
    turn_id = routed(history, Role.CHEAP)
    history.add_vote(turn_id, Vote(Choice.NOT_GOOD_ENOUGH, VoteKind.SINGLE))
    added = history.add_answer(turn_id, waiting(FRONTIER)[0])
    history.set_mode(turn_id, TurnMode.OPEN)
    assert [lesson.choice for lesson in history.lessons("pair-1")] == [Choice.NOT_GOOD_ENOUGH]
    history.finish_answer(ended(added), ())
    history.add_vote(turn_id, Vote(Choice.FRONTIER, VoteKind.OPEN))
    assert [lesson.choice for lesson in history.lessons("pair-1")] == [Choice.NOT_GOOD_ENOUGH]
    assert history.votes_left_out("pair-1") == {"not the first vote on its prompt": 1}


def test_a_frontier_answer_judged_alone_never_counts_against_the_cheap_model(
    history: SqlHistory,
) -> None:
    turn_id = routed(history, Role.FRONTIER)
    history.add_vote(turn_id, Vote(Choice.NOT_GOOD_ENOUGH, VoteKind.SINGLE))
    assert history.lessons("pair-1") == []
    assert history.votes_left_out("pair-1") == {"on a frontier answer alone": 1}


def test_votes_bind_to_their_pair_and_practice_is_a_world_of_its_own(history: SqlHistory) -> None:
    for pair, practice in (("pair-1", False), ("pair-2", False), ("pair-p", True)):
        stored = asked(history, pair_key=pair, practice=practice)
        history.add_vote(stored.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    elsewhere = "cast on another pair"
    assert len(history.lessons("pair-1")) == 1
    assert history.votes_left_out("pair-1") == {elsewhere: 1}
    assert history.votes_left_out("pair-new") == {elsewhere: 2}
    assert history.votes_left_out("pair-p") == {}


def test_the_ledger_tells_costs_and_days_as_the_user_lived_them(history: SqlHistory) -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
    begun = history.begin_turn(turn(asked_at=late, offset_min=120, matter="Acme"))
    history.finish_answer(ended(begun.answers[0], cents="0.10"), ())
    unpriced = replace(ended(begun.answers[1]), cost=Cost.unknown(), price=None)
    history.finish_answer(unpriced, ())
    history.add_vote(begun.id, Vote(Choice.CHEAP, VoteKind.BLIND))
    early = history.begin_turn(
        turn(asked_at=datetime(2026, 4, 1, 3, 0, tzinfo=UTC), offset_min=-300, answers=())
    )
    asked(history, practice=True)
    first, second = history.ledger(practice=False)
    assert first == LedgerTurn(
        id=begun.id,
        local_day="2026-04-01",
        matter="Acme",
        mode=TurnMode.BLIND,
        pair_key="pair-1",
        practice=False,
        decided=False,
        choice=Choice.CHEAP,
        answers=(
            LedgerAnswer(
                role=Role.CHEAP,
                model="My cheap",
                vendor="Example",
                state="complete",
                cost=Cost(Money(Decimal("0.10")), Certainty.MEASURED),
                input_tokens=100,
                output_tokens=20,
                input_price="0.15",
                output_price="0.60",
                total_ms=1_900,
                first_token_ms=210,
            ),
            LedgerAnswer(
                role=Role.FRONTIER,
                model="My frontier",
                vendor="Example",
                state="complete",
                cost=Cost.unknown(),
                input_tokens=100,
                output_tokens=20,
                input_price=None,
                output_price=None,
                total_ms=1_900,
                first_token_ms=210,
            ),
        ),
        asked_at=late,
    )
    assert (second.id, second.local_day, second.answers) == (early.id, "2026-03-31", ())
    assert [entry.practice for entry in history.ledger(practice=True)] == [True]


def test_the_likely_length_goes_by_the_newest_complete_answers_of_any_version_of_the_model(
    history: SqlHistory,
) -> None:
    added = history.add_model(CHEAP)
    dearer = replace(added, price=price_per_million("1", "2"))
    other = model(Role.CHEAP, "Another")
    assert history.output_lengths(added, 0, 50) == []

    def answered(by: ModelRef, tokens: int, state: AnswerState = AnswerState.COMPLETE) -> None:
        done = ended(waiting(by)[0], state=state, output_tokens=tokens)
        history.begin_turn(turn(f"List {tokens} dates.", answers=(done,)))

    for tokens in (9_000, 100, 200):
        answered(added, tokens)
    answered(dearer, 300)  # a new price makes a new version, which writes as much as before
    answered(other, 77)
    answered(added, 50_000, AnswerState.TRUNCATED)
    found = history.output_lengths(added, 0, 3)
    assert [item.output_tokens for item in found] == [100, 200, 300]
    assert found[0].prompt_start == "List 100 dates."
    later = history.output_lengths(added, found[1].answer_id, 3)
    assert [item.output_tokens for item in later] == [300]
