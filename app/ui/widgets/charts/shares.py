"""Shares as bars with their intervals: counts are told in the label of each."""

from __future__ import annotations

from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from app.domain.words import interval_text, share_text
from app.ui.theme import current
from app.ui.widgets.charts.plot import Plot

_BAR = 0.5  # of the place a bar has
_CAP = 0.08
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: `good` of `total`, and the bounds of the share (0..1)."""

    name: str
    good: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """Return the share itself; 0 where nothing was counted."""
        return self.good / self.total if self.total else 0.0

    def sentence(self) -> str:
        """Return the bar in words."""
        return (
            f"{self.name}: {self.good:,} of {self.total:,}, {share_text(self.value)}, "
            f"{interval_text(self.low, self.high)}"
        )


class ShareBars(Plot):
    """Bars from 0% to 100%, each with its interval drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[Share, ...] = ()
        self.setMinimumHeight(150)

    def show_shares(self, shares: tuple[Share, ...], title: str) -> None:
        """Draw other bars."""
        self._shares = shares
        self.setAccessibleName(f"Chart: {title}")
        self.setAccessibleDescription("; ".join(share.sentence() for share in shares))
        self.redraw()

    def redraw(self) -> None:
        """Draw the bars again."""
        self.start_over()
        self.gridlines([(value, f"{value:.0%}") for value in _QUARTERS])
        self.setYRange(0, 1.03, padding=0)
        self.setXRange(-0.5, max(1, len(self._shares)) - 0.5, padding=0)
        places = list(range(len(self._shares)))
        fill = pg.mkBrush(current().colour("cheap"))
        bars = pg.BarGraphItem(
            x=places,
            height=[share.value for share in self._shares],
            width=_BAR,
            brush=fill,
            pen=pg.mkPen(None),
        )
        self.addItem(bars)
        pen = self.pen("text", 1.6)
        for place, share in zip(places, self._shares, strict=True):
            self._interval(place, share, pen)
        self._name_bars()

    def _interval(self, place: int, share: Share, pen: object) -> None:
        xs = [place, place, place - _CAP, place + _CAP, place - _CAP, place + _CAP]
        ys = [share.low, share.high, share.low, share.low, share.high, share.high]
        self.addItem(pg.PlotDataItem(xs, ys, pen=pen, connect="pairs", antialias=True))

    def _name_bars(self) -> None:
        """Write each bar's name and counts under it, shortened where bars stand close."""
        metrics = QFontMetrics(self.small_font())
        plot_width = self.width() - self.getAxis("left").width()
        room = int(plot_width / max(1, len(self._shares))) - current().px(8)
        ticks = []
        for place, share in enumerate(self._shares):
            count = f" {share.good:,}/{share.total:,}"
            left = max(0, room - metrics.horizontalAdvance(count))
            name = metrics.elidedText(share.name, Qt.TextElideMode.ElideRight, left)
            ticks.append((float(place), name + count))
        self.getAxis("bottom").setTicks([ticks])
