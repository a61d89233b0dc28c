"""The sheet of both voting desks: covered alike, one vote a key, readable at twice the text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QMessageBox, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.domain.conversation import prompt_of
from app.domain.vote import Reason
from app.ui import theme
from app.ui.views.turns.blind_sheet import BlindSheet
from tests.fakes.windows import frames, press

SHORT = "Until 30 November."
LONG = "\n\n".join(f"{n}. A clause that says more than the one before it." for n in range(60))


def dressed(scale: float = 1.0) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light", scale)


@pytest.fixture(autouse=True)
def usual_size() -> Iterator[None]:
    dressed()
    yield
    dressed()


@contextmanager
def laid_out(
    qtbot: QtBot, size: tuple[int, int] = (1100, 760), *, ask_why: bool = False
) -> Iterator[BlindSheet]:
    """Lay a covered sheet on a desk of that size and show it."""
    desk = QWidget()
    sheet = BlindSheet(ask_why=ask_why, parent=desk)
    sheet.fill(desk)
    desk.resize(*size)
    with qtbot.waitExposed(desk):
        desk.show()
    desk.activateWindow()
    sheet.cover(prompt_of("Until when can notice be given?"), SHORT, LONG, "Told later")
    sheet.ask()
    frames(qtbot)
    yield sheet
    desk.hide()
    desk.deleteLater()


def test_a_long_answer_and_a_short_one_are_covered_alike(qtbot: QtBot) -> None:
    with laid_out(qtbot) as sheet:
        a, b = sheet.panes
        assert a.is_blind
        assert b.is_blind
        assert abs(a.width() - b.width()) <= 1
        assert a.height() == b.height()
        assert (a.text(), b.text()) == (SHORT, LONG)


def test_a_key_held_down_votes_once(qtbot: QtBot) -> None:
    with laid_out(qtbot, ask_why=True) as sheet:
        keys = sheet.findChildren(QShortcut)
        assert len(keys) == 4 + 1 + len(Reason)
        assert not [key for key in keys if key.autoRepeat()]
        cast: list[str] = []
        sheet.voted.connect(cast.append)
        press(sheet.votes, Qt.Key.Key_2)
        assert cast == ["equal"]


def test_a_reason_is_not_asked_for_where_the_vote_comes_first(qtbot: QtBot) -> None:
    with laid_out(qtbot) as sheet:
        assert not sheet.reasons.isVisible()
        press(sheet.votes, Qt.Key.Key_5)
        assert sheet.reasons.chosen() == ()


@pytest.mark.parametrize("ask_why", [False, True])
def test_at_twice_the_text_a_small_window_scrolls_and_hides_no_vote(
    qtbot: QtBot, *, ask_why: bool
) -> None:
    dressed(2.0)
    with laid_out(qtbot, (916, 560), ask_why=ask_why) as sheet:
        least = theme.current().px(210)
        assert all(pane.height() >= least for pane in sheet.panes)
        for button in sheet.votes.choices():
            place = button.mapTo(sheet, button.rect().bottomRight())
            assert place.x() <= sheet.width()
            assert place.y() <= sheet.height()
        area = sheet.window().findChild(QScrollArea)
        assert area is not None
        assert sheet.width() <= area.width()
        area.ensureWidgetVisible(sheet.votes)
        frames(qtbot)
        assert not sheet.votes.choices()[-1].visibleRegion().isEmpty()


def test_a_link_in_a_covered_answer_is_asked_about(qtbot: QtBot) -> None:
    with laid_out(qtbot) as sheet:
        sheet.panes[0].link_activated.emit("https://example.org/act")
        box = sheet.findChild(QMessageBox)
        assert box is not None
        assert "https://example.org/act" in box.informativeText()
        box.reject()
