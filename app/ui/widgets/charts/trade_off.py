"""What is given up for what is saved: the share sent to cheap against the share lost by it."""

from __future__ import annotations

import itertools
import math
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
_GRID = 14  # places tried across and up for the words about today
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
        """Return where the words about today cross least, as near to the dot as that allows."""
        top = self._top()
        wide, high = self.share_of_width(said), self.share_of_height() * 1.1
        named = self.share_of_width(f"your limit: {limit_text(limit)}")
        # All lengths as shares of the plot, so that near is near to the eye.
        curve = [(share, loss / top) for share, loss in self._sampled()]
        dot, line = (at[0], at[1] / top), limit / top

        def cost(left: float, low: float) -> float:
            right, upper = left + wide, low + high
            crossed = sum(left < x < right and low < y < upper for x, y in curve)
            crossed += 12 * (low < line < upper)
            crossed += 12 * (left < named and low < line + high and upper > line)
            crossed += 12 * (left < dot[0] + 0.02 and right > dot[0] - 0.02
                             and low < dot[1] + 0.04 and upper > dot[1] - 0.04)  # fmt: skip
            away = math.hypot(
                max(left - dot[0], 0.0, dot[0] - right), max(low - dot[1], 0.0, dot[1] - upper)
            )
            return crossed + 6 * away

        places = [
            (left / _GRID * (1 - wide), low / _GRID * (1 - high))
            for left in range(_GRID + 1)
            for low in range(_GRID + 1)
        ]
        left, low = min(places, key=lambda place: cost(*place))
        return (left, low * top), (0.0, 1.0)

    def _sampled(self) -> list[tuple[float, float]]:
        """Return the curve with points close enough to see words between them."""
        found = []
        for one, other in itertools.pairwise(self._curve):
            for step in (0.0, 0.5):
                found.append((one.share + step * (other.share - one.share),
                              one.loss + step * (other.loss - one.loss)))  # fmt: skip
        return found

    def _top(self) -> float:
        """Return the share of prompts at the upper edge."""
        highest = max(point.loss for point in self._curve)
        limit = self._promise.limit if self._promise is not None else 0.0
        return min(1.0, max(highest * _ROOM, limit * 1.6, _LEAST_TOP))


def _percent_ticks(top: float) -> list[tuple[float, str]]:
    return [(value, f"{round(value * 100, 1):g}%") for value in steps_up_to(top)]
