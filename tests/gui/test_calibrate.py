from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.bootstrap import open_services
from app.domain.calibration.run import Run, RunState
from app.domain.conversation import prompt_of
from app.domain.errors import Problem
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.money import Money
from app.domain.vote import Reason, VoteKind
from app.ui import theme
from app.ui.views.calibrate.desk import HIDDEN
from app.ui.views.calibrate.header import CalibrateHeader
from app.ui.views.calibrate.report_page import KEPT_BACK
from app.ui.views.calibrate.view import CalibrateView
from tests.fakes.calibrating import RUN, Vendor, calibrating, counting_vendor, fixed, unheard
from tests.fakes.calibrations import entries
from tests.fakes.cutting import cut_in
from tests.fakes.rooms import room_over, told_by
from tests.fakes.scripted import Stage
from tests.fakes.windows import WAIT_MS, click, frames, main_window, press, wait_until, words_of

RUN_MS = 30_000


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with counting_vendor() as running:
        yield running


@dataclass
class Room:
    """The view over real services, and what went wrong in it."""

    view: CalibrateView
    problems: list[Problem]
    qtbot: QtBot

    def until(self, shown: object) -> None:
        """Wait until a page of the view is shown, and nothing is asked any more."""
        view = self.view
        self.qtbot.waitUntil(
            lambda: view.stack.currentWidget() is shown and not self.problems, timeout=RUN_MS
        )

    def press(self, key: Qt.Key) -> None:
        """Press a key at the voting desk, where the focus is."""
        press(self.view.desk.votes, key)


@contextmanager
def opened(
    qtbot: QtBot, folder: Path, size: tuple[int, int] = (1352, 860), scale: float = 1.0
) -> Iterator[Room]:
    opening = partial(open_services, folder)
    with room_over(qtbot, CalibrateView, opening, size=size, scale=scale) as view:
        problems: list[Problem] = []
        view.went_wrong.connect(problems.append)
        qtbot.waitUntil(lambda: view.following.known is not None, timeout=WAIT_MS)
        view.activateWindow()
        yield Room(view, problems, qtbot)


def prepared(folder: Path, vendor: Vendor, *, run: bool = False, ask: bool = False) -> None:
    """Add the pair; with `run` a fixed list, with `ask` an answered one."""

    async def work() -> None:
        async with calibrating(folder, vendor) as services:
            if run or ask:
                await fixed(services)
            if ask:
                await services.calibrations.run(RUN, unheard)

    asyncio.run(work())


def stored(folder: Path) -> Run:
    async def work() -> Run:
        async with calibrating(folder) as services:
            return (await services.calibrations.all())[0]

    return asyncio.run(work())


def test_the_first_visit_says_what_a_run_is_for(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path) as room:
        room.until(room.view.empty)
        assert "20 to 60 of your own prompts" in told_by(room.view)
        room.view.empty.chosen.emit()
        assert room.view.stack.currentWidget() is room.view.choosing
        assert not room.view.header.main.isEnabled()


def test_a_list_is_made_of_history_paste_and_import_and_tells_its_duplicates(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path / "data", vendor) as services:
            for number in range(3):
                asked = prompt_of(f"Asked before, no. {number}?", "Oak", ("old",))
                await services.comparisons.compare(asked, lambda _event: None)

    asyncio.run(work())
    listed = tmp_path / "more.csv"
    rows = [f"Extract clause {number}.,Larch,dates" for number in range(16)]
    listed.write_text("\n".join(["prompt,matter,tags", *rows, rows[0]]))
    with opened(qtbot, tmp_path / "data") as room:
        view, page = room.view, room.view.choosing
        view.choose()
        wait_until(qtbot, lambda: page.history.model.rowCount() == 3)
        page.history.model.toggle(0)
        wait_until(qtbot, lambda: len(page.model.entries()) == 1)
        assert page.model.entries()[0].prompt == prompt_of("Asked before, no. 2?", "Oak", ("old",))
        page.paste.edit.setPlainText("Pasted one.\n\nPasted two.\n\nPasted one.")
        assert page.paste.add.text() == "Add 3 prompts"
        page.paste.matter.setText("Elm")
        click(page.paste.add) if page.paste.isVisible() else page.paste.add.click()
        wait_until(qtbot, lambda: len(page.model.entries()) == 3)
        assert "1 duplicate dropped" in page.told.text()
        assert page.model.entries()[1].prompt.matter == "Elm"
        page.read(listed)
        wait_until(qtbot, lambda: len(page.model.entries()) == 19)
        assert "choose 1 more" in page.told.text()
        assert not view.header.main.isEnabled()
        page.history.model.toggle(1)
        wait_until(qtbot, lambda: len(page.model.entries()) == 20)
        assert view.header.main.isEnabled()
        # A tick taken away takes the prompt out again, and a matter can be typed over.
        page.history.model.toggle(0)
        assert len(page.model.entries()) == 19
        first = page.model.index(0, 1)
        page.model.setData(first, "Project Larch")
        assert page.model.entries()[0].prompt.matter == "Project Larch"
        assert not room.problems


def test_too_many_can_be_drawn_by_lot(qtbot: QtBot, tmp_path: Path, vendor: Vendor) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path) as room:
        page = room.view.choosing
        room.view.choose()
        page.model.show(entries(75))
        assert "take out 15" in page.told.text()
        assert not room.view.header.main.isEnabled()
        page.lot.click()
        assert len(page.model.entries()) == 40
        assert room.view.header.main.isEnabled()


def test_a_file_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path, vendor: Vendor) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path) as room:
        room.view.choose()
        room.view.choosing.read(tmp_path / "nowhere.csv")
        wait_until(qtbot, lambda: bool(room.problems))
        assert "cannot be opened" in room.problems[0].message


def test_the_review_names_recipients_what_is_left_out_and_a_limit(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            only = SendingPolicy(PolicyKind.NAMED, frozenset({"Summit Labs"}))
            await services.matters.save("Oak", only)

    asyncio.run(work())
    with opened(qtbot, tmp_path) as room:
        view = room.view
        view.choose()
        view.choosing.model.show((*entries(22), *entries(2, "Draft a letter", "Oak")))
        view.listing.review()
        room.until(view.reviewing)
        told = told_by(view.reviewing)
        assert "Pebble AI (Small) and Summit Labs (Big)" in told
        assert "22 prompts" in told
        assert "allows only Summit Labs" in told
        assert view.reviewing.cheap.figure().startswith("≈ $")
        assert vendor.server.requests == []
        view.reviewing.limit.setText("nothing")
        view.header.main.click()
        wait_until(qtbot, lambda: bool(room.problems))
        assert "not an amount" in room.problems[0].message
        assert vendor.server.requests == []


def test_a_new_list_that_is_dropped_leads_back_to_the_run_there_is(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reporting)
        view.choose()
        assert view.stack.currentWidget() is view.choosing
        assert view.header.side.text() == "Cancel"
        view.header.side.click()
        room.until(view.reporting)
        assert view.header.main.text() == "Vote on all 24"


def test_a_list_that_a_policy_makes_too_short_cannot_be_started(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await services.matters.save(
                "Oak", SendingPolicy(PolicyKind.NAMED, frozenset({"Summit Labs"}))
            )

    asyncio.run(work())
    with opened(qtbot, tmp_path) as room:
        view = room.view
        view.choose()
        view.choosing.model.show((*entries(18), *entries(4, "Draft a letter", "Oak")))
        view.listing.review()
        wait_until(qtbot, lambda: bool(room.problems))
        assert "choose 2 more" in room.problems[0].message
        assert not view.header.main.isEnabled()


def test_one_button_fixes_the_list_and_the_run_goes_on_while_one_works_elsewhere(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path) as room:
        view = room.view
        view.choose()
        view.choosing.model.show(entries(24))
        view.choosing.name.setText("March audit")
        view.listing.review()
        room.until(view.reviewing)
        view.header.main.click()
        qtbot.waitUntil(lambda: view.running.bar.value() >= 3, timeout=RUN_MS)
        view.hide()  # another view is looked at; nobody polls
        room.until(view.reporting)
        assert view.reporting.answered.figure() == "24 of 24"
        assert view.reporting.good.figure() == KEPT_BACK
        assert view.header.main.text() == "Vote on all 24"
        assert not room.problems
    assert vendor.asked("small-1").total() == vendor.asked("big-1").total() == 24
    assert stored(tmp_path).unchanged is True


def test_a_run_can_be_paused_and_goes_on(qtbot: QtBot, tmp_path: Path, vendor: Vendor) -> None:
    prepared(tmp_path, vendor, run=True)
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reviewing)
        assert view.header.main.text() == "Ask both models"
        view.header.main.click()
        qtbot.waitUntil(lambda: view.header.main.text() == "Pause", timeout=RUN_MS)
        view.header.main.click()
        qtbot.waitUntil(lambda: view.header.main.text() == "Go on", timeout=RUN_MS)
        assert "Paused." in told_by(view.running)
        view.header.main.click()
        room.until(view.reporting)
    assert vendor.asked("small-1").total() == 24


def test_at_its_limit_a_run_asks_for_another_one(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            review = await services.calibrations.review(entries(24))
            await services.calibrations.fix(RUN, review, Money(Decimal("0.01")))

    asyncio.run(work())
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reviewing)
        assert view.reviewing.limit.text() == "0.01"
        view.header.main.click()
        qtbot.waitUntil(lambda: view.header.main.text() == "Raise the limit…", timeout=RUN_MS)
        assert "Stopped before the limit." in told_by(view.running)
        view.header.main.click()
        room.until(view.reviewing)
        assert Decimal(view.reviewing.limit.text()) > 1
        view.header.main.click()
        room.until(view.reporting)
    assert vendor.asked("big-1").total() == 24


def test_what_was_read_before_a_run_ended_does_not_stand_as_its_last_word(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, run=True)
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reviewing)
        view.header.main.click()
        qtbot.waitUntil(lambda: view.header.main.text() == "Pause", timeout=RUN_MS)
        early = view.following.known
        assert early is not None
        assert early.here
        room.until(view.reporting)
        view.following.take(early)
        assert view.stack.currentWidget() is view.running
        assert view.header.main.text() == "Pause"
        room.until(view.reporting)


def test_votes_are_cast_by_keyboard_one_after_another_and_nothing_tells(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path) as room:
        view, desk = room.view, room.view.desk
        room.until(view.reporting)
        view.header.main.click()
        wait_until(qtbot, lambda: desk.ballot is not None)
        assert desk.votes.hasFocus()
        for voted in range(24):
            wait_until(qtbot, lambda v=voted: desk.ballot is not None and desk.ballot.voted == v)  # type: ignore[misc]
            wait_until(qtbot, desk.votes.choices()[0].isEnabled)
            said = "\n".join(words_of(view)).casefold()
            for word in ("small", "big-1", "pebble", "summit", "$"):
                assert word not in said, word
            assert HIDDEN.casefold() in said
            room.press((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)[voted % 4])
        room.until(view.reporting)
        assert view.header.main.text() == "End the voting"
        assert view.reporting.good.figure() == KEPT_BACK
        view.header.main.click()
        wait_until(qtbot, lambda: view.reporting.good.figure() != KEPT_BACK)
        told = told_by(view.reporting)
        assert "Extraction" in told
        assert "What this means for your next hundred prompts" in told
        assert "A prompt without a vote counts against the cheap model" in told
        assert not room.problems
    run = stored(tmp_path)
    assert run.state is RunState.DONE
    votes = [item.vote for item in run.items if item.vote is not None]
    assert len(votes) == 24
    assert {vote.kind for vote in votes} == {VoteKind.BLIND}


def test_a_key_held_down_does_not_vote_its_way_through(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path) as room:
        shortcuts = room.view.desk.findChildren(QShortcut)
        assert len(shortcuts) == 12
        assert not [shortcut for shortcut in shortcuts if shortcut.autoRepeat()]


def test_reasons_later_and_a_correction_by_keyboard(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path) as room:
        view, desk = room.view, room.view.desk
        room.until(view.reporting)
        view.vote(RUN)
        wait_until(qtbot, lambda: desk.ballot is not None)
        first = desk.ballot
        assert first is not None
        room.press(Qt.Key.Key_S)
        wait_until(qtbot, lambda: desk.ballot is not None and desk.ballot.place != first.place)
        second = desk.ballot
        assert second is not None
        wait_until(qtbot, desk.votes.choices()[0].isEnabled)
        room.press(Qt.Key.Key_5)
        assert desk.reasons.chosen() == (Reason.WRONG_CITATION,)
        room.press(Qt.Key.Key_1)
        wait_until(qtbot, lambda: desk.ballot is not None and desk.ballot.voted == 1)
        assert desk.reasons.chosen() == ()
        room.press(Qt.Key.Key_U)
        wait_until(qtbot, lambda: desk.ballot is not None and desk.ballot.cast == "a")
        assert desk.ballot is not None
        assert desk.ballot.place == second.place
        assert desk.reasons.chosen() == (Reason.WRONG_CITATION,)
        room.press(Qt.Key.Key_2)
        wait_until(qtbot, lambda: desk.ballot is not None and not desk.ballot.cast)
        room.press(Qt.Key.Key_Escape)
        room.until(view.reporting)
        assert view.header.main.text() == "Vote on the next 23"
    run = stored(tmp_path)
    vote = run.item(second.place).vote
    assert vote is not None
    assert (vote.choice.value, vote.reasons) == ("equal", (Reason.WRONG_CITATION,))
    assert run.to_vote[-1].place == first.place


def test_the_count_is_kept_back_until_one_asks_and_that_is_noted(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            for item in run.by_lot[:9]:
                await services.calibrations.vote(RUN, item.place, "equal")

    asyncio.run(work())
    pdf = tmp_path / "report.pdf"
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reporting)
        assert "9 of 9" not in told_by(view)
        assert view.header.side.isHidden()
        view.reporting.hidden.chosen.emit()
        wait_until(qtbot, lambda: view.reporting.good.figure() == "9 of 9")
        assert "likely 72%–100%" in view.reporting.good.basis()
        view.acts.export(RUN, pdf, "letter")
        wait_until(qtbot, lambda: view.header.badge.text() == "Written to report.pdf")
    assert stored(tmp_path).seen_at is not None
    document = pypdfium2.PdfDocument(str(pdf))
    words = document[0].get_textpage().get_text_bounded()
    size = document[0].get_size()
    document.close()
    assert size == (612, 792)
    for told in ("March audit", "9 of 9", "Small", "Big", "probably enough", "has not reached 15"):
        assert told in words, told


def test_ending_and_deleting_ask_first(qtbot: QtBot, tmp_path: Path, vendor: Vendor) -> None:
    async def work() -> None:
        async with calibrating(tmp_path, vendor) as services:
            await fixed(services)
            run = await services.calibrations.run(RUN, unheard)
            await services.calibrations.vote(RUN, run.by_lot[0].place, "equal")

    asyncio.run(work())
    with opened(qtbot, tmp_path) as room:
        view = room.view
        room.until(view.reporting)
        entries_of = {action.text(): action for action in view.header.menu.actions()}
        entries_of["End the voting…"].trigger()
        box = view.findChild(QMessageBox)
        assert box is not None
        assert "23 prompts without a vote" in box.informativeText()
        box.reject()
        entries_of["Delete this run…"].trigger()
        box = view.findChildren(QMessageBox)[-1]
        next(b for b in box.buttons() if b.text() == "Delete").click()
        room.until(view.empty)

    async def left() -> int:
        async with calibrating(tmp_path) as services:
            assert await services.calibrations.all() == []
            return await services.store(lambda history: len(history.ledger(practice=False)))

    assert asyncio.run(left()) == 24


def test_the_way_to_enough_votes_leads_here(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        window.compare.page.mode.chosen.emit("auto")
        wait_until(qtbot, lambda: window.compare.drafting.outlook.decision is not None)
        wait_until(qtbot, window.compare.page.notice.isVisible)
        assert "A calibration run gets there in one sitting" in told_by(window.compare.page.notice)
        window.compare.page.notice.acted.emit("calibrate")
        view = window.view("calibrate")
        assert window.stack.currentWidget() is view
        assert isinstance(view, CalibrateView)
        wait_until(qtbot, lambda: view.stack.currentWidget() is view.empty and view.isVisible())


@pytest.mark.parametrize("size", [(940, 660), (1352, 860)])
def test_every_control_has_a_name(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor, size: tuple[int, int]
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path, size) as room:
        view = room.view
        room.until(view.reporting)
        view.vote(RUN)
        wait_until(qtbot, lambda: view.desk.ballot is not None)
        for button in (*view.desk.votes.choices(), view.desk.later, view.desk.back):
            assert button.accessibleName()
            assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())
        a, b = view.desk.panes
        assert abs(a.width() - b.width()) <= 1


def test_at_twice_the_text_no_button_of_the_desk_is_cut(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path, (936, 640), scale=2.0) as room:
        view, desk = room.view, room.view.desk
        room.until(view.reporting)
        view.vote(RUN)
        wait_until(qtbot, lambda: desk.ballot is not None)
        frames(qtbot)
        for button in (*desk.votes.choices(), desk.later, desk.back, desk.leave):
            assert button.width() >= button.sizeHint().width(), button.text()
            right = button.mapTo(desk.sheet, button.rect().bottomRight()).x()
            assert right <= desk.sheet.width(), button.text()
        assert all(pane.height() >= pane.minimumSizeHint().height() for pane in desk.panes)


def test_at_twice_the_text_no_page_of_a_run_is_cut_in_a_small_window(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor)
    with opened(qtbot, tmp_path, (858, 680), scale=2.0) as room:
        view, choosing = room.view, room.view.choosing
        view.choose()
        for place, name in enumerate(("history", "paste", "import")):
            choosing.source.choose(name)
            choosing.pages.setCurrentIndex(place)
            wait_until(qtbot, lambda: cut_in(view) == [])
        choosing.model.show(entries())
        wait_until(qtbot, lambda: cut_in(view) == [])
        # Under each other: beside each other neither table would show what it lists.
        assert choosing.table.width() > view.width() * 0.7
        view.listing.review()
        room.until(view.reviewing)
        wait_until(qtbot, lambda: cut_in(view) == [])


def test_at_twice_the_text_the_report_is_whole_in_a_small_window(
    qtbot: QtBot, tmp_path: Path, vendor: Vendor
) -> None:
    prepared(tmp_path, vendor, ask=True)
    with opened(qtbot, tmp_path, (858, 680), scale=2.0) as room:
        view = room.view
        room.until(view.reporting)
        wait_until(qtbot, lambda: cut_in(view) == [])
        view.vote(RUN)
        for voted in range(1, 4):
            wait_until(qtbot, view.desk.later.isEnabled)
            room.press(Qt.Key.Key_2)
            wait_until(qtbot, lambda: stored(tmp_path).voted == voted)  # noqa: B023 - used at once
        wait_until(qtbot, view.desk.later.isEnabled)
        assert cut_in(view) == []
        view.desk.left.emit()
        room.until(view.reporting)
        view.look()
        wait_until(qtbot, view.reporting.rows.isVisible)
        wait_until(qtbot, lambda: cut_in(view) == [])


def test_at_twice_the_text_no_button_beside_the_title_is_cut(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 2.0)
    try:
        header = CalibrateHeader()
        qtbot.addWidget(header)
        header.say("March audit: 39 prompts, nothing sent yet")
        header.offer(("Fix the list and ask both models", header.update), ("Back", header.update))
        header.resize(818, 140)
        with qtbot.waitExposed(header):
            header.show()
        frames(qtbot)
        assert header.width() == 818
        for button in (header.main, header.side):
            assert button.width() >= button.sizeHint().width(), button.text()
            assert button.mapTo(header, button.rect().bottomRight()).x() <= header.width()
        assert header.badge.width() > header.main.width() // 2
    finally:
        theme.apply(qapp, "light")
