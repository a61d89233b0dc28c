"""Prices and the budget in Settings: both prices seen, their age, and limits that are kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.events import Attempted
from app.domain.money import Certainty, Cost, Money, Price
from app.domain.vote import Choice, Vote, VoteKind
from app.services.container import Services
from app.services.ports.prices import PriceData
from app.services.pricing import Pricing
from app.ui.views.history.view import HistoryView
from app.ui.views.settings.view import SettingsView
from tests.fakes.history_samples import ended, turn, waiting
from tests.fakes.rooms import room, told_by
from tests.fakes.scripted import CHEAP, FRONTIER, NoPrices, Stage
from tests.fakes.windows import wait_until


class Published:
    """A list that lies to hand."""

    async def fetch(self, address: str = "") -> bytes:
        return b"[]"


class OneList(NoPrices):
    """A list that knows one price, and another one once it was refreshed."""

    def __init__(self) -> None:
        self.refreshed: PriceData | None = None

    def price(self, model: object, at: object, served: str = "") -> Price | None:
        rate = Decimal(12) if self.refreshed else Decimal(9)
        return Price(rate, Decimal(50), source="a list")

    def data(self, today: object) -> PriceData:
        return self.refreshed or super().data(today)  # type: ignore[arg-type]

    def replace(self, data: bytes, at: object, origin: str) -> PriceData:
        self.refreshed = super().replace(data, at, origin)  # type: ignore[arg-type]
        return self.refreshed


class ListedStage(Stage):
    """A stage with a price list that can be refreshed."""

    publishes = True

    def open(self) -> Services:
        services = super().open()
        pricing = services.pricing
        pricing._book = OneList()
        if self.publishes:
            pricing._source = Published()
        assert isinstance(pricing, Pricing)
        return services


class OfflineStage(ListedStage):
    """The same without a network."""

    publishes = False


def settled(qtbot: QtBot, view: SettingsView) -> None:
    wait_until(qtbot, lambda: view.models.form is not None and view.bridge.idle)


def press(view: SettingsView, name: str) -> None:
    found = [b for b in view.prices.findChildren(QPushButton) if b.accessibleName() == name]
    assert found, name
    found[0].click()


def test_the_form_for_an_own_price_comes_into_sight(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, ListedStage(tmp_path), size=(940, 420)) as view:
        settled(qtbot, view)
        assert view.area.verticalScrollBar().value() == 0
        press(view, f"Own price of {CHEAP.name}")
        wait_until(qtbot, lambda: not view.prices.form.price_in.visibleRegion().isEmpty())
        assert view.prices.form.price_in.hasFocus()


def test_the_users_own_price_stands_beside_the_lists_with_source_and_age(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with room(qtbot, SettingsView, ListedStage(tmp_path)) as view:
        settled(qtbot, view)
        said = told_by(view.prices)
        assert "test list (newest change 12 Mar 2026, 6 days ago)" in said
        assert "$15.00 in, $75.00 out per million tokens (your own price)" in said
        assert "The list says: $9.00 in, $50.00 out per million tokens (a list)" in said
        press(view, "Use the list price of Summit Large")
        settled(qtbot, view)
        said = told_by(view.prices)
        assert "$9.00 in, $50.00 out per million tokens (a list)" in said
        assert "$15.00" not in said
        assert "$9.00 in" in told_by(view.models), "the other sections follow"


def test_a_price_of_ones_own_is_typed_checked_and_dated(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, ListedStage(tmp_path)) as view:
        settled(qtbot, view)
        press(view, "Own price of Pebble Flash")
        form = view.prices.form
        assert form.isVisible()
        assert form.price_in.text() == "0.10"
        form.price_in.setText("nothing")
        form.save.click()
        settled(qtbot, view)
        assert "an amount is a number" in form.fault.text()
        form.price_in.setText("0,20")
        form.cached.setText("0.02")
        form.save.click()
        settled(qtbot, view)
        assert not form.isVisible()
        assert (
            "$0.20 in, $0.02 cached, $0.40 out per million tokens (your own price of 18 Mar 2026)"
        ) in told_by(view.prices)


def test_refreshing_says_what_changed_and_how_old_the_prices_are_then(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with room(qtbot, SettingsView, ListedStage(tmp_path)) as view:
        settled(qtbot, view)
        assert "never happens by itself" in told_by(view.prices)
        view.prices.fetch.click()
        settled(qtbot, view)
        said = told_by(view.prices)
        assert "test list, refreshed (on 18 Mar 2026, today)" in said
        assert "Summit Large is now $12.00 in" in said


def test_a_refresh_that_fails_says_why_and_changes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, OfflineStage(tmp_path)) as view:
        settled(qtbot, view)
        view.prices.fetch.click()
        settled(qtbot, view)
        said = told_by(view.prices)
        assert "The prices could not be fetched." in said
        assert "6 days ago" in said
        assert view.prices.fetch.isEnabled()


def test_a_model_without_a_price_says_that_no_budget_sees_it(qtbot: QtBot, tmp_path: Path) -> None:
    pair = (replace(CHEAP, price=None), FRONTIER)
    with room(qtbot, SettingsView, Stage(tmp_path, pair=pair)) as view:
        settled(qtbot, view)
        assert "Price not known: what it costs is shown so, and no budget sees it." in told_by(
            view.prices
        )


def test_limits_are_saved_shown_against_what_was_spent_and_taken_away(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    history = stage.history()
    begun = history.begin_turn(turn(answers=waiting(CHEAP, FRONTIER), asked_at=stage.clock.now()))
    costs = Cost(Money(Decimal("1.25")), Certainty.MEASURED), Cost.unknown()
    for answer, cost in zip(begun.answers, costs, strict=True):
        history.finish_answer(replace(ended(answer), cost=cost, sent_at=stage.clock.now()), ())
    history.close()
    with room(qtbot, SettingsView, stage) as view:
        settled(qtbot, view)
        budget = view.budget
        assert "This month: $1.25 is spent." in told_by(budget)
        assert "1 answer of this month has no known cost" in told_by(budget)
        assert not budget.bar.isVisible()
        budget.month.setText("5")
        budget.prompt.setText("a lot")
        budget.save.click()
        settled(qtbot, view)
        assert "That budget cannot be used" in told_by(budget)
        budget.prompt.setText("0.50")
        budget.save.click()
        settled(qtbot, view)
        assert "$3.75 of $5.00 is left" in told_by(budget)
        assert budget.bar.isVisible()
        assert budget.bar.value() == 250
        budget.month.clear()
        budget.save.click()
        settled(qtbot, view)
        assert not budget.bar.isVisible()
    with room(qtbot, SettingsView, stage) as view:
        settled(qtbot, view)
        assert (view.budget.month.text(), view.budget.prompt.text()) == ("", "0.50")


def test_both_cards_stay_whole_at_twice_the_text_size(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, ListedStage(tmp_path), size=(900, 900), scale=2.0) as view:
        settled(qtbot, view)
        press(view, "Own price of Pebble Flash")
        cards = (view.prices, view.budget)

        def whole() -> bool:
            return all(card.width() <= view.area.viewport().width() for card in cards) and all(
                button.width() >= button.minimumSizeHint().width() or not button.isVisible()
                for card in cards
                for button in card.findChildren(QPushButton)
            )

        wait_until(qtbot, whole)


def test_history_tells_the_price_that_held_and_what_broken_attempts_may_have_cost(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    history = stage.history()
    begun = history.begin_turn(turn(answers=waiting(CHEAP, FRONTIER)))
    again = Cost(Money(Decimal("0.0041")), Certainty.ESTIMATED)
    attempts = Attempted(1, 500, "overloaded", "", True, again), Attempted(2, 200, "answered")
    price = Price(
        Decimal("0.5"), Decimal("2.5"), source="a list", above_tokens=100_000,
        words="for prompts above 100,000 tokens",
    )  # fmt: skip
    cheap = replace(ended(begun.answers[0]), price=price)
    history.finish_answer(cheap, attempts)
    history.finish_answer(ended(begun.answers[1], state=AnswerState.TRUNCATED), ())
    history.add_vote(begun.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        told = "Price: $0.50 in, $2.50 out per million tokens, for prompts above 100,000 tokens"
        wait_until(qtbot, lambda: told in told_by(view))
        said = told_by(view)
        assert "May also have been billed: ≈ $0.0041 for 1 attempt that broke." in said
        assert "The cost is measured." in said
        assert "cheap: $0.0042 measured\nfrontier: $0.0042 measured" in said
