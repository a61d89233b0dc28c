"""The scroll area under a Markdown view: keeps the reader's place, paints what is exposed."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.ui import theme
from app.ui.widgets.markdown_column import Column
from app.ui.widgets.markdown_layout import Box
from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_selection import Position

# A comfortable line has at most about 75 characters, so a mean one has fewer.
_MEASURE_SAMPLE = "the seller shall give written notice of any claim within ten business days, and "
_MEASURE_CHARACTERS = 72
_END_TOLERANCE_PX = 4
# Text off the screen is measured in slices, so that keys and frames come through in between.
_IDLE_SLICE_MS = 4
# Documents kept laid out around the screen; each takes some 50 kB.
_KEPT_DOCUMENTS = 120
# From the edge of the widget to its words: the ring, and a little air.
_RING_PX = 2
_INSET_PX = 4
WORDS_INSET_PX = _RING_PX + _INSET_PX
_EDGE_PX = 2
_RESTYLING = (QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.FontChange)

# Characters from, to (in Qt's count), token of the words, token of the ground.
Mark = tuple[int, int, str, str]


class MarkdownCanvas(QAbstractScrollArea):
    """Shows a column of segments and follows its end while the reader is there."""

    def __init__(self, parent: QWidget | None = None, *, quiet: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("answer", True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(24)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Room for the focus ring, which must not touch the words.
        self.setViewportMargins(_INSET_PX, _EDGE_PX, 0, _EDGE_PX)
        self._quiet = quiet
        self._reading_width = False
        self._follow = True
        self._scrolled = False  # by the reader, by hand or by searching
        self._arranging = False
        self._column = Column(Look.of(theme.current(), quiet=quiet), 100.0)
        self._idle_from = 0
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._measure_some)

    def marks_in(self, index: int) -> list[Mark]:
        """Say what is highlighted in one segment; nothing, unless a heir knows better."""
        del index
        return []

    def content_height(self) -> int:
        """Give the pixels that all text takes, with its ring; partly an estimate in long texts."""
        return round(self._column.height) + 2 * (_RING_PX + _EDGE_PX)

    def sizeHint(self) -> QSize:
        """Ask for no height: it takes what is left, and whoever places it says how little."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def is_measuring(self) -> bool:
        """Whether text off the screen still waits to be measured."""
        return self._idle.isActive()

    # Keeping the place

    def set_reading_width(self, on: bool) -> None:
        """Keep lines to about 75 characters, for one answer in a wide window."""
        self._reading_width = on
        self._fit()

    def _text_width(self) -> float:
        # The bar's place is kept free while there is none, or its coming would change every line.
        bar = self.verticalScrollBar().sizeHint().width()
        available = self.contentsRect().width() - _INSET_PX - bar
        if self._reading_width:
            metrics = QFontMetricsF(self._column.look.text)
            a_character = metrics.horizontalAdvance(_MEASURE_SAMPLE) / len(_MEASURE_SAMPLE)
            available = min(available, round(a_character * _MEASURE_CHARACTERS))
        return float(max(available, 40))

    def _fit(self) -> None:
        """Lay out at the present width; what is off the screen waits until it is looked at."""
        width = self._text_width()
        anchor = self._anchor()
        if width != self._column.width:
            self._column.set_width(width)
            self._idle_from = 0
            self.viewport().update()
        self._arrange(anchor)

    def _anchor(self) -> Position:
        """Give what stands at the upper edge: a segment, and how many of its pixels are above."""
        value = self.verticalScrollBar().value()
        if not self._column.segments:
            return Position(0, 0)
        index = self._column.index_at(value)
        return Position(index, round(value - self._column.tops()[index]))

    def _wanted_top(self, place: Position) -> float:
        bottom = max(0.0, self._column.height - self.viewport().height())
        if self._follow:
            return bottom
        if not self._column.segments:
            return 0.0
        index = min(place.segment, len(self._column.segments) - 1)
        return min(bottom, self._column.tops()[index] + place.offset)

    def _arrange(self, anchor: Position | None = None) -> None:
        """Lay out what shows, and set the scroll bar so that the reader's place stays."""
        if self._arranging:
            return
        self._arranging = True
        place = anchor or self._anchor()
        column, view_height = self._column, self.viewport().height()
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        stood_at = -place.offset
        while True:
            top = self._wanted_top(place)
            if sum(column.ensure(i) for i in column.between(top, top + view_height)) == 0:
                break
        bar.setPageStep(view_height)
        bar.setRange(0, max(0, round(column.height) - view_height))
        bar.setValue(round(self._wanted_top(place)))
        across.setPageStep(self.viewport().width())
        across.setRange(0, max(0, round(column.needed_width - column.width)))
        self._arranging = False
        self._move_painted(place, stood_at)
        if self._idle_from < len(column.segments) and not self._idle.isActive():
            self._idle.start(0)

    def _move_painted(self, place: Position, stood_at: int) -> None:
        """Shift what is on the screen by as much as the segment on top has moved."""
        if place.segment >= len(self._column.segments):
            self.viewport().update()
            return
        stands_at = round(self._column.tops()[place.segment]) - self.verticalScrollBar().value()
        if stands_at != stood_at:
            self.viewport().scroll(0, stands_at - stood_at)

    @Slot()
    def _measure_some(self) -> None:
        """Measure text that does not show, some milliseconds at a time, until all is true."""
        column, timer = self._column, QElapsedTimer()
        timer.start()
        anchor, changed = self._anchor(), False
        while self._idle_from < len(column.segments) and timer.elapsed() < _IDLE_SLICE_MS:
            if not column.is_measured(self._idle_from):
                changed |= column.ensure(self._idle_from)
            self._idle_from += 1
        self._let_go_of_far_documents(anchor.segment)
        if changed:
            self._arrange(anchor)
        if self._idle_from < len(column.segments):
            self._idle.start(0)

    def _let_go_of_far_documents(self, middle: int) -> None:
        segments = self._column.segments
        if len(segments) <= _KEPT_DOCUMENTS:
            return
        reach = _KEPT_DOCUMENTS // 2
        for segment in [*segments[: max(0, middle - reach)], *segments[middle + reach :]]:
            segment.release()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the visible part out at the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take the new theme's look, keeping the place."""
        super().changeEvent(event)
        # Qt calls this from within the constructor, too.
        if event.type() not in _RESTYLING or not hasattr(self, "_idle"):
            return
        look = Look.of(theme.current(), quiet=self._quiet)
        if look != self._column.look:
            anchor = self._anchor()
            self._column.restyle(look)
            self._column.set_width(self._text_width())
            self._idle_from = 0
            self._arrange(anchor)
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already, and lay out what comes into view."""
        if self._arranging:
            # Then the bar follows the text, and whoever arranges knows what has moved.
            if dx:
                self.viewport().update()
            return
        bar = self.verticalScrollBar()
        self._scrolled = True
        self._follow = bar.value() >= bar.maximum() - _END_TOLERANCE_PX
        before = self._column.height
        self._arrange()
        if dx or self._column.height != before:
            self.viewport().update()
        else:
            self.viewport().scroll(0, dy)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed rectangles, and in them the segments that they cut."""
        painter = QPainter(self.viewport())
        offset = QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())
        # Qt's rectangles of a region are iterable; its type hints do not know.
        for exposed in event.region():  # type: ignore[attr-defined]
            painter.setClipRect(exposed)
            painter.fillRect(exposed, self.palette().base())
            area = QRectF(exposed.translated(offset))
            for index in self._column.between(area.top(), area.bottom()):
                self._paint_segment(painter, index, area, offset)
        painter.end()

    def _paint_segment(self, painter: QPainter, index: int, area: QRectF, offset: QPoint) -> None:
        column, segment = self._column, self._column.segments[index]
        if column.ensure(index):
            # Its true height moves what is below: put that in order after this paint.
            QTimer.singleShot(0, self, self._fit_again)
        laid = segment.laid
        if laid is None or not laid.height:
            return
        top = column.tops()[index] + segment.gap
        inside = area.translated(0, -top)
        painter.save()
        painter.translate(-offset.x(), top - offset.y())
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        for box in laid.boxes:
            self._paint_box(painter, box, whole=not (segment.piece.joins or segment.piece.goes_on))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = inside
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, column.look.ink)
        context.palette = palette
        if marks := self.marks_in(index):
            context.selections = [_selection(laid.document, mark) for mark in marks]
        laid.document.documentLayout().draw(painter, context)
        painter.restore()

    @Slot()
    def _fit_again(self) -> None:
        self._arrange()
        self.viewport().update()

    def _paint_box(self, painter: QPainter, box: Box, *, whole: bool) -> None:
        look = self._column.look
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.sunken if box.kind == "code" else look.line)
        if box.kind == "code" and whole:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(box.area, look.pad * 0.7, look.pad * 0.7)
        else:
            painter.drawRect(box.area)


def _selection(document: QTextDocument, mark: Mark) -> QAbstractTextDocumentLayout.Selection:
    start, end, words, ground = mark
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    shape = QTextCharFormat()
    shape.setForeground(theme.current().colour(words))
    shape.setBackground(theme.current().colour(ground))
    selection = QAbstractTextDocumentLayout.Selection()
    selection.cursor = cursor
    selection.format = shape
    return selection
