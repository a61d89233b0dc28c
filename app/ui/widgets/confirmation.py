"""A question before something cannot be taken back. It opens; it never blocks the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget


class Confirmation(QMessageBox):
    """Asks once; `confirmed` runs only if the named button is pressed. Esc and Enter keep."""

    def __init__(
        self,
        parent: QWidget,
        question: str,
        detail: str,
        action: str,
        confirmed: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Counterpart")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(question)
        self.setInformativeText(detail)
        self._confirmed = confirmed
        self.yes: QPushButton = self.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
        self.no: QPushButton = self.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.no)
        self.setEscapeButton(self.no)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.yes.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self._confirmed()
