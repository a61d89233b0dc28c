"""Where the cheap model is enough, line by line: the count, its interval drawn, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.domain.calibration.counting import Row, Verdict
from app.domain.words import counted, interval_text
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.interval_bar import IntervalBar

_BAR_PX = 90
_NAME_PX = 90
_KINDS = {
    Verdict.ENOUGH: "cheap",
    Verdict.CANNOT_TELL: "neutral",
    Verdict.FRONTIER: "frontier",
}


class VerdictRows(QScrollArea):
    """Groups of rows under small titles, on one scale; it scrolls where there are many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Where the cheap model is enough")

    def show_rows(self, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Show other rows, each group under its title; an empty title shows none."""
        page = QWidget()
        page.setProperty("page", "true")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(2, 6)
        grid.setColumnMinimumWidth(2, current().px(_BAR_PX))
        line = 0
        for title, rows in groups:
            if title and rows:
                label = QLabel(title)
                label.setProperty("role", "faint")
                grid.addWidget(label, line, 0, 1, 5)
                line += 1
            for row in rows:
                self._add(grid, line, row)
                line += 1
        grid.setRowStretch(line, 1)
        self.setWidget(page)

    def _add(self, grid: QGridLayout, line: int, row: Row) -> None:
        name = ElidedLabel(row.label)
        name.setMinimumWidth(current().px(_NAME_PX))
        count = QLabel(f"{row.good:,} of {row.total:,}")
        count.setProperty("role", "muted")
        bar = IntervalBar(colour="frontier" if row.verdict is Verdict.FRONTIER else "cheap")
        bar.show_interval(row.good / row.total if row.total else None, row.low, row.high)
        likely = QLabel(interval_text(row.low, row.high))
        likely.setProperty("role", "muted")
        badge = QLabel(row.verdict_words())
        badge.setProperty("badge", _KINDS[row.verdict])
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told = sentence(row)
        bar.setAccessibleName(told)
        cells: tuple[QWidget, ...] = (name, count, bar, likely, badge)
        for column, widget in enumerate(cells):
            widget.setToolTip(told)
            grid.addWidget(widget, line, column)


def sentence(row: Row) -> str:
    """Return a row as a whole sentence, for a tooltip and a screen reader."""
    said = (
        f"{row.label}: the cheap answer was good enough in {row.good:,} of "
        f"{counted(row.total, 'prompt')} ({interval_text(row.low, row.high)}): "
        f"{row.verdict_words()}."
    )
    if row.neither:
        said += f" In {row.neither:,} neither answer would do."
    if row.unvoted:
        said += f" {row.unvoted:,} have no vote and count against the cheap model."
    return said
