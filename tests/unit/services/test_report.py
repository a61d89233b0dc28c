"""The report must cover what was asked for, and print what the window shows."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest

from app.domain.errors import InputError
from app.domain.model import ModelRef, Role
from app.domain.money import Price
from app.domain.savings import Savings
from app.domain.turn import LedgerTurn
from app.services.ports.history import History
from app.services.report import Reports, first_day, to_json
from app.services.store import Store
from tests.fakes.history_samples import FRONTIER, SetClock
from tests.fakes.ledgers import answer, compared, turn


class LedgerHistory:
    """A history that holds a ledger and models and nothing else."""

    def __init__(self, turns: Sequence[LedgerTurn], models: Sequence[ModelRef] = ()) -> None:
        self._turns = turns
        self._models = models

    def ledger(self, *, practice: bool) -> list[LedgerTurn]:
        return [item for item in self._turns if item.practice is practice]

    def models(self) -> list[ModelRef]:
        return list(self._models)

    def close(self) -> None:
        pass


class ListPrices:
    """A price book that knows one price."""

    def price(self, model: ModelRef, at: datetime) -> Price | None:
        return Price(Decimal(15), Decimal(75)) if model.model == "frontier-1" else None


def report(
    history: LedgerHistory,
    clock: SetClock | None = None,
    *,
    months: int | None = None,
    matter: str | None = None,
    prices: ListPrices | None = None,
) -> Savings:
    async def run() -> Savings:
        store = Store(lambda: cast(History, history))
        try:
            reports = Reports(store, clock or SetClock(), prices)
            return await reports.savings(False, months, matter)
        finally:
            await store.close()

    return asyncio.run(run())


def test_last_month_is_counted_in_the_users_own_time() -> None:
    ledger = [compared(1, day="2026-02-28"), compared(2, day="2026-03-01")]
    # Half past eleven at night on the 28th in UTC is already March two hours further east.
    late = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert report(LedgerHistory(ledger), SetClock(late, 120), months=1).turns == 1
    assert report(LedgerHistory(ledger), SetClock(late, 0), months=1).turns == 2
    assert report(LedgerHistory(ledger), months=None).turns == 2


@pytest.mark.parametrize(
    ("months", "first"),
    [
        (1, "2026-03-01"),
        (3, "2026-01-01"),
        (4, "2025-12-01"),
        (12, "2025-04-01"),
        (27, "2024-01-01"),
    ],
)
def test_months_reach_back_over_the_turn_of_the_year(months: int, first: str) -> None:
    assert first_day(datetime(2026, 3, 31, tzinfo=UTC), months) == first


def test_a_report_over_no_months_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="at least one month"):
        report(LedgerHistory([]), months=0)


def test_one_matter_can_be_reported_alone() -> None:
    ledger = [compared(1, matter="Larch"), compared(2, matter="Oceanic")]
    assert report(LedgerHistory(ledger), matter="Larch").turns == 1


def test_a_frontier_that_was_never_asked_is_priced_from_the_list_or_the_users_own() -> None:
    key = f"cheap-{FRONTIER.fingerprint()}"
    lone = [turn(1, answer(Role.CHEAP), pair_key=key)]
    listed = report(LedgerHistory(lone, [FRONTIER]), prices=ListPrices())
    assert listed.main.exact.instead == Decimal("0.03")
    own = replace(FRONTIER, price=Price(Decimal(150), Decimal(750)))
    assert report(LedgerHistory(lone, [own])).main.exact.instead == Decimal("0.3")
    assert report(LedgerHistory(lone, [FRONTIER])).left_out[0].turns == 1


def test_the_terminal_prints_the_very_figures_of_the_window() -> None:
    ledger = [compared(n, day=f"2026-0{n % 3 + 1}-05") for n in range(1, 9)]
    ledger.append(turn(9, answer(Role.CHEAP), decided=True))
    shown = report(LedgerHistory(ledger))
    printed = json.loads(json.dumps(to_json(shown)))
    assert printed["paid"] == str(shown.main.shown.paid)
    assert printed["saved"] == str(shown.main.shown.saved)
    assert printed["exact"]["paid"] == "0.30324"
    assert sum(Decimal(row["saved"]) for row in printed["months"]) == shown.main.shown.saved
    assert printed["days"][-1]["always_frontier"] == printed["always_frontier"]
    assert printed["share_to_cheap"] == 1.0
    assert printed["headline"].startswith("You paid $")


def test_an_empty_report_prints_too() -> None:
    printed = json.loads(json.dumps(to_json(report(LedgerHistory([])))))
    assert (printed["prompts"], printed["paid"], printed["days"]) == (0, "0.0000", [])
