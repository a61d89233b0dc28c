"""What our charts have in common: the theme's colours, few gridlines, no zoom by accident."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import current

Line = tuple[Sequence[float], Sequence[float]]
_EDGE_PX = 18  # half of the last label of the axis below
SMALL_PX = 12  # axis labels and the words beside a line


class Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph carries no types
    """A quiet plot; subclasses draw in `redraw`, which runs again when the theme changes.

    It is a picture: it takes no focus and no mouse, and `accessibleName` says what it shows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent, background=None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAntialiasing(True)
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.plotItem.getViewBox().setDefaultPadding(0.0)
        self._ready = True

    def redraw(self) -> None:
        """Draw everything again in the colours of now."""

    def start_over(self) -> None:
        """Take everything out, and dress the axes."""
        self.clear()
        self.setBackground(current().colour("surface"))
        self.plotItem.setContentsMargins(0, 4, current().px(_EDGE_PX), 0)
        muted = current().colour("muted")
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setTickFont(self.small_font())
            axis.setTextPen(pg.mkPen(muted))
            axis.setPen(pg.mkPen(None))
            axis.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=8, hideOverlappingLabels=False)
        self.getAxis("bottom").setHeight(current().px(26))

    def small_font(self) -> QFont:
        """Return the font of labels in a chart."""
        font = current().interface_font()
        font.setPixelSize(current().px(SMALL_PX))
        return font

    def gridlines(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Draw one hairline for each labelled height, and the labels."""
        axis = self.getAxis("left")
        axis.setTicks([list(ticks)])
        metrics_width = max((self._text_width(text) for _, text in ticks), default=0)
        axis.setWidth(metrics_width + current().px(14))
        pen = self.pen("line", 1.0)
        for height, _ in ticks:
            line = pg.InfiniteLine(pos=height, angle=0, pen=pen)
            line.setZValue(-10)
            self.addItem(line)

    def pen(self, token: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen in a colour of the theme; its width is in pixels of the screen."""
        pen: QPen = pg.mkPen(current().colour(token), width=width, style=style)
        return pen

    def tint(self, token: str, alpha: float) -> QColor:
        """Return a colour of the theme that lets the gridlines through."""
        colour = current().colour(token)
        colour.setAlphaF(alpha)
        return colour

    def words(self, text: str, token: str, at: tuple[float, float], anchor: tuple[float, float]
              ) -> pg.TextItem:  # fmt: skip
        """Put words beside what they name; `anchor` is the point of the words that stands there."""
        item = pg.TextItem(text, color=current().colour(token), anchor=anchor)
        item.setFont(self.small_font())
        item.setPos(*at)
        item.setZValue(10)
        self.addItem(item, ignoreBounds=True)
        return item

    def share_of_width(self, text: str) -> float:
        """Return which share of the axis below words take, at most 0.9."""
        plot_px = max(1.0, float(self.width() - self.getAxis("left").width()))
        return min(0.9, (self._text_width(text) + current().px(12)) / plot_px)

    def share_of_height(self) -> float:
        """Return which share of the axis at the left a line of words takes, at most 0.5."""
        plot_px = max(1.0, float(self.height() - self.getAxis("bottom").height()))
        return min(0.5, QFontMetrics(self.small_font()).height() / plot_px)

    def _text_width(self, text: str) -> int:
        return QFontMetrics(self.small_font()).horizontalAdvance(text)

    def area(self, low: Line, high: Line, fill: QColor) -> None:
        """Fill what lies between two lines, each given as (xs, ys)."""
        edges = [pg.PlotCurveItem(*line, pen=pg.mkPen(None)) for line in (low, high)]
        self.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(fill)))

    def sizeHint(self) -> QSize:
        """Ask for little: the page shares out what there is."""
        return QSize(current().px(320), current().px(150))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page that the chart stands in."""
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw again: how many labels fit, and where, depends on the room."""
        super().resizeEvent(event)
        # Qt sends this from within the constructor too.
        if getattr(self, "_ready", False):
            self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw again in the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "_ready", False):
            self.redraw()
