"""What was paid against what the frontier alone would have cost, summed up day by day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.savings.values import SeriesPoint
from app.ui.theme import current
from app.ui.widgets.charts.plot import Plot
from app.ui.widgets.charts.scale import (
    day_number,
    day_ticks,
    money_tick,
    round_step,
    steps_up_to,
)

_TICK_PX = 90  # room for one label of the calendar
_HEADROOM = 1.14
_MOST_POINTS = 2_000  # a line of more is slow and looks the same


@dataclass(frozen=True, slots=True)
class Cumulative:
    """What the chart shows; `estimated` says whether any part of the upper line is a guess.

    `lower` names the line of what was paid, or would have been, and `upper` that of the frontier
    alone, where the usual words would not do.
    """

    points: tuple[SeriesPoint, ...]
    currency: str
    estimated: bool
    routed_since: str | None = None
    lower: str = "what you paid"
    upper: str = ""


class CumulativeChart(Plot):
    """Two lines that are labelled where they run, the guess with its band."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Cumulative((), "USD", estimated=False)
        self.setMinimumHeight(150)

    def show_savings(self, shown: Cumulative, sentence: str) -> None:
        """Draw another report; `sentence` tells it to who cannot see it."""
        points = shown.points
        if len(points) > _MOST_POINTS:
            every = -(-len(points) // _MOST_POINTS)
            points = (*points[:-1:every], points[-1])
        self._shown = replace(shown, points=points)
        self.setAccessibleName("Chart of what was paid and what it would have cost")
        self.setAccessibleDescription(sentence)
        self.redraw()

    def redraw(self) -> None:
        """Draw the report again."""
        self.start_over()
        points = self._shown.points
        if not points:
            return
        days = [float(day_number(point.day)) for point in points]
        paid = [float(point.paid) for point in points]
        frontier = [float(point.frontier) for point in points]
        top = max(*(float(point.high) for point in points), *paid, 0.0)
        self._axes(days, top)
        if len(points) == 1:
            self._dots(days[0], paid[0], frontier[0])
        else:
            self._lines(days, paid, frontier)
        self._marker(days, top)
        self._label_lines(days, paid, frontier)

    def _axes(self, days: list[float], top: float) -> None:
        room = (top or 1.0) * _HEADROOM
        heights = steps_up_to(room)
        step = heights[1] if top <= 0 else round_step(room)
        currency = self._shown.currency
        self.gridlines([(value, money_tick(value, step, currency)) for value in heights])
        lone = len(days) == 1
        self.setXRange(days[0] - lone, days[-1] + lone, padding=0)
        self.setYRange(0, room, padding=0)
        self._calendar()

    def _calendar(self) -> None:
        points = self._shown.points
        if points:
            most = max(2, self.width() // current().px(_TICK_PX))
            ticks = day_ticks([points[0].day, points[-1].day], most)
            self.getAxis("bottom").setTicks([ticks])

    def _lines(self, days: list[float], paid: list[float], frontier: list[float]) -> None:
        points = self._shown.points
        # Only what was saved is filled, never what comparing cost on top.
        floor = [min(pair) for pair in zip(paid, frontier, strict=True)]
        self.area((days, floor), (days, frontier), self.tint("cheap", 0.13))
        low, high = [float(p.low) for p in points], [float(p.high) for p in points]
        self.area((days, low), (days, high), self.tint("frontier", 0.17))
        dashed = self.pen("frontier", 2.2, Qt.PenStyle.DashLine)
        self.addItem(pg.PlotDataItem(days, frontier, pen=dashed, antialias=True))
        self.addItem(pg.PlotDataItem(days, paid, pen=self.pen("cheap", 2.2), antialias=True))

    def _dots(self, day: float, paid: float, frontier: float) -> None:
        (point,) = self._shown.points
        if point.low < point.high:
            ends = [float(point.low), float(point.high)]
            self.addItem(pg.PlotDataItem([day, day], ends, pen=self.pen("frontier", 1.6)))
        for height, token in ((frontier, "frontier"), (paid, "cheap")):
            brush = pg.mkBrush(current().colour(token))
            self.addItem(pg.ScatterPlotItem([day], [height], size=9, brush=brush, pen=None))

    def _marker(self, days: list[float], top: float) -> None:
        since = self._shown.routed_since
        span = days[-1] - days[0]
        if since is None or span <= 0:
            return
        day = float(day_number(since))
        if not days[0] <= day <= days[-1]:
            return
        self.addItem(pg.InfiniteLine(day, angle=90, pen=self.pen("muted", 1, Qt.PenStyle.DotLine)))
        height = top * _HEADROOM * 0.985
        # The longest words that fit beside the marker; a short first part of the year is common.
        for choices, room, anchor in (
            (("auto-route on",), days[-1] - day, (0.0, 0.0)),
            (("comparing: you pay both", "you pay both"), day - days[0], (1.0, 0.0)),
        ):
            fitting = [words for words in choices if room > span * self.share_of_width(words)]
            if fitting:
                self.words(fitting[0], "muted", (day, height), anchor)

    def _label_lines(self, days: list[float], paid: list[float], frontier: list[float]) -> None:
        """Name the upper line above itself and the lower one below: rising, neither is crossed."""
        over = frontier[-1] >= paid[-1]
        guess = self._shown.upper
        if not guess:
            guess = "all frontier"
            guess += " (≈ estimated, with interval)" if self._shown.estimated else ""
        names = {True: (guess, "frontier", frontier), False: (self._shown.lower, "cheap", paid)}
        highs = [float(point.high) for point in self._shown.points] if over else paid
        text, token, _ = names[over]
        # The upper words end well before the last day: the band is widest there.
        at = _before_end(days, 0.04)
        self.words(text, token, (days[at], max(highs[at], frontier[at], paid[at])), (1, 1.1))
        text, token, line = names[not over]
        at = _before_end(days, self.share_of_width(text) + 0.02)
        self.words(text, token, (days[at], line[at]), (0, -0.15))


def _before_end(days: list[float], share: float) -> int:
    """Return the last point that lies at least that share of the axis before the end, else 0."""
    wanted = days[-1] - (days[-1] - days[0]) * share
    return max(place for place, day in enumerate(days) if day <= wanted or place == 0)
