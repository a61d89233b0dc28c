"""One line that tells what a prompt continues, with one button at its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QWidget

from app.ui.theme.icons import pixmap
from app.ui.widgets.elided_label import ElidedLabel

_ICON_PX = 16


class ContinuingLine(QFrame):
    """Names the answer that is continued and what is sent along; hidden until it has to say so.

    Signals:
        pressed(): the button was pressed.
    """

    pressed = Signal()

    def __init__(self, button: QAbstractButton, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "accent")
        self._icon = QLabel(self)
        self._text = ElidedLabel("", self)
        self._tail = ElidedLabel("", self)
        self._tail.setProperty("role", "muted")
        self.button = button
        button.setParent(self)
        button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 3, 8, 3)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text)
        row.addStretch(1)
        row.addWidget(self._tail)
        row.addWidget(button)
        self._dress()
        self.hide()

    def say(self, text: str, tail: str = "", *, offer: bool = True) -> None:
        """Show a sentence, and quieter what belongs to it; `offer` the button."""
        self._text.setText(text)
        self._tail.setText(tail)
        self._tail.setVisible(bool(tail))
        self.button.setVisible(offer)
        self.setAccessibleName(f"{text} {tail}".strip())
        self.show()

    def told(self) -> str:
        """Return what it says, empty while it is hidden."""
        return "" if self.isHidden() else self.accessibleName()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "button"):
            self._dress()

    def _dress(self) -> None:
        self._icon.setPixmap(pixmap("arrow-right", "accent", _ICON_PX))
