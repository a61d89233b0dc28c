"""A second look of three in the window: whose answer has the place; a check that tells nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.turn import TOGETHER
from app.services.preferences import Preferences
from app.ui.main_window import MainWindow
from app.ui.models.history_table import SENT_TO
from app.ui.views.history.view import HistoryView
from app.ui.views.rule.view import RuleView
from app.ui.views.settings.view import SettingsView
from app.ui.widgets.answer_fold import Fold
from tests.fakes.looks import folds, notice, said
from tests.fakes.rooms import cells_of, room, told_by
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Script, Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until, words_of

PROMPT = "By what date must notice be served?"
A, B, C, FRONT = "18 March", "8 March", "20 March", "19 March"
NAMES = [model.name for model in (CHEAP, SECOND, THIRD, FRONTIER)]
FIGURE = re.compile(r"\d+([.,]\d+)?\s*(s|ms|tok/s|tokens|words)\b|\$\s*\d", re.IGNORECASE)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(
        tmp_path,
        second_model=SECOND,
        third_model=THIRD,
        lot=0.9,
        preferences=Preferences(auto_route=True),
    )


def ask(window: MainWindow) -> None:
    window.compare.page.composer.set_text(PROMPT)
    press(window.compare.page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def say(script: Script, text: str) -> None:
    script.says(text)
    script.finishes()


def say_all(stage: Stage, first: str, second: str, third: str) -> None:
    for script, text in ((stage.cheap, first), (stage.second, second), (stage.third, third)):
        say(script, text)


def settled(qtbot: QtBot, window: MainWindow) -> None:
    wait_until(qtbot, window.compare.page.composer.asks)


def votable(window: MainWindow) -> bool:
    return any(button.isEnabled() for button in window.compare.page.votes.choices())


def test_three_that_agree_are_one_answer_and_one_sentence(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        wait_until(qtbot, lambda: "Three cheap models answer at once." in notice(window))
        assert "any two of them agree" in notice(window)
        say_all(stage, A, A, A)
        settled(qtbot, window)
        told = "Three models agree on 18 March; agreement is not verification."
        assert told in notice(window)
        assert page.a.text() == A
        assert CHEAP.name in said(page.a)
        assert folds(page.a) == ["What Quartz Mini said", "What Slate Nano said"]
        assert "all 3 calls" in said(page.a)
        assert not page.b.isVisible()
        assert stage.frontier.requests == []


def test_the_figures_tell_of_all_calls_once_the_last_one_has_ended(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it cannot be said what the frontier would have cost they are told all the same."""
    with main_window(qtbot, stage) as window:
        ask(window)
        page, live = window.compare.page, window.compare.desk.live
        monkeypatch.setattr(live, "tell_frontier_cost", lambda _told: None)
        wait_until(qtbot, lambda: "Three cheap models answer at once." in notice(window))
        say(stage.cheap, A)
        wait_until(qtbot, lambda: "measured" in said(page.a))
        assert "waited in all" not in said(page.a)
        say(stage.second, A)
        say(stage.third, A)
        settled(qtbot, window)
        assert "all 3 calls" in said(page.a)


def test_where_the_two_others_agree_their_answer_takes_the_place_with_its_own_name(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        stage.cheap.reasons("Eight days, I think.")
        stage.cheap.says(B)
        wait_until(qtbot, lambda: page.a.text() == B)
        stage.cheap.finishes()
        say(stage.second, A)
        say(stage.third, A)
        settled(qtbot, window)
        assert "Two models agree on 18 March, while Pebble Flash says 8 March;" in notice(window)
        assert page.a.text() == A
        told = said(page.a)
        assert f"{SECOND.name} · {SECOND.vendor}" in told
        assert "another cheap" in told
        reasoning = [fold for fold in page.a.findChildren(Fold) if fold.title == "Reasoning"]
        assert not any(fold.isVisible() for fold in reasoning), "that was another model's"
        assert folds(page.a) == ["What Pebble Flash said", "What Slate Nano said"]
        assert votable(window)
        page.a.press("copy")
        assert QGuiApplication.clipboard().text() == A
        page.a.press("continue")
        wait_until(qtbot, lambda: "Continuing the answer: “18 March”" in page.continuing())


def test_a_first_answer_that_broke_off_gives_way_to_two_that_agree(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        stage.cheap.says("18")
        stage.cheap.fails(cut=True)
        say(stage.second, A)
        say(stage.third, A)
        settled(qtbot, window)
        page = window.compare.page
        assert "while Pebble Flash was cut off;" in notice(window)
        assert page.a.text() == A
        assert "The answer broke off." not in said(page.a)
        assert votable(window)


def test_where_no_two_agree_the_frontiers_answer_takes_the_place(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        say_all(stage, A, B, C)
        say(stage.frontier, FRONT)
        settled(qtbot, window)
        page = window.compare.page
        differ = "The three cheap models differ (18 March, 8 March, 20 March), so the frontier"
        assert differ in notice(window)
        assert page.a.text() == FRONT
        assert folds(page.a) == [f"What {name} said" for name in NAMES[:3]]
        assert "all 4 calls" in said(page.a)


def test_the_frontier_asked_too_stands_beside_the_answer_that_stood(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        say_all(stage, B, A, A)
        settled(qtbot, window)
        page = window.compare.page
        (other,) = [b for b in page.notice.findChildren(QPushButton) if b.objectName() == "other"]
        click(other)
        say(stage.frontier, FRONT)
        settled(qtbot, window)
        assert (page.a.text(), page.b.text()) == (A, FRONT)
        assert folds(page.a) == ["What Pebble Flash said", "What Slate Nano said"]
        assert folds(page.b) == []


def test_before_asking_it_names_all_four_and_the_price_of_three(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        page = window.compare.page
        told = said(page.empty)
        for word, model in (("Second", SECOND), ("Third", THIRD)):
            assert f"{word} cheap: {model.name} at {model.vendor}." in told
        assert "if any two agree, their answer stands" in told
        page.composer.set_text(PROMPT)
        wait_until(qtbot, lambda: "three cheap" in said(page.composer))
        assert "frontier if none agree" in said(page.composer)
        assert "Goes to three cheap models first." in notice(window)


# The spot check


def assert_nothing_tells(window: MainWindow) -> None:
    page = window.compare.page
    parts = (page.a, page.b, page.votes, page.notice)
    told = "\n".join(word for part in parts for word in words_of(part) if part.isVisible())
    for name in (*NAMES, *(model.vendor for model in (CHEAP, SECOND, THIRD, FRONTIER))):
        assert name not in told, told
    for word in ("cheap", "differ", "agree on", "calls"):
        assert word not in told, told
    assert not FIGURE.search(told), told


def assert_both_empty_alike(window: MainWindow) -> None:
    page = window.compare.page
    assert (page.a.text(), page.b.text()) == ("", "")
    a, b = (sorted(words_of(pane)) for pane in (page.a, page.b))
    assert TOGETHER in a
    assert [w.replace("Answer A", "") for w in a] == [w.replace("Answer B", "") for w in b]
    assert not votable(window)


@pytest.mark.parametrize("last", ["cheap", "second", "third", "frontier"])
@pytest.mark.parametrize(
    "texts", [(A, A, B), (B, A, A), (A, B, C)], ids=["first", "others", "none"]
)
def test_a_check_shows_nothing_until_all_four_have_ended_and_then_both_at_once(
    qtbot: QtBot, stage: Stage, texts: tuple[str, str, str], last: str
) -> None:
    stage = replace(stage, lot=0.01)
    scripts = dict(
        zip(
            ("cheap", "second", "third", "frontier"),
            (stage.cheap, stage.second, stage.third, stage.frontier),
            strict=True,
        )
    )
    says = dict(zip(scripts, (*texts, FRONT), strict=True))
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        wait_until(qtbot, lambda: all(script.requests for script in scripts.values()))
        for name, script in scripts.items():
            script.says(says[name][:2])
        frames(qtbot)
        assert_both_empty_alike(window)
        for name, script in scripts.items():
            if name != last:
                script.says(says[name][2:])
                script.finishes()
        wait_until(qtbot, lambda: sum(script.closed for script in scripts.values()) == 3)
        frames(qtbot)
        assert_both_empty_alike(window)
        assert_nothing_tells(window)
        scripts[last].says(says[last][2:])
        scripts[last].finishes()
        wait_until(qtbot, lambda: votable(window))
        assert sorted((page.a.text(), page.b.text())) == [A, FRONT]
        assert_nothing_tells(window)
        a, b = (sorted(words_of(pane)) for pane in (page.a, page.b))
        assert [w.replace("Answer A", "").replace(page.a.text(), "") for w in a] == [
            w.replace("Answer B", "").replace(page.b.text(), "") for w in b
        ]
        cheap = page.a if page.a.text() == A else page.b
        page.votes.press(2)
        judged = SECOND.name if texts[0] == B else CHEAP.name
        wait_until(qtbot, lambda: judged in said(cheap))
        assert len(folds(cheap)) == 2
        another = "would have sent this to another cheap model, and that was right"
        assert (another in notice(window)) is (texts[0] == B)


def test_a_first_answer_that_fails_ends_no_check_where_the_others_agree(
    qtbot: QtBot, stage: Stage
) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        stage.cheap.says("18")
        stage.cheap.fails(cut=True)
        say(stage.frontier, FRONT)
        wait_until(qtbot, lambda: (stage.cheap.closed, stage.frontier.closed) == (1, 1))
        frames(qtbot)
        assert_both_empty_alike(window)
        say(stage.second, A)
        say(stage.third, A)
        wait_until(qtbot, lambda: votable(window))
        assert_nothing_tells(window)
        assert sorted((page.a.text(), page.b.text())) == [A, FRONT]


def test_a_check_that_was_stopped_is_opened_with_all_that_came(qtbot: QtBot, stage: Stage) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        stage.cheap.says("18 M")
        stage.frontier.says("19 M")
        wait_until(qtbot, lambda: bool(stage.third.requests))
        frames(qtbot)
        press(page.votes, Qt.Key.Key_Escape)
        settled(qtbot, window)
        wait_until(qtbot, lambda: sorted((page.a.text(), page.b.text())) == ["18 M", "19 M"])
        assert CHEAP.name in said(page)
        assert not page.votes.isVisible()


def test_the_desk_for_checks_shows_the_answer_that_stands(qtbot: QtBot, stage: Stage) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        say_all(stage, B, A, A)
        say(stage.frontier, FRONT)
        wait_until(qtbot, lambda: votable(window))
    with room(qtbot, RuleView, stage) as view:
        wait_until(qtbot, view.page.checks.vote.isVisible)
        click(view.page.checks.vote)
        wait_until(qtbot, lambda: view.desk.turn is not None)
        assert sorted(pane.text() for pane in view.desk.panes) == [A, FRONT]
        view.desk.votes.press(2)
        wait_until(qtbot, lambda: SECOND.name in told_by(view.desk))


def test_reasoning_is_folded_on_the_desk_for_checks_once_it_was_voted_on(
    qtbot: QtBot, stage: Stage
) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        stage.cheap.reasons("Ten days, I think.")
        say_all(stage, A, A, A)
        say(stage.frontier, FRONT)
        wait_until(qtbot, lambda: votable(window))
    with room(qtbot, RuleView, stage) as view:
        wait_until(qtbot, view.page.checks.vote.isVisible)
        click(view.page.checks.vote)
        wait_until(qtbot, lambda: view.desk.turn is not None)

        def reasoning() -> list[Fold]:
            folded = [fold for pane in view.desk.panes for fold in pane.findChildren(Fold)]
            return [each for each in folded if each.title == "Reasoning" and each.isVisible()]

        assert reasoning() == [], "it would tell which model thought"
        view.desk.votes.press(2)
        wait_until(qtbot, lambda: len(reasoning()) == 1)
        assert "Ten days" not in told_by(view.desk)
        view.desk._vote("equal")
        wait_until(qtbot, lambda: view.bridge.idle)
        (fold,) = reasoning()
        click(fold.findChildren(QPushButton)[0])
        assert "Ten days, I think." in told_by(fold)
        assert fold._text == ["Ten days, I think."]  # once, though the vote was given twice


# History and Settings


@pytest.mark.parametrize(
    ("texts", "sent_to", "stands"),
    [((A, A, A), "three cheap", CHEAP), ((B, A, A), "three cheap", SECOND),
     ((A, B, C), "all four", FRONTIER)],
)  # fmt: skip
def test_history_shows_first_what_stood_and_folds_the_rest(
    qtbot: QtBot, stage: Stage, texts: tuple[str, str, str], sent_to: str, stands: object
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        say_all(stage, *texts)
        if sent_to == "all four":
            say(stage.frontier, FRONT)
        settled(qtbot, window)
    with room(qtbot, HistoryView, stage) as view:
        wait_until(qtbot, lambda: view.detail.turn is not None)
        assert cells_of(view.table)[0][SENT_TO] == sent_to
        pane = view.detail.panes[0]
        assert pane.text() == (FRONT if stands is FRONTIER else A)
        names = [m.name for m in (CHEAP, SECOND, THIRD) if m is not stands]
        assert folds(pane) == [f"What {name} said" for name in names]
        assert not view.detail.panes[1].isVisible()


def test_history_keeps_both_places_of_a_running_check_empty(qtbot: QtBot, stage: Stage) -> None:
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(window)
        say(stage.cheap, B)
        say(stage.second, A)
        say(stage.frontier, FRONT)
        stage.third.says(A)
        wait_until(qtbot, lambda: (stage.second.closed, stage.frontier.closed) == (1, 1))
        with room(qtbot, HistoryView, stage) as view:
            wait_until(qtbot, lambda: view.detail.turn is not None)
            assert [pane.text() for pane in view.detail.panes] == ["", ""]
            told = told_by(view.detail)
            assert TOGETHER in told
            assert "Still being answered" in told
            for name in NAMES:
                assert name not in told
        stage.third.finishes()
        wait_until(qtbot, lambda: votable(window))


def test_settings_offer_a_third_model_beside_the_second(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        second, third = view.pair.second, view.pair.third
        wait_until(qtbot, lambda: third.currentText() == THIRD.name)
        assert [third.itemText(at) for at in range(third.count())] == ["None", THIRD.name]
        told = view.pair.about_third.text()
        for words in ("three quarters", "1 in 16 rather than 1 in 28", "one more cheap call",
                      "not on legal work"):  # fmt: skip
            assert words in told
        third.setCurrentIndex(0)
        third.activated.emit(0)
        wait_until(qtbot, lambda: third.currentText() == "None" and third.isEnabled())
        third.setCurrentIndex(1)
        third.activated.emit(1)
        wait_until(qtbot, lambda: third.currentText() == THIRD.name)
        # At once, while the third is still being stored: the last choice holds.
        second.setCurrentIndex(0)
        second.activated.emit(0)
        wait_until(qtbot, lambda: not third.isEnabled())
        assert third.currentText() == "Choose a second cheap model first"
