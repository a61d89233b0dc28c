"""Costs in a real file: an old one opened by the new program, and a budget that two share."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from app.adapters.storage import SqlHistory, open_history
from app.domain.answer import Answer, AnswerState
from app.domain.budget import Budget, BudgetReachedError, Limit, Month, Spent, check
from app.domain.events import Attempted
from app.domain.likely import Lengths, likely
from app.domain.model import ModelRef, Role, price_per_million
from app.domain.money import Certainty, Cost, Money, Price
from app.domain.turn import HistoryQuery, Turn
from app.services.aftermath import reckon
from app.services.billing import Billing
from app.services.ports.spending import SpendingCheck
from app.services.pricing import Pricing
from tests.fakes import old_history
from tests.fakes.history_samples import CHEAP, FRONTIER, NOON, SetClock, ended, turn
from tests.fakes.scripted import WordCounter

ROOT = Path(__file__).parents[2]
MARCH = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
DOLLAR = Money(Decimal(1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(path: Path) -> Iterator[SqlHistory]:
    opened = open_history(path, SetClock())
    yield opened
    opened.close()


def spent(history: SqlHistory) -> Month:
    return history.spending("2026-03", *MARCH)


# The old file


def test_a_file_of_the_first_schema_is_copied_migrated_and_read_with_nothing_invented(
    path: Path,
) -> None:
    old_history.build(path)
    history = open_history(path, SetClock())
    (copy,) = (path.parent / "backups").iterdir()
    assert copy.name.startswith("counterpart-0001-")
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT text FROM prompt").fetchall() == [
            ("Is notice by e-mail valid?",)
        ]
        assert "held_amount" not in {row[1] for row in kept.execute("PRAGMA table_info(answer)")}
    read = history.turn(1)
    assert read is not None
    cheap, frontier = read.answers
    assert cheap.cost == Cost(Money(Decimal("0.00027")), Certainty.MEASURED)
    assert cheap.price is not None
    assert cheap.price.cached_per_million == Decimal("0.015")
    assert (cheap.price.words, cheap.price.above_tokens, cheap.held) == ("", 0, None)
    assert [(item.outcome, item.may_be_billed) for item in cheap.attempts] == [
        ("overloaded", False),
        ("answered", False),
    ]
    assert (cheap.besides, frontier.besides) == ((), ())
    assert frontier.cost == Cost.unknown()
    assert history.models()[0].price == price_per_million("0.15", "0.60")
    assert history.count(HistoryQuery("e-mail clause")) == 1
    month = spent(history)
    assert month.spent == (Spent("USD", Decimal("0.00027")),)
    assert month.unseen == 1
    (ledger_turn,) = history.ledger(practice=False)
    assert [answer.above_tokens for answer in ledger_turn.answers] == [0, 0]
    later = history.begin_turn(turn("A new prompt"))
    assert history.count(HistoryQuery()) == 2
    assert later.id == 2
    history.close()


# The budget


def costing(amount: str, certainty: Certainty = Certainty.MEASURED, currency: str = "USD") -> Cost:
    return Cost(Money(Decimal(amount), currency), certainty)


def store(history: SqlHistory, *costs: Cost, practice: bool = False, at: datetime = NOON) -> None:
    begun = history.begin_turn(turn(practice=practice, answers=_answers(len(costs))))
    for answer, cost in zip(begun.answers, costs, strict=True):
        history.finish_answer(replace(ended(answer), cost=cost, sent_at=at), ())


def _answers(count: int) -> tuple[Answer, ...]:
    return tuple(Answer(model.role, model) for model in (CHEAP, FRONTIER)[:count])


def test_a_month_counts_measured_estimated_and_each_currency_apart(history: SqlHistory) -> None:
    store(history, costing("0.25"), costing("1.5", Certainty.ESTIMATED))
    store(history, costing("2"), costing("7", currency="CNY"))
    store(history, Cost.unknown(), Cost.free())
    store(history, costing("100"), costing("100"), practice=True)
    month = spent(history)
    assert month.spent == (
        Spent("CNY", Decimal(7)),
        Spent("USD", Decimal("2.25"), Decimal("1.5")),
    )
    assert month.unseen == 1


def test_a_month_begins_and_ends_at_its_own_midnight(history: SqlHistory) -> None:
    start, end = MARCH
    for at in (start - timedelta(microseconds=1), start, end - timedelta(microseconds=1), end):
        store(history, costing("1"), at=at)
    assert spent(history).in_currency("USD").measured == 2


def test_what_an_attempt_may_have_cost_besides_counts_as_estimated(history: SqlHistory) -> None:
    begun = history.begin_turn(turn(answers=_answers(1)))
    attempts = (
        Attempted(1, 500, "overloaded", "", True, costing("0.4", Certainty.ESTIMATED)),
        Attempted(2, 500, "overloaded", "", True, Cost.unknown()),
        Attempted(3, 200, "answered", "", True),
    )
    history.finish_answer(replace(ended(begun.answers[0]), cost=costing("0.4")), attempts)
    assert spent(history).spent == (Spent("USD", Decimal("0.4"), Decimal("0.4")),)
    ((answer,),) = [item.answers for item in history.ledger(practice=False)]
    assert answer.besides == (costing("0.4", Certainty.ESTIMATED), Cost.unknown())


def held(*amounts: str) -> Turn:
    answers = tuple(
        replace(answer, held=Money(Decimal(amount)), sent_at=NOON)
        for answer, amount in zip(_answers(len(amounts)), amounts, strict=True)
    )
    return turn(answers=answers)


def test_what_is_held_counts_until_the_answer_has_its_own_cost(history: SqlHistory) -> None:
    begun = history.begin_turn(held("0.6", "0.9"))
    assert spent(history).spent == (Spent("USD", held=Decimal("1.5")),)
    for answer in begun.answers:
        settled = replace(ended(answer), cost=costing("0.1"), held=None)
        history.finish_answer(settled, ())
    assert spent(history).spent == (Spent("USD", Decimal("0.2")),)


def died(path: Path, arrived: str = "") -> SqlHistory:
    """Return the history that a program left which died with two answers on their way."""
    code = (
        "import os; from pathlib import Path; from app.adapters.storage import open_history;"
        "from tests.fakes.history_samples import SetClock;"
        "from tests.integration.test_history_costs import held;"
        f"history = open_history(Path({str(path)!r}), SetClock());"
        "begun = history.begin_turn(held('0.6', '0.9'));"
        f"history.save_partial(begun.answers[0].id, {arrived!r}, '');"
        "os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    history = open_history(path, SetClock())
    assert history.recover() == 2
    return history


def test_what_was_held_when_the_program_died_stays_counted(path: Path) -> None:
    with closing(died(path)) as history:
        assert spent(history).spent == (Spent("USD", Decimal(0), Decimal("1.5")),)
        read = history.turn(1)
        assert read is not None
        assert {answer.state for answer in read.answers} == {AnswerState.INCOMPLETE}


class CheapAlone:
    """Prices that know the cheap model alone."""

    def price(self, model: ModelRef, at: datetime | None = None, served: str = "") -> Price | None:
        return price_per_million("1", "10") if model.role is Role.CHEAP else None


def test_what_broke_off_with_the_program_is_given_a_cost_from_what_was_kept(path: Path) -> None:
    with closing(died(path, "four words of it")) as history:
        assert history.unreckoned() == [1]
        reckon(history, Billing(cast(Pricing, CheapAlone()), WordCounter()))
        read = history.turn(1)
        assert read is not None
        cheap, frontier = read.answers
        # Three words were sent, as the test's counter counts, and four came back.
        assert cheap.cost == Cost(Money(Decimal("0.000043")), Certainty.ESTIMATED)
        assert (cheap.text, cheap.held) == ("four words of it", None)
        assert cheap.price is not None
        # Without a price nothing better is known than what was held back for it.
        assert frontier.cost == Cost.unknown()
        assert frontier.held == Money(Decimal("0.9"))
        assert spent(history).spent == (Spent("USD", Decimal(0), Decimal("0.900043")),)
        assert history.count(HistoryQuery("four words of it")) == 1


def test_a_cost_that_cannot_be_estimated_does_not_keep_the_history_shut(path: Path) -> None:
    with closing(died(path)) as history:
        reckon(history, Billing(cast(Pricing, None), WordCounter()))
        assert spent(history).spent == (Spent("USD", Decimal(0), Decimal("1.5")),)


def allowing(limit: str) -> SpendingCheck:
    """Return the check of a prompt whose two sides cost a dollar at most, together."""
    priced = price_per_million("0", "1000000")
    planned = tuple(
        likely(replace(model, price=priced), 0, Lengths(0, 0, high), priced)
        for model, high in ((CHEAP, 0), (FRONTIER, 1))
    )

    def decide(month: Month) -> None:
        question = check(Budget((Limit("USD", Decimal(limit)),)), month, planned)
        if question is not None:
            raise BudgetReachedError(question)

    return SpendingCheck("2026-03", *MARCH, decide)


def test_a_prompt_that_would_pass_the_budget_leaves_nothing_in_the_file(
    history: SqlHistory,
) -> None:
    with pytest.raises(BudgetReachedError):
        history.begin_turn(held("0.5", "0.5"), allowing("0.99"))
    assert history.count(HistoryQuery()) == 0
    assert history.matters()[-1].name == "Untagged", "not even its matter"
    assert history.begin_turn(held("0.5", "0.5"), allowing("1")).id == 1


def test_two_windows_at_once_cannot_jointly_pass_a_limit_unseen(path: Path) -> None:
    open_history(path, SetClock()).close()
    together = threading.Barrier(6)
    results: list[str] = []

    def ask() -> None:
        history = open_history(path, SetClock())
        try:
            together.wait(20)
            history.begin_turn(held("0.5", "0.5"), allowing("2.5"))
            results.append("sent")
        except BudgetReachedError:
            results.append("asked")
        finally:
            history.close()

    windows = [threading.Thread(target=ask) for _ in range(6)]
    for window in windows:
        window.start()
    for window in windows:
        window.join(30)
    assert sorted(results) == ["asked"] * 4 + ["sent"] * 2
