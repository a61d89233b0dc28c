"""Lines of cells in columns; where the columns would be too narrow, each line is stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.theme import current
from app.ui.widgets.emptying import empty

_NO_ALIGNMENT = Qt.AlignmentFlag(0)


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a cell of a line stands: its row within the line, its column, how many it spans."""

    row: int
    column: int
    span: int = 1
    align: Qt.AlignmentFlag = _NO_ALIGNMENT


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The cells of every line, in the order in which they are given, and each column's share."""

    cells: tuple[Cell, ...]
    shares: Mapping[int, int]


class FoldingGrid(QWidget):
    """Arranges its lines `wide`, or `narrow` below a width (in px at the text's usual size)."""

    def __init__(
        self,
        wide: Arrangement,
        narrow: Arrangement,
        below_px: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._wide, self._narrow, self._below_px = wide, narrow, below_px
        self._lines: list[tuple[QWidget | None, ...]] = []
        self._shown = wide
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)

    @property
    def folded(self) -> bool:
        """Return whether the lines are stacked."""
        return self._shown is self._narrow

    def show_lines(self, lines: Sequence[Sequence[QWidget | None]]) -> None:
        """Show other lines; a line of one cell only is a title across all columns."""
        empty(self.grid)
        self._lines = [tuple(line) for line in lines]
        self._place()

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the stacked lines need."""
        columns: dict[int, int] = {}
        across = 0
        for line in self._lines:
            for cell, widget in self._placed(self._narrow, line):
                least = _least_width(widget)
                if cell.span == 1:
                    columns[cell.column] = max(columns.get(cell.column, 0), least)
                else:
                    across = max(across, least)
        gaps = self.grid.horizontalSpacing() * max(0, len(columns) - 1)
        margins = self.contentsMargins()
        width = max(across, sum(columns.values()) + gaps) + margins.left() + margins.right()
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the lines for the new width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Arrange the lines for another size of the text."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        wanted = self._narrow if self.width() < current().px(self._below_px) else self._wide
        if wanted is not self._shown:
            self._shown = wanted
            self._place()

    @staticmethod
    def _placed(
        arrangement: Arrangement, line: tuple[QWidget | None, ...]
    ) -> list[tuple[Cell, QWidget]]:
        if len(line) == 1 and line[0] is not None:
            columns = 1 + max(cell.column for cell in arrangement.cells)
            return [(Cell(0, 0, columns), line[0])]
        pairs = zip(arrangement.cells, line, strict=True)
        return [(cell, widget) for cell, widget in pairs if widget is not None]

    def _place(self) -> None:
        while self.grid.count():
            self.grid.takeAt(0)
        row = 0
        for line in self._lines:
            placed = self._placed(self._shown, line)
            for cell, widget in placed:
                self.grid.addWidget(widget, row + cell.row, cell.column, 1, cell.span, cell.align)
                widget.setVisible(True)
            row += 1 + max((cell.row for cell, _ in placed), default=0)
        for column in range(self.grid.columnCount()):
            self.grid.setColumnStretch(column, self._shown.shares.get(column, 0))
        self.updateGeometry()


def _least_width(widget: QWidget) -> int:
    return max(widget.minimumSizeHint().width(), widget.minimumWidth())
