"""A limit is held where the sending is: it asks, it never drops and never sends unasked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.budget import BudgetReachedError, OverBudget
from app.domain.conversation import Prompt
from app.domain.errors import InputError
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.money import Money
from app.domain.routing.decision import Basis
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.services.container import Services
from app.services.send import Stop
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.working import on

PROMPT = Prompt("May the tenant sublet?")


def quiet(_event: object) -> None:
    """Hear nothing."""


def answering(folder: Path) -> Stage:
    stage = Stage(folder)
    for script in (stage.cheap, stage.frontier):
        script.says("Yes.")
        script.finishes(out=10)
    return stage


async def compared(services: Services, over: OverBudget = OverBudget.ASK) -> Turn:
    return await services.comparisons.compare(PROMPT, quiet, blind=False, over=over)


def test_without_a_limit_nothing_is_reckoned_and_nothing_is_held(tmp_path: Path) -> None:
    turn = on(answering(tmp_path), compared)
    assert [answer.held for answer in turn.answers] == [None, None]
    assert all(answer.complete for answer in turn.answers)


def test_reaching_a_limit_asks_before_anything_is_stored_or_sent(tmp_path: Path) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> int:
        await services.budgets.set("USD", "0.01", None)
        with pytest.raises(BudgetReachedError) as reached:
            await compared(services)
        # 4 words in; 2,000 tokens out at 0.40 and 75 dollars a million.
        assert [item.high for item in reached.value.question.passed] == [
            Money(Decimal("0.15086040"))
        ]
        return (await services.archive.page(HistoryQuery())).matching

    assert on(stage, work) == 0
    assert (stage.cheap.requests, stage.frontier.requests) == ([], [])


def test_where_nobody_can_be_asked_the_prompt_is_kept_and_both_sides_say_why(
    tmp_path: Path,
) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", None, "0.01")
        turn = await compared(services, OverBudget.BLOCK)
        return await services.archive.show(turn.id)

    kept = on(stage, work)
    assert kept.prompt.text == PROMPT.text
    assert [answer.state for answer in kept.answers] == [AnswerState.BLOCKED] * 2
    assert {answer.problem.kind for answer in kept.answers if answer.problem} == {"budget_reached"}
    assert {answer.state_in_words() for answer in kept.answers} == {"not sent: budget reached"}
    assert [answer.cost.money for answer in kept.answers] == [Money(Decimal(0))] * 2
    assert stage.frontier.requests == []


def test_who_was_asked_and_said_yes_is_sent_and_counted(tmp_path: Path) -> None:
    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", "0.0001", "0.0001")
        turn = await compared(services, OverBudget.SEND)
        month = await services.budgets.month()
        paid = sum(answer.cost.money.amount for answer in turn.answers if answer.cost.money)
        assert month.in_currency("USD").measured == paid
        return await services.archive.show(turn.id)

    kept = on(answering(tmp_path), work)
    assert all(answer.complete for answer in kept.answers)
    assert [answer.held for answer in kept.answers] == [None, None]


def test_two_prompts_in_flight_cannot_jointly_pass_a_limit(tmp_path: Path) -> None:
    stage = Stage(tmp_path)  # nobody answers yet: both prompts stay in flight

    async def work(services: Services) -> list[str]:
        # Room for one comparison at its high end (0.15086), not for two.
        await services.budgets.set("USD", "0.2", None)
        asking = [asyncio.ensure_future(compared(services)) for _ in range(2)]
        done, going = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        (refused,), (sent,) = done, going
        held = (await services.budgets.month()).in_currency("USD").held
        assert held == Decimal("0.15086040")
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes(out=10)
        await sent
        assert (await services.budgets.month()).in_currency("USD").held == 0
        # What the first one really cost leaves room for the next.
        for script in (stage.cheap, stage.frontier):
            script.finishes(out=10)
        await compared(services)
        return [type(refused.exception()).__name__]

    assert on(stage, work) == ["BudgetReachedError"]


def test_a_side_that_the_matters_policy_blocks_is_not_reckoned(tmp_path: Path) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", "0.01", None)
        only = SendingPolicy(PolicyKind.NAMED, frozenset({CHEAP.vendor}))
        await services.matters.save("Larch", only)
        prompt = replace(PROMPT, matter="Larch")
        return await services.comparisons.compare(prompt, quiet)

    turn = on(stage, work)
    assert [answer.state for answer in turn.answers] == [AnswerState.COMPLETE, AnswerState.BLOCKED]
    assert turn.answers[1].problem is not None
    assert turn.answers[1].problem.kind == "blocked_by_policy"


def test_asking_the_cheap_one_only_is_one_answer_that_says_why(tmp_path: Path) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", "0.01", None)
        return await services.comparisons.ask_one(PROMPT, Role.CHEAP, quiet)

    turn = on(stage, work)
    assert [answer.role for answer in turn.answers] == [Role.CHEAP]
    assert turn.mode is TurnMode.ROUTED
    assert turn.decision is not None
    assert turn.decision.basis is Basis.CHOSEN
    assert stage.frontier.requests == []


def test_asking_the_frontier_too_is_held_against_the_budget_and_leaves_the_turn_as_it_was(
    tmp_path: Path,
) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> Turn:
        first = await services.comparisons.ask_one(PROMPT, Role.CHEAP, quiet)
        await services.budgets.set("USD", "0.01", None)
        with pytest.raises(BudgetReachedError):
            await services.router.ask_other(first.id, quiet)
        kept = await services.archive.show(first.id)
        assert (kept.mode, len(kept.answers)) == (TurnMode.ROUTED, 1)
        await services.router.ask_other(first.id, quiet, OverBudget.SEND)
        return await services.archive.show(first.id)

    turn = on(stage, work)
    assert (turn.mode, len(turn.answers)) == (TurnMode.OPEN, 2)


def test_whoever_sends_without_a_plan_is_checked_all_the_same(tmp_path: Path) -> None:
    stage = answering(tmp_path)

    async def work(services: Services) -> Answer:
        await services.budgets.set("USD", "0.01", None)
        frontier = (await services.models.pair()).frontier
        sender = services.models._sender
        sent = await sender.send(
            PROMPT, Matter("Larch"), Answer(Role.FRONTIER, frontier), quiet, Stop()
        )
        return sent.answer

    answer = on(stage, work)
    assert answer.state is AnswerState.BLOCKED
    assert answer.problem is not None
    assert answer.problem.kind == "budget_reached"
    assert stage.frontier.requests == []


def test_a_limit_in_another_currency_never_stops_a_dollar(tmp_path: Path) -> None:
    async def work(services: Services) -> Turn:
        await services.budgets.set("CNY", "0", "0")
        return await compared(services)

    assert all(answer.complete for answer in on(answering(tmp_path), work).answers)


def test_limits_are_kept_changed_one_by_one_and_taken_away(tmp_path: Path) -> None:
    async def work(services: Services) -> None:
        await services.budgets.set("usd", "20", "0,50")
        limit = (await services.budgets.set("USD", "30", None)).limit("USD")
        assert (limit.month, limit.prompt) == (Decimal(30), Decimal("0.50"))
        assert (await services.budgets.load()).limit("USD") == limit
        await services.budgets.set("USD", "", "")
        assert (await services.budgets.load()).limits == ()
        for typed in ("lots", "-1"):
            with pytest.raises(InputError, match="cannot be used"):
                await services.budgets.set("USD", typed, None)

    on(Stage(tmp_path), work)


def test_the_month_is_the_users_own(tmp_path: Path) -> None:
    # The clock of the stage stands in March, an hour east of UTC.
    async def work(services: Services) -> tuple[str, str, str]:
        name, start, end = services.budgets._period()
        return name, start.isoformat(), end.isoformat()

    assert on(Stage(tmp_path), work) == (
        "2026-03", "2026-02-28T23:00:00+00:00", "2026-03-31T23:00:00+00:00",
    )  # fmt: skip


def test_an_answer_that_broke_off_unheard_is_estimated_from_what_was_kept(
    tmp_path: Path,
) -> None:
    async def work(services: Services) -> Answer:
        pair = await services.models.pair()
        held = Money(Decimal(1))
        broken = Answer(
            Role.CHEAP, pair.cheap, AnswerState.INCOMPLETE, "three words came", held=held
        )
        return await services.models._sender.estimated(PROMPT, broken)

    answer = on(Stage(tmp_path), work)
    assert answer.cost.estimated
    assert answer.cost.money == Money((4 * Decimal("0.10") + 3 * Decimal("0.40")) / 1_000_000)
    assert (answer.price, answer.held) == (CHEAP.price, None)


# Own prices


def test_a_new_price_of_ones_own_leaves_old_answers_and_the_pair_as_they_were(
    tmp_path: Path,
) -> None:
    async def work(services: Services) -> None:
        turn = await compared(services)
        cheap = (await services.models.pair()).cheap
        dearer = await services.models.set_price(cheap, "7", "9", "0.7")
        assert dearer.price is not None
        assert dearer.price.as_of is not None
        assert (await services.models.pair()).cheap == dearer
        assert (await services.models.pair()).key == turn.pair_key, "votes still count for it"
        kept = await services.archive.show(turn.id)
        assert kept.answers[0].cost == turn.answers[0].cost
        assert kept.answers[0].price == CHEAP.price
        pair = await services.pricing.pair(dearer)
        assert (pair.own, pair.listed) == (dearer.price, None)
        back = await services.models.use_list_price(dearer)
        assert back.price is None
        with pytest.raises(InputError, match="cannot be used"):
            await services.models.set_price(back, "free", "1")

    on(answering(tmp_path), work)


# What is likely


def test_the_range_comes_from_the_users_own_answers_once_there_are_enough(
    tmp_path: Path,
) -> None:
    stage = Stage(tmp_path)

    async def work(services: Services) -> None:
        pair = await services.models.pair()
        before = await services.estimates.estimate(PROMPT, pair)
        assert before.likely_frontier.lengths.answers == 0
        for tokens in range(100, 700, 100):
            for script in (stage.cheap, stage.frontier):
                script.says("Yes.")
                script.finishes(out=tokens)
            await compared(services)
        after = await services.estimates.estimate(PROMPT, pair)
        lengths = after.likely_frontier.lengths
        assert (lengths.low, lengths.middle, lengths.high, lengths.answers) == (150, 350, 550, 6)
        # 4 words in at 15 dollars a million, 150 to 550 tokens out at 75.
        assert after.likely_frontier.low == Money(Decimal("0.01131"))
        assert after.likely_frontier.high == Money(Decimal("0.04131"))
        assert after.frontier.money == Money(Decimal("0.02631"))
        # A new price is a new version of the model, and writes as much as the old one.
        dearer = await services.models.set_price(pair.frontier, "15", "750")
        told = await services.estimates.likely(PROMPT, dearer)
        assert told.lengths == lengths
        assert told.high == Money(Decimal("0.41256"))

    on(stage, work)
    assert FRONTIER.price is not None
