"""Markdown that grows, at a cost that does not. Nothing in it is fetched, run or opened."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Slot
from PySide6.QtGui import QAccessible, QFocusEvent
from PySide6.QtWidgets import QWidget

from app.ui.widgets.markdown_reader import MarkdownReader
from app.ui.widgets.markdown_selection import Position, plain_text
from app.ui.widgets.markdown_split import MarkdownSplitter, Piece
from app.ui.widgets.markdown_transcript import Transcript

_ALWAYS_HANDED_OVER_CHARS = 40_000


class MarkdownView(MarkdownReader):
    """Shows Markdown as it arrives: what is finished is never laid out again."""

    def __init__(self, parent: QWidget | None = None, *, quiet: bool = False) -> None:
        super().__init__(parent, quiet=quiet)
        self._splitter = MarkdownSplitter()
        self._open = False
        self._cost_ms = 0.0
        self._since_shown = QElapsedTimer()
        self._since_shown.start()
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._show_tail)
        self._transcript: Transcript | None = None
        self.setAccessibleName(self.tr("Answer"))

    # Text

    def append(self, text: str) -> None:
        """Add ``text`` to the end; it costs what the open block costs, not what is above it."""
        if not text:
            return
        self._source.append(text)
        self._open = True
        closed = self._splitter.feed(text)
        # Showing the tail may take a third of the time and no more; a finished piece never waits.
        if closed or self._since_shown.elapsed() >= 2 * self._cost_ms:
            self._show(closed, self._splitter.tail)
        elif not self._late.isActive():
            self._late.start(max(1, round(2 * self._cost_ms)))

    def settle(self) -> None:
        """Parse for the last time: no more text will come. Show the beginning to a mere watcher."""
        if not self._open:
            return
        self._open = False
        closed = self._splitter.finish()
        self._show(closed, None)
        self._column.define(self._splitter.definitions)
        if self._follow and not (self._scrolled or self.has_selection()):
            # Whoever only watched it arrive reads it from its beginning.
            self._follow = False
            self._arrange(Position(0, 0))
        else:
            self._arrange()
        self.viewport().update()
        self._publish()

    def clear(self) -> None:
        """Forget everything, selection and search included."""
        self._late.stop()
        self._splitter = MarkdownSplitter()
        self._source = []
        self._open = False
        self._follow = True
        self._scrolled = False
        self._forget_marks()
        self._column.clear()
        self._idle_from = 0
        self._arrange()
        self.viewport().update()
        if self._transcript is not None:
            self._transcript.show_words("", "")

    def set_markdown(self, text: str) -> None:
        """Show a finished text from its beginning."""
        self.clear()
        self._follow = False
        self.append(text)
        self.settle()
        self.verticalScrollBar().setValue(0)

    def _bring_up_to_date(self) -> None:
        if self._late.isActive():
            self._show_tail()

    @Slot()
    def _show_tail(self) -> None:
        if self._open:
            self._show([], self._splitter.tail)

    def _show(self, closed: list[Piece], tail: Piece | None) -> None:
        timer = QElapsedTimer()
        timer.start()
        self._late.stop()
        place = self._anchor()
        first = self._column.take(closed, tail)
        self._carry_selection(first)
        self._arrange(place)
        # What lies above the old tail has not moved, so that and what follows is painted again.
        tops = self._column.tops()
        y = round(tops[min(first, len(tops) - 1)]) - self.verticalScrollBar().value()
        if y < self.viewport().height():
            area = self.viewport().rect()
            area.setTop(max(0, y))
            self.viewport().update(area)
        self._cost_ms = timer.nsecsElapsed() / 1e6
        self._since_shown.restart()

    # Screen readers

    def _publish(self) -> None:
        """Hand the finished words to screen readers."""
        # A reader may be started later, so ordinary answers are always handed over. In a huge one
        # the words have to be gathered first: it waits until something listens.
        if not QAccessible.isActive() and self._length_of_source() > _ALWAYS_HANDED_OVER_CHARS:
            return
        if self._transcript is None:
            self._transcript = Transcript(self)
        self._transcript.show_words(plain_text(self._column), self.accessibleName())

    def _is_published(self) -> bool:
        return self._transcript is not None and not self._transcript.document().isEmpty()

    def _length_of_source(self) -> int:
        return sum(len(part) for part in self._source)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Serve a screen reader that was started after the answer had come."""
        super().focusInEvent(event)
        if not self._open and self._source and not self._is_published():
            self._publish()
