"""A plain table of prompts: the first column has the room, the others what they need."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from app.ui.theme import current

_ROW_PX = 32
_OTHERS = 0.23  # of the width, for each column but the first


class PromptTable(QTableView):
    """Rows of one height; Space or Enter and Delete are told to whoever listens.

    Signals:
        pressed_on(int): Space or Enter was pressed on a row that is not being edited.
        delete_pressed(): the Delete key was pressed.
    """

    pressed_on = Signal(int)
    delete_pressed = Signal()

    def __init__(self, model: QAbstractItemModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # It lies in a card, which has its own line around it.
        self.setStyleSheet("QTableView { border: none; border-radius: 0; }")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._dress()

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width again."""
        super().resizeEvent(event)
        self._share_width()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self.verticalHeader().setDefaultSectionSize(current().px(_ROW_PX))
        self._share_width()

    def _share_width(self) -> None:
        columns = self.model().columnCount() if self.model() is not None else 0
        for column in range(1, columns):
            self.setColumnWidth(column, round(self.width() * _OTHERS))
