"""Continue with this answer: offered after the reveal, told above the composer, sent along."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.conversation import Attachment
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.turn import HistoryQuery
from app.ui.main_window import MainWindow
from app.ui.views.history.detail import CONTEXT_GONE
from app.ui.views.history.view import HistoryView
from app.ui.widgets.continuing_line import ContinuingLine
from tests.fakes.rooms import told_by
from tests.fakes.scripted import Stage
from tests.fakes.windows import click, frames, main_window, press, wait_until

PROMPT, NEXT = "May the tenant sublet?", "And assign the lease?"
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def put_in(window: MainWindow, text: str) -> None:
    window.compare.page.composer.set_text(text)


def ask(qtbot: QtBot, window: MainWindow, stage: Stage, *, fail: bool = False) -> None:
    """Ask what stands there; the frontier sits at A and says no."""
    before = len(stage.cheap.requests)
    edit = window.compare.page.composer.edit
    press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until(qtbot, lambda: len(stage.cheap.requests) > before)
    stage.frontier.says("**No.** Clause 7 forbids it.")
    stage.frontier.finishes()
    if fail:
        stage.cheap.fails()
    else:
        stage.cheap.says("Yes, with consent.")
        stage.cheap.finishes()
    wait_until(qtbot, lambda: not window.compare.busy)


def vote(qtbot: QtBot, window: MainWindow, key: Qt.Key = Qt.Key.Key_1) -> None:
    votes = window.compare.page.votes
    wait_until(qtbot, lambda: any(button.isEnabled() for button in votes.choices()))
    press(votes, key)
    wait_until(
        qtbot, lambda: window.compare.live.turn is not None and bool(window.compare.live.turn.vote)
    )


def offered(window: MainWindow) -> list[QAbstractButton]:
    page = window.compare.page
    buttons = [pane.findChild(QPushButton, "continue") for pane in (page.a, page.b)]
    return [button for button in buttons if button is not None and button.isVisible()]


def line(window: MainWindow) -> str:
    return window.compare.page.continuing()


def revealed(qtbot: QtBot, window: MainWindow, stage: Stage, matter: str = "Larch") -> None:
    window.compare.page.matters.set_matter(matter)
    put_in(window, PROMPT)
    ask(qtbot, window, stage)
    vote(qtbot, window)


def continue_a(qtbot: QtBot, window: MainWindow) -> None:
    click(offered(window)[0])
    wait_until(qtbot, lambda: bool(line(window)))


def test_nothing_is_offered_before_the_vote_and_both_answers_after_it(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        put_in(window, PROMPT)
        ask(qtbot, window, stage)
        assert offered(window) == []
        edit = window.compare.page.composer.edit
        press(edit, Qt.Key.Key_A, CTRL_SHIFT)
        frames(qtbot)
        assert not line(window)
        assert "ontinu" not in told_by(window.compare)
        vote(qtbot, window)
        names = [button.accessibleName() for button in offered(window)]
        assert names == [
            "Continue with this answer: A · Summit Large",
            "Continue with this answer: B · Pebble Flash",
        ]
        assert all(b.focusPolicy() & Qt.FocusPolicy.TabFocus for b in offered(window))


def test_the_next_prompt_sends_the_chosen_exchange_to_both_sides_and_stays_blind(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        window.compare.page.matters.set_matter("Birch")
        continue_a(qtbot, window)
        page = window.compare.page
        assert line(window) == (
            "Continuing answer A: “No. Clause 7 forbids it.” 1 earlier prompt sent along"
        )
        assert page.matters.matter() == "Larch"
        assert QApplication.focusWidget() is page.composer.edit
        assert page.composer.edit.textCursor().selectedText() == PROMPT, "typing replaces it"
        put_in(window, NEXT)
        ask(qtbot, window, stage)
        for script in (stage.cheap, stage.frontier):
            request = script.requests[-1]
            assert request.text == NEXT
            assert [(each.asked, each.answered) for each in request.earlier] == [
                (PROMPT, "**No.** Clause 7 forbids it.")
            ]
        assert line(window) == "", "it was for one prompt"
        assert offered(window) == []
        assert "Summit" not in told_by(page.a) + told_by(page.b) + line(window)
    history = stage.history()
    child = history.turn(2)
    history.close()
    assert child is not None
    assert (child.parent_id, child.prompt.matter) == (1, "Larch")


def test_it_can_be_dropped_and_the_next_prompt_then_stands_alone(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        close = window.compare.page.findChild(ContinuingLine)
        assert close is not None
        assert close.button.accessibleName() == "Do not continue this answer"
        assert close.button.focusPolicy() & Qt.FocusPolicy.TabFocus
        close.button.setFocus()
        press(close.button, Qt.Key.Key_Space)
        assert line(window) == ""
        put_in(window, NEXT)
        ask(qtbot, window, stage)
        assert stage.cheap.requests[-1].earlier == ()


def test_the_keyboard_continues_either_answer(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        edit = window.compare.page.composer.edit
        press(edit, Qt.Key.Key_B, CTRL_SHIFT)
        wait_until(qtbot, lambda: "answer B: “Yes, with consent.”" in line(window))
        press(edit, Qt.Key.Key_A, CTRL_SHIFT)
        wait_until(qtbot, lambda: "answer A: “No." in line(window))


def test_what_goes_along_is_in_the_estimate(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        drafting = window.compare.drafting
        wait_until(qtbot, lambda: drafting.outlook.estimate is not None)
        continue_a(qtbot, window)
        put_in(window, "")
        # Nine words of the exchange, before anything is typed.
        wait_until(
            qtbot,
            lambda: (
                drafting.outlook.estimate is not None
                and drafting.outlook.estimate.input_tokens == 9
            ),
        )


def test_a_side_that_failed_is_asked_again_with_the_same_context(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        put_in(window, NEXT)
        ask(qtbot, window, stage, fail=True)
        assert "Continuing answer A" in line(window)
        ask(qtbot, window, stage)
        assert len(stage.cheap.requests[-1].earlier) == 1
        assert line(window) == ""


def test_a_document_that_goes_along_is_not_attached_twice(
    qtbot: QtBot, stage: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("Clause 7: no subletting.", encoding="utf-8")
    with main_window(qtbot, stage) as window:
        drafting = window.compare.drafting
        window.compare.page.composer.file_chosen.emit(file)
        wait_until(qtbot, lambda: drafting.attachment is not None)
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        assert drafting.attachment is None
        assert "1 earlier prompt and 1 document sent along" in line(window)
        put_in(window, NEXT)
        drafting.attachment = other = Attachment("b.txt", "text/plain", "Other", "00", 5)
        click(offered(window)[1])
        wait_until(qtbot, lambda: "answer B" in line(window))
        assert drafting.attachment is other, "what was not asked yet stays"
        assert window.compare.page.composer.text() == NEXT


def test_an_answer_that_stands_alone_is_called_the_answer(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        auto = next(
            button
            for button in window.compare.page.mode.findChildren(QPushButton)
            if button.text() == "Auto-route"
        )
        click(auto)
        window.compare.drafting.prefer(until_enough="frontier")
        frames(qtbot)
        put_in(window, PROMPT)
        edit = window.compare.page.composer.edit
        press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until(qtbot, lambda: bool(stage.frontier.requests))
        stage.frontier.says("No.")
        stage.frontier.finishes()
        wait_until(qtbot, lambda: not window.compare.busy)
        continue_a(qtbot, window)
        assert line(window).startswith("Continuing the answer: “No.”")


def test_what_an_older_matter_forbids_is_said_and_can_be_asked_without_it(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        window.bridge.run(
            lambda services: services.matters.save("Larch", SendingPolicy(PolicyKind.THIS_COMPUTER))
        )
        wait_until(qtbot, lambda: window.bridge.idle)
        page = window.compare.page
        page.matters.set_matter("Birch")
        put_in(window, NEXT)
        press(page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until(qtbot, lambda: "continues an answer of the matter “Larch”" in told_by(page.a))
        wait_until(qtbot, lambda: not window.compare.busy)
        assert len(stage.cheap.requests) == 1
        assert "blocked by an earlier matter's policy" in told_by(page.a)
        alone = next(
            button
            for button in page.a.findChildren(QPushButton)
            if button.isVisible() and button.text() == "Ask without the earlier answer"
        )
        click(alone)
        wait_until(qtbot, lambda: len(stage.cheap.requests) == 2)
        assert (stage.cheap.requests[-1].text, stage.cheap.requests[-1].earlier) == (NEXT, ())
        assert line(window) == ""
        window.compare.stop()
        wait_until(qtbot, lambda: not window.compare.busy)


def test_what_was_deleted_meanwhile_is_told_and_nothing_is_sent(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        window.bridge.run(lambda services: services.archive.delete(1))
        put_in(window, NEXT)
        edit = window.compare.page.composer.edit
        press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until(qtbot, lambda: not window.banner.isHidden())
        assert "has been deleted" in told_by(window.banner)
        assert line(window) == ""
        assert window.compare.page.composer.text() == NEXT
        assert len(stage.cheap.requests) == 1


def test_a_draft_that_continues_an_answer_does_so_after_a_restart(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        put_in(window, NEXT)
        window.compare.page.matters.set_matter("Birch")
    with main_window(qtbot, stage) as window:
        wait_until(qtbot, lambda: bool(line(window)))
        assert line(window).startswith("Continuing answer A: “No.")
        assert window.compare.page.composer.text() == NEXT
        assert window.compare.page.matters.matter() == "Birch"


# History


def opened(qtbot: QtBot, window: MainWindow, turn_id: int) -> HistoryView:
    window.show_view("history")
    view = window.view("history")
    assert isinstance(view, HistoryView)
    view.show_turn(turn_id)
    wait_until(qtbot, lambda: view.detail.turn is not None and view.detail.turn.id == turn_id)
    return view


def test_history_continues_an_answer_in_compare_under_its_matter(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        window.compare.page.matters.set_matter("Birch")
        put_in(window, "a draft of something else")
        view = opened(qtbot, window, 1)
        button = view.detail.panes[1].findChild(QPushButton, "continue")
        assert button is not None
        click(button)
        wait_until(qtbot, lambda: "answer B: “Yes, with consent.”" in line(window))
        assert window.stack.currentWidget() is window.compare
        assert window.compare.page.matters.matter() == "Larch"
        edit = window.compare.page.composer.edit
        assert not edit.textCursor().hasSelection(), "a draft is not lost by one key"


def test_history_offers_nothing_while_a_comparison_waits_for_its_vote(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        put_in(window, PROMPT)
        ask(qtbot, window, stage)
        view = opened(qtbot, window, 1)
        assert "ontinu" not in told_by(view.detail)


def test_a_continued_prompt_leads_to_what_it_continued_and_is_asked_again_with_it(
    qtbot: QtBot, stage: Stage
) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        put_in(window, NEXT)
        ask(qtbot, window, stage)
        view = opened(qtbot, window, 2)
        said = view.detail.continued
        wait_until(qtbot, lambda: bool(said.told()))
        assert said.told() == "Continued answer A: “No. Clause 7 forbids it.”"
        assert "Summit" not in told_by(view.detail), "the child is blind still"
        click(view.detail.again)
        wait_until(qtbot, lambda: "Continuing answer A" in line(window))
        assert window.compare.page.composer.text() == NEXT
        window.show_view("history")
        click(said.button)
        wait_until(qtbot, lambda: view.detail.turn is not None and view.detail.turn.id == 1)
        assert said.told() == ""


def test_a_deleted_parent_leaves_its_child_readable_and_says_so(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        put_in(window, NEXT)
        ask(qtbot, window, stage)
        vote(qtbot, window)
        window.bridge.run(lambda services: services.archive.delete(1))
        wait_until(qtbot, lambda: window.bridge.idle)
        view = opened(qtbot, window, 2)
        assert view.detail.continued.told() == CONTEXT_GONE
        assert not view.detail.continued.button.isVisible()
        assert view.detail.panes[1].text() == "Yes, with consent."
        view.detail.again.click()
        frames(qtbot)
        assert line(window) == "", "what is gone is not promised"


def test_a_matter_of_its_own_is_stored_with_the_thread(qtbot: QtBot, stage: Stage) -> None:
    with main_window(qtbot, stage) as window:
        revealed(qtbot, window, stage)
        continue_a(qtbot, window)
        window.compare.page.matters.set_matter("Birch")
        put_in(window, NEXT)
        ask(qtbot, window, stage)
    history = stage.history()
    rows = history.page(HistoryQuery())
    history.close()
    assert [row.matter for row in rows] == ["Birch", "Larch"]
