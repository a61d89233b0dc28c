"""The list of the history: one line a prompt, however long the history is."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.models import history_table as columns
from app.ui.models.history_table import HistoryTableModel
from app.ui.theme import current
from app.ui.widgets.row_table import RowTable

ROW_PX = 38
# The widest words that a column must hold; the prompt has the rest.
_SAMPLES = {
    columns.WHEN: "Yesterday 00:00",
    columns.MATTER: "Hartwell v. Oceanic Ltd",
    columns.SENT_TO: "both, blind · practice",
    columns.VOTE: "ended at its length limit",
    columns.COST: "price not known",
    columns.WAIT: "10 min 00 s",
}
_LEFT_OUT = (columns.WAIT, columns.MATTER, columns.SENT_TO)  # where there is little room
_PROMPT_PX = 100  # of the prompt at least
_PAD_PX = 28
_NARROW = 0.12  # of the table: no column but the prompt takes more where there is little room


class TurnTable(RowTable):
    """Shows a HistoryTableModel; rows have one height, so that only what is seen is asked for.

    Signals:
        turn_chosen(int): the id of the turn that was selected.
        delete_pressed(): the Delete key was pressed on a turn.
    """

    turn_chosen = Signal(int)
    delete_pressed = Signal()

    def __init__(self, model: HistoryTableModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "History", row_px=ROW_PX, roomy=columns.PROMPT, parent=parent)
        self._model = model
        self.choose_one()
        self.dress()

    def choose(self, place: int) -> None:
        """Select a row and bring it into sight."""
        self.selectRow(place)
        self.scrollTo(self._model.index(place, 0))

    def chosen_id(self) -> int | None:
        """Return the id of the selected turn, or None."""
        row = self._model.row_at(self.currentIndex().row())
        return row.id if row is not None and self.selectionModel().hasSelection() else None

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Tell which turn was selected."""
        super().selectionChanged(selected, deselected)
        indexes = selected.indexes()
        row = self._model.row_at(indexes[0].row()) if indexes else None
        if row is not None:
            self.turn_chosen.emit(row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the Delete key ask for deletion."""
        if event.key() == Qt.Key.Key_Delete and self.chosen_id() is not None:
            self.delete_pressed.emit()
            return
        super().keyPressEvent(event)

    def share_width(self) -> None:
        """Give each column what its widest words need, while there is room; a title is whole.

        Where the prompt would have no room left, what its detail tells too is left out.
        """
        header = self.horizontalHeader()
        metrics = self.fontMetrics()
        most = max(current().px(70), round(self.width() * _NARROW))
        widths: dict[int, int] = {}
        for column, sample in _SAMPLES.items():
            wanted = metrics.horizontalAdvance(sample) + current().px(_PAD_PX)
            widths[column] = max(min(wanted, most), header.sectionSizeHint(column))
        left = self.viewport().width() - sum(widths.values())
        for column in _LEFT_OUT:
            hidden = left < current().px(_PROMPT_PX)
            self.setColumnHidden(column, hidden)
            left += widths[column] if hidden else 0
        for column, width in widths.items():
            if not self.isColumnHidden(column):
                self.setColumnWidth(column, width)
