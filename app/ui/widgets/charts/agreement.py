"""Does the rule know its user: what it predicted against what came true."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.routing.promise import CalibrationPoint
from app.domain.words import share_text
from app.ui.theme import current
from app.ui.widgets.charts.plot import Plot

_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class AgreementChart(Plot):
    """One dot a fifth of the votes, with its interval; on the diagonal the rule is right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[CalibrationPoint, ...] = ()
        self.setMinimumHeight(170)

    def show_points(self, points: Sequence[CalibrationPoint]) -> None:
        """Draw another rule's dots."""
        self._points = tuple(points)
        self.setAccessibleName("Chart: does the rule know you?")
        self.setAccessibleDescription(
            "; ".join(
                f"predicted {share_text(point.predicted)}, came true {share_text(point.observed)} "
                f"of {point.votes} votes"
                for point in self._points
            )
        )
        self.redraw()

    def redraw(self) -> None:
        """Draw them again."""
        self.start_over()
        ticks = [(value, f"{value:.0%}") for value in _QUARTERS]
        self.gridlines(ticks)
        self.getAxis("bottom").setTicks([ticks])
        self.setXRange(-0.01, 1.01, padding=0)
        self.setYRange(-0.025, 1.02, padding=0)
        diagonal = self.pen("faint", 1, Qt.PenStyle.DashLine)
        self.addItem(pg.PlotDataItem([0, 1], [0, 1], pen=diagonal))
        for point in self._points:
            pen = self.pen("accent", 2)
            xs = [point.predicted, point.predicted]
            self.addItem(pg.PlotDataItem(xs, [point.low, point.high], pen=pen))
        dots = pg.ScatterPlotItem(
            [point.predicted for point in self._points],
            [point.observed for point in self._points],
            size=11,
            brush=pg.mkBrush(current().colour("accent")),
            pen=None,
        )
        self.addItem(dots)
