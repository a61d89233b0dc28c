"""A calibration run over real sockets and a real file: asked once, stopped in time, voted blind."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pytest

from app.bootstrap import DATABASE
from app.domain.answer import AnswerState
from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.run import PauseReason, Run, RunState
from app.domain.conversation import prompt_of
from app.domain.errors import InputError
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.money import Certainty, Money
from app.domain.turn import HistoryQuery
from app.domain.vote import Choice, Reason, VoteKind
from app.services.container import Services
from tests.fakes.calibrating import (
    CHEAP,
    FRONTIER,
    RUN,
    Vendor,
    calibrating,
    counting_vendor,
    fixed,
    unheard,
)
from tests.fakes.calibrations import entries
from tests.fakes.fault_server import STALL, Reply
from tests.fakes.streams import anthropic_stream, openai_stream

ROOT = Path(__file__).parents[2]
RUNS = """
import asyncio, sys
from pathlib import Path
from app.bootstrap import open_services
async def main():
    services = open_services(Path(sys.argv[1]))
    await services.calibrations.run(sys.argv[2], lambda run: None)
    await services.close()
asyncio.run(main())
"""


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with counting_vendor() as running:
        yield running


def once_each(asked: Counter[str]) -> bool:
    return len(asked) == 24 and set(asked.values()) == {1}


# Before anything is sent


def test_the_review_tells_cost_range_limit_and_recipients_and_sends_nothing(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            review = await services.calibrations.review(
                (*entries(12), *entries(12, "Draft a letter", "Oak"))
            )
            assert review.missing == ""
            assert not review.free
            low, high, limit = review.low, review.high, review.limit
            assert low is not None
            assert high is not None
            assert limit is not None
            cheap, frontier = review.cheap.total.money, review.frontier.total.money
            assert cheap is not None
            assert frontier is not None
            assert low.amount < cheap.amount + frontier.amount < high.amount <= limit.amount
            assert [(r.matter, r.prompts, r.policy) for r in review.recipients] == [
                ("Larch", 12, "Any provider"),
                ("Oak", 12, "Any provider"),
            ]
            told = review.recipients[0].receivers
            assert told == (("Small", "Pebble AI"), ("Big", "Summit Labs"))
        assert vendor.server.requests == []

    asyncio.run(work())


def test_prompts_that_a_matter_keeps_from_either_model_are_left_out_before_fixing(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            only = SendingPolicy(PolicyKind.NAMED, frozenset({"Summit Labs"}))
            await services.matters.save("Oak", only)
            listed = (*entries(20), *entries(3, "Draft a letter", "oak"))
            review = await services.calibrations.review(listed)
            assert len(review.entries) == 20
            assert len(review.left_out) == 3
            assert "allows only Summit Labs" in review.left_out[0].reason
            assert "Pebble AI" in review.left_out[0].reason
            short = await services.calibrations.review(listed[4:])
            assert "choose 4 more" in short.missing
            with pytest.raises(InputError, match="takes 20 to 60"):
                await services.calibrations.fix("Too short", short, short.limit)

    asyncio.run(work())


def test_a_policy_that_is_tightened_after_fixing_still_holds(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            await services.matters.save("Larch", SendingPolicy(PolicyKind.THIS_COMPUTER))
            # The loopback server is this computer; a policy that names another vendor is not met.
            elsewhere = SendingPolicy(PolicyKind.NAMED, frozenset({"Elsewhere"}))
            await services.matters.save("Larch", elsewhere)
            run = await services.calibrations.run(RUN, unheard)
            assert run.answered == 0
            assert {side.state for item in run.items for side in item.sides} == {
                AnswerState.BLOCKED
            }
        assert vendor.server.requests == []

    asyncio.run(work())


def test_a_run_needs_a_limit_where_something_costs(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            review = await services.calibrations.review(entries(20))
            for limit in (None, Money(Decimal(0))):
                with pytest.raises(InputError, match="limit"):
                    await services.calibrations.fix(RUN, review, limit)

    asyncio.run(work())


# Running


def test_both_models_are_asked_each_prompt_once_and_blind(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> tuple[Run, list[Role]]:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            told: list[Run] = []
            run = await services.calibrations.run(RUN, told.append)
            assert told[-1] == run
            assert [r.answered for r in told] == sorted(r.answered for r in told)
            seats = []
            for item in run.items:
                assert item.turn_id is not None
                turn = await services.archive.show(item.turn_id)
                assert not turn.revealed
                assert turn.prompt == item.prompt
                assert turn.seating is not None
                seats.append(turn.seating.a)
            return run, seats

    run, seats = asyncio.run(work())
    assert run.state is RunState.ANSWERED
    assert run.answered == 24
    assert once_each(vendor.asked(CHEAP))
    assert once_each(vendor.asked(FRONTIER))
    assert set(seats) == set(Role)  # a fair coin shows one side 24 times in 8 million tries


def test_prompts_are_asked_in_the_order_of_the_lot(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> Run:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            return await services.calibrations.run(RUN, unheard)

    run = asyncio.run(work())
    turns = [item.turn_id for item in run.by_lot]
    assert turns == sorted(number for number in turns if number is not None)
    assert [item.place for item in run.by_lot] != [item.place for item in run.items]


def test_a_run_stops_before_its_limit_and_goes_on_when_it_is_raised(
    tmp_path: Path, vendor: Vendor
) -> None:
    dear = Reply.stream(anthropic_stream(["Long."], output_tokens=480))
    vendor.reply = lambda model, _prompt: dear if model == FRONTIER else None

    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            review = await services.calibrations.review(entries(24))
            a_third = Money(Decimal("0.25"))  # of what these answers come to
            await services.calibrations.fix(RUN, review, a_third)
            run = await services.calibrations.run(RUN, unheard)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.LIMIT
            assert "not asked yet" in run.pause.detail
            assert 0 < run.answered < 24
            report = await services.calibrations.outline(run)
            assert report.spent.total.money is not None
            assert report.spent.total.money.amount <= a_third.amount
            await services.calibrations.limit(RUN, Money(Decimal(50)))
            run = await services.calibrations.run(RUN, unheard)
            assert (run.state, run.answered) == (RunState.ANSWERED, 24)
        assert once_each(vendor.asked(CHEAP))
        assert once_each(vendor.asked(FRONTIER))

    asyncio.run(work())


def test_the_months_budget_holds_for_a_run_too(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await services.budgets.set("USD", "0.05", None)
            await fixed(services, limit=Money(Decimal(50)))
            run = await services.calibrations.run(RUN, unheard)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert "because of your budget" in run.pause.detail
            assert {item.state for item in run.items} == {ItemState.WAITING}
            assert vendor.server.requests == []
            await services.budgets.set("USD", "", None)
            run = await services.calibrations.run(RUN, unheard)
            assert run.answered == 24

    asyncio.run(work())


def test_a_paused_run_ends_what_is_being_answered_and_goes_on_later(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            running = asyncio.ensure_future(services.calibrations.run(RUN, unheard))
            while len(vendor.server.requests) < 9:
                await asyncio.sleep(0)
            await services.calibrations.pause(RUN)
            run = await running
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.USER
            assert not [i for i in run.items if i.state not in _ENDED], "something was cut off"
            assert run.answered < 24
            done = await services.calibrations.run(RUN, unheard)
            assert done.answered == 24
            with pytest.raises(InputError, match="has been answered"):
                await services.calibrations.run(RUN, unheard)
        assert once_each(vendor.asked(CHEAP))
        assert once_each(vendor.asked(FRONTIER))

    asyncio.run(work())


_ENDED = (ItemState.WAITING, ItemState.ANSWERED)


def test_only_one_run_of_a_list_at_a_time(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            running = asyncio.ensure_future(services.calibrations.run(RUN, unheard))
            while not vendor.server.requests:
                await asyncio.sleep(0)
            with pytest.raises(InputError, match="being answered just now"):
                await services.calibrations.run(RUN, unheard)
            with pytest.raises(InputError, match="Pause it first"):
                await services.calibrations.delete(RUN)
            await running

    asyncio.run(work())


def test_a_refused_key_pauses_at_once_instead_of_failing_all(
    tmp_path: Path, vendor: Vendor
) -> None:
    refused = Reply.error(401, {"error": {"message": "no"}})
    vendor.reply = lambda model, _prompt: refused if model == CHEAP else None

    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.PROBLEM
            assert "did not accept the API key" in run.pause.detail
            assert vendor.asked(CHEAP).total() <= 2
            vendor.reply = lambda _model, _prompt: None
            run = await services.calibrations.run(RUN, unheard)
            assert run.answered == 24
        # The frontier's answers that had come were not paid for twice.
        assert once_each(vendor.asked(FRONTIER))

    asyncio.run(work())


def test_passing_trouble_is_waited_out_and_then_asked_about(tmp_path: Path, vendor: Vendor) -> None:
    busy = Reply.error(529, {"error": {"message": "busy"}}, {"x-should-retry": "false"})
    vendor.reply = lambda model, _prompt: busy if model == FRONTIER else None

    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            services.calibrations._runner._waits_s = (0.01, 0.01, 0.01)
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.PROBLEM
            assert 3 <= vendor.asked(FRONTIER).total() <= 6
            vendor.reply = lambda _model, _prompt: None
            run = await services.calibrations.run(RUN, unheard)
            assert run.answered == 24
        assert once_each(vendor.asked(CHEAP))

    asyncio.run(work())


def test_a_side_that_failed_is_asked_once_more_later_and_the_other_is_not(
    tmp_path: Path, vendor: Vendor
) -> None:
    cut: Counter[str] = Counter()

    def sometimes(model: str, prompt: str) -> Reply | None:
        if model == FRONTIER and prompt.endswith(("clause 3.", "clause 4.")):
            cut[prompt] += 1
            if cut[prompt] == 1 or prompt.endswith("4."):
                return Reply.stream(anthropic_stream(["Half"], stop=None, done=False))
        return None

    vendor.reply = sometimes

    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            assert run.state is RunState.ANSWERED
            assert run.answered == 23
            healed = run.item(3)
            assert healed.state is ItemState.ANSWERED
            earlier = healed.sides[1].earlier
            assert [cost.certainty for cost in earlier] == [Certainty.ESTIMATED]
            lost = run.item(4)
            assert lost.state is ItemState.INCOMPLETE
            assert not lost.sides[1].may_ask_again
            with pytest.raises(InputError, match="has been answered"):
                await services.calibrations.run(RUN, unheard)
        assert once_each(vendor.asked(CHEAP))
        frontier = vendor.asked(FRONTIER)
        assert frontier.total() == 26
        assert set(frontier.values()) == {1, 2}

    asyncio.run(work())


def _half_answered(item: Item) -> bool:
    return [side.state for side in item.sides] == [AnswerState.STREAMING, AnswerState.COMPLETE]


def test_closing_half_way_keeps_what_came_and_the_next_start_goes_on(
    tmp_path: Path, vendor: Vendor
) -> None:
    stuck = Reply.stream([*openai_stream(["Half"], finish=None, done=False), STALL])
    vendor.reply = lambda model, prompt: (
        stuck if model == CHEAP and len(vendor.server.requests) > 20 else None
    )

    async def first() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            await services.calibrations.start(RUN)
            while True:
                run = await services.calibrations.named(RUN)
                asking = [item for item in run.items if item.state is ItemState.ASKING]
                if len(asking) == 2 and all(_half_answered(item) for item in asking):
                    return
                await asyncio.sleep(0.005)

    async def second() -> Run:
        vendor.reply = lambda _model, _prompt: None
        async with calibrating(tmp_path) as services:
            run = await services.calibrations.named(RUN)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.APP_ENDED
            assert run.answered > 0
            return await services.calibrations.run(RUN, unheard)

    asyncio.run(first())
    run = asyncio.run(second())
    assert run.answered == 24
    assert once_each(vendor.asked(FRONTIER))
    assert max(vendor.asked(CHEAP).values()) == 2


def test_stopping_an_answer_in_compare_leaves_the_run_alone(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            running = asyncio.ensure_future(services.calibrations.run(RUN, unheard))
            while len(vendor.server.requests) < 5:
                await asyncio.sleep(0)
            services.asking.stop()
            run = await running
            assert run.answered == 24

    asyncio.run(work())


def test_a_run_that_is_killed_half_way_goes_on_and_asks_nothing_twice(
    tmp_path: Path, vendor: Vendor
) -> None:
    """kill -9 in the middle: what was whole is kept, what broke off is asked once more."""
    slow_openai = Reply.stream([openai_stream(["Half"])[0], 0.05, *openai_stream(["Half"])[1:]])
    slow_anthropic = Reply.stream(
        [*anthropic_stream(["Half"])[:3], 0.05, *anthropic_stream(["H"])[3:]]
    )
    vendor.reply = lambda model, _prompt: slow_openai if model == CHEAP else slow_anthropic

    async def prepare() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)

    asyncio.run(prepare())
    program = subprocess.Popen([sys.executable, "-c", RUNS, str(tmp_path), RUN], cwd=ROOT)
    try:
        assert vendor.server.wait_requests(21, 60)
    finally:
        program.kill()
        program.wait(10)
    asked_before = vendor.asked(CHEAP) + vendor.asked(FRONTIER)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as file:
        tied = file.execute("select count(*) from calibration_item where turn_id is not null")
        turns = file.execute("select count(*) from turn")
        assert tied.fetchone() == turns.fetchone()
        whole = dict(
            file.execute(
                "select prompt.text || answer.role, answer.state from answer"
                " join prompt using (turn_id) where answer.state = 'complete'"
            ).fetchall()
        )
    assert whole
    assert asked_before.total() >= 21
    vendor.reply = lambda _model, _prompt: None

    async def resume() -> Run:
        async with calibrating(tmp_path) as services:
            run = await services.calibrations.named(RUN)
            assert run.state is RunState.PAUSED
            assert run.pause is not None
            assert run.pause.reason is PauseReason.APP_ENDED
            broken_off = [item for item in run.items if item.state is ItemState.INCOMPLETE]
            assert len(broken_off) <= 2
            return await services.calibrations.run(RUN, unheard)

    run = asyncio.run(resume())
    assert (run.state, run.answered) == (RunState.ANSWERED, 24)
    for model, role in ((CHEAP, "cheap"), (FRONTIER, "frontier")):
        asked = vendor.asked(model)
        assert len(asked) == 24
        for prompt, times in asked.items():
            # Only what had broken off was asked once more, and never a second time more.
            assert times == 1 if f"{prompt}{role}" in whole else times <= 2
    again = [side for item in run.items for side in item.sides if side.earlier]
    assert len(again) <= 4
    for side in again:
        assert len(side.earlier) == 1
        assert side.earlier[0].certainty is Certainty.ESTIMATED
        assert side.earlier[0].money is not None
        assert side.earlier[0].money.amount > 0


# Voting


async def answered(services: Services) -> Run:
    await fixed(services)
    return await services.calibrations.run(RUN, unheard)


def test_a_ballot_tells_nothing_that_could_tell_the_models_apart(
    tmp_path: Path, vendor: Vendor
) -> None:
    vendor.reply = lambda model, _prompt: (
        Reply.stream(openai_stream(["Yes."], reasoning=["Pebble thinks"]))
        if model == CHEAP
        else Reply.stream(anthropic_stream(["No."], thinking=["Summit thinks"]))
    )

    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await answered(services)
            ballot = await services.calibrations.next_ballot(RUN)
            assert ballot is not None
            told = repr(asdict(ballot)).casefold()
            for word in ("small", "big", "pebble", "summit", "fake-1", "cost", "token", "cheap",
                         "frontier", "thinks"):  # fmt: skip
                assert word not in told, word
            assert {ballot.a, ballot.b} == {"Yes.", "No."}
            assert ballot.progress() == "0 of 24, about 52 minutes"

    asyncio.run(work())


def test_every_prompt_is_voted_on_once_by_the_lot_and_the_votes_are_blind(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            run = await answered(services)
            places = []
            while (ballot := await services.calibrations.next_ballot(RUN)) is not None:
                places.append(ballot.place)
                word = "a" if ballot.a.startswith("Frontier") else "equal"
                run = await services.calibrations.vote(
                    RUN, ballot.place, word, (Reason.MISSED_POINT,)
                )
            assert places == [item.place for item in run.by_lot]
            assert run.state is RunState.VOTING
            report = await services.calibrations.report(RUN)
            assert report.state is RunState.DONE
            assert report.closed_at is not None
            lost = sum(item.vote is not None and item.vote.choice is Choice.FRONTIER
                       for item in run.items)  # fmt: skip
            assert report.overall.good == 24 - lost
            kinds = {item.vote.kind for item in run.items if item.vote is not None}
            assert kinds == {VoteKind.BLIND}
            pair = await services.models.pair()
            lessons = await services.store(lambda history: history.lessons(pair.key))
            assert len(lessons) == 24
            with pytest.raises(InputError, match="has ended"):
                await services.calibrations.next_ballot(RUN)
            with pytest.raises(InputError, match="has ended"):
                await services.calibrations.vote(RUN, 1, "a")

    asyncio.run(work())


def test_a_skipped_prompt_comes_again_at_the_end(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await answered(services)
            first = await services.calibrations.next_ballot(RUN)
            assert first is not None
            await services.calibrations.skip(RUN, first.place)
            seen = []
            while (ballot := await services.calibrations.next_ballot(RUN)) is not None:
                seen.append(ballot.place)
                await services.calibrations.vote(RUN, ballot.place, "neither")
            assert seen[-1] == first.place
            assert len(seen) == 24

    asyncio.run(work())


def test_only_the_last_vote_can_be_corrected_and_stays_blind(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            run = await answered(services)
            first, second = run.by_lot[:2]
            await services.calibrations.vote(RUN, first.place, "a")
            await services.calibrations.vote(RUN, second.place, "b")
            with pytest.raises(InputError, match="has its vote already"):
                await services.calibrations.vote(RUN, first.place, "b")
            again = await services.calibrations.last_ballot(RUN)
            assert again is not None
            assert (again.place, again.cast) == (second.place, "b")
            run = await services.calibrations.vote(RUN, second.place, "equal")
            vote = run.item(second.place).vote
            assert vote is not None
            assert (vote.choice, vote.kind) == (Choice.EQUAL, VoteKind.BLIND)
            assert run.voted == 2
            assert second.turn_id is not None
            turn = await services.archive.show(second.turn_id)
            assert len(turn.votes) == 2  # every vote is kept

    asyncio.run(work())


def test_ending_early_counts_what_has_no_vote_against_the_cheap_model(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            run = await answered(services)
            for item in run.by_lot[:10]:
                await services.calibrations.vote(RUN, item.place, "equal")
            so_far = await services.calibrations.report(RUN)
            assert (so_far.overall.good, so_far.overall.total) == (10, 10)
            assert so_far.seen_at is not None
            await services.calibrations.vote(RUN, run.by_lot[10].place, "equal")
            await services.calibrations.end_voting(RUN)
            report = await services.calibrations.report(RUN)
            assert (report.overall.good, report.overall.total) == (11, 24)
            assert report.late_votes == 1

    asyncio.run(work())


def test_a_bad_vote_and_an_unanswered_prompt_get_a_sentence(tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            with pytest.raises(InputError, match="two whole answers"):
                await services.calibrations.vote(RUN, 1, "a")
            with pytest.raises(InputError, match="Nothing of"):
                await services.calibrations.end_voting(RUN)
            await services.calibrations.run(RUN, unheard)
            with pytest.raises(InputError, match="is not a vote"):
                await services.calibrations.vote(RUN, 1, "cheap")

    asyncio.run(work())


# Choosing from one's own history


def test_ones_own_past_prompts_are_offered_newest_first_and_once(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            for text in ("First?", "Second?", "first?", "Third?"):
                asked = prompt_of(text, "Larch", ("t",))
                await services.comparisons.compare(asked, lambda _event: None)
            found = await services.calibrations.newest(10)
            assert [item.text for item in found.found] == ["Third?", "first?", "Second?"]
            assert found.found[0].matter == "Larch"
            assert found.found[0].tags == ("t",)
            assert len((await services.calibrations.newest(2)).found) == 2
            picked = await services.calibrations.of_history([2])
            assert picked.found[0].text == "Second?"
            assert picked.found[0].source == "History, no. 2"

    asyncio.run(work())


def test_what_a_run_costs_agrees_with_history_and_savings_to_the_cent(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            run = await answered(services)
            report = await services.calibrations.outline(run)
            money = report.spent.total.money
            assert money is not None
            savings = await services.reports.savings(practice=False)
            assert savings.main.exact.paid == money.amount
            page = await services.archive.page(HistoryQuery())
            listed = [cost.money.amount for row in page.rows for cost in row.costs if cost.money]
            assert sum(listed) == money.amount

    asyncio.run(work())


async def deleting(services: Services, turn_id: int) -> str:
    turn = await services.archive.show(turn_id)
    return await services.rules.deleting(await services.models.pair(), turn)


def test_what_a_deleted_prompt_of_a_run_does_is_told_and_true(
    tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            item = run.by_lot[0]
            assert item.turn_id is not None
            await services.calibrations.vote(RUN, item.place, "equal")
            told = await deleting(services, item.turn_id)
            assert "on the list of a calibration run" in told
            assert "counts against the cheap model, as a prompt without a vote does" in told
            before = await services.calibrations.outline(await services.calibrations.named(RUN))
            assert (before.overall.good, before.overall.total) == (1, 1)
            await services.archive.delete(item.turn_id)
            after = await services.calibrations.outline(await services.calibrations.named(RUN))
            assert (after.overall.good, after.overall.total, after.unvoted) == (0, 1, 1)
            pair = await services.models.pair()
            lessons = await services.store(lambda history: history.lessons(pair.key))
            (lost,) = [lesson for lesson in lessons if lesson.place == item.order]
            assert (lost.text, lost.counts_as_loss) == ("", True)
            assert lost.settled is not None

    asyncio.run(work())
