from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.answer import Answer
from app.domain.model import Pair, Role
from app.domain.turn import TurnMode
from app.domain.vote import Choice, Vote, VoteKind
from app.services.ports import History
from app.ui import theme
from app.ui.views.rule import PRACTICE, RuleView
from app.ui.views.rule_cards import LIMITS
from tests.fakes.history_samples import ended, turn
from tests.fakes.rooms import room, told_by
from tests.fakes.scripted import Stage
from tests.fakes.windows import WAIT_MS, frames, wait_until


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, votes_needed=12)


def vote(
    history: History, choices: Iterator[Choice], count: int, tags: tuple[str, ...] = ()
) -> None:
    """Store comparisons, alternating two kinds of work, each with a blind vote."""
    models = {model.role: model for model in history.models()}
    pair = Pair(models[Role.CHEAP], models[Role.FRONTIER])
    for number, choice in zip(range(count), choices, strict=False):
        text = "Extract the dates." if number % 2 else "Analyse the risk and argue."
        begun = history.begin_turn(
            turn(
                f"{text} No. {number}",
                tags=tags,
                pair_key=pair.key,
                mode=TurnMode.BLIND,
                answers=tuple(Answer(role, models[role]) for role in Role),
            )
        )
        for answer in begun.answers:
            history.finish_answer(ended(answer), ())
        history.add_vote(begun.id, Vote(choice, VoteKind.BLIND))


def mixed() -> Iterator[Choice]:
    while True:
        yield Choice.FRONTIER
        yield Choice.EQUAL


def known(qtbot: QtBot, view: RuleView) -> None:
    wait_until(qtbot, lambda: not view.stack.isHidden() and view.bridge._running == 0)


def test_without_votes_it_says_how_many_it_needs_and_claims_nothing(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert view.empty.isVisible()
        told = told_by(view)
        assert "12 blind votes" in told
        assert "limit holds" not in told
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            view.empty.chosen.emit()
        assert went.args == ["compare"]


def test_below_enough_votes_it_counts_what_is_missing_and_sends_nothing_anywhere(
    qtbot: QtBot, stage: Stage
) -> None:
    history = stage._history()
    vote(history, mixed(), 5)
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        told = told_by(view)
        assert "Not enough votes yet: 5 of about 12" in told
        assert "7 more blind votes" in told
        assert "cannot tell yet" in told
        assert "to cheap" not in told.replace("go to cheap", "")
        assert not view.limit.isVisible()


def test_enough_votes_show_counts_intervals_and_a_limit_that_can_be_changed(
    qtbot: QtBot, stage: Stage
) -> None:
    history = stage._history()
    vote(history, mixed(), 40)
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        told = told_by(view)
        assert "learned from 40 votes, 40 of them blind" in told
        assert "20 of 20" in told
        assert "likely" in told
        assert view.limit.isVisible()
        assert "1 in 10" in view.limit.said.text()
        view.limit.slider.setFocus()
        QTest.keyClick(view.limit.slider, Qt.Key.Key_Right)
        wait_until(qtbot, lambda: view.bridge._running == 0)
        view.entered()
        known(qtbot, view)
        assert LIMITS[view.limit.slider.value()] == 0.20
        assert "1 in 5" in told_by(view)


def test_a_changed_vote_is_told_as_left_out_with_its_reason(qtbot: QtBot, stage: Stage) -> None:
    history = stage._history()
    vote(history, mixed(), 4)
    history.add_vote(1, Vote(Choice.NEITHER, VoteKind.CHANGED))
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert "3 votes used" in view.votes.used.text()
        # Neither the first vote of that prompt nor the changed one is trusted to teach.
        assert "2 votes left out" in view.votes.left_out.text()


def test_the_practice_pair_has_its_own_rule_and_says_so(qtbot: QtBot, stage: Stage) -> None:
    history = stage._history()
    vote(history, mixed(), 4)
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view._choose_world("practice")
        wait_until(qtbot, lambda: view.pair_badge.text() == PRACTICE)
        assert view.pair_badge.property("badge") == "accent"


def test_frontier_only_until_enough_is_kept_beside_the_other_preferences(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.preferences = replace(stage.preferences, scheme="dark")
    history = stage._history()
    vote(history, mixed(), 2)
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view.until_enough.frontier.click()
        wait_until(qtbot, lambda: view.bridge._running == 0)
    kept = stage.history()
    text = kept.setting("preferences")
    kept.close()
    assert text is not None
    assert '"frontier"' in text
    assert '"dark"' in text


def test_many_groups_scroll_and_do_not_push_the_charts_together(qtbot: QtBot, stage: Stage) -> None:
    history = stage._history()
    vote(history, mixed(), 24, tuple(f"tag {number}" for number in range(25)))
    history.close()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        # Another theme makes every widget say anew how much room it wants.
        theme.apply(app, "dark")
        frames(qtbot)
        assert view._charts is not None
        assert view._charts[0].height() > 250
        assert view.learned.verticalScrollBar().maximum() > 0
