"""The second look in the window: one answer arriving, one sentence, and the rest folded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.budget import Budget, Limit
from app.domain.routing.second_look import ORIGIN
from app.services.budget import SETTING, written
from app.services.preferences import Preferences
from app.ui.main_window import MainWindow
from app.ui.models.history_table import SENT_TO, VOTE
from app.ui.views.history.view import HistoryView
from app.ui.views.settings.view import SettingsView
from app.ui.views.turns.why import WhyDialog
from app.ui.widgets.answer_fold import Fold
from app.ui.widgets.answer_pane import AnswerPane
from tests.fakes.looks import fold_titles, notice, said
from tests.fakes.rooms import cells_of, room, told_by
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until, words_of
from tests.gui.test_budget import question as budget_question

PROMPT = "By what date must notice be served?"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, second_model=SECOND, lot=0.9, preferences=Preferences(auto_route=True))


def ask(window: MainWindow, text: str = PROMPT) -> None:
    window.compare.page.composer.set_text(text)
    press(window.compare.page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def unfold(pane: AnswerPane, title: str) -> str:
    """Unfold what is under a title; return what can be read then."""
    (fold,) = [each for each in pane.findChildren(Fold) if each.title == title]
    click(fold.findChildren(QPushButton)[0])
    return said(fold)


def answer_both(stage: Stage, cheap: str, second: str) -> None:
    for script, text in ((stage.cheap, cheap), (stage.second, second)):
        script.says(text)
        script.finishes()


def settled(qtbot: QtBot, window: MainWindow) -> None:
    wait_until(qtbot, window.compare.page.composer.asks)


def test_one_answer_and_one_sentence_where_two_models_agree(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        stage.cheap.says("18 March")
        wait_until(qtbot, lambda: page.a.text() == "18 March")
        assert "Two cheap models answer at once." in notice(window)
        assert not page.b.isVisible()
        stage.cheap.finishes()
        frames(qtbot)
        assert window.compare.busy  # the second one still runs: nothing is decided
        assert not any(button.isEnabled() for button in page.votes.choices())
        stage.second.says("It is 18 March 2026.")
        stage.second.finishes()
        settled(qtbot, window)
        assert "Two models agree on 18 March; agreement is not verification." in notice(window)
        assert page.a.text() == "18 March"
        assert not page.b.isVisible()
        (title,) = fold_titles(page.a)
        assert title.startswith("What Quartz Mini said · $")
        assert "It is 18 March 2026." in unfold(page.a, title)
        assert stage.frontier.requests == []
        assert [b.text() for b in page.notice.findChildren(QPushButton) if b.isVisible()] == [
            "Why?",
            "Ask the frontier model too",
        ]


def test_where_they_differ_the_frontiers_answer_takes_the_place_and_the_cheap_ones_stay_folded(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "8 March")
        page = window.compare.page
        wait_until(qtbot, lambda: bool(stage.frontier.requests))
        wait_until(qtbot, lambda: "differ" in notice(window))
        assert window.compare.busy
        stage.frontier.says("19 March")
        wait_until(qtbot, lambda: page.a.text() == "19 March")
        stage.frontier.finishes()
        settled(qtbot, window)
        assert (
            "The two cheap models differ (18 March, 8 March), so the frontier was asked."
            in notice(window)
        )
        assert FRONTIER.name in said(page.a)
        assert not page.b.isVisible()
        first, second = fold_titles(page.a)
        assert first.startswith(f"What {CHEAP.name} said")
        assert second.startswith(f"What {SECOND.name} said")
        assert "18 March" in unfold(page.a, first)
        assert "all 3 calls" in said(page.a)
        assert page.votes.isVisible()
        assert "Ask the" not in said(page.notice)  # all three have been asked


def test_all_calls_and_the_whole_wait_are_shown(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "18 March")
        settled(qtbot, window)
        told = said(window.compare.page.a)
        assert "all 2 calls" in told
        assert "$0.00032" in told  # 0.000108 and 0.000212, rounded once
        assert "waited in all" in told


def test_escape_stops_both_cheap_models_and_asks_nothing_more(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        stage.cheap.says("18 M")
        stage.second.says("8 M")
        page = window.compare.page
        wait_until(qtbot, lambda: bool(page.a.text()))
        press(page.votes, Qt.Key.Key_Escape)
        settled(qtbot, window)
        assert page.a.text() == "18 M"
        assert "stopped by you" in said(page.a).casefold()
        assert stage.frontier.requests == []
        assert (stage.cheap.closed, stage.second.closed) == (1, 1)
        turn = window.compare.live.turn
        assert turn is not None
        states = [answer.state for answer in (*turn.answers, *turn.beside)]
        assert states == [AnswerState.STOPPED] * 2
        assert not page.votes.isVisible()


def test_escape_stops_the_frontier_too_and_keeps_all_that_came(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "8 March")
        page = window.compare.page
        stage.frontier.says("19 M")
        wait_until(qtbot, lambda: page.a.text() == "19 M")
        press(page.votes, Qt.Key.Key_Escape)
        settled(qtbot, window)
        assert page.a.text() == "19 M"
        assert len(fold_titles(page.a)) == 2


def test_before_asking_it_says_who_is_asked_and_what_both_would_cost(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        page = window.compare.page
        told = said(page.empty)
        assert f"Second cheap: {SECOND.name} at {SECOND.vendor}." in told
        assert "That needs no votes." in told
        page.composer.set_text(PROMPT)
        wait_until(qtbot, lambda: "two cheap" in said(page.composer))
        assert "frontier if they differ" in said(page.composer)
        assert "Goes to two cheap models first." in notice(window)
        page.composer.set_text("Draft a letter to the tenant.")
        wait_until(qtbot, lambda: "two cheap" not in said(page.composer))
        assert "Not enough votes yet" in notice(window)


def test_without_a_second_model_auto_route_says_how_to_begin_today(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, preferences=Preferences(auto_route=True))
    with main_window(qtbot, stage) as window:
        assert "With a second cheap model, chosen in Settings" in said(window.compare.page.empty)


def test_why_tells_the_sentence_the_wait_and_where_the_figures_come_from(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "18 March")
        settled(qtbot, window)
        (why,) = [
            button
            for button in window.compare.page.notice.findChildren(QPushButton)
            if button.objectName() == "why" and button.isVisible()
        ]
        click(why)
        (dialog,) = window.findChildren(WhyDialog)
        told = said(dialog)
        assert "Two cheap models were asked first." in told
        assert "Asked at once: Pebble Flash and Quartz Mini, for a date" in told
        assert ORIGIN in told
        dialog.close()


def test_the_frontier_asked_too_stands_beside_with_the_second_one_still_folded(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "18 March")
        settled(qtbot, window)
        page = window.compare.page
        (other,) = [b for b in page.notice.findChildren(QPushButton) if b.objectName() == "other"]
        click(other)
        wait_until(qtbot, lambda: bool(stage.frontier.requests))
        stage.frontier.says("19 March")
        stage.frontier.finishes()
        settled(qtbot, window)
        assert (page.a.text(), page.b.text()) == ("18 March", "19 March")
        assert page.b.isVisible()
        assert [title.split(" · ")[0] for title in fold_titles(page.a)] == ["What Quartz Mini said"]
        assert fold_titles(page.b) == []


def test_a_spot_check_shows_two_blind_answers_and_nothing_of_the_second_look(
    qtbot: QtBot, stage: Stage
) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "8 March")
        stage.frontier.says("19 March")
        stage.frontier.finishes()
        page = window.compare.page
        wait_until(qtbot, lambda: any(button.isEnabled() for button in page.votes.choices()))
        # What was likely to be asked, and its price, still stand beside the prompt.
        wait_until(qtbot, lambda: CHEAP.name in said(page.composer))
        told = "\n".join(words_of(window.compare, without=page.composer))
        assert "Which would you have used?" in told
        for word in (CHEAP.name, SECOND.name, FRONTIER.name, "8 March,", "differ", "calls"):
            assert word not in told.replace("18 March", "")
        page.votes.press(1)
        wait_until(qtbot, lambda: bool(fold_titles(page.b)) or bool(fold_titles(page.a)))


def test_history_tells_the_truth_about_all_three_calls(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        answer_both(stage, "18 March", "8 March")
        stage.frontier.says("19 March")
        stage.frontier.finishes()
        settled(qtbot, window)
    with room(qtbot, HistoryView, stage) as view:
        wait_until(qtbot, lambda: view.detail.turn is not None)
        (row,) = cells_of(view.table)
        assert row[SENT_TO] == "all three"
        assert row[VOTE] == "—"
        told = told_by(view.detail)
        assert "The two cheap models differ (18 March, 8 March)" in told
        pane = view.detail.panes[0]
        assert pane.text() == "19 March"
        assert not view.detail.panes[1].isVisible()
        assert len(fold_titles(pane)) == 2
        assert "all 3 calls" in said(pane)


def test_a_refused_cheap_answer_does_not_make_the_turn_look_refused(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        stage.cheap.fails(cut=True)
        stage.second.says("18 March")
        stage.second.finishes()
        stage.frontier.says("19 March")
        stage.frontier.finishes()
        settled(qtbot, window)
        assert "Pebble Flash was cut off, so the frontier was asked." in notice(window)
        assert any(button.isEnabled() for button in window.compare.page.votes.choices())
    with room(qtbot, HistoryView, stage) as view:
        wait_until(qtbot, lambda: view.detail.turn is not None)
        assert cells_of(view.table)[0][VOTE] == "—"
        pane = view.detail.panes[0]
        assert "cut off" in fold_titles(pane)[0]
        assert unfold(pane, fold_titles(pane)[0])


def test_settings_offer_the_other_cheap_models_and_none(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, second_model=SECOND)
    with room(qtbot, SettingsView, stage) as view:
        box = view.pair.second
        wait_until(qtbot, lambda: box.currentText() == SECOND.name)
        assert [box.itemText(at) for at in range(box.count())] == ["None", SECOND.name]
        assert "mathematics, word problems and code" in view.pair.about_second.text()
        box.setCurrentIndex(0)
        box.activated.emit(0)
        wait_until(qtbot, lambda: box.currentText() == "None" and box.isEnabled())
        history = stage.history()
        wait_until(qtbot, lambda: history.setting("second_model") == "")
        history.close()


def test_settings_without_another_cheap_model_say_what_to_add(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, Stage(tmp_path)) as view:
        box = view.pair.second
        wait_until(qtbot, lambda: box.count() == 1 and not box.isEnabled())
        assert box.currentText() == "Add another cheap model first"


def test_the_budget_is_asked_about_before_anything_is_sent(qtbot: QtBot, stage: Stage) -> None:
    history = stage.history()
    history.set_setting(SETTING, written(Budget((Limit("USD", None, Decimal("0.01")),))))
    history.close()
    stage.cheap.says("18 March")
    stage.cheap.finishes()
    with main_window(qtbot, stage) as window:
        ask(window)
        dialog = budget_question(qtbot)
        # If the two agree, the frontier costs nothing; if not, all three are paid.
        assert "likely to cost ≈ $0.00010–$0.15" in dialog.informativeText()
        assert dialog.cheap is not None
        click(dialog.cheap)
        wait_until(qtbot, lambda: "18 March" in window.compare.page.a.text())
        wait_until(qtbot, window.compare.page.composer.asks)
        assert "to stay within your budget" in said(window.compare)
    assert (stage.second.requests, stage.frontier.requests) == ([], [])
