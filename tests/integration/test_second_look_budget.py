"""A second look against the budget: all that it may ask counts before anything is sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.answer import AnswerState
from app.domain.budget import Budget, BudgetReachedError, Limit, OverBudget
from app.domain.conversation import prompt_of
from app.domain.model import Role
from app.domain.turn import HistoryQuery, Turn
from app.services.ask import BesideSettled, Decided, TurnEvent
from app.services.budget import SETTING, written
from app.services.container import Services
from tests.fakes.fault_server import FaultServer, Reply
from tests.fakes.looks import sentence
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, Stage
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering, wired
from tests.fakes.working import on

PROMPT = "By what date must notice be served under clause 14.2?"
# Two cheap answers of 2,000 tokens cost up to $0.002, the frontier's up to $0.15.
BETWEEN, PLENTY = "0.01", "1"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    replies = {
        CHEAP.model: Reply.stream(openai_stream(["18 March"])),
        SECOND.model: Reply.stream(openai_stream(["8 March"])),
        FRONTIER.model: Reply.stream(anthropic_stream(["18 March."])),
    }

    with answering(replies) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, server: FaultServer) -> Stage:
    return wired(tmp_path, server, SECOND)


def quiet(_event: TurnEvent) -> None:
    """Hear nothing."""


def asked(most: str, over: OverBudget) -> Callable[[Services], Awaitable[Turn]]:
    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", None, most)
        return await services.router.ask(prompt_of(PROMPT), quiet, over)

    return work


def test_a_frontier_that_may_be_asked_afterwards_is_asked_about_first(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> tuple[BudgetReachedError, int]:
        with pytest.raises(BudgetReachedError) as reached:
            await asked(BETWEEN, OverBudget.ASK)(services)
        return reached.value, (await services.archive.page(HistoryQuery())).matching

    reached, stored = on(stage, work)
    question = reached.question
    assert [item.model.name for item in question.planned] == [
        CHEAP.name, SECOND.name, FRONTIER.name,
    ]  # fmt: skip
    (passed,) = question.passed
    assert passed.low.amount < Decimal("0.001"), "if they agree, the frontier costs nothing"
    assert passed.high.amount > Decimal("0.15")
    assert question.cheap_alone is not None
    assert question.cheap_alone.model.name == CHEAP.name
    assert (stored, server.requests) == (0, [])


def test_blocked_by_the_budget_nothing_is_sent_and_the_turn_says_so(
    stage: Stage, server: FaultServer
) -> None:
    turn = on(stage, asked(BETWEEN, OverBudget.BLOCK))
    assert server.requests == []
    assert [answer.role for answer in turn.answers] == [Role.CHEAP]
    assert [a.state for a in (*turn.answers, *turn.beside)] == [AnswerState.BLOCKED] * 2
    assert turn.decision is not None
    assert not turn.decision.looked
    assert sentence(turn).startswith("No second look was taken")
    kept = on(stage, lambda services: services.archive.show(turn.id))
    assert sentence(kept) == sentence(turn)


@pytest.mark.parametrize(("most", "over"), [(BETWEEN, OverBudget.SEND), (PLENTY, OverBudget.ASK)])
def test_allowed_or_within_the_limit_all_three_are_asked(
    stage: Stage, server: FaultServer, most: str, over: OverBudget
) -> None:
    turn = on(stage, asked(most, over))
    assert len(server.requests) == 3
    assert turn.standing is not None
    assert turn.standing.role is Role.FRONTIER
    assert turn.standing.complete
    assert turn.standing.held is None


def test_a_spot_check_counts_all_three_as_certain(stage: Stage, server: FaultServer) -> None:
    async def work(services: Services) -> BudgetReachedError:
        with pytest.raises(BudgetReachedError) as reached:
            await asked(BETWEEN, OverBudget.ASK)(services)
        return reached.value

    reached = on(replace(stage, lot=0.01), work)
    names = [item.model.name for item in reached.question.planned]
    assert sorted(names) == sorted([CHEAP.name, FRONTIER.name, SECOND.name])
    assert reached.question.passed[0].low.amount > Decimal("0.005")
    assert server.requests == []


def test_room_that_is_used_up_meanwhile_keeps_both_cheap_answers_and_sends_no_more(
    stage: Stage, server: FaultServer
) -> None:
    decided: list[Decided] = []

    def hear(event: TurnEvent) -> None:
        match event:
            case BesideSettled():
                lower_the_limit(stage)
            case Decided():
                decided.append(event)
            case _:
                pass

    async def work(services: Services) -> Turn:
        await services.budgets.set("USD", PLENTY, None)
        turn = await services.router.ask(prompt_of(PROMPT), hear)
        kept = await services.archive.show(turn.id)
        assert sentence(kept) == sentence(turn)
        return turn

    turn = on(stage, work)
    assert len(server.requests) == 2
    assert turn.standing is not None
    assert turn.standing.role is Role.FRONTIER
    assert turn.standing.state is AnswerState.BLOCKED
    assert turn.standing.problem is not None
    assert turn.standing.problem.kind == "budget_reached"
    cheap = turn.answer(Role.CHEAP)
    assert cheap is not None
    assert (cheap.text, turn.beside[0].text) == ("18 March", "8 March")
    assert sentence(turn) == (
        "The two cheap models differ (18 March, 8 March), so the frontier was to be asked; "
        "it was not."
    )
    assert [event.goes_on for event in decided] == [True, False]


def lower_the_limit(stage: Stage) -> None:
    """Leave a month so little room that the frontier would pass it."""
    connection = sqlite3.connect(stage.folder / "counterpart.db", timeout=10)
    try:
        limit = written(Budget((Limit("USD", Decimal(BETWEEN), None),)))
        found = connection.execute("update setting set value = ? where name = ?", (limit, SETTING))
        assert found.rowcount == 1
        connection.commit()
    finally:
        connection.close()
