"""Where the cheap model is enough, line by line: the count, its interval drawn, and a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.domain.calibration.counting import Row, Verdict
from app.domain.words import counted, interval_text
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.folding_grid import Arrangement, Cell, FoldingGrid
from app.ui.widgets.interval_bar import IntervalBar

_BAR_PX = 90
_NAME_PX = 90
_MOST_PX = 220
_BESIDE_PX = 600  # narrower, the name and the verdict stand above the count and its interval
_BESIDE = Arrangement(tuple(Cell(0, column) for column in range(5)), {0: 2, 2: 6})
_BELOW = Arrangement(
    (
        Cell(0, 0, 2), Cell(1, 0), Cell(1, 1), Cell(1, 2),
        Cell(0, 2, 1, Qt.AlignmentFlag.AlignRight),
    ),
    {1: 1},
)  # fmt: skip
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

    def sizeHint(self) -> QSize:
        """Ask for some rows at least, and no more: the rest is scrolled to."""
        content = self.widget()
        high = current().px(_MOST_PX)
        needed = content.sizeHint().height() if content is not None else 0
        return QSize(super().sizeHint().width(), min(needed, high))

    def minimumSizeHint(self) -> QSize:
        """Ask for the same height: a card about it is then never given less than it needs."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def show_rows(self, groups: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Show other rows, each group under its title; an empty title shows none."""
        page = QWidget()
        page.setProperty("page", "true")
        rows_shown = FoldingGrid(_BESIDE, _BELOW, _BESIDE_PX)
        rows_shown.grid.setHorizontalSpacing(16)
        rows_shown.grid.setVerticalSpacing(8)
        lines: list[tuple[QWidget, ...]] = []
        for title, rows in groups:
            if title and rows:
                label = QLabel(title)
                label.setProperty("role", "faint")
                lines.append((label,))
            lines += [self._cells(row) for row in rows]
        rows_shown.show_lines(lines)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(rows_shown)
        column.addStretch(1)
        self.setWidget(page)
        self.updateGeometry()

    @staticmethod
    def _cells(row: Row) -> tuple[QWidget, ...]:
        name = ElidedLabel(row.label)
        name.setMinimumWidth(current().px(_NAME_PX))
        count = QLabel(f"{row.good:,} of {row.total:,}")
        count.setProperty("role", "muted")
        bar = IntervalBar(colour="frontier" if row.verdict is Verdict.FRONTIER else "cheap")
        bar.setMinimumWidth(current().px(_BAR_PX))
        bar.show_interval(row.good / row.total if row.total else None, row.low, row.high)
        likely = QLabel(interval_text(row.low, row.high))
        likely.setProperty("role", "muted")
        badge = QLabel(row.verdict_words())
        badge.setProperty("badge", _KINDS[row.verdict])
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told = sentence(row)
        bar.setAccessibleName(told)
        cells: tuple[QWidget, ...] = (name, count, bar, likely, badge)
        for widget in cells:
            widget.setToolTip(told)
        return cells


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
