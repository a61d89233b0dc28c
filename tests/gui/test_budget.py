"""The window asks before a limit is passed, and shows what a prompt is likely to cost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.budget import Budget, Limit
from app.domain.turn import HistoryQuery
from app.services.budget import SETTING, written
from app.services.ports.history import History
from app.ui.main_window import MainWindow
from app.ui.views.compare.budget_dialog import BudgetDialog
from tests.fakes.scripted import Stage
from tests.fakes.windows import frames, main_window, press, wait_until, words_of

PROMPT = "May the tenant sublet?"


class LimitedStage(Stage):
    """A stage whose user allows one cent a prompt."""

    def history(self) -> History:
        history = super().history()
        if history.setting(SETTING) is None:
            history.set_setting(SETTING, written(Budget((Limit("USD", None, Decimal("0.01")),))))
        return history


def ask(window: MainWindow) -> None:
    edit = window.compare.page.composer.edit
    press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def question(qtbot: QtBot) -> BudgetDialog:
    def asked() -> list[BudgetDialog]:
        return [
            widget for widget in QApplication.topLevelWidgets()
            if isinstance(widget, BudgetDialog) and widget.isVisible()
        ]  # fmt: skip

    wait_until(qtbot, lambda: bool(asked()))
    return asked()[0]


def turns(stage: Stage) -> int:
    history = stage.history()
    try:
        return history.count(HistoryQuery())
    finally:
        history.close()


def test_the_question_has_the_figures_and_cancelling_sends_and_stores_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = LimitedStage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text(PROMPT)
        ask(window)
        dialog = question(qtbot)
        said = dialog.informativeText()
        assert "likely to cost ≈ $0.01–$0.15" in said
        assert "you allow $0.01 a prompt" in said
        assert "your prompt stays here" in said
        # Enter means the default wherever the focus is, and the default spends nothing.
        dialog.send.setFocus()
        press(dialog.send, Qt.Key.Key_Return)
        wait_until(qtbot, lambda: not dialog.isVisible())
        frames(qtbot)
        assert window.compare.page.composer.text() == PROMPT
        assert window.compare.page.composer.button_words() == "Ask both"
        assert window.compare.page.empty.isVisible()
    assert (stage.cheap.requests, stage.frontier.requests, turns(stage)) == ([], [], 0)


def test_send_anyway_asks_both(qtbot: QtBot, tmp_path: Path) -> None:
    stage = LimitedStage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text(PROMPT)
        ask(window)
        question(qtbot).send.click()
        wait_until(qtbot, lambda: bool(stage.cheap.requests and stage.frontier.requests))
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes()
        wait_until(qtbot, window.compare.page.composer.asks)
    assert turns(stage) == 1


def test_only_the_cheap_one_is_asked_where_that_was_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    stage = LimitedStage(tmp_path)
    stage.cheap.says("Yes, with consent.")
    stage.cheap.finishes()
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text(PROMPT)
        ask(window)
        dialog = question(qtbot)
        assert dialog.cheap is not None
        assert dialog.cheap.text() == "Ask the cheap one only (≈ $0.00004–$0.00080)"
        dialog.cheap.click()
        wait_until(qtbot, lambda: "Yes, with consent." in window.compare.page.a.text())
        wait_until(qtbot, window.compare.page.composer.asks)
        said = "\n".join(words_of(window.compare))
        assert "to stay within your budget" in said
        assert not window.compare.page.b.isVisible()
    assert stage.frontier.requests == []


def test_a_second_model_over_the_budget_is_asked_about_too(qtbot: QtBot, tmp_path: Path) -> None:
    stage = LimitedStage(tmp_path)
    stage.cheap.says("Yes.")
    stage.cheap.finishes()
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text(PROMPT)
        ask(window)
        dialog = question(qtbot)
        assert dialog.cheap is not None
        dialog.cheap.click()
        wait_until(qtbot, window.compare.page.notice.isVisible)
        wait_until(qtbot, window.compare.page.composer.asks)
        window.compare.page.notice.acted.emit("other")
        again = question(qtbot)
        assert again.cheap is None
        again.no.click()
        frames(qtbot)
        assert not window.compare.busy
        assert stage.frontier.requests == []


def test_the_composer_shows_a_range_for_both_sides_and_says_what_it_goes_by(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        composer = window.compare.page.composer
        composer.set_text(PROMPT)
        wait_until(qtbot, lambda: "≈ $0.01–$0.15" in "\n".join(words_of(composer)))
        said = "\n".join(words_of(composer))
        assert "Summit Large: 100 to 2,000 tokens an answer, until 5 answers of yours" in said
        assert "$15.00 in, $75.00 out per million tokens (your own price)" in said
