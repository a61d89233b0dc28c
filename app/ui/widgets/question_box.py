"""A question in a window of its own. It opens, and never blocks the one it is about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QMessageBox, QPushButton, QWidget

from app.ui.theme import current

_MARGINS_PX = (20, 18, 20, 16)
_GAP_PX = 12
_LEAST_PX = 340  # a line that reads well


class QuestionBox(QMessageBox):
    """Plain words above buttons, all at one left edge. Esc and Enter change nothing."""

    def __init__(self, parent: QWidget, question: str, detail: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Counterpart")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(question)
        self.setInformativeText(detail)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.no: QPushButton = self.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.no)
        self.setEscapeButton(self.no)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin on the button that changes nothing."""
        super().showEvent(event)
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        """Take edges and focus back: for another style Qt lays all of it out anew."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self.isVisible():
            self._settle()

    def _settle(self) -> None:
        grid = self.layout()
        if isinstance(grid, QGridLayout):
            # Qt keeps room for an icon that is not there.
            item = grid.itemAtPosition(0, 0)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0, 0)
                grid.setHorizontalSpacing(0)
                grid.setColumnStretch(1, 1)
            grid.setColumnMinimumWidth(1, current().px(_LEAST_PX))
            grid.setContentsMargins(*_MARGINS_PX)
            grid.setVerticalSpacing(_GAP_PX)
            grid.invalidate()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)
