from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.vote import Choice, VoteKind
from app.ui import theme
from app.ui.main_window import MainWindow
from app.ui.views.compare.page import AUTO_ROUTE, PRACTICE
from app.ui.views.turns.why import WhyDialog
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import (
    WAIT_MS,
    click,
    frames,
    main_window,
    press,
    type_keys,
    wait_until,
    words_of,
)


def type_prompt(window: MainWindow, text: str = "May the tenant sublet?") -> None:
    window.compare.page.composer.set_text(text)


def press_ask(qtbot: QtBot, window: MainWindow) -> None:
    edit = window.compare.page.composer.edit
    press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def said(window: MainWindow) -> str:
    return "\n".join(words_of(window.compare))


def route(qtbot: QtBot, window: MainWindow) -> None:
    """Turn auto-route on by its button, as a user does."""
    auto = next(
        b for b in window.compare.page.mode.findChildren(QPushButton) if b.text() == "Auto-route"
    )
    click(auto)


def allow_only(qtbot: QtBot, window: MainWindow, vendor: str) -> None:
    matters = window.compare.page.matters
    matters.policy_wanted.emit(SendingPolicy(PolicyKind.NAMED, frozenset({vendor})))
    wait_until(qtbot, lambda: matters.policy().kind is PolicyKind.NAMED)


def test_escape_stops_wherever_the_focus_is_and_keeps_what_came(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        press_ask(qtbot, window)
        stage.cheap.says("Yes, with the land")
        stage.frontier.says("No: clause 7")
        page = window.compare.page
        wait_until(qtbot, lambda: bool(page.a.text()))
        page.composer.edit.setFocus()
        press(page.composer.edit, Qt.Key.Key_Escape)
        wait_until(qtbot, window.compare.page.composer.asks)
        assert {page.a.text(), page.b.text()} == {"Yes, with the land", "No: clause 7"}
        assert "stopped by you" in said(window)
        assert not page.votes.isVisible()
        turn = window.compare.live.turn
    history = stage.history()
    assert turn is not None
    kept = history.turn(turn.id)
    history.close()
    assert kept is not None
    assert [a.state for a in kept.answers] == [AnswerState.STOPPED, AnswerState.STOPPED]
    assert [a.text for a in kept.answers] == ["Yes, with the land", "No: clause 7"]


def test_escape_before_the_model_has_begun_is_not_lost(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        press_ask(qtbot, window)
        press(window.compare.page.votes, Qt.Key.Key_Escape)
        wait_until(qtbot, window.compare.page.composer.asks)
        assert window.compare.live.turn is not None
        states = [answer.state for answer in window.compare.live.turn.answers]
        assert states == [AnswerState.STOPPED, AnswerState.STOPPED]


def test_digits_type_in_the_prompt_and_never_vote_there(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window, "")
        edit = window.compare.page.composer.edit
        type_prompt(window)
        press_ask(qtbot, window)
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes()
        votes = window.compare.page.votes
        wait_until(qtbot, lambda: any(b.isEnabled() for b in votes.choices()))
        edit.setFocus()
        type_keys(edit, " 1 2 3 4")
        assert edit.toPlainText().endswith(" 1 2 3 4")
        assert window.compare.live.turn is not None
        assert window.compare.live.turn.vote is None


def test_the_prompt_stays_and_a_second_asking_waits_for_the_first(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        press_ask(qtbot, window)
        press_ask(qtbot, window)
        wait_until(qtbot, lambda: bool(stage.cheap.requests))
        frames(qtbot)
        assert len(stage.cheap.requests) == 1
        assert window.compare.page.composer.text() == "May the tenant sublet?"
        assert window.compare.page.composer.button_words() == "Stop"


def test_an_empty_prompt_is_told_and_nothing_is_asked(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        press_ask(qtbot, window)
        assert window.banner.isVisible()
        assert not stage.cheap.requests


def test_open_names_are_visible_from_the_start_and_the_vote_counts_as_open(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_blind(False)
        type_prompt(window)
        press_ask(qtbot, window)
        wait_until(qtbot, lambda: CHEAP.name in said(window) and FRONTIER.name in said(window))
        stage.cheap.waits(7)
        wait_until(qtbot, lambda: "Asking again in" in said(window))
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes()
        votes = window.compare.page.votes
        wait_until(qtbot, lambda: any(b.isEnabled() for b in votes.choices()))
        press(votes, Qt.Key.Key_1)
        live = window.compare.live
        wait_until(qtbot, lambda: live.turn is not None and live.turn.vote is not None)
        assert live.turn is not None
        assert live.turn.vote is not None
        assert (live.turn.vote.choice, live.turn.vote.kind) == (Choice.FRONTIER, VoteKind.OPEN)


def test_a_side_that_the_matter_forbids_is_not_sent_and_says_the_way_out(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.matters.set_matter("Hartwell v. Oceanic")
        allow_only(qtbot, window, FRONTIER.vendor)
        type_prompt(window)
        press_ask(qtbot, window)
        stage.frontier.says("No.")
        stage.frontier.finishes()
        wait_until(qtbot, window.compare.page.composer.asks)
        wait_until(qtbot, lambda: "blocked by matter policy" in said(window))
        wait_until(qtbot, lambda: "Change the policy" in said(window))
        shown = said(window)
        assert "Nothing was sent" in shown
        assert not stage.cheap.requests


def test_auto_route_below_enough_votes_says_how_many_and_that_both_are_paid(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        route(qtbot, window)
        wait_until(qtbot, lambda: "Not enough votes yet: 0 of about 50." in said(window))
        wait_until(qtbot, lambda: "you pay both: ≈ $" in said(window))
        press_ask(qtbot, window)
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes()
        votes = window.compare.page.votes
        wait_until(qtbot, lambda: any(b.isEnabled() for b in votes.choices()))
        assert window.compare.live.blind


def test_frontier_only_until_enough_asks_one_and_can_be_taken_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        route(qtbot, window)
        wait_until(qtbot, lambda: "Use frontier only" in said(window))
        window.compare.page.notice.acted.emit("frontier")
        wait_until(qtbot, lambda: "Ask both until then" in said(window))
        press_ask(qtbot, window)
        stage.frontier.says("No.")
        stage.frontier.finishes()
        wait_until(qtbot, window.compare.page.composer.asks)
        assert "Sent to the frontier model." in said(window)
        assert not stage.cheap.requests
        assert not window.compare.page.b.isVisible()


def test_a_routed_answer_says_why_and_can_be_compared_afterwards(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.matters.set_matter("Project Larch")
        allow_only(qtbot, window, CHEAP.vendor)
        type_prompt(window)
        route(qtbot, window)
        wait_until(qtbot, lambda: "Goes to the cheap model." in said(window))
        press_ask(qtbot, window)
        stage.cheap.says("Four deadlines.")
        stage.cheap.finishes()
        page = window.compare.page
        wait_until(qtbot, lambda: any(b.isEnabled() for b in page.votes.choices()))
        wait_until(qtbot, lambda: "frontier would have cost" in said(window))
        assert "Sent to the cheap model." in said(window)
        page.notice.acted.emit("why")
        dialog = window.compare.findChild(WhyDialog)
        assert dialog is not None
        assert "which leaves out Summit Large" in "\n".join(words_of(dialog))
        dialog.reject()
        press(page.votes, Qt.Key.Key_1)
        live = window.compare.live
        wait_until(qtbot, lambda: live.turn is not None and live.turn.vote is not None)
        assert live.turn is not None
        assert live.turn.vote is not None
        assert live.turn.vote.choice is Choice.GOOD_ENOUGH
        page.matters.policy_wanted.emit(SendingPolicy())
        wait_until(qtbot, lambda: page.matters.policy().kind is PolicyKind.ANY)
        page.notice.acted.emit("other")
        stage.frontier.says("Three are dates.")
        stage.frontier.finishes()
        wait_until(qtbot, lambda: page.b.isVisible() and not live.running)
        assert page.a.text() == "Four deadlines."
        assert page.b.text() == "Three are dates."
        assert any(b.isEnabled() for b in page.votes.choices())


def test_turning_auto_route_on_keeps_a_comparison_that_waits_for_its_vote(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        type_prompt(window)
        press_ask(qtbot, window)
        for script in (stage.cheap, stage.frontier):
            script.says("Yes.")
            script.finishes()
        votes = window.compare.page.votes
        wait_until(qtbot, lambda: any(b.isEnabled() for b in votes.choices()))
        route(qtbot, window)
        frames(qtbot)
        press(votes, Qt.Key.Key_1)
        live = window.compare.live
        wait_until(qtbot, lambda: live.turn is not None and live.turn.vote is not None)


def test_practice_is_labelled_as_long_as_it_is_in_use(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path, pair=None)) as window:
        assert PRACTICE in said(window)
        type_prompt(window)
        wait_until(qtbot, lambda: "$0.00" in said(window))
        press_ask(qtbot, window)
        frames(qtbot)
        assert PRACTICE in said(window)
    other = tmp_path / "other"
    other.mkdir()
    with main_window(qtbot, Stage(other)) as window:
        assert PRACTICE not in said(window)


def test_the_answer_can_be_copied_once_it_may_be_known(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_blind(False)
        type_prompt(window)
        press_ask(qtbot, window)
        for script, text in ((stage.cheap, "cheap text"), (stage.frontier, "frontier text")):
            script.says(text)
            script.finishes()
        wait_until(qtbot, window.compare.page.composer.asks)
        window.compare.page.a.action_requested.emit("copy")
        assert QGuiApplication.clipboard().text() == "frontier text"
        assert QApplication.focusWidget() is not None


def test_a_choice_made_while_the_view_is_read_again_is_not_put_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        drafting = window.compare.drafting
        with qtbot.waitSignal(drafting.loaded, timeout=WAIT_MS) as read:
            drafting.load()
        (as_it_was,) = read.args
        window.compare.page.mode.chosen.emit(AUTO_ROUTE)
        drafting._loaded(as_it_was)  # comes late, as it may on a busy machine
        assert window.compare.auto_route


def cut_off(part: QWidget) -> list[str]:
    """Return the words on the screen for which there is less room than they need."""
    missed: list[str] = []
    for each in part.findChildren(QWidget):
        if not each.isVisible() or not isinstance(each, QLabel | QPushButton):
            continue
        parent = each.parentWidget()
        needed = each.heightForWidth(each.width())
        if needed < 0:
            needed = each.minimumSizeHint().height()
        outside = parent is not None and not parent.rect().contains(each.geometry())
        narrow = isinstance(each, QPushButton) and each.width() < each.minimumSizeHint().width()
        if outside or narrow or each.height() < needed:
            missed.append(each.text())
    return missed


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_nothing_is_cut_at_twice_the_text_once_the_names_are_shown(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, size: tuple[int, int]
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage, size) as window:
        page = window.compare.page
        try:
            theme.apply(qapp, "light", 2.0)
            type_prompt(window, "May the tenant sublet without the consent of the landlord? " * 2)
            press_ask(qtbot, window)
            for script in (stage.cheap, stage.frontier):
                script.says("Not without written consent. " * 20)
                script.finishes()
            wait_until(qtbot, lambda: any(b.isEnabled() for b in page.votes.choices()))
            frames(qtbot)
            assert cut_off(page) == []
            page.votes.press(1)
            wait_until(qtbot, lambda: "Your count" in said(window))
            page.a.press("continue")
            wait_until(qtbot, lambda: bool(page.continuing()))
            frames(qtbot)
            assert cut_off(page) == []
            for pane in (page.a, page.b):
                assert pane.view.height() >= 4 * pane.view.fontMetrics().height()
            # What does not fit is reached by scrolling, and the prompt is in sight while typed.
            edit = page.composer.edit
            edit.setFocus()
            type_keys(edit, "!")
            shown = edit.mapTo(window, edit.rect().bottomLeft()).y()
            assert 0 < shown <= window.height()
        finally:
            theme.apply(qapp, "light", 1.0)


def test_a_long_answer_shows_its_beginning_once_it_is_complete(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage, (1024, 700)) as window:
        page = window.compare.page
        type_prompt(window)
        press_ask(qtbot, window)
        for script in (stage.cheap, stage.frontier):
            script.says("Not without written consent.\n\n" * 60)
        bars = [pane.view.verticalScrollBar() for pane in (page.a, page.b)]
        wait_until(qtbot, lambda: all(bar.maximum() > 0 for bar in bars))
        assert all(bar.value() == bar.maximum() for bar in bars)
        for script in (stage.cheap, stage.frontier):
            script.finishes()
        wait_until(qtbot, lambda: any(b.isEnabled() for b in page.votes.choices()))
        assert [bar.value() for bar in bars] == [0, 0]
        page.votes.press(1)
        wait_until(qtbot, lambda: "Your count" in said(window))
        frames(qtbot)
        assert [bar.value() for bar in bars] == [0, 0]
