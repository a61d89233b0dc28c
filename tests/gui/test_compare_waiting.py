"""A side that waits before it is asked again: told in words, and it can be given up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.events import Failed, Waiting
from app.domain.model import Role
from app.ui.main_window import MainWindow
from app.ui.views.turns.dress import ways_out
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.answer_waiting import WaitingBlock, count_down
from tests.fakes.scripted import CHEAP, FRONTIER, Script, Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until, words_of

BUSY = "Pebble AI is limiting how fast you may ask (429)."


def ask(qtbot: QtBot, window: MainWindow, *, blind: bool) -> None:
    window.compare.page.composer.set_blind(blind)
    window.compare.page.composer.set_text("May the tenant sublet?")
    press(window.compare.page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def wait_a_while(script: Script, seconds: float = 45, reason: str = BUSY) -> None:
    script.push(Waiting(reason, seconds, 2))


def said(pane: AnswerPane) -> str:
    return "\n".join(words_of(pane))


def seconds_left(pane: AnswerPane) -> int:
    """Return the fewest seconds that a pane says it still waits before it asks again.

    A screen reader is not told anew of every second: its words may say more.
    """
    return min(map(int, re.findall(r"Asking again in (\d+) seconds\.", said(pane))))


def states(window: MainWindow) -> dict[Role, AnswerState]:
    turn = window.compare.live.turn
    assert turn is not None
    return {answer.role: answer.state for answer in turn.answers}


def test_a_wait_is_counted_down_in_its_pane_and_stopping_it_leaves_the_other_alone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=False)
        wait_a_while(stage.cheap)
        page = window.compare.page
        wait_until(qtbot, page.a.waiting.isVisible)
        assert BUSY in said(page.a)
        first = seconds_left(page.a)
        assert 30 < first <= 45
        assert not page.b.waiting.isVisible()
        wait_until(qtbot, lambda: seconds_left(page.a) < first)
        stage.frontier.says("No: clause 7 ")
        wait_until(qtbot, lambda: bool(page.b.text()))
        click(page.a.waiting.stop)
        wait_until(qtbot, lambda: states(window)[Role.CHEAP] is AnswerState.STOPPED)
        wait_until(qtbot, lambda: "You stopped waiting; no request was under way." in said(page.a))
        assert not page.a.waiting.isVisible()
        assert "Nothing was charged." in said(page.a)
        assert states(window)[Role.FRONTIER] is AnswerState.STREAMING
        stage.frontier.says("forbids it.")
        stage.frontier.finishes()
        wait_until(qtbot, lambda: not window.compare.live.running)
        assert page.b.text() == "No: clause 7 forbids it."
        assert states(window)[Role.FRONTIER] is AnswerState.COMPLETE


def test_escape_ends_both_sides_while_one_of_them_waits(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=False)
        wait_a_while(stage.cheap)
        stage.frontier.says("No: cl")
        page = window.compare.page
        wait_until(qtbot, lambda: page.a.waiting.isVisible() and bool(page.b.text()))
        press(page.composer.edit, Qt.Key.Key_Escape)
        wait_until(qtbot, page.composer.asks)
        assert set(states(window).values()) == {AnswerState.STOPPED}
        assert not page.a.waiting.isVisible()


def test_a_wait_that_is_over_is_taken_away_and_no_longer_stopped(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=False)
        wait_a_while(stage.cheap)
        page = window.compare.page
        wait_until(qtbot, page.a.waiting.isVisible)
        wait_a_while(stage.cheap, 0)
        wait_until(qtbot, lambda: not page.a.waiting.isVisible())
        # Pressed a moment too late: the answer under way is not ended by it.
        page.a.action_requested.emit("stop_waiting")
        stage.cheap.says("Yes.")
        stage.cheap.finishes()
        stage.frontier.says("No.")
        stage.frontier.finishes()
        wait_until(qtbot, lambda: not window.compare.live.running)
        assert set(states(window).values()) == {AnswerState.COMPLETE}


@pytest.mark.parametrize("waits", list(Role))
def test_a_blind_wait_tells_nothing_of_who_is_who(
    qtbot: QtBot, tmp_path: Path, waits: Role
) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=True)
        wait_a_while(stage.cheap if waits is Role.CHEAP else stage.frontier)
        page = window.compare.page
        wait_until(qtbot, lambda: page.a.waiting.isVisible() and page.b.waiting.isVisible())
        frames(qtbot)
        a, b = said(page.a), said(page.b)
        assert a.replace("Answer A", "") == b.replace("Answer B", "")
        assert "One of the two has to wait." in a
        for word in (CHEAP.name, FRONTIER.name, CHEAP.vendor, FRONTIER.vendor, "429", "cheap"):
            assert word.casefold() not in (a + b).casefold()
        assert page.a.width() == page.b.width()
        # From either pane: it is not said which one waits.
        click(page.b.waiting.stop if waits is Role.CHEAP else page.a.waiting.stop)
        wait_until(qtbot, lambda: states(window)[waits] is AnswerState.STOPPED)
        assert not window.compare.live.blind
        assert states(window)[waits.other()] is AnswerState.STREAMING
        assert not page.votes.isVisible()
        stage.cheap.finishes()
        stage.frontier.says("No.")
        stage.cheap.says("Yes.")
        stage.frontier.finishes()


def test_both_may_wait_while_blind(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=True)
        wait_a_while(stage.cheap, 20)
        wait_a_while(stage.frontier, 45)
        page = window.compare.page
        wait_until(qtbot, lambda: "Both have to wait." in said(page.a))
        assert "Asking again in 45 seconds." in said(page.a)
        click(page.a.waiting.stop)
        wait_until(qtbot, page.composer.asks)
        assert set(states(window).values()) == {AnswerState.STOPPED}


def test_a_screen_reader_hears_of_a_wait_once_and_not_each_second(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    block = WaitingBlock()
    qtbot.addWidget(block)
    monkeypatch.setattr(block, "_announce", heard.append)
    for left_s in (12, 11, 10):
        block.say("Waiting before it is asked again.", BUSY, left_s)
    assert heard == [f"Waiting before it is asked again. {BUSY} Asking again in 12 seconds."]
    # A label with a name of its own tells nobody when its words change.
    reader = QAccessible.queryAccessibleInterface(block._countdown)
    assert reader.text(QAccessible.Text.Name) == "Asking again in 12 seconds."
    assert block._countdown.text() == "Asking again in 10 seconds."
    assert block.stop.accessibleName() == "Stop waiting"
    assert BUSY in block.stop.accessibleDescription()


def test_the_last_seconds_are_said_in_english() -> None:
    assert [count_down(left) for left in (2, 1, 0)] == [
        "Asking again in 2 seconds.", "Asking again in 1 second.", "Asking again now.",
    ]  # fmt: skip


# What can be done


def test_a_refused_key_leads_to_the_field_that_mends_it(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, blind=False)
        problem = Problem("key_refused", "Summit Labs did not accept the API key.", "Replace it.")
        stage.frontier.push(Failed(problem, may_be_billed=False))
        stage.cheap.says("Yes.")
        stage.cheap.finishes()
        page = window.compare.page
        wait_until(qtbot, lambda: "Mend the key in Settings" in said(page.b))
        assert "No answer came." in said(page.b)
        mend = page.b.findChild(QPushButton, "mend_key")
        assert mend is not None
        click(mend)
        settings = window.view("settings")
        assert window.stack.currentWidget() is settings
        models = settings.models  # type: ignore[attr-defined]  # the view is known by its name
        wait_until(qtbot, lambda: any(row.key.isVisible() for row in models.rows))
        opened = [row.model.name for row in models.rows if row.key.isVisible()]
        assert opened == [FRONTIER.name]


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("key_refused", "mend_key"),
        ("keychain_locked", "mend_key"),
        ("blocked_by_policy", "policy"),
        ("bad_certificate", "connection"),
        ("stalled", "connection"),
        ("unknown_host", "settings"),
        ("rate_limited", "again"),
        ("stopped", "again"),
    ],
)
def test_each_problem_offers_the_way_out_that_fits_it(kind: str, first: str) -> None:
    offered = [name for name, _ in ways_out(Problem(kind, "What.", "Next."))]
    assert offered[0] == first
    assert kind == "blocked_by_policy" or offered[-1] == "again"


@pytest.mark.parametrize("state", [s for s in AnswerState if s is not AnswerState.COMPLETE])
def test_each_state_is_said_in_words_in_its_pane(
    qtbot: QtBot, tmp_path: Path, state: AnswerState
) -> None:
    from dataclasses import replace

    from app.domain.answer import Answer
    from app.domain.conversation import prompt_of
    from app.domain.turn import Turn, TurnMode
    from app.ui.views.turns.dress import dress

    pane = AnswerPane()
    qtbot.addWidget(pane)
    pane.show()
    answer = Answer(Role.CHEAP, CHEAP)
    turn = Turn(prompt_of("May he?"), TurnMode.OPEN, "p", False, Stage(tmp_path).clock.now())
    if state is not AnswerState.STREAMING:
        answer = replace(answer, state=state, problem=Problem("x", "What happened.", "What next."))
    dress(pane, turn, answer)
    shown = said(pane)
    if state is AnswerState.STREAMING:
        assert "its first word has not come yet" in shown
        return
    assert state.in_words() in shown
    assert "What happened. What next." in shown
    kept = "Nothing was sent" if state is AnswerState.BLOCKED else "It cannot be voted on."
    assert kept in shown
