"""A whole number that is typed or stepped; only the last one meant is told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSpinBox, QWidget

from app.ui.theme import current

_SETTLE_MS = 600  # whoever steps through the numbers means the last one
_INSET_PX = 7


class NumberBox(QSpinBox):
    """A spin box that tells once, when the user has settled on another number.

    Signals:
        chosen(int): the number that is meant now.
    """

    chosen = Signal(int)

    def __init__(
        self,
        least: int,
        most: int,
        says: str,
        parent: QWidget | None = None,
        *,
        before: str = "",
        after: str = "",
    ) -> None:
        super().__init__(parent)
        self._stored = least
        self.setRange(least, most)
        self.setPrefix(before)
        self.setSuffix(after)
        self.setKeyboardTracking(False)
        self.setAccessibleName(says)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLE_MS)
        self._settled.timeout.connect(self._choose)
        self.valueChanged.connect(self._settled.start)
        self.editingFinished.connect(self._choose)
        self._dress()

    def show_number(self, number: int) -> None:
        """Show the number in force; nothing is told."""
        self._settled.stop()
        with QSignalBlocker(self):
            self.setValue(number)
        # As shown, not as given: what the box cannot hold must not be told as a change.
        self._stored = self.value()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: a number must not change because somebody scrolls past."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        # A stylesheet's padding does not reach the line inside.
        self.lineEdit().setTextMargins(current().px(_INSET_PX), 0, 0, 0)

    @Slot()
    def _choose(self) -> None:
        self._settled.stop()
        if self.value() != self._stored:
            self._stored = self.value()
            self.chosen.emit(self._stored)
