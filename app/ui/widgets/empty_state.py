"""What stands where nothing is yet: what will appear, and what to do for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.theme import current, icons

_ICON_PX = 36
_MEASURE_PX = 520  # a readable line
_AROUND_PX = 24


class EmptyState(QWidget):
    """An icon, a title, two or three sentences and one button, in the middle of what is free.

    Signals:
        chosen: the button was pressed.
    """

    chosen = Signal()

    def __init__(
        self,
        icon: str,
        title: str = "",
        text: str = "",
        action: str = "",
        parent: QWidget | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        """Say this; the button of a `quiet` one is not filled, where the view has a filled one."""
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel(self)
        self._title = QLabel(self)
        self._title.setProperty("role", "page")
        self._text = QLabel(self)
        self._text.setProperty("role", "muted")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._button = QPushButton(self)
        self._button.setProperty("kind", "plain" if quiet else "primary")
        self._button.clicked.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for widget in (self._icon, self._title, self._text, self._button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.say(title, text, action)
        self._dress()

    def say(self, title: str, text: str, action: str = "") -> None:
        """Show other words; without an action there is no button."""
        self._title.setText(title)
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._fit()
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def title(self) -> str:
        """Return the title shown."""
        return self._title.text()

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than the title and the button: the sentences break elsewhere."""
        least = max(each.minimumSizeHint().width() for each in (self._title, self._button))
        return QSize(least + _AROUND_PX, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the sentences where there is less than a readable width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._icon_name, "accent", _ICON_PX))
        self._fit()

    def _fit(self) -> None:
        """Give the sentences the height that they need at a readable width."""
        width = max(1, min(current().px(_MEASURE_PX), self.width() - _AROUND_PX))
        self._text.setFixedWidth(width)
        # A label never asks for less than it was once held to.
        self._text.setMinimumHeight(0)
        # Qt has no height to tell where there are no words.
        self._text.setFixedHeight(max(0, self._text.heightForWidth(width)))
