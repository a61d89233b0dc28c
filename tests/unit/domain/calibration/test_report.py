"""The report's arithmetic: honest counts, honest verdicts, and what they mean for a hundred."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.answer import AnswerState
from app.domain.calibration.counting import Verdict, rows, verdict, votes_to_settle
from app.domain.calibration.hundred import next_hundred
from app.domain.calibration.item import Item
from app.domain.calibration.report import CalibrationReport, report_of
from app.domain.calibration.run import Run, RunState
from app.domain.calibration.sentences import caveats, done_words, hundred_sentences, spent_words
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.counts import interval
from app.domain.routing.groups import GroupKind
from app.domain.vote import Choice
from tests.fakes.calibrations import ANALYSE, DRAFT, EXTRACT, answered, cents, drafted, run_with
from tests.fakes.history_samples import NOON

GOOD, LOST, NEITHER = Choice.EQUAL, Choice.FRONTIER, Choice.NEITHER


def told(run: Run) -> CalibrationReport:
    return report_of(run, NOON + timedelta(days=1))


@pytest.mark.parametrize(
    ("good", "total", "says"),
    [
        (9, 9, Verdict.ENOUGH),
        (7, 8, Verdict.ENOUGH),
        (5, 6, Verdict.CANNOT_TELL),
        (2, 4, Verdict.CANNOT_TELL),
        (1, 4, Verdict.FRONTIER),
        (0, 0, Verdict.CANNOT_TELL),
        (4, 4, Verdict.CANNOT_TELL),
        (0, 3, Verdict.CANNOT_TELL),
        (30, 40, Verdict.CANNOT_TELL),
        (24, 40, Verdict.FRONTIER),
        (38, 40, Verdict.ENOUGH),
    ],
)
def test_a_verdict_claims_no_more_than_its_interval(good: int, total: int, says: Verdict) -> None:
    assert verdict(good, total) is says
    low, high = interval(good, total)
    if says is Verdict.ENOUGH:
        assert low >= 0.5
    elif says is Verdict.FRONTIER:
        assert high < 0.8


def test_a_better_count_never_gets_a_worse_verdict() -> None:
    order = [Verdict.FRONTIER, Verdict.CANNOT_TELL, Verdict.ENOUGH]
    for total in range(1, 61):
        said = [order.index(verdict(good, total)) for good in range(total + 1)]
        assert said == sorted(said)


def test_how_many_more_it_takes_is_told_only_where_it_is_open() -> None:
    assert votes_to_settle(5, 6) in range(1, 6)
    assert (votes_to_settle(3, 4) or 0) > (votes_to_settle(4, 4) or 0)
    report = told(run_with([(EXTRACT, [GOOD] * 9), (DRAFT, [GOOD, LOST])]))
    settled, open_row = report.rows
    assert settled.more is None
    assert settled.verdict_words() == "probably enough"
    assert open_row.verdict_words().startswith("cannot tell yet: about ")


def test_counts_are_by_kind_of_work_then_by_tag_and_neither_is_not_good() -> None:
    run = run_with([(EXTRACT, [GOOD] * 8 + [NEITHER]), (ANALYSE, [LOST] * 4 + [GOOD])])
    tagged = [
        replace(item, prompt=replace(item.prompt, tags=("schedule",))) for item in run.items[:2]
    ]
    found = rows((*tagged, *run.items[2:]))
    assert [(r.kind, r.label, r.good, r.total, r.neither) for r in found] == [
        (GroupKind.TASK, "Extraction", 8, 9, 1),
        (GroupKind.TASK, "Analysis", 1, 5, 0),
        (GroupKind.TAG, "Tagged schedule", 2, 2, 0),
    ]


def test_while_voting_goes_on_what_the_lot_has_not_reached_counts_for_nobody() -> None:
    report = told(run_with([(EXTRACT, [GOOD] * 10 + [None] * 10)]))
    assert (report.overall.good, report.overall.total, report.unvoted) == (10, 10, 0)
    assert report.waiting == 10
    assert any("has not reached 10 prompts" in said for said in caveats(report))


def test_once_the_voting_is_ended_every_prompt_without_a_vote_is_a_loss() -> None:
    run = replace(run_with([(EXTRACT, [GOOD] * 10 + [None] * 10)]), closed_at=NOON)
    report = told(run)
    assert (report.overall.good, report.overall.total, report.unvoted) == (10, 20, 10)
    assert report.overall.verdict is Verdict.FRONTIER
    assert any("10 never voted on" in said for said in caveats(report))
    assert any("without a vote counts against the cheap model" in said for said in caveats(report))


def test_a_skipped_a_failed_and_a_deleted_prompt_are_losses_at_once() -> None:
    run = run_with([(EXTRACT, [GOOD] * 6 + [None] * 4)])
    skipped = replace(run.items[6], skipped_at=NOON)
    sides = run.items[7].sides
    failed = replace(run.items[7], sides=(sides[0], replace(sides[1], state=AnswerState.FAILED)))
    deleted = replace(run.items[8], turn_id=None)
    run = replace(run, items=(*run.items[:6], skipped, failed, deleted, run.items[9]))
    report = told(run)
    assert (report.overall.good, report.overall.total, report.unvoted) == (6, 9, 3)
    said = " ".join(caveats(report))
    assert "1 put off, 1 without two whole answers and 1 deleted since" in said
    assert "can no longer be checked" in said


def test_the_next_hundred_in_money_is_what_these_prompts_cost() -> None:
    # 18 extractions at $0.01 and $0.20, 12 analyses likewise: extraction goes to cheap.
    run = run_with([(EXTRACT, [GOOD] * 18), (ANALYSE, [LOST] * 10 + [GOOD] * 2)])
    hundred = next_hundred(run.items)
    assert hundred is not None
    assert hundred.to_cheap == ("extraction",)
    assert hundred.sent == 60
    assert hundred.frontier == Money(Decimal(20))
    assert hundred.routed == Money(Decimal("8.6"))
    assert hundred.saved_low is not None
    assert hundred.saved_high is not None
    assert hundred.saved_low.amount < Decimal("11.4") < hundred.saved_high.amount
    assert (hundred.lost_low, hundred.lost_high) == (0, 10)
    (sending, losing, *_) = hundred_sentences(told(run))
    assert "would cost about $8.60 instead of about $20" in sending
    assert losing == "Between 0 and 10 of the hundred would have been better on the frontier."


def test_picking_the_kinds_of_work_on_the_same_votes_is_paid_for() -> None:
    # 9 of 10: judged by the other nine (all good) the lost one would have gone to cheap.
    run = run_with([(EXTRACT, [GOOD] * 9 + [LOST]), (ANALYSE, [LOST] * 10)])
    hundred = next_hundred(run.items)
    assert hundred is not None
    low, high = interval(1, 20)
    assert hundred.lost_low == int(low * 100)
    assert hundred.lost_high == int(high * 100) + 1
    # 4 of 5 does not go to cheap, yet the lost one alone would have: that counts too.
    near = next_hundred(run_with([(EXTRACT, [GOOD] * 5 + [LOST]), (ANALYSE, [LOST] * 14)]).items)
    assert near is not None
    assert near.to_cheap == ()
    assert near.lost_high > 0


def test_an_unvoted_prompt_is_lost_in_the_hundred_too() -> None:
    run = run_with([(EXTRACT, [GOOD] * 18 + [None] * 2)])
    kept = next_hundred(run.items)
    all_voted = next_hundred(run_with([(EXTRACT, [GOOD] * 20)]).items)
    assert kept is not None
    assert all_voted is not None
    assert kept.lost_high > all_voted.lost_high


def priced(item: Item, cheap: Cost, frontier: Cost) -> Item:
    first, second = answered(item).sides
    sides = (replace(first, cost=cheap), replace(second, cost=frontier))
    return replace(item, sides=sides)


def test_where_a_price_is_not_known_no_amount_is_claimed() -> None:
    run = run_with([(EXTRACT, [GOOD] * 20)])
    unpriced = tuple(priced(item, cents("0.01"), Cost.unknown()) for item in run.items)
    report = told(replace(run, items=unpriced))
    said = hundred_sentences(report)[0]
    assert "not every price is" in said
    assert "$" not in said
    assert "price not known" in spent_words(report)
    free = tuple(priced(item, Cost.free(), Cost.free()) for item in run.items)
    report = told(replace(run, items=free))
    assert "Neither model costs anything." in hundred_sentences(report)[0]
    assert spent_words(report) == "both models are free"
    mixed = tuple(
        priced(item, Cost(Money(Decimal(1), "CNY"), Certainty.MEASURED), cents("0.2"))
        for item in run.items
    )
    assert "not every price is" in hundred_sentences(told(replace(run, items=mixed)))[0]


def test_an_estimated_cost_is_marked() -> None:
    run = run_with([(EXTRACT, [GOOD] * 20)])
    guess = cents("0.2", Certainty.ESTIMATED)
    report = told(
        replace(run, items=tuple(priced(item, cents("0.01"), guess) for item in run.items))
    )
    assert "about ≈ $" in hundred_sentences(report)[0]
    assert "frontier ≈ $4.00" in spent_words(report)


def test_what_first_attempts_cost_is_in_what_was_spent() -> None:
    run = run_with([(EXTRACT, [GOOD] * 20)])
    cheap, frontier = run.items[0].sides
    twice = replace(frontier, earlier=(cents("0.07", Certainty.ESTIMATED),))
    run = replace(run, items=(replace(run.items[0], sides=(cheap, twice)), *run.items[1:]))
    report = told(run)
    assert report.spent.total == cents("4.27", Certainty.ESTIMATED)
    assert report.spent_cheap.total == cents("0.20")
    assert report.spent_frontier.total == cents("4.07", Certainty.ESTIMATED)


def test_nothing_is_said_without_votes_and_only_of_prompts_like_these() -> None:
    report = told(run_with([(EXTRACT, [None] * 20)]))
    assert report.hundred is None
    assert hundred_sentences(report) == ("No vote has been cast yet, so nothing can be said.",)
    voted = told(run_with([(EXTRACT, [GOOD] * 20)]))
    assert hundred_sentences(voted)[-1] == "Nothing here speaks for prompts of another kind."
    assert any("speaks only for prompts like these" in said for said in caveats(voted))
    assert done_words(voted) == "20 of your own prompts, answered by both, voted blind"


def test_a_report_never_says_that_something_was_asked_before_it_was() -> None:
    unstarted = told(drafted())
    said = " ".join(caveats(unstarted))
    assert "are fixed, and nothing has been asked yet" in said
    assert f"{unstarted.size} prompts will be asked in an order drawn by lot" in said
    assert "were asked" not in said
    paused = told(replace(drafted(), stored_state=RunState.PAUSED))
    assert "prompts are being asked in an order" in " ".join(caveats(paused))
    answers = told(run_with([(EXTRACT, [None] * 20)]))
    assert "were asked in an order drawn by lot, of both models, to be voted on" in " ".join(
        caveats(answers)
    )


def test_votes_cast_after_the_count_was_looked_at_are_told() -> None:
    run = run_with([(EXTRACT, [GOOD] * 20)])
    report = told(replace(run, seen_at=NOON + timedelta(minutes=2 * 15)))
    assert report.late_votes == 5
    assert any("5 votes were cast after" in said for said in caveats(report))


def test_the_models_are_named_with_the_versions_that_answered() -> None:
    report = told(run_with([(EXTRACT, [GOOD] * 20)]))
    assert (report.cheap.name, report.cheap.provider) == ("My cheap", "Example")
    assert report.cheap.served == ("cheap-1",)
    assert report.frontier.model == "frontier-1"
