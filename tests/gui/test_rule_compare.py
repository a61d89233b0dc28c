"""What auto-route shows of spot checks and pins, and why a prompt went where it went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import HistoryQuery, TurnMode
from app.domain.vote import Choice, Vote, VoteKind
from app.ui.main_window import MainWindow
from app.ui.views.history.story import story
from app.ui.views.history.view import HistoryView
from app.ui.views.turns.notices import check_note, headline
from app.ui.views.turns.why import WhyDialog
from app.ui.widgets.contribution_rows import ContributionRows
from tests.fakes.history_samples import turn as plain_turn
from tests.fakes.rooms import room, told_by
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import click, main_window, press, wait_until, words_of

EASY = "Extract all dates and deadlines from the office lease, with the clause of each."


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path, votes_needed=24)
    made.preferences = replace(made.preferences, auto_route=True)
    return made


def said(window: MainWindow) -> str:
    return "\n".join(words_of(window.compare))


def ask(qtbot: QtBot, window: MainWindow, stage: Stage) -> None:
    """Ask with both models ready to answer, until the vote is open."""
    for script in (stage.cheap, stage.frontier):
        script.says("Three dates." if script is stage.cheap else "Four dates.")
        script.finishes()
    window.compare.page.composer.set_text(EASY)
    window.compare.page.composer.set_tags(("notice",))
    edit = window.compare.page.composer.edit
    press(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    votes = window.compare.page.votes
    wait_until(qtbot, lambda: any(button.isEnabled() for button in votes.choices()))


def dialog_of(qtbot: QtBot, window: MainWindow) -> WhyDialog:
    dialog = window.compare.findChild(WhyDialog)
    assert dialog is not None
    wait_until(qtbot, lambda: bool(dialog.nearest.links()) and window.bridge.idle)
    return dialog


def test_a_spot_check_says_so_in_one_sentence_and_tells_no_side_apart(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=80))
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        assert "A spot check." in said(window)
        assert "Drawn by lot (1 in 16): both models are asked, blind." in said(window)
        assert not window.compare.page.notice.findChildren(QPushButton)  # no Why before the vote
        panes = (window.compare.page.a, window.compare.page.b)
        for word in (CHEAP.name, FRONTIER.name, "cheap", "frontier", "tok/s"):
            assert all(word not in told_by(pane) for pane in panes)
        window.compare.page.notice.acted.emit("why")
        assert window.compare.findChild(WhyDialog) is None


def test_the_reveal_of_a_spot_check_says_whether_the_rule_was_right(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=80))
    stage = replace(stage, lot=0.01)
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        press(window.compare.page.votes, Qt.Key.Key_2)
        wait_until(qtbot, lambda: "Your rule would have sent this" in said(window))
        turn = window.compare.live.turn
        assert turn is not None
        assert turn.decision is not None
        right = turn.decision.role is Role.CHEAP
        assert ("that was right" in said(window)) is right
        # The user's own count still follows once the rule has been asked.
        wait_until(qtbot, lambda: "Your count so far" in said(window))
        assert "Your rule would have sent this" in said(window)


def test_the_card_of_a_routed_answer_says_that_some_are_checked(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=80))
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        note = "1 in 16 is checked blind against the other model"
        assert note in told_by(window.compare.page.votes)


def test_a_pinned_prompt_claims_no_check_and_names_the_pin(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(learning=80))
    history = stage.prepared()
    history.set_setting("pins", '[{"when": "tag", "value": "notice", "to": "frontier"}]')
    history.close()
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        assert "Sent to the frontier model." in said(window)
        assert "Your pin: A prompt whose tag is “notice”" in said(window)
        assert "checked blind" not in told_by(window.compare.page.votes)
        window.compare.page.notice.acted.emit("why")
        dialog = window.compare.findChild(WhyDialog)
        assert dialog is not None
        told = told_by(dialog)
        assert "Decided by a hard rule: your pin." in told
        assert "No lot for a spot check was drawn" in told
        assert "Estimated before sending: cheap ≈" in told


def test_why_names_the_nearest_votes_and_a_click_opens_one_in_history(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=80))
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        window.compare.page.notice.acted.emit("why")
        dialog = dialog_of(qtbot, window)
        told = told_by(dialog)
        assert "Decided by what your votes taught the rule." in told
        assert "Your votes on the prompts most like it" in told
        assert "The lot drawn was 0.5000; below 0.0625 (1 in 16)" in told
        assert "Estimated before sending: cheap ≈" in told
        link = dialog.nearest.links()[0]
        wanted = int(link.objectName())
        click(link)
        history = window.view("history")
        assert isinstance(history, HistoryView)
        wait_until(qtbot, lambda: history.detail.turn is not None
                   and history.detail.turn.id == wanted)  # fmt: skip
        assert window.stack.currentWidget() is history
        assert history.table.chosen_id() == wanted


def test_a_past_decision_is_explained_in_history_as_it_was(qtbot: QtBot, stage: Stage) -> None:
    *_, last = lived(stage, Past(learning=40, checks=1))
    history = stage.history()
    routed = next(row for row in history.page(HistoryQuery()) if row.mode is TurnMode.ROUTED)
    stored = history.turn(routed.id)
    assert stored is not None
    assert stored.decision is not None
    history.delete_turn(stored.decision.nearest[0])
    history.close()
    assert last
    with room(qtbot, HistoryView, stage) as view:
        wait_until(qtbot, lambda: view.detail.turn is not None)
        view.show_turn(routed.id)
        wait_until(qtbot, lambda: view.detail.turn is not None and view.detail.turn.id == routed.id)
        view.detail.notice.acted.emit("why")
        dialog = view.findChild(WhyDialog)
        assert dialog is not None
        wait_until(qtbot, lambda: bool(dialog.nearest.links()) and view.bridge.idle)
        wait_until(qtbot, dialog.remade.isVisible)
        told = told_by(dialog)
        assert "shown as it was stored" in told  # a vote of its time is gone
        assert f"no. {stored.decision.nearest[0]}: deleted since" in told
        assert f"The lot drawn was {stored.decision.draw:.4f}" in told
        for sentence in stored.decision.because[:1]:
            assert sentence in told


def test_a_turn_far_back_is_opened_and_not_the_newest_instead(qtbot: QtBot, stage: Stage) -> None:
    ids = lived(stage, Past(compared=30))
    with room(qtbot, HistoryView, stage) as view:
        view.page_rows = 5
        view._clear_filters()
        view.show_turn(ids[2])
        wait_until(qtbot, lambda: view.detail.turn is not None and view.detail.turn.id == ids[2])
        assert view.table.chosen_id() == ids[2]


def test_the_contributions_are_told_in_words_beside_their_bars(qtbot: QtBot) -> None:
    decision = Decision(
        Role.CHEAP, Basis.LEARNED, ("For extraction it was good enough.",),
        contributions=(("the tag notice", -0.9), ("its length", 0.31), ("its figures", -0.06)),
    )  # fmt: skip
    dialog = WhyDialog("Sent to the cheap model.", decision)
    qtbot.addWidget(dialog)
    dialog.show()
    (rows,) = dialog.findChildren(ContributionRows)
    told = [label.text() for label in rows.findChildren(QLabel)]
    assert told == [
        "The tag notice", "strongly for cheap", "Its length", "clearly for the frontier",
        "Its figures", "slightly for cheap",
    ]  # fmt: skip


def test_history_tells_nothing_of_the_rule_while_a_check_waits() -> None:
    decision = Decision(
        Role.CHEAP, Basis.LEARNED, ("Because.",), spot_check=True, draw=0.01, propensity=1 / 16
    )
    asked = plain_turn("Extract.")
    answers = tuple(replace(answer, state=AnswerState.COMPLETE) for answer in asked.answers)
    waiting = replace(asked, decision=decision, answers=answers)
    assert story(waiting) is None
    told = story(replace(waiting, votes=(Vote(Choice.FRONTIER, VoteKind.BLIND),)))
    assert told is not None
    assert "would have been a loss" in told.text
    assert told.actions == (("why", "Why?"),)


def test_a_changed_model_and_a_withdrawn_promise_are_told_where_the_prompt_is_typed(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=60, changed=4))
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text(EASY)
        wait_until(qtbot, lambda: "A model has changed." in said(window))
        assert "no longer count for the promise" in said(window)
        assert "Until then both models are asked" in said(window)


def test_after_an_alarm_prompts_go_to_the_frontier_and_it_says_why(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=60, checks=24, souring=18))
    with main_window(qtbot, stage) as window:
        ask(qtbot, window, stage)
        assert "Sent to the frontier model." in said(window)
        assert "The promise is withdrawn:" in said(window)


def test_headlines_say_where_a_prompt_went() -> None:
    learned = Decision(Role.CHEAP, Basis.LEARNED)
    assert headline(learned, None) == "Goes to the cheap model."
    assert headline(learned, TurnMode.ROUTED) == "Sent to the cheap model."
    assert headline(learned, TurnMode.OPEN) == (
        "Sent to the cheap model, then to the frontier model too."
    )
    assert headline(replace(learned, spot_check=True), TurnMode.BLIND) == (
        "A spot check: both models were asked."
    )
    assert headline(Decision(None, Basis.BLOCKED), None) == "Not sent."
    assert headline(Decision(None, Basis.NOT_ENOUGH_VOTES), None) == "Both models are asked."
    assert check_note(learned) == ""
