"""A plain table of prompts: the first column has the room, the others what they need."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import current
from app.ui.widgets.row_table import RowTable

_ROW_PX = 32
_ROWS = 6
_OTHERS = 0.23  # of the width, for each column but the first


class PromptTable(RowTable):
    """Rows to tick or to type over; Space or Enter and Delete are told to whoever listens.

    Signals:
        pressed_on(int): Space or Enter was pressed on a row that is not being edited.
        delete_pressed(): the Delete key was pressed.
    """

    pressed_on = Signal(int)
    delete_pressed = Signal()

    def __init__(self, model: QAbstractItemModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, name, row_px=_ROW_PX, roomy=0, parent=parent)
        # It lies in a card, which has its own line around it.
        self.setStyleSheet("QTableView { border: none; border-radius: 0; }")
        self.dress()

    def sizeHint(self) -> QSize:
        """Ask for the height of some rows, where the table does not fill what there is."""
        rows = current().px(_ROW_PX) * _ROWS
        return QSize(super().sizeHint().width(), rows + self.horizontalHeader().sizeHint().height())

    def chosen_rows(self) -> list[int]:
        """Return the selected rows."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of the keys that act on a row."""
        row = self.currentIndex().row()
        if event.key() == Qt.Key.Key_Delete and self.chosen_rows():
            self.delete_pressed.emit()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and row >= 0:
            self.pressed_on.emit(row)
        else:
            super().keyPressEvent(event)

    def share_width(self) -> None:
        """Give each column but the prompt a share of the width."""
        columns = self.model().columnCount() if self.model() is not None else 0
        for column in range(1, columns):
            self.setColumnWidth(column, round(self.width() * _OTHERS))
