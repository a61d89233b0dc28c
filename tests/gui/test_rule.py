from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.vote import Choice, Vote, VoteKind
from app.ui import theme
from app.ui.views.rule.limit import CONFIDENCES, LIMITS
from app.ui.views.rule.view import PRACTICE, RuleView
from tests.fakes.rooms import room, told_by
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import Stage
from tests.fakes.windows import WAIT_MS, frames, wait_until


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, votes_needed=24)


def known(qtbot: QtBot, view: RuleView) -> None:
    wait_until(qtbot, lambda: view._known is not None and view.bridge.idle)


def setting(stage: Stage, name: str) -> str:
    history = stage.history()
    text = history.setting(name)
    history.close()
    return text or ""


def test_without_votes_it_says_how_many_it_needs_and_claims_nothing(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        told = told_by(view)
        assert "Your rule has no votes yet" in told
        assert "From 24 votes asked for at random" in told
        assert view.holds_badge.text() == "not enough votes yet"
        assert "may go to cheap today" not in told
        # What the user may tell the rule holds from the first day.
        assert view.page.pins.isVisible()
        assert view.page.until_enough.isVisible()
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            view.page.progress.calibrate.click()
        assert went.args == ["calibrate"]
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            view.page.progress.route.click()
        assert went.args == ["compare"]
    assert '"auto_route": true' in setting(stage, "preferences")


def test_below_enough_votes_it_counts_what_is_missing_and_sends_nothing_anywhere(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=12))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        told = told_by(view)
        assert "Not enough votes yet: 12 of 24" in told
        assert "with 12 more the rule can begin" in told
        assert "cannot tell yet" in told
        assert "mostly to" not in told
        assert "may go to cheap today" not in told
        assert view.holds_badge.text() == "not enough votes yet"


def test_enough_votes_show_what_is_allowed_today_beside_what_luck_would_allow(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=120))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert view._known is not None
        promise = view._known.overview.promise
        assert promise.holds
        assert promise.share > promise.luck_share
        told = told_by(view)
        assert "learned from 120 votes, 120 of them asked for at random" in told
        assert "limit holds at 90% confidence" in told
        assert "may go to cheap today" in told
        assert "by luck alone" in told
        assert "likely" in told
        # Every task, tag and matter has its counts.
        for name in ("Extraction", "Tagged notice", "Project Larch", "All prompts"):
            assert name in told


def test_a_promise_that_spot_checks_ended_is_told_as_withdrawn_and_what_makes_a_new_one(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=60, checks=24, souring=18))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert view.holds_badge.text() == "promise withdrawn"
        assert view.holds_badge.property("badge") == "bad"
        assert view.page.notice.isVisible()
        told = view.page.notice.text.text()
        assert told.startswith("The promise is withdrawn:")
        assert "Prompts go to the frontier until" in told
        assert "of them for a new promise" in view.votes_badge.text()
        assert "Votes for a new promise:" in told_by(view.page.progress)
        assert view.page.progress.calibrate.isVisible()
        assert not view.replay.isVisible()


def test_a_changed_model_is_told_and_the_earlier_votes_no_longer_promise(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=60, changed=5))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert view.holds_badge.text() == "a model has changed"
        assert "One of the two models is another version now" in view.page.notice.text.text()
        assert "Votes for a new promise: 5 of 24" in told_by(view.page.progress)
        assert "60 on an earlier version of a model" in told_by(view.page.votes)


def test_when_the_promise_is_made_anew_is_told_in_votes(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=60))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        # Looked at 24 and 48 votes; the next look is at twice as many.
        assert "96 votes, 36 to come" in view.page.limit.today.text().replace("&nbsp;", " ")


def test_replay_shows_its_sentence_its_lines_and_its_interval_and_closes_again(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=60, checks=3))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        card = view.page.replay
        assert not card.isVisible()
        view.replay.click()
        assert card.isVisible()
        wait_until(qtbot, lambda: card.chart is not None and card.chart.isVisible())
        told = told_by(card)
        assert "Had the rule been on since" in told
        assert "would have been better on the frontier (likely" in told
        assert "Spot checks, 1 in 16, would have taken about" in told
        assert "Where a model was not asked, its price is estimated." in told
        assert card.close_button.hasFocus()
        # Another limit is another rule: what was told of the old one goes.
        view.page.limit.limit_chosen.emit(0.2)
        wait_until(qtbot, lambda: not card.isVisible() and view.bridge.idle)
        view.replay.click()
        wait_until(qtbot, lambda: "Had the rule" in card.sentence.text())
        card.close_button.click()
        assert not card.isVisible()
        assert view.replay.hasFocus()


def test_a_limit_and_a_confidence_that_are_changed_are_kept(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=60))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        limit = view.page.limit
        assert "1 in 10" in limit.said.text()
        limit.slider.setFocus()
        QTest.keyClick(limit.slider, Qt.Key.Key_Right)
        wait_until(qtbot, lambda: "1 in 5" in told_by(view) and view.bridge.idle)
        assert LIMITS[limit.slider.value()] == 0.20
        limit.confidence.setFocus()
        QTest.keyClick(limit.confidence, Qt.Key.Key_Down)
        wait_until(qtbot, lambda: view.bridge.idle)
        assert CONFIDENCES[limit.confidence.currentIndex()] == 0.95
    assert setting(stage, "rule_limit") == "0.2"
    assert setting(stage, "rule_confidence") == "0.95"


def test_from_how_many_votes_auto_route_is_offered_can_be_changed(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=12))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        needed = view.page.progress.needed
        needed.setValue(80)
        wait_until(qtbot, lambda: "12 of 80" in told_by(view))
    assert setting(stage, "rule_votes_needed") == "80"


def test_a_changed_vote_is_told_as_left_out_with_its_reason(qtbot: QtBot, stage: Stage) -> None:
    first, *_ = lived(stage, Past(compared=4))
    history = stage.history()
    history.add_vote(first, Vote(Choice.NEITHER, VoteKind.CHANGED))
    history.close()
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        assert "3 votes used" in view.page.votes.used.text()
        # Neither the first vote of that prompt nor the changed one is trusted to teach.
        assert "2 votes left out" in view.page.votes.left_out.text()
        assert "changed after the reveal" in view.page.votes.left_out.text()


def test_the_practice_pair_has_its_own_rule_and_says_so(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(compared=4))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view._choose_world("practice")
        wait_until(qtbot, lambda: view.pair_badge.text() == PRACTICE)
        assert view.pair_badge.property("badge") == "accent"


def test_frontier_only_until_enough_is_kept_beside_the_other_preferences(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.preferences = replace(stage.preferences, scheme="dark")
    lived(stage, Past(compared=2))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view.page.until_enough.frontier.click()
        wait_until(qtbot, lambda: view.bridge.idle)
    text = setting(stage, "preferences")
    assert '"frontier"' in text
    assert '"dark"' in text


def test_many_groups_scroll_and_do_not_push_the_charts_together(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=60))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        # Another theme makes every widget say anew how much room it wants.
        theme.apply(app, "dark")
        frames(qtbot)
        assert view.page.charts is not None
        assert view.page.charts[0].height() >= 170
        assert view.page.learned.verticalScrollBar().maximum() > 0


@pytest.mark.parametrize(("scale", "width"), [(1.0, 1352), (1.0, 936), (2.0, 1352), (2.0, 936)])
def test_nothing_is_cut_at_any_size_of_window_and_text(
    qtbot: QtBot, stage: Stage, scale: float, width: int
) -> None:
    lived(stage, Past(learning=60, checks=1, waiting=2))
    with room(qtbot, RuleView, stage, size=(width, 700), scale=scale) as view:
        known(qtbot, view)
        frames(qtbot)
        page = view.page.widget()
        assert page is not None
        assert page.width() <= view.page.viewport().width()
        lines = view.page.learned.widget()
        assert lines is not None
        assert lines.width() <= view.page.learned.viewport().width()
        for card in (view.page.limit, view.page.pins, view.page.checks, view.page.votes):
            for child in card.findChildren(QWidget):
                if child.isVisible() and child.parentWidget() is card:
                    assert child.geometry().right() <= card.width()
                    assert child.height() >= child.minimumSizeHint().height() - 1


def test_the_keyboard_reaches_every_control_from_top_to_bottom(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=60, checks=1, waiting=1))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        page = view.page
        wanted = [
            page.limit.confidence, page.limit.slider, page.pins.add, page.checks.one_in,
            page.checks.vote,
        ]  # fmt: skip
        page.limit.confidence.setFocus()
        reached: list[QWidget] = []
        for _ in range(30):
            focused = QApplication.focusWidget()
            if focused is not None and focused not in reached:
                reached.append(focused)
            view.focusNextChild()
        order = [reached.index(widget) for widget in wanted]
        assert order == sorted(order)
        for widget in reached:
            assert widget.accessibleName() or getattr(widget, "text", lambda: "")(), widget
