"""A second look of which a model has to wait: which one, how long, and the way out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.events import Waiting
from app.services.preferences import Preferences
from app.ui.main_window import MainWindow
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.answer_waiting import WaitingBlock
from tests.fakes.looks import said
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Script, Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until

PROMPT = "By what date must notice be served?"
BUSY = "Quartz is limiting how fast you may ask (429)."


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(
        tmp_path,
        second_model=SECOND,
        third_model=THIRD,
        lot=0.9,
        preferences=Preferences(auto_route=True),
    )


def ask(window: MainWindow, text: str = PROMPT) -> None:
    window.compare.page.composer.set_text(text)
    press(window.compare.page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def must_wait(script: Script, seconds: float = 45) -> None:
    script.push(Waiting(BUSY, seconds, 2))


def say(script: Script, text: str) -> None:
    script.says(text)
    script.finishes()


def waits(pane: AnswerPane) -> list[WaitingBlock]:
    """Return the countdowns that can be seen in a pane."""
    return [block for block in pane.findChildren(WaitingBlock) if block.isVisible()]


def left_s(pane: AnswerPane) -> int:
    """Return the fewest seconds that a pane says; what is announced once stays as it was."""
    return min(map(int, re.findall(r"Asking again in (\d+) seconds\.", said(pane))))


def states(window: MainWindow) -> list[AnswerState]:
    turn = window.compare.live.turn
    assert turn is not None
    return [answer.state for answer in turn.beside]


@pytest.mark.parametrize("name", ["second", "third"])
def test_another_cheap_model_that_waits_is_named_counted_down_and_can_be_given_up(
    qtbot: QtBot, stage: Stage, name: str
) -> None:
    model, script = (SECOND, stage.second) if name == "second" else (THIRD, stage.third)
    other = stage.third if name == "second" else stage.second
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        must_wait(script)
        wait_until(qtbot, lambda: len(waits(page.a)) == 1)
        assert f"{model.name} waits before it is asked again." in said(page.a)
        assert BUSY in said(page.a)
        first = left_s(page.a)
        assert first <= 45
        wait_until(qtbot, lambda: left_s(page.a) < first)
        say(stage.cheap, "18 March")
        say(other, "18 March")
        wait_until(qtbot, lambda: stage.cheap.closed == other.closed == 1)
        frames(qtbot)
        assert window.compare.busy
        (block,) = waits(page.a)
        click(block.stop)
        wait_until(qtbot, page.composer.asks)
        assert sorted(states(window)) == [AnswerState.COMPLETE, AnswerState.STOPPED]
        assert waits(page.a) == []
        assert page.a.text() == "18 March"  # two of the three agree without it
        assert stage.frontier.requests == []


def test_each_wait_has_its_own_way_out_and_one_that_is_over_is_taken_away(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        for script in (stage.cheap, stage.second, stage.third):
            must_wait(script)
        wait_until(qtbot, lambda: len(waits(page.a)) == 3)
        must_wait(stage.second, 0)
        wait_until(qtbot, lambda: len(waits(page.a)) == 2)
        assert SECOND.name not in said(page.a)
        click(page.a.waiting.stop)
        wait_until(qtbot, lambda: stage.cheap.closed == 1)
        assert (stage.second.closed, stage.third.closed) == (0, 0)
        wait_until(qtbot, lambda: len(waits(page.a)) == 1)
        (block,) = waits(page.a)
        click(block.stop)
        wait_until(qtbot, lambda: stage.third.closed == 1)
        assert stage.second.closed == 0
        say(stage.second, "18 March")
        say(stage.frontier, "18 March")
        wait_until(qtbot, page.composer.asks)


@pytest.mark.parametrize("name", ["cheap", "second", "third", "frontier"])
def test_a_wait_in_a_blind_check_tells_nothing_of_which_model_it_is(
    qtbot: QtBot, stage: Stage, name: str
) -> None:
    stage = replace(stage, lot=0.01)
    scripts = {
        "cheap": stage.cheap,
        "second": stage.second,
        "third": stage.third,
        "frontier": stage.frontier,
    }
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        wait_until(qtbot, lambda: all(script.requests for script in scripts.values()))
        must_wait(scripts[name])
        wait_until(qtbot, lambda: page.a.waiting.isVisible() and page.b.waiting.isVisible())
        frames(qtbot)
        a, b = said(page.a), said(page.b)
        assert a.replace("Answer A", "") == b.replace("Answer B", "")
        assert "One of the models has to wait." in a
        assert len(waits(page.a)) == len(waits(page.b)) == 1
        for model in (CHEAP, SECOND, THIRD, FRONTIER):
            assert model.name not in a
        assert "429" not in a
        click(page.b.waiting.stop)
        wait_until(qtbot, lambda: scripts[name].closed == 1)
        wait_until(qtbot, lambda: not waits(page.a) and not waits(page.b))
        assert sum(script.closed for script in scripts.values()) == 1
        for each, script in scripts.items():
            if each != name:
                say(script, "18 March")
        wait_until(qtbot, page.composer.asks)


def test_a_second_model_that_still_waits_changes_nothing_of_the_next_prompt(
    qtbot: QtBot, stage: Stage
) -> None:
    """A check of two is voted on while the second one, which has no place in it, still waits."""
    stage = replace(stage, lot=0.01, third_model=None)
    with main_window(qtbot, stage) as window:
        ask(window)
        page = window.compare.page
        must_wait(stage.second)
        wait_until(qtbot, lambda: "One of the models has to wait." in said(page.a))
        say(stage.cheap, "18 March")
        say(stage.frontier, "19 March")
        wait_until(qtbot, lambda: any(button.isEnabled() for button in page.votes.choices()))
        assert waits(page.a) == waits(page.b) == []
        ask(window, "Draft a letter to the tenant.")
        wait_until(qtbot, lambda: len(stage.cheap.requests) == 2)
        must_wait(stage.second, 0)
        say(stage.second, "8 March")
        wait_until(qtbot, lambda: stage.second.closed == 1)
        frames(qtbot)
        say(stage.cheap, "Dear tenant,")
        say(stage.frontier, "Dear Sir,")
        wait_until(qtbot, page.composer.asks)
        turn = window.compare.live.turn
        assert turn is not None
        assert turn.decision is None or not turn.decision.looked
        assert not turn.beside
