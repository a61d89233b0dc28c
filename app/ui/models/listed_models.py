"""A vendor's model list as a table: id, how much it reads, and what a million tokens cost."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from PySide6.QtCore import QObject, Qt

from app.domain.money import Money
from app.domain.vendor import ListedModel, matching
from app.domain.words import money_text
from app.ui.models.titled_table import NOWHERE, Index, TitledTableModel

MODEL, READS, GIVEN, WRITTEN = range(4)
COLUMNS = ("Model", "Reads, tokens", "In / million", "Out / million")
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_UNKNOWN = "not known"


class ListedModels(TitledTableModel):
    """The rows that hold every word of the search, in the vendor's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._all: tuple[ListedModel, ...] = ()
        self._shown: tuple[ListedModel, ...] = ()

    @property
    def listed(self) -> int:
        """Return how many models the vendor lists."""
        return len(self._all)

    def show(self, models: tuple[ListedModel, ...]) -> None:
        """Show another list, all of it."""
        self._all = models
        self.search("")

    def search(self, words: str) -> None:
        """Show only what matches."""
        self.beginResetModel()
        self._shown = matching(self._all, words)
        self.endResetModel()

    def model_at(self, row: int) -> ListedModel | None:
        """Return the model of a row, or None."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, model_id: str) -> int:
        """Return the row of that id, or -1."""
        return next((at for at, model in enumerate(self._shown) if model.id == model_id), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many models match."""
        return 0 if parent.isValid() else len(self._shown)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title, aligned as its cells are."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_LEFT if section == MODEL else _RIGHT)
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell; the first one's tooltip tells the whole entry."""
        model = self.model_at(index.row())
        if model is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell(model, index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_LEFT if index.column() == MODEL else _RIGHT)
            case Qt.ItemDataRole.ToolTipRole:
                # A tooltip takes what looks like markup for markup: a server's words are not.
                return f"<span>{escape(whole(model))}</span>"
            case Qt.ItemDataRole.AccessibleTextRole:
                return whole(model) if index.column() == MODEL else _cell(model, index.column())
            case _:
                return None


def _cell(model: ListedModel, column: int) -> str:
    price = model.price
    match column:
        case 0:
            mark = f" · not local: {model.forwards_to}" if model.remote else ""
            return f"{model.id}{mark}"
        case 1:
            return _UNKNOWN if model.context_tokens is None else f"{model.context_tokens:,}"
        case 2:
            return _amount(price.input_per_million if price else None, model)
        case _:
            return _amount(price.output_per_million if price else None, model)


def _amount(amount: Decimal | None, model: ListedModel) -> str:
    if amount is None or model.price is None:
        return _UNKNOWN
    return money_text(Money(amount, model.price.currency))


def whole(model: ListedModel) -> str:
    """Return everything that the list says of a model, in one line; plain words, no markup."""
    parts = [model.id, *([model.name] if model.name else [])]
    if model.context_tokens is not None:
        parts.append(f"reads {model.context_tokens:,} tokens")
    if model.remote:
        parts.append(f"not local: handed on to {model.forwards_to}")
    if model.price is not None:
        given, written = _cell(model, GIVEN), _cell(model, WRITTEN)
        parts.append(f"{given} in, {written} out per million tokens ({model.price.source})")
    return " · ".join(parts)
