"""The window's own line for what went wrong: it stays until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.domain.errors import Problem
from app.ui.theme.icons import icon, pixmap
from app.ui.widgets.labels import Sentence


class Banner(QFrame):
    """Shows one problem with its next step; its text can be selected and copied.

    Signals:
        changed(): it came or went.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "warning")
        self.setAccessibleName("Problem")
        self._icon = QLabel(self)
        self._text = Sentence(self)
        self._close = QToolButton(self)
        self._close.setProperty("kind", "icon")
        self._close.setAccessibleName("Dismiss")
        self._close.setToolTip("Dismiss")
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self._dress()
        self.hide()

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """Show what happened and what to do next; the newest problem replaces an older one."""
        self._text.say(problem.message, problem.next_step)
        self.show()
        self.changed.emit()

    @Slot()
    def dismiss(self) -> None:
        """Take it away."""
        self.hide()
        self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icons again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self._icon.setPixmap(pixmap("warning", "warning", 18))
        self._close.setIcon(icon("close", "muted", size=16))
