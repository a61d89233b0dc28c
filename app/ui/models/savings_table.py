"""The tables of Savings: by matter, month or model, with the total that the headline shows."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from app.domain.savings.sentences import amount_text
from app.domain.savings.values import CurrencySavings, Figures, SavingsRow
from app.ui.models.moments import month_text
from app.ui.models.titled_table import NOWHERE, Index
from app.ui.theme import current

_FIGURE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_NAME = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ESTIMATED = 4  # what was paid by our own count of tokens; rare, and then told apart
COLUMNS = ("Saved, net", "All frontier", "Paid, measured", "estimated")


class Grouping(StrEnum):
    """What a row of the table stands for."""

    MATTER = "matter"
    MONTH = "month"
    MODEL = "model"

    def rows(self, part: CurrencySavings) -> tuple[SavingsRow, ...]:
        """Return the rows of a report, months newest first."""
        match self:
            case Grouping.MATTER:
                return part.matters
            case Grouping.MONTH:
                return tuple(reversed(part.months))
            case Grouping.MODEL:
                return part.models


class SavingsTableModel(QAbstractTableModel):
    """Rows whose figures add up to the total to the cent, because all stem from one report."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[SavingsRow, ...] = ()
        self._part: CurrencySavings | None = None
        self._grouping = Grouping.MATTER
        self._total = False

    def show(self, part: CurrencySavings, grouping: Grouping, *, total: bool = False) -> None:
        """Show a report's rows, or only its total."""
        self.beginResetModel()
        self._part, self._grouping, self._total = part, grouping, total
        whole = SavingsRow("Total", part.turns, part.exact, part.shown)
        self._rows = (whole,) if total else grouping.rows(part)
        self.endResetModel()

    def rows(self) -> Sequence[SavingsRow]:
        """Return the rows shown."""
        return self._rows

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return one column for the name, and one for each figure."""
        return 0 if parent.isValid() else 1 + len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title, aligned as its cells are."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section - 1] if section else self._grouping.value.capitalize()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_FIGURE if section else _NAME)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, colour, weight and what a screen reader says."""
        row = self._rows[index.row()]
        text = self._text(row, index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_FIGURE if index.column() else _NAME)
            case Qt.ItemDataRole.ForegroundRole:
                return current().colour(self._token(row.shown, index.column()))
            case Qt.ItemDataRole.FontRole:
                strong = self._total or index.column() == 1
                return current().interface_font(strong=strong)
            case Qt.ItemDataRole.ToolTipRole:
                noun = "answers" if self._grouping is Grouping.MODEL else "prompts"
                return f"{row.name}: {row.turns:,} {noun}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[index.column() - 1]}: {text}" if index.column() else text
            case _:
                return None

    def _text(self, row: SavingsRow, column: int) -> str:
        part, shown, exact = self._part, row.shown, row.exact
        assert part is not None
        match column:
            case 0:
                by_month = self._grouping is Grouping.MONTH and not self._total
                return month_text(row.name) if by_month else row.name
            case 1:
                return amount_text(part, shown.saved, approximate=exact.approximate)
            case 2:
                return amount_text(part, shown.frontier, approximate=exact.frontier_estimated)
            case 3:
                return amount_text(part, shown.paid_measured)
            case _:
                about = bool(exact.paid_estimated)
                return amount_text(part, shown.paid_estimated, approximate=about)

    def _token(self, shown: Figures, column: int) -> str:
        match column:
            case 0:
                return "text"
            case 1:
                return "cheap" if shown.saved > 0 else "text"
            case _:
                return "text" if self._total else "muted"
