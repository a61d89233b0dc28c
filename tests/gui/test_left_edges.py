"""What stands below something begins where that begins: at any size of the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.routing.decision import Basis, Decision
from app.domain.vote import Choice
from app.services.explain import NearVote
from app.ui import theme
from app.ui.views.settings.view import SettingsView
from app.ui.views.turns.why import WhyDialog
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.segmented_control import SegmentedControl
from tests.fakes.rooms import room
from tests.fakes.scripted import Stage


@pytest.fixture(params=[1.0, 2.0])
def parent(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    theme.apply(qapp, "light", request.param)
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    yield made
    theme.apply(qapp, "light", 1.0)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def option_of(button: QPushButton) -> QStyleOptionButton:
    option = QStyleOptionButton()
    button.initStyleOption(option)
    return option


def words_at(widget: QWidget) -> int:
    """Return where a label's or a button's words begin, in pixels of its window."""
    inside = 0
    if isinstance(widget, QPushButton):
        option = option_of(widget)
        style = widget.style()
        inside = style.subElementRect(
            QStyle.SubElement.SE_PushButtonContents, option, widget
        ).left()
    elif isinstance(widget, QLabel):
        inside = max(0, widget.indent())
    return widget.mapTo(widget.window(), QPoint(inside, 0)).x()


def test_whichever_of_a_few_choices_is_down_has_room_for_its_words(parent: QWidget) -> None:
    control = SegmentedControl([("compare", "Compare"), ("auto", "Auto-route")], parent)
    control.show()
    for name in ("auto", "compare", "auto"):
        control.choose(name)
        control.adjustSize()
        QApplication.processEvents()
        bold = QFontMetrics(theme.current().interface_font(strong=True))
        for button in control.findChildren(QPushButton):
            room = button.style().subElementRect(
                QStyle.SubElement.SE_PushButtonContents, option_of(button), button
            )
            assert room.width() >= bold.horizontalAdvance(button.text()), button.text()


def test_a_question_and_its_buttons_begin_at_one_edge(parent: QWidget) -> None:
    box = Confirmation(parent, "Delete it?", "It is gone for good.", "Delete", lambda: None)
    box.open()
    QApplication.processEvents()
    labels = [label for label in box.findChildren(QLabel) if label.isVisible() and label.text()]
    buttons = box.findChild(QDialogButtonBox)
    assert buttons is not None
    assert {words_at(label) for label in labels} == {buttons.x()}
    assert buttons.x() + buttons.width() == box.width() - buttons.x()
    box.reject()


def test_a_question_keeps_its_edges_and_its_focus_when_the_colours_change(
    qapp: QApplication, parent: QWidget
) -> None:
    box = Confirmation(parent, "Delete it?", "It is gone for good.", "Delete", lambda: None)
    box.open()
    QApplication.processEvents()
    theme.apply(qapp, "dark", theme.current().scale)
    QApplication.processEvents()
    assert box.focusWidget() is box.no, "Space must not delete"
    labels = [label for label in box.findChildren(QLabel) if label.isVisible() and label.text()]
    buttons = box.findChild(QDialogButtonBox)
    assert buttons is not None
    assert {words_at(label) for label in labels} == {buttons.x()}
    box.reject()


def test_the_votes_behind_a_decision_begin_under_their_heading(parent: QWidget) -> None:
    decision = Decision(None, Basis.NOT_ENOUGH_VOTES, ("Not enough votes yet.",))
    dialog = WhyDialog("Both models are asked.", decision, parent)
    dialog.show_nearest(
        (NearVote(3, "Extract all dates.", "Larch", Choice.EQUAL), NearVote(4), NearVote(5))
    )
    dialog.open()
    QApplication.processEvents()
    heading = next(
        label for label in dialog.findChildren(QLabel) if label.text().startswith("Your votes on")
    )
    gone = next(label for label in dialog.findChildren(QLabel) if label.text().startswith("no. 4"))
    (link,) = dialog.nearest.links()
    assert words_at(link) == words_at(gone) == words_at(heading)
    assert link.visibleRegion().boundingRect().width() == link.width(), "its ring is not cut off"
    dialog.reject()


def test_the_links_of_settings_begin_under_the_text_above_them(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        section = view.about
        QApplication.processEvents()
        assert words_at(section.show_parts) == words_at(section.version)
