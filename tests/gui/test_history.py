from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.model import Pair, Role
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.domain.vote import Choice, Vote, VoteKind
from app.services.archive import Archive, HistoryPage
from app.services.container import Services
from app.services.ports.history import History
from app.ui.models.history_table import COST, PROMPT, SENT_TO, VOTE, WAIT
from app.ui.views.history.view import HistoryView
from app.ui.widgets.confirmation import Confirmation
from tests.fakes.history_samples import ended, turn
from tests.fakes.rooms import cells_of, room, told_by
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import WAIT_MS, wait_until

TELLING = (
    CHEAP.name, FRONTIER.name, CHEAP.vendor, FRONTIER.vendor, CHEAP.model, FRONTIER.model,
    "frontier", "1.9 s", "0.21 s", "$0.0042", "$0.31", "tok/s", "100 in",
)  # fmt: skip


class ShortPages(HistoryView):
    """Pages of twenty, so that a second one is soon reached."""

    page_rows = 20


def ask(
    history: History,
    text: str = "Does the e-mail count as notice?",
    *,
    mode: TurnMode = TurnMode.BLIND,
    states: tuple[AnswerState, ...] = (AnswerState.COMPLETE, AnswerState.COMPLETE),
    matter: str = "Hartwell",
    problem: Problem | None = None,
) -> Turn:
    """Store a turn of the stage's own models; only as many answers as there are states."""
    from app.domain.answer import Answer

    models = {model.role: model for model in history.models()}
    answers = tuple(Answer(role, models[role]) for role in list(Role)[: len(states)])
    pair = Pair(models[Role.CHEAP], models[Role.FRONTIER])
    begun = history.begin_turn(
        turn(text, matter=matter, mode=mode, answers=answers, pair_key=pair.key)
    )
    for answer, state in zip(begun.answers, states, strict=True):
        if state is AnswerState.STREAMING:
            continue
        cents = "0.0042" if answer.role is Role.CHEAP else "0.31"
        words = f"The {answer.role.value[0]}-answer says yes."
        done = ended(answer, words, state, cents=cents)
        broken = None if state is AnswerState.COMPLETE else problem
        history.finish_answer(replace(done, problem=broken), ())
    stored = history.turn(begun.id)
    assert stored is not None
    return stored


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def history(stage: Stage) -> History:
    """The file with the stage's two models in it, before the window opens it."""
    return stage._history()


def opened(qtbot: QtBot, view: HistoryView) -> Turn:
    """Wait until the detail shows the chosen line."""
    wait_until(
        qtbot,
        lambda: view.detail.turn is not None and view.detail.turn.id == view.table.chosen_id(),
    )
    assert view.detail.turn is not None
    return view.detail.turn


def button(view: HistoryView, name: str) -> QPushButton:
    found = view.detail.votes.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_an_unvoted_blind_comparison_tells_nothing_in_the_list_or_below_it(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history)
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        told = told_by(view.table) + told_by(view.detail)
        for word in TELLING:
            assert word not in told
        (row,) = cells_of(view.table)
        assert row[SENT_TO] == "both, blind"
        assert row[VOTE] == "not voted yet"
        assert row[COST] == "after your vote"
        assert row[WAIT] == "—"
        # The frontier sits at A in these turns.
        assert view.detail.panes[0].text() == "The f-answer says yes."


def test_a_comparison_still_being_answered_does_not_show_which_side_is_faster(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, states=(AnswerState.COMPLETE, AnswerState.STREAMING))
    with room(qtbot, HistoryView, stage) as view:
        # `recover` is not run here: the other program, `history`, is alive.
        opened(qtbot, view)
        assert view.detail.panes[0].text() == view.detail.panes[1].text() == ""
        assert cells_of(view.table)[0][VOTE] == "answering"
        told = told_by(view)
        for word in ("The c-answer", "0.0042"):
            assert word not in told
    history.close()


def test_a_vote_from_the_history_is_kept_as_a_blind_one_and_reveals(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    asked = ask(history)
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        button(view, "a").click()
        wait_until(qtbot, lambda: cells_of(view.table)[0][VOTE] == "frontier")
        told = told_by(view.detail)
        assert FRONTIER.name in told
        assert "A was the frontier model." in told
        assert cells_of(view.table)[0][COST] == "$0.31"
    kept = stage.history()
    stored = kept.turn(asked.id)
    kept.close()
    assert stored is not None
    assert [(vote.choice, vote.kind) for vote in stored.votes] == [
        (Choice.FRONTIER, VoteKind.BLIND)
    ]


def test_a_cut_answer_is_shown_with_what_was_kept_and_why_it_cannot_be_voted_on(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    cut = Problem("cut_off", "The connection was cut.", "Ask again.")
    ask(history, states=(AnswerState.COMPLETE, AnswerState.INCOMPLETE), problem=cut)
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        told = told_by(view.detail)
        assert view.detail.panes[0].text() == "The f-answer says yes."
        assert "cut off" in told
        assert "The connection was cut." in told
        assert "not both answers are complete" in told
        assert view.detail.votes.findChild(QPushButton, "a") is None
        assert cells_of(view.table)[0][VOTE] == "cut off"


def asked_to_delete(qtbot: QtBot, view: HistoryView) -> Confirmation:
    """Press Delete and return the question, once it is known what follows."""

    def open_now() -> list[Confirmation]:
        return [box for box in view.findChildren(Confirmation) if box.isVisible()]

    view.detail.delete.click()
    wait_until(qtbot, lambda: bool(open_now()))
    return open_now()[0]


def test_a_vote_that_counts_in_a_calibration_is_not_deleted_in_silence(
    qtbot: QtBot, stage: Stage
) -> None:
    lived(stage, Past(learning=6))
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        said = asked_to_delete(qtbot, view).informativeText()
        assert "counts in your rule's calibration" in said
        assert "each later one moves up by a place" in said


def test_a_deleted_prompt_is_gone_after_one_question_and_not_before(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, "Keep this one.")
    doomed = ask(history, "Delete this one.")
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        question = asked_to_delete(qtbot, view)
        assert question.defaultButton() is question.no
        assert "rule" not in question.informativeText(), "without a vote it loses nothing"
        question.no.click()
        asked_to_delete(qtbot, view).yes.click()
        wait_until(qtbot, lambda: view.model.rowCount() == 1)
        assert [row[1] for row in cells_of(view.table)] == ["Keep this one."]
        assert view.count.text() == "1 prompt"
        assert opened(qtbot, view).prompt.text == "Keep this one."
    kept = stage.history()
    assert kept.turn(doomed.id) is None
    kept.close()


def test_a_search_finds_words_of_an_answer_and_says_how_many_of_all(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    for number in range(5):
        ask(history, f"Prompt number {number}.")
    ask(history, "Is a late notice fatal?")
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        assert view.count.text() == "6 prompts"
        QTest.keyClicks(view.search, "late notice")
        wait_until(qtbot, lambda: view.count.text() == "1 of 6 prompts")
        QTest.keyClicks(view.search, " xyzzy")
        wait_until(qtbot, view.empty.isVisible)
        assert view.empty.title() == "No prompt matches"
        view.empty.chosen.emit()
        wait_until(qtbot, lambda: view.model.rowCount() == 6)
        assert view.search.text() == ""


class SlowArchive(Archive):
    """An archive that takes long to find one word."""

    async def page(self, query: HistoryQuery) -> HistoryPage:
        if query.words == "alpha":
            await asyncio.sleep(0.4)
        return await super().page(query)


class SlowStage(Stage):
    """A stage with a slow archive."""

    def open(self) -> Services:
        services = super().open()
        return replace(services, archive=SlowArchive(services.store))


def test_an_older_answer_to_a_search_never_replaces_a_newer_one(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, "alpha")
    ask(history, "beta")
    history.close()
    with room(qtbot, HistoryView, SlowStage(stage.folder)) as view:
        opened(qtbot, view)
        for words in ("alpha", "beta"):
            view.search.setText(words)
            view._search()
        wait_until(qtbot, lambda: view.bridge._running == 0)
        assert [row[1] for row in cells_of(view.table)] == ["beta"]


def test_prompts_beyond_the_first_page_are_found_by_scrolling(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    for number in range(25):
        ask(history, f"Prompt {number}", mode=TurnMode.ROUTED, states=(AnswerState.COMPLETE,))
    history.close()
    with room(qtbot, ShortPages, stage) as view:
        opened(qtbot, view)
        assert view.model.rowCount() == 20
        view.table.scrollToBottom()
        wait_until(qtbot, lambda: view.model.rowCount() == 25)
        assert [row[1] for row in cells_of(view.table)] == [
            f"Prompt {number}" for number in reversed(range(25))
        ]


def test_filters_by_vote_and_matter_show_only_what_they_say(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    first = ask(history, "Voted on.", matter="Larch")
    history.add_vote(first.id, Vote(Choice.EQUAL, VoteKind.BLIND))
    ask(history, "Not voted on.")
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        view.vote.setCurrentIndex(view.vote.findData(Choice.EQUAL.value))
        view.vote.activated.emit(view.vote.currentIndex())
        wait_until(qtbot, lambda: view.model.rowCount() == 1)
        assert cells_of(view.table)[0][2] == "Larch"
        view.matter.setCurrentIndex(view.matter.findData("Hartwell"))
        view.matter.activated.emit(view.matter.currentIndex())
        wait_until(qtbot, view.empty.isVisible)


def test_a_routed_answer_can_be_rated_and_asked_again(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, "Extract the dates.", mode=TurnMode.ROUTED, states=(AnswerState.COMPLETE,))
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        assert view.detail.panes[1].isHidden()
        with qtbot.waitSignal(view.prefilled, timeout=WAIT_MS) as again:
            view.detail.again.click()
        assert again.args == ["Extract the dates."]
        button(view, "good_enough").click()
        wait_until(qtbot, lambda: cells_of(view.table)[0][VOTE] == "good enough")


def test_the_reasoning_that_was_paid_for_can_still_be_read(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    stored = ask(history, "Is notice valid?")
    cheap = replace(stored.answers[0], reasoning="First I read clause 14.")
    history.finish_answer(cheap, ())
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        assert "First I read" not in told_by(view.detail)
        assert "Reasoning" not in told_by(view.detail), "thinking tells the sides apart"
        button(view, "equal").click()
        wait_until(qtbot, lambda: "Reasoning" in told_by(view.detail))
        pane = view.detail.panes[0 if "c-answer" in view.detail.panes[0].text() else 1]
        pane._reasoning._fold.click()
        wait_until(qtbot, lambda: "First I read clause 14." in told_by(pane))


def test_a_key_that_was_refused_is_mended_from_history_too(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    refused = Problem("key_refused", "The key was not accepted.", "Replace it in Settings.")
    stored = ask(history, states=(AnswerState.FAILED, AnswerState.COMPLETE), problem=refused)
    history.close()
    with room(qtbot, HistoryView, stage) as view:
        opened(qtbot, view)
        pane = next(pane for pane in view.detail.panes if "not accepted" in told_by(pane))
        way = next(
            each for each in pane.findChildren(QPushButton) if each.text().startswith("Mend")
        )
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            way.click()
        assert went.args == [f"settings:key:{stored.answers[0].model.id}"]


def test_an_empty_history_says_what_will_be_here_and_leads_to_compare(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, HistoryView, stage) as view:
        wait_until(qtbot, view.empty.isVisible)
        assert view.empty.title() == "Nothing here yet"
        with qtbot.waitSignal(view.go_to, timeout=WAIT_MS) as went:
            view.empty.chosen.emit()
        assert went.args == ["compare"]


def test_at_twice_the_text_the_filters_and_the_titles_of_the_list_can_be_read(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, "A prompt")
    history.close()
    with room(qtbot, HistoryView, stage, size=(936, 640), scale=2.0) as view:
        opened(qtbot, view)
        for each in (view.matter, view.vote, view.named, view.count):
            assert each.width() >= each.sizeHint().width()
            assert each.mapTo(view, each.rect().bottomRight()).x() <= 936
        assert view.search.width() >= view.vote.width()
        assert view.table.columnWidth(PROMPT) >= 200
        assert view.table.horizontalHeader().length() <= view.table.viewport().width()
        assert not view.table.isColumnHidden(COST)
        header = view.table.horizontalHeader()
        for column in range(header.count()):
            if column != PROMPT and not header.isSectionHidden(column):
                assert header.sectionSize(column) >= header.sectionSizeHint(column)


def test_at_twice_the_text_size_no_button_of_the_detail_is_cut(
    qtbot: QtBot, stage: Stage, history: History
) -> None:
    ask(history, "A prompt with a very long " + "name " * 200)
    history.close()
    with room(qtbot, HistoryView, stage, scale=2.0) as view:
        opened(qtbot, view)
        assert view.minimumSizeHint().width() <= 1352
        for each in view.detail.findChildren(QPushButton):
            if each.isVisible():
                assert each.width() >= each.minimumSizeHint().width() - 1, each.text()
        QTest.keyClick(view.table, Qt.Key.Key_Down)
