"""A share with its interval, drawn: a track, the likely span, and a dot where the count lies."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.words import interval_text, share_text
from app.ui.theme import current

_TRACK_PX = 6
_DOT_PX = 10


class IntervalBar(QWidget):
    """Shows a share (0..1) between its bounds (0..1 each); the words stand beside it, not in it."""

    def __init__(self, parent: QWidget | None = None, colour: str = "cheap") -> None:
        super().__init__(parent)
        self._colour = colour
        self._share: float | None = None
        self._low = 0.0
        self._high = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_interval(self, share: float | None, low: float, high: float) -> None:
        """Draw another interval; a share of None draws the empty track."""
        self._share, self._low, self._high = share, low, high
        told = "nothing counted yet"
        if share is not None:
            told = f"{share_text(share)}, {interval_text(low, high)}"
        self.setAccessibleName(told)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a line as high as a row of text."""
        theme = current()
        return QSize(theme.px(200), theme.px(20))

    def minimumSizeHint(self) -> QSize:
        """Return the least that still reads as an interval."""
        theme = current()
        return QSize(theme.px(60), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw it, without axes: rows stand under each other on one scale."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track, dot = theme.px(_TRACK_PX), theme.px(_DOT_PX)
        left, width = dot / 2, self.width() - dot
        top = (self.height() - track) / 2
        painter.setBrush(theme.colour("line" if theme.is_dark else "sunken"))
        painter.drawRoundedRect(QRectF(left, top, width, track), track / 2, track / 2)
        if self._share is None:
            return
        span = theme.colour(self._colour)
        span.setAlphaF(0.42)
        painter.setBrush(span)
        start = left + width * self._low
        painter.drawRoundedRect(
            QRectF(start, top, max(track, width * (self._high - self._low)), track),
            track / 2,
            track / 2,
        )
        painter.setBrush(theme.colour(self._colour))
        middle = left + width * self._share
        painter.drawEllipse(QRectF(middle - dot / 2, (self.height() - dot) / 2, dot, dot))
