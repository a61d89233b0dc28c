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
        top = self._top()
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
        place, anchor = self._free_place(said, at, promise.limit)
        self.words(said, "text", place, anchor)

    def _free_place(
        self, said: str, at: tuple[float, float], limit: float
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return where the words about today cross least of the curve and of the limit's line."""
        wide, high = self.share_of_width(said), self.share_of_height() * self._top()
        gap = high * 0.35
        boxes = []
        for right, below in ((True, True), (False, False), (True, False), (False, True)):
            left = at[0] + 0.02 if right else at[0] - wide - 0.005
            bottom = at[1] - gap - high if below else at[1] + gap
            boxes.append((left, bottom))
        # Just above the limit there is room where there is none beside the point.
        boxes.append((at[0] - wide, limit + gap * 0.3))
        left, bottom = min(boxes, key=lambda box: self._crossed(box, (wide, high), limit))
        return (left, bottom), (0.0, 1.0)

    def _crossed(
        self, box: tuple[float, float], size: tuple[float, float], limit: float
    ) -> tuple[float, int]:
        """Return what words there cross: first what cuts them, then what lies behind them."""
        (left, bottom), (right, upper) = box, (box[0] + size[0], box[1] + size[1])
        cut = max(0.0, -left) + max(0.0, right - 1.0)
        cut += max(0.0, -bottom) / self._top() + max(0.0, upper - self._top()) / self._top()
        behind = 3 * (bottom < limit < upper)
        names_limit = left < self.share_of_width(f"your limit: {limit_text(limit)}")
        behind += 3 * (names_limit and bottom < limit + size[1] and upper > limit)
        behind += sum(left < p.share < right and bottom < p.loss < upper for p in self._curve)
        return cut, behind

    def _top(self) -> float:
        """Return the share of prompts at the upper edge."""
        highest = max(point.loss for point in self._curve)
        limit = self._promise.limit if self._promise is not None else 0.0
        return min(1.0, max(highest * _ROOM, limit * 1.6, _LEAST_TOP))


def _percent_ticks(top: float) -> list[tuple[float, str]]:
    return [(value, f"{round(value * 100, 1):g}%") for value in steps_up_to(top)]
