"""A question before something cannot be taken back. It opens; it never blocks the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.ui.widgets.question_box import QuestionBox


class Confirmation(QuestionBox):
    """Asks once; `confirmed` runs only if the named button is pressed. Esc and Enter keep."""

    def __init__(
        self,
        parent: QWidget,
        question: str,
        detail: str,
        action: str,
        confirmed: Callable[[], object],
    ) -> None:
        super().__init__(parent, question, detail)
        self._confirmed = confirmed
        self.yes: QPushButton = self.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
        self.yes.clicked.connect(self._confirm)

    def _confirm(self) -> None:
        self._confirmed()
