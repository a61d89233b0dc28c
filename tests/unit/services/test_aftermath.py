"""After a crash: the cost of what nobody heard the end of is estimated once, or stays unknown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import prompt_of
from app.domain.model import ModelRef, Pair, Role
from app.domain.money import Certainty, Cost, Money, Price
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.services.aftermath import reckon
from app.services.container import Services
from app.services.ports.history import History
from app.services.thread import thread_of
from tests.fakes.scripted import CHEAP, FRONTIER, Stage

NOW = datetime.now(UTC)
HELD = Money(Decimal("0.5"))
FIRST = "May the tenant sublet?"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def services(stage: Stage) -> Iterator[Services]:
    services = stage.open()
    yield services
    asyncio.run(services.close())


def ask(
    history: History,
    text: str = FIRST,
    models: tuple[ModelRef, ...] = (CHEAP, FRONTIER),
    *,
    said: str = "three words came",
    **changes: object,
) -> Turn:
    """Store a turn whose answers are still arriving."""
    answers = tuple(Answer(model.role, model, sent_at=NOW, held=HELD) for model in models)
    turn = Turn(
        prompt_of(text, "Larch"), TurnMode.BLIND, Pair(CHEAP, FRONTIER).key,
        practice=models[0].practice, asked_at=NOW, seating=Seating(Role.CHEAP), answers=answers,
    )  # fmt: skip
    begun = history.begin_turn(replace(turn, **changes))  # type: ignore[arg-type]
    for answer in begun.answers:
        history.save_partial(answer.id, said, "")
    return begun


def reopened(stage: Stage, services: Services, turn: Turn) -> tuple[Turn, int]:
    """Open the history as bootstrap does, after its program died."""
    history = stage.history()
    number = history.recover()
    if number:
        reckon(history, services.models._sender._billing)
    found = history.turn(turn.id)
    history.close()
    assert found is not None
    return found, number


def test_the_cost_of_a_lost_answer_is_estimated_and_never_called_measured(
    stage: Stage, services: Services
) -> None:
    history = stage.history()
    begun = ask(history)
    history.close()
    found, number = reopened(stage, services, begun)
    assert number == 2
    for answer, model in zip(found.answers, (CHEAP, FRONTIER), strict=True):
        assert answer.state is AnswerState.INCOMPLETE
        assert answer.problem is not None
        assert answer.problem.kind == "app_ended"
        assert model.price is not None
        read, written = model.price.input_per_million, model.price.output_per_million
        assert read is not None
        assert written is not None
        worth = Money((4 * read + 3 * written) / 10**6)
        assert answer.cost == Cost(worth, Certainty.ESTIMATED)
        assert (answer.price, answer.held) == (model.price, None)
    again, number = reopened(stage, services, begun)
    assert (again, number) == (found, 0)


def test_history_savings_and_budget_then_agree(stage: Stage, services: Services) -> None:
    history = stage.history()
    begun = ask(history)
    history.close()
    found, _ = reopened(stage, services, begun)
    paid = sum(answer.cost.money.amount for answer in found.answers if answer.cost.money)
    history = stage.history()
    month = history.spending("now", NOW - timedelta(days=1), NOW + timedelta(days=1))
    (entry,) = history.ledger(practice=False)
    history.close()
    spent = month.in_currency("USD")
    assert [spent.measured, spent.estimated, spent.held] == [0, paid, 0]
    assert month.unseen == 0
    assert [answer.cost for answer in entry.answers] == [answer.cost for answer in found.answers]
    savings = asyncio.run(services.reports.savings(practice=False))
    assert savings.main.exact.paid_estimated == paid
    assert savings.main.exact.paid_measured == 0


def test_a_cost_without_a_known_price_stays_unknown_and_what_was_held_still_counts(
    stage: Stage, services: Services
) -> None:
    unknown = replace(CHEAP, price=None)
    history = stage.history()
    begun = ask(history, models=(unknown, FRONTIER))
    history.close()
    found, _ = reopened(stage, services, begun)
    cheap, frontier = found.answers
    assert (cheap.state, cheap.cost, cheap.held) == (AnswerState.INCOMPLETE, Cost.unknown(), HELD)
    assert frontier.cost.estimated


def test_what_ran_on_this_computer_was_free(stage: Stage, services: Services) -> None:
    practice = tuple(replace(model, practice=True, price=None) for model in (CHEAP, FRONTIER))
    history = stage.history()
    begun = ask(history, models=practice)
    history.close()
    found, _ = reopened(stage, services, begun)
    assert {answer.cost.certainty for answer in found.answers} == {Certainty.FREE}


def test_what_another_window_is_still_hearing_is_not_reckoned(
    stage: Stage, services: Services
) -> None:
    history = stage.history()
    begun = ask(history)
    found, number = reopened(stage, services, begun)
    history.close()
    assert number == 0
    assert {answer.state for answer in found.answers} == {AnswerState.STREAMING}
    assert {answer.cost.certainty for answer in found.answers} == {Certainty.UNKNOWN}


def test_what_a_lost_prompt_continued_was_read_and_is_counted(
    stage: Stage, services: Services
) -> None:
    history = stage.history()
    before = ask(history)
    for answer in before.answers:
        whole = replace(answer, state=AnswerState.COMPLETE, text="No. Clause seven.")
        history.finish_answer(whole, ())
    history.set_mode(before.id, TurnMode.OPEN.value)
    parent = before.answers[0]
    begun = ask(history, "Why?", parent_id=before.id, continued_answer_id=parent.id)
    earlier = thread_of(history, before.id, parent.id).exchanges
    history.close()
    found, _ = reopened(stage, services, begun)
    sent = prompt_of("Why?", earlier=earlier).sent_text()
    assert found.answers[0].cost.money == Money(
        (len(sent.split()) * Decimal("0.10") + 3 * Decimal("0.40")) / 10**6
    )
    assert len(sent.split()) == 8


def test_a_fault_while_estimating_never_keeps_the_history_shut(
    stage: Stage, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> Price | None:
        raise RuntimeError("the price list is damaged")

    history = stage.history()
    begun = ask(history)
    history.close()
    monkeypatch.setattr(services.pricing, "price", fail)
    found, number = reopened(stage, services, begun)
    assert number == 2
    assert {answer.state for answer in found.answers} == {AnswerState.INCOMPLETE}
    assert {answer.cost.certainty for answer in found.answers} == {Certainty.UNKNOWN}
