"""Spot checks: how many, those that wait, and the desk that opens them one after another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.conversation import prompt_of
from app.domain.turn import Turn
from app.domain.vote import Choice, VoteKind
from app.services.container import Services
from app.ui.views.rule.desk import BLIND_NOTE, LEARNING_NOTE, SpotCheckDesk
from app.ui.views.rule.view import RuleView
from app.ui.views.turns.why import WhyDialog
from tests.fakes.rooms import room, told_by
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import WAIT_MS, frames, press, wait_until
from tests.fakes.working import on

TELLING = (CHEAP.name, FRONTIER.name, CHEAP.vendor, FRONTIER.vendor, "cheap", "frontier", "$",
           "0.32 s", "9.4 s", "tok/s", "measured")  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, votes_needed=24)


def known(qtbot: QtBot, view: RuleView) -> None:
    wait_until(qtbot, lambda: view._known is not None and view.bridge.idle)


def opened(qtbot: QtBot, view: RuleView) -> SpotCheckDesk:
    """Press the button that opens the desk, and wait for its first check."""
    known(qtbot, view)
    view.page.checks.vote.click()
    wait_until(qtbot, lambda: view.desk.turn is not None)
    return view.desk


def stored(stage: Stage, turn_id: int) -> Turn:
    history = stage.history()
    turn = history.turn(turn_id)
    history.close()
    assert turn is not None
    return turn


def test_the_number_of_spot_checks_can_be_changed_and_is_kept(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        box = view.page.checks.one_in
        assert box.text() == "1 in 16"
        assert "None waits" in told_by(view.page.checks)
        box.setFocus()
        for _ in range(4):
            press(box, Qt.Key.Key_Up)
        wait_until(qtbot, lambda: view.bridge.idle and view._known is not None
                   and view._known.check_chance == 1 / 20)  # fmt: skip
        assert box.text() == "1 in 20"
    history = stage.history()
    assert history.setting("rule_spot_check_chance") == repr(1 / 20)
    history.close()


def test_nothing_on_the_desk_tells_the_sides_apart_before_the_vote(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=40, waiting=2))
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        assert "Spot check 1 of 2" in told_by(desk)
        told = told_by(desk)
        assert "Answer A" in told
        assert "Answer B" in told
        for word in TELLING:
            assert word not in told
        assert all(pane.is_blind for pane in desk.panes)
        widths = {pane.width() for pane in desk.panes}
        assert max(widths) - min(widths) <= 1
        # The next one is covered again, though the names were on the panes a moment ago.
        first = desk.turn
        press(desk.votes, Qt.Key.Key_2)
        wait_until(qtbot, desk.notice.isVisible)
        assert CHEAP.name in told_by(desk)
        press(desk.go_on, Qt.Key.Key_Space)
        wait_until(qtbot, lambda: desk.turn not in (None, first) and not desk.notice.isVisible())
        told = told_by(desk)
        for word in TELLING:
            assert word not in told
        assert all(pane.is_blind for pane in desk.panes)


def test_a_prompt_asked_of_both_for_want_of_votes_is_not_said_to_be_drawn_by_lot(
    qtbot: QtBot, stage: Stage
) -> None:
    async def ask(services: Services) -> Turn:
        for script in (stage.cheap, stage.frontier):
            script.says("18 March.")
            script.finishes()
        return await services.router.ask(prompt_of("When is rent due?"), lambda _event: None)

    on(stage, ask)
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        assert desk.note.text() == LEARNING_NOTE
        assert "by lot" not in told_by(desk)
        desk._leave()
    lived(replace(stage, folder=stage.folder / "drawn"), Past(learning=40, waiting=1))
    with room(qtbot, RuleView, replace(stage, folder=stage.folder / "drawn")) as view:
        assert opened(qtbot, view).note.text() == BLIND_NOTE


def test_the_keys_vote_and_the_reveal_says_whether_the_rule_was_right(
    qtbot: QtBot, stage: Stage
) -> None:
    *_, first, second = lived(stage, Past(learning=40, waiting=2))
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        assert desk.votes.hasFocus()
        press(desk.votes, Qt.Key.Key_4)
        wait_until(qtbot, desk.notice.isVisible)
        told = told_by(desk)
        assert CHEAP.name in told
        assert "Your rule would have sent this to the" in told
        assert "you would have used neither" in told
        assert desk.go_on.hasFocus()
        assert "1 left" in desk.go_on.text()
        press(desk.go_on, Qt.Key.Key_Space)
        wait_until(qtbot, lambda: desk.turn is not None and desk.turn.id == second)
        assert not desk.notice.isVisible()
        press(desk.votes, Qt.Key.Key_2)
        wait_until(qtbot, lambda: desk.go_on.text() == "Done")
        press(desk.go_on, Qt.Key.Key_Space)
        # Back on the page, none waits any more.
        wait_until(qtbot, lambda: view.stack.currentIndex() == 0 and view.bridge.idle)
        assert "None waits" in told_by(view.page.checks)
    votes = [stored(stage, turn_id).vote for turn_id in (first, second)]
    assert [vote.choice for vote in votes if vote] == [Choice.NEITHER, Choice.EQUAL]
    assert all(vote.kind is VoteKind.BLIND for vote in votes if vote)


def test_a_vote_for_a_letter_is_one_for_whoever_sits_there(qtbot: QtBot, stage: Stage) -> None:
    *_, check = lived(stage, Past(learning=40, waiting=1))
    seating = stored(stage, check).seating
    assert seating is not None
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        # What stands in the left pane is what the left letter votes for.
        turn = desk.turn
        assert turn is not None
        answer = turn.answer(seating.a)
        assert answer is not None
        assert desk.panes[0].text() == answer.text
        press(desk.votes, Qt.Key.Key_1)
        wait_until(qtbot, desk.notice.isVisible)
    vote = stored(stage, check).vote
    assert vote is not None
    assert vote.choice.value == seating.a.value


def test_one_left_for_later_still_waits_and_escape_goes_back(qtbot: QtBot, stage: Stage) -> None:
    *_, first, second = lived(stage, Past(learning=40, waiting=2))
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        desk.later.click()
        wait_until(qtbot, lambda: desk.turn is not None and desk.turn.id == second)
        assert not desk.later.isVisible()  # there is no other to go to
        press(desk.votes, Qt.Key.Key_Escape)
        wait_until(qtbot, lambda: view.stack.currentIndex() == 0 and view.bridge.idle)
        assert "2 spot checks wait" in told_by(view.page.checks)
    assert stored(stage, first).vote is None


def test_one_that_was_deleted_meanwhile_is_passed_over(qtbot: QtBot, stage: Stage) -> None:
    *_, first, second = lived(stage, Past(learning=40, waiting=2))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        history = stage.history()
        history.delete_turn(first)
        history.close()
        view.page.checks.vote.click()
        wait_until(qtbot, lambda: view.desk.turn is not None)
        assert view.desk.turn is not None
        assert view.desk.turn.id == second


def test_the_desk_fits_a_small_window_at_twice_the_text(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=40, waiting=2))
    with room(qtbot, RuleView, stage, size=(936, 640), scale=2.0) as view:
        desk = opened(qtbot, view)
        frames(qtbot)
        content = desk.votes.parentWidget()
        assert content is not None
        assert content.width() <= desk.width()
        for button in desk.votes.choices():
            place = button.mapTo(content, button.rect().bottomRight())
            assert place.x() <= content.width()
            assert place.y() <= content.height()


def test_a_reason_given_on_the_desk_is_kept_with_the_vote(qtbot: QtBot, stage: Stage) -> None:
    *_, check = lived(stage, Past(learning=40, waiting=1))
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        press(desk.votes, Qt.Key.Key_4)
        wait_until(qtbot, desk.notice.isVisible)
        reason = next(b for b in desk.votes.choices() if b.text() == "wrong citation")
        reason.click()
        wait_until(qtbot, lambda: view.bridge.idle)
    vote = stored(stage, check).vote
    assert vote is not None
    assert [reason.value for reason in vote.reasons] == ["wrong_citation"]
    assert vote.kind is VoteKind.BLIND


def test_why_on_the_desk_opens_only_after_the_vote_and_leads_to_the_history(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=40, waiting=1))
    with room(qtbot, RuleView, stage) as view:
        desk = opened(qtbot, view)
        desk.notice.acted.emit("why")
        assert desk.findChild(WhyDialog) is None
        press(desk.votes, Qt.Key.Key_2)
        wait_until(qtbot, desk.notice.isVisible)
        desk.notice.acted.emit("why")
        dialog = desk.findChild(WhyDialog)
        assert dialog is not None
        wait_until(qtbot, lambda: dialog.nearest.isVisible() and view.bridge.idle)
        told = told_by(dialog)
        assert "The lot drawn was 0.01" in told
        assert "(1 in 16)" in told
        assert "Estimated before sending: cheap ≈ $0.0031, frontier ≈ $0.21." in told
        wait_until(qtbot, dialog.remade.isVisible)
        assert "it decides the same" in dialog.remade.text()
        link = dialog.nearest.links()[0]
        with qtbot.waitSignal(view.turn_wanted, timeout=WAIT_MS) as went:
            link.click()
        assert went.args == [int(link.objectName())]
