from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.model import Role
from app.domain.turn import HistoryQuery, Turn
from app.domain.vote import Choice, VoteKind
from app.services.archive import Archive
from app.ui.main_window import MainWindow
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until, words_of

# What could tell one side from the other; the composer's own estimate says nothing of either.
TELLTALES = (
    CHEAP.name, CHEAP.model, CHEAP.vendor, "pebble", FRONTIER.name, FRONTIER.model,
    FRONTIER.vendor, "summit", "cheap", "frontier",
)  # fmt: skip
FIGURE = re.compile(r"\d+([.,]\d+)?\s*(s|ms|tok/s|tokens|words)\b|\$\s*\d", re.IGNORECASE)


def ask(qtbot: QtBot, window: MainWindow, text: str = "May the tenant sublet?") -> None:
    window.compare.page.composer.set_text(text)
    press(window.compare.page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def told(window: MainWindow) -> str:
    page = window.compare.page
    parts = (page.a, page.b, page.votes, page.notice, page.empty, window.banner, window.rail)
    return "\n".join(word for part in parts for word in words_of(part) if part.isVisible())


def finish_both(stage: Stage) -> None:
    stage.cheap.says("Yes, with consent.")
    stage.frontier.says("No: clause 7 forbids it.")
    stage.cheap.finishes(out=5)
    stage.frontier.finishes(out=400)


def until_votable(qtbot: QtBot, window: MainWindow) -> None:
    wait_until(qtbot, lambda: any(b.isEnabled() for b in window.compare.page.votes.choices()))


def assert_nothing_tells(window: MainWindow) -> None:
    shown = told(window)
    for word in TELLTALES:
        assert word.casefold() not in shown.casefold(), f"{word!r} tells: {shown}"
    assert not FIGURE.search(shown), shown


@pytest.mark.parametrize("seat_a", list(Role))
def test_nothing_tells_the_models_apart_before_the_vote(
    qtbot: QtBot, tmp_path: Path, seat_a: Role
) -> None:
    stage = Stage(tmp_path, seat_a=seat_a)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        assert_nothing_tells(window)
        stage.cheap.reasons("Let me think about Pebble")
        stage.frontier.waits(3)
        stage.cheap.says("Yes")
        frames(qtbot)
        assert_nothing_tells(window)
        finish_both(stage)
        until_votable(qtbot, window)
        assert_nothing_tells(window)
        page = window.compare.page
        assert abs(page.a.width() - page.b.width()) <= 1
        # Both cards look alike: the same parts of each are visible.
        a, b = ([w for w in words_of(pane) if "Answer" in w] for pane in (page.a, page.b))
        assert [w.replace("Answer A", "") for w in a] == [w.replace("Answer B", "") for w in b]


def test_seat_a_is_drawn_and_not_always_the_cheap_model(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, seat_a=Role.FRONTIER)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        finish_both(stage)
        until_votable(qtbot, window)
        assert "clause 7" in window.compare.page.a.text()
        assert "consent" in window.compare.page.b.text()


def test_the_quick_side_waits_for_the_slow_one(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        stage.cheap.says("A whole answer at once. " * 20)
        frames(qtbot, 0.4)
        page = window.compare.page
        assert page.a.text() == page.b.text() == ""
        stage.frontier.says("Slowly")
        wait_until(qtbot, lambda: bool(page.a.text()) and bool(page.b.text()))
        assert len(page.b.text()) <= len("Slowly")


def test_no_vote_before_both_answers_are_whole_and_shown(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        stage.cheap.says("Yes.")
        stage.cheap.finishes()
        stage.frontier.says("No, bec")
        frames(qtbot)
        assert not any(button.isEnabled() for button in window.compare.page.votes.choices())
        press(window.compare.page.votes, Qt.Key.Key_1)
        frames(qtbot)
        assert not window.banner.isVisible()
        assert window.compare.live.turn is not None
        assert window.compare.live.turn.vote is None
        assert window.compare.live.blind


def test_the_focus_is_at_the_vote_after_asking_and_a_key_votes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        page = window.compare.page
        assert QApplication.focusWidget() is page.votes
        finish_both(stage)
        until_votable(qtbot, window)
        press(page.votes, Qt.Key.Key_3)
        wait_until(qtbot, page.notice.isVisible)
        shown = told(window)
        assert CHEAP.name in shown
        assert FRONTIER.name in shown
        assert "B was the cheap model." in shown
        turn = window.compare.live.turn
        assert turn is not None
        assert turn.vote is not None
        assert (turn.vote.choice, turn.vote.kind) == (Choice.CHEAP, VoteKind.BLIND)
    history = stage.history()
    kept = history.turn(turn.id)
    history.close()
    assert kept is not None
    assert kept.vote is not None
    assert kept.vote.kind is VoteKind.BLIND


def test_a_failing_side_ends_blindness_and_leaves_the_other_alone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        stage.frontier.says("No: clause 7 ")
        stage.cheap.fails("overloaded")
        page = window.compare.page
        wait_until(qtbot, lambda: CHEAP.name in told(window))
        shown = "\n".join(words_of(page.a))
        assert "The provider is overloaded (529). Ask again in a minute." in shown
        assert "Ask again" in shown
        assert not page.votes.isVisible()
        stage.frontier.says("forbids it.")
        stage.frontier.finishes()
        wait_until(qtbot, lambda: not window.compare.live.running)
        assert page.b.text() == "No: clause 7 forbids it."
        assert not page.votes.isVisible()
        press(window.compare, Qt.Key.Key_1)
        assert window.compare.live.turn is not None
        assert window.compare.live.turn.vote is None


def test_reasons_and_a_changed_vote_are_kept_and_told_apart(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, seat_a=Role.CHEAP)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        finish_both(stage)
        until_votable(qtbot, window)
        page = window.compare.page
        press(page.votes, Qt.Key.Key_1)
        wait_until(qtbot, page.notice.isVisible)
        live = window.compare.live
        wrong = next(b for b in page.votes.choices() if b.text() == "wrong citation")
        assert "2 times" in wrong.toolTip()
        click(wrong)
        wait_until(qtbot, lambda: live.turn is not None and len(live.turn.votes) == 2)
        change = next(b for b in page.votes.choices() if b.text() == "Change vote")
        click(change)
        press(page.votes, Qt.Key.Key_2)
        wait_until(qtbot, lambda: live.turn is not None and len(live.turn.votes) == 3)
        assert live.turn is not None
        kinds = [vote.kind for vote in live.turn.votes]
        assert kinds == [VoteKind.BLIND, VoteKind.BLIND, VoteKind.CHANGED]
        assert "does not train" in "\n".join(words_of(page.votes))


def test_switching_names_open_after_asking_does_not_open_a_blind_comparison(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        stage.cheap.says("Yes")
        stage.frontier.says("No")
        window.compare.page.composer.set_blind(False)
        frames(qtbot)
        assert_nothing_tells(window)


def test_whoever_votes_and_leaves_at_once_has_voted(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a slow disk a vote is still being written when the window closes."""
    read = Archive.show

    async def slow(self: Archive, turn_id: int) -> Turn:
        turn = await read(self, turn_id)
        await asyncio.sleep(0.5)
        return turn

    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window)
        finish_both(stage)
        until_votable(qtbot, window)
        monkeypatch.setattr(Archive, "show", slow)
        press(window.compare.page.votes, Qt.Key.Key_1)
        window.close()
    history = stage.history()
    (row,) = history.page(HistoryQuery())
    history.close()
    assert row.choice is not None
