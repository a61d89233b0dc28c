"""What is given up for what is saved: the share sent to cheap against the share lost by it."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.routing.promise import CurvePoint, Promise
from app.domain.words import limit_text, share_text
from app.ui.theme import current
from app.ui.widgets.charts.plot import Plot
from app.ui.widgets.charts.scale import steps_up_to

_ROOM = 1.15
_LEAST_TOP = 0.05
_HALVES = (0.0, 0.25, 0.5, 0.75, 1.0)


class TradeOffChart(Plot):
    """The curve with its band, the limit as a line, and the dot at which the rule stands today."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: tuple[CurvePoint, ...] = ()
        self._promise: Promise | None = None
        self.setMinimumHeight(170)

    def show_curve(self, curve: Sequence[CurvePoint], promise: Promise) -> None:
        """Draw another rule's curve."""
        self._curve, self._promise = tuple(curve), promise
        self.setAccessibleName("Chart: what you give up for what you save")
        self.setAccessibleDescription(promise.sentence())
        self.redraw()

    def redraw(self) -> None:
        """Draw it again."""
        self.start_over()
        promise = self._promise
        if promise is None or not self._curve:
            return
        highest = max(point.loss for point in self._curve)
        top = min(1.0, max(highest * _ROOM, promise.limit * 1.6, _LEAST_TOP))
        self.gridlines(_percent_ticks(top))
        self.getAxis("bottom").setTicks([[(share, f"{share:.0%}") for share in _HALVES]])
        self.setXRange(-0.01, 1.01, padding=0)
        self.setYRange(-0.01 * top, top, padding=0)
        shares = [point.share for point in self._curve]
        self.area(
            (shares, [min(point.low, top) for point in self._curve]),
            (shares, [min(point.high, top) for point in self._curve]),
            self.tint("accent", 0.15),
        )
        self.addItem(
            pg.PlotDataItem(
                shares, [point.loss for point in self._curve], pen=self.pen("accent", 2.2)
            )
        )
        self._draw_limit(promise)
        self._draw_today(promise)

    def _draw_limit(self, promise: Promise) -> None:
        pen = self.pen("warning", 1.6, Qt.PenStyle.DashLine)
        self.addItem(pg.InfiniteLine(promise.limit, angle=0, pen=pen))
        said = f"your limit: {limit_text(promise.limit)}"
        self.words(said, "warning", (0.01, promise.limit), (0, 1))

    def _draw_today(self, promise: Promise) -> None:
        if not promise.holds or not promise.votes:
            return
        at = (promise.share, promise.errors / promise.votes)
        brush = pg.mkBrush(current().colour("accent"))
        self.addItem(pg.ScatterPlotItem([at[0]], [at[1]], size=12, brush=brush, pen=None))
        said = (
            f"today: {share_text(promise.share)} to cheap "
            f"(by luck: {share_text(promise.luck_share)})"
        )
        if promise.share < _HALVES[2]:
            self.words(said, "text", at, (-0.05, -0.25))
        else:
            # Never over the left edge, however large the text.
            self.words(said, "text", at, (min(1.05, at[0] / self.share_of_width(said)), 1.2))


def _percent_ticks(top: float) -> list[tuple[float, str]]:
    return [(value, f"{round(value * 100, 1):g}%") for value in steps_up_to(top)]
