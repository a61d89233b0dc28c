"""Selecting, copying, searching and scrolling an answer, across its segments."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.widgets.markdown_view import MarkdownView

CLAUSE = "The buyer shall give written notice of any claim within ten business days. " * 6
TEXT = "\n\n".join(f"Clause {n}. {CLAUSE}" for n in range(1, 21))


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> MarkdownView:
    theme.apply(qapp, "light")
    made = MarkdownView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


def drag(qtbot: QtBot, view: MarkdownView, start: QPoint, end: QPoint) -> None:
    port = view.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(port, end)
    move(port, end)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def move(port: QWidget, end: QPoint) -> None:
    # qtbot's move carries no buttons on this platform.
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(end), QPointF(port.mapToGlobal(end)),
        Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(port, event)


def test_a_selection_by_mouse_runs_over_segments(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    assert len(view._column.segments) > 5
    drag(qtbot, view, QPoint(60, 12), QPoint(300, 480))
    words = view.selected_text()
    assert "Clause 2." in words
    assert "Clause 4." in words
    assert not words.startswith("Clause 1.")
    assert words in view.plain_text()


def test_a_selection_can_be_made_from_below(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    drag(qtbot, view, QPoint(300, 480), QPoint(60, 12))
    below = view.selected_text()
    drag(qtbot, view, QPoint(60, 12), QPoint(300, 480))
    assert view.selected_text() == below


def test_copied_words_arrive_on_the_clipboard_with_their_list_numbers(
    qtbot: QtBot, view: MarkdownView
) -> None:
    view.set_markdown("1. Event\n2. Notice\n\nEnd.")
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1. Event\n2. Notice\n\nEnd."


def test_the_whole_answer_can_be_copied_as_the_markdown_that_came(view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    view.select_all()
    assert view.selected_markdown() == TEXT
    view.copy_markdown()
    assert QGuiApplication.clipboard().text() == TEXT


def test_part_of_an_answer_copied_as_markdown_keeps_its_bold_words(
    qtbot: QtBot, view: MarkdownView
) -> None:
    view.set_markdown("**Event.** Listed.")
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert view.selected_text() == "Event"
    assert view.selected_markdown() == "**Event**"


def test_three_clicks_select_the_paragraph(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown("One two three.\n\nFour.")
    at = QPoint(20, 12)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert view.selected_text() == "One two three."


def test_a_selection_stays_on_its_words_while_the_answer_grows(
    qtbot: QtBot, view: MarkdownView
) -> None:
    view.append(f"Clause 1. {CLAUSE}\n\nSecond paragraph with words. ")
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    drag(qtbot, view, QPoint(60, 12), QPoint(300, 172))
    before = view.selected_text()
    assert "Second" in before
    for _ in range(4):
        view.append(f"{CLAUSE}\n\n")
    assert view.selected_text() == before


def test_nothing_is_selected_after_a_plain_click(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    view.select_all()
    assert view.has_selection()
    with qtbot.waitSignal(view.selection_changed) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert heard.args == [False]
    assert not view.has_selection()


def test_a_word_is_found_wherever_it_stands_and_whatever_its_case(view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    assert view.find_text("CLAUSE 19") == 1
    match = view._finder.current
    assert match is not None
    shown = view._column.between(
        view.verticalScrollBar().value(),
        view.verticalScrollBar().value() + view.viewport().height(),
    )
    assert match.segment in shown
    assert view.find_text("notice") == 120
    assert view.find_text("absent") == 0
    assert not view.find_next()


def test_search_goes_round_at_both_ends(view: MarkdownView) -> None:
    view.set_markdown("one\n\ntwo\n\none")
    view.find_text("one")
    first = view._finder.current
    view.find_next()
    second = view._finder.current
    assert first != second
    view.find_next()
    assert view._finder.current == first
    view.find_previous()
    assert view._finder.current == second


def test_a_hit_after_an_emoji_is_marked_in_the_right_place(view: MarkdownView) -> None:
    view.set_markdown("😀😀 notice")
    view.find_text("notice")
    match = view._finder.current
    assert match is not None
    document = view._column.document(0).document
    assert (
        document.toPlainText()
        .encode("utf-16-le")[match.start * 2 : match.end * 2]
        .decode("utf-16-le")
        == "notice"
    )


def test_hits_are_marked_on_the_screen_and_the_marks_go_away(view: MarkdownView) -> None:
    view.set_markdown("a notice of claim")
    plain = view.viewport().grab().toImage()
    view.find_text("notice")
    assert view.viewport().grab().toImage() != plain
    view.find_text("")
    assert view.viewport().grab().toImage() == plain


def test_the_keyboard_scrolls(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_markdown(TEXT)
    bar = view.verticalScrollBar()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert bar.value() > 0
    qtbot.keyClick(view, Qt.Key.Key_Space)
    page = bar.value()
    assert page > 100
    qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert bar.value() < page
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_a_screen_reader_can_read_the_finished_answer(view: MarkdownView) -> None:
    view.setAccessibleName("Answer A")
    view.append("Yes, **if** served.")
    view.settle()
    field = view.findChild(QPlainTextEdit)
    assert field is not None
    assert field.isVisible()
    assert field.isReadOnly()
    interface = QAccessible.queryAccessibleInterface(field)
    assert interface.text(QAccessible.Text.Name) == "Answer A"
    assert interface.text(QAccessible.Text.Value) == "Yes, if served."
    view.clear()
    assert interface.text(QAccessible.Text.Value) == ""
    assert not field.isVisible()


def test_a_huge_answer_is_handed_to_a_screen_reader_once_one_listens(
    qtbot: QtBot, view: MarkdownView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_markdown(TEXT * 8)
    assert view.findChild(QPlainTextEdit) is None
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    with qtbot.waitActive(view):
        view.activateWindow()
    view.clearFocus()
    view.setFocus()
    field = view.findChild(QPlainTextEdit)
    assert field is not None
    assert field.toPlainText() == view.plain_text()
