"""What a reader does with an answer on the screen: select, search, copy, follow a link, scroll."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.widgets.markdown_canvas import Mark, MarkdownCanvas
from app.ui.widgets.markdown_finder import Finder, Match
from app.ui.widgets.markdown_selection import Position, Span, markdown, plain_text
from app.ui.widgets.markdown_text import is_link, utf16_length

_DRAG_SCROLL_MS = 40
_BEFORE_ALL = Match(-1, 0, 0)


class MarkdownReader(MarkdownCanvas):
    """A canvas whose words can be selected across segments, searched and copied.

    Signals:
        link_activated: a link was clicked; its http, https or mailto address. Ask before opening.
        selection_changed: whether anything is selected now.
    """

    link_activated = Signal(str)
    selection_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, quiet: bool = False) -> None:
        super().__init__(parent, quiet=quiet)
        self.viewport().setMouseTracking(True)
        self._source: list[str] = []
        self._finder = Finder(self._column)
        self._anchor_at: Position | None = None
        self._head_at: Position | None = None
        self._pressed_link = ""
        self._last_click = QElapsedTimer()
        self._drag_point = QPointF()
        self._drag = QTimer(self)
        self._drag.setInterval(_DRAG_SCROLL_MS)
        self._drag.timeout.connect(self._drag_on)

    def text(self) -> str:
        """Give the Markdown source, just as it came."""
        return "".join(self._source)

    def plain_text(self) -> str:
        """Give the words as they read, without Markdown's marks."""
        self._bring_up_to_date()
        return plain_text(self._column)

    def _bring_up_to_date(self) -> None:
        """Take in text that was not shown yet; a heir that holds any back says how."""

    def _forget_marks(self) -> None:
        self._anchor_at = self._head_at = None
        self._finder.clear()

    def _carry_selection(self, first: int) -> None:
        """Keep the selection on its words after the open segment, number ``first``, was cut up."""
        self._anchor_at = self._carried(self._anchor_at, first)
        self._head_at = self._carried(self._head_at, first)

    def _carried(self, position: Position | None, first: int) -> Position | None:
        """Where a place in the old tail, segment ``first``, is now that the tail was cut up."""
        if position is None or position.segment < first or not self._column.segments:
            return position
        index, offset = position
        while index < len(self._column.segments) - 1:
            length = utf16_length(self._column.flat(index))
            if offset <= length:
                break
            index, offset = index + 1, offset - length - 1
        index = min(index, len(self._column.segments) - 1)
        return Position(index, min(offset, utf16_length(self._column.flat(index))))

    # Search

    def find_text(self, words: str) -> int:
        """Highlight ``words``, go to the first hit from here on; return how many there are."""
        self._bring_up_to_date()
        count = self._finder.look_for(words)
        top = self._anchor().segment
        self._go_to(self._finder.step(forwards=True, start=Match(top, -1, -1)))
        return count

    def find_next(self) -> bool:
        """Go to the next hit, from the last one round to the first; say whether there is any."""
        return self._go_to(self._finder.step(True, self._finder.current or _BEFORE_ALL))

    def find_previous(self) -> bool:
        """Go to the hit before, from the first one round to the last; say whether there is any."""
        return self._go_to(self._finder.step(False, self._finder.current or _BEFORE_ALL))

    def _go_to(self, match: Match | None) -> bool:
        self.viewport().update()
        if match is None:
            return False
        self._follow = False
        self._column.ensure(match.segment)
        laid = self._column.segments[match.segment].laid
        assert laid is not None
        block = laid.document.findBlock(match.start)
        layout = laid.document.documentLayout()
        y = self._column.tops()[match.segment] + layout.blockBoundingRect(block).top()
        y += block.layout().lineForTextPosition(match.start - block.position()).y()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if not bar.value() <= y <= bar.value() + height * 0.85:
            bar.setValue(round(y - height / 3))
        return True

    def marks_in(self, index: int) -> list[Mark]:
        """Give search hits and the selection in one segment."""
        marks: list[Mark] = []
        for match in self._finder.matches_in(index):
            colours = (
                ("on_accent", "accent")
                if match == self._finder.current
                else ("text", "warning_soft")
            )
            marks.append((match.start, match.end, *colours))
        if (span := self._span()) and (part := span.part_in(index, self._length(index))):
            marks.append((*part, "on_accent", "accent"))
        return marks

    # Selection

    def _length(self, index: int) -> int:
        return self._column.document(index).document.characterCount() - 1

    def _span(self) -> Span | None:
        if self._anchor_at is None or self._head_at is None or self._anchor_at == self._head_at:
            return None
        return Span.between(self._anchor_at, self._head_at)

    def _select(self, anchor: Position | None, head: Position | None) -> None:
        had = self._span() is not None
        self._anchor_at, self._head_at = anchor, head
        self.viewport().update()
        if had != (self._span() is not None):
            self.selection_changed.emit(not had)

    @Slot()
    def select_all(self) -> None:
        """Select the whole answer."""
        self._bring_up_to_date()
        last = len(self._column.segments) - 1
        if last >= 0:
            self._select(Position(0, 0), Position(last, self._length(last)))

    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self._span() is not None

    def selected_text(self) -> str:
        """Give the selected words as they read; empty without a selection."""
        span = self._span()
        return plain_text(self._column, span) if span else ""

    def selected_markdown(self) -> str:
        """Give the Markdown of what is selected; empty without a selection."""
        span = self._span()
        return markdown(self._column, span) if span else ""

    @Slot()
    def copy(self) -> None:
        """Put the selection, or everything without one, on the clipboard as plain words."""
        # Only text: a QMimeData made in Python outlives the interpreter there, and crashes.
        QGuiApplication.clipboard().setText(self.selected_text() or self.plain_text())

    @Slot()
    def copy_markdown(self) -> None:
        """Put the Markdown source of the selection, or of everything, on the clipboard as text."""
        QGuiApplication.clipboard().setText(self.selected_markdown() or self.text())

    # Mouse

    def _position_at(self, point: QPointF) -> Position | None:
        column = self._column
        if not column.segments:
            return None
        y = point.y() + self.verticalScrollBar().value()
        index = column.index_at(y)
        column.ensure(index)
        segment = column.segments[index]
        assert segment.laid is not None
        inside = QPointF(
            point.x() + self.horizontalScrollBar().value(), y - column.tops()[index] - segment.gap
        )
        layout = segment.laid.document.documentLayout()
        offset = layout.hitTest(inside, Qt.HitTestAccuracy.FuzzyHit)
        return Position(index, max(0, offset))

    def link_at(self, point: QPointF) -> str:
        """Address of the link at a point of the viewport, or nothing."""
        column = self._column
        y = point.y() + self.verticalScrollBar().value()
        if not column.segments or not 0 <= y < column.height:
            return ""
        index = column.index_at(y)
        segment = column.segments[index]
        if segment.laid is None:
            return ""
        inside = QPointF(
            point.x() + self.horizontalScrollBar().value(), y - column.tops()[index] - segment.gap
        )
        address = segment.laid.document.documentLayout().anchorAt(inside)
        return address if is_link(address) else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection, or remember the link that is pressed."""
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        point = event.position()
        self._pressed_link = self.link_at(point)
        place = self._position_at(point)
        if self._is_third_click():
            self._select_around(place, QTextCursor.SelectionType.BlockUnderCursor)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor_at:
            self._select(self._anchor_at, place)
        else:
            self._select(place, place)

    def _is_third_click(self) -> bool:
        limit = QGuiApplication.styleHints().mouseDoubleClickInterval()
        return self._last_click.isValid() and self._last_click.elapsed() < limit

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the word."""
        self._select_around(
            self._position_at(event.position()), QTextCursor.SelectionType.WordUnderCursor
        )
        self._last_click.restart()

    def _select_around(self, place: Position | None, what: QTextCursor.SelectionType) -> None:
        self._last_click.invalidate()
        if place is None:
            return
        cursor = QTextCursor(self._column.document(place.segment).document)
        cursor.setPosition(place.offset)
        if what is QTextCursor.SelectionType.BlockUnderCursor:
            block = cursor.block()
            start, end = block.position(), block.position() + block.length() - 1
        else:
            cursor.select(what)
            start, end = cursor.selectionStart(), cursor.selectionEnd()
        self._select(Position(place.segment, start), Position(place.segment, end))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on selecting, or show that a link can be clicked and where it leads."""
        point = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._select(self._anchor_at, self._position_at(point))
            self._drag_point = point
            outside = not 0 <= point.y() < self.viewport().height()
            if outside != self._drag.isActive():
                self._drag.start() if outside else self._drag.stop()
            return
        link = self.link_at(point)
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        # What a link says and where it leads may be two things.
        self.viewport().setToolTip(link)

    @Slot()
    def _drag_on(self) -> None:
        y = self._drag_point.y()
        beyond = y if y < 0 else y - self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + round(beyond / 2))
        self._select(self._anchor_at, self._position_at(self._drag_point))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection, or follow the link that was pressed and released."""
        self._drag.stop()
        link, self._pressed_link = self._pressed_link, ""
        if self._span() is None and link and self.link_at(event.position()) == link:
            self.link_activated.emit(link)
        board = QGuiApplication.clipboard()
        if board.supportsSelection() and self._span() is not None:
            board.setText(self.selected_text(), board.Mode.Selection)

    # Keys and menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, copy, select all; the arrows and the page keys are Qt's own."""
        bar, step = self.verticalScrollBar(), self.verticalScrollBar().pageStep() * 9 // 10
        backwards = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Space:
            bar.setValue(bar.value() + (-step if backwards else step))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer copying, and the link under the pointer."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = self.has_selection()
        menu.addAction(self.tr("Copy") if selected else self.tr("Copy all"), self.copy)
        words = self.tr("Copy as Markdown") if selected else self.tr("Copy all as Markdown")
        menu.addAction(words, self.copy_markdown)
        menu.addAction(self.tr("Select all"), self.select_all)
        if link := self.link_at(QPointF(event.pos())):
            menu.addSeparator()
            opening = menu.addAction(self.tr("Open {link} …").format(link=link[:60]))
            opening.triggered.connect(lambda _=False: self.link_activated.emit(link))
        menu.popup(event.globalPos())
