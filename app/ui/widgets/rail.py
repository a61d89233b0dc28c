"""The rail at the left: the rooms of the window."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from app.ui.theme import current
from app.ui.theme.icons import icon, pixmap

_WIDTH_PX = 84
_ICON_PX = 20


@dataclass(frozen=True, slots=True)
class Room:
    """One place of the rail: the view's name, its word, icon and keys."""

    name: str
    word: str
    icon: str
    keys: str


ROOMS = (
    Room("compare", "Compare", "compare", "Ctrl+1"),
    Room("history", "History", "history", "Ctrl+2"),
    Room("savings", "Savings", "savings", "Ctrl+3"),
    Room("rule", "My rule", "rule", "Ctrl+4"),
    Room("calibrate", "Calibrate", "calibrate", "Ctrl+5"),
    Room("settings", "Settings", "settings", "Ctrl+6"),
)


class Rail(QFrame):
    """Icons above words; one of them is where the user is.

    Signals:
        chosen(str): the name of a view.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Views")
        self._logo = QLabel(self)
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._logo.setAccessibleName("Counterpart")
        self._buttons: dict[str, QToolButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 14, 9, 14)
        column.setSpacing(4)
        column.addWidget(self._logo)
        column.addSpacing(8)
        for room in ROOMS:
            if room.name == "settings":
                column.addStretch(1)
            column.addWidget(self._button(room))
        self._dress()

    def _button(self, room: Room) -> QToolButton:
        button = QToolButton(self)
        button.setText(room.word)
        button.setProperty("rail", "true")
        button.setObjectName(room.name)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(room.word)
        button.setToolTip(f"{room.word} ({room.keys})")
        button.clicked.connect(self._clicked)
        self._buttons[room.name] = button
        return button

    def show_place(self, name: str) -> None:
        """Mark where the user is; a place that is not in the rail (Welcome) marks none."""
        # Not a button group: that would leave all but one of them out of the reach of Tab.
        for known, button in self._buttons.items():
            button.setChecked(known == name)

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QToolButton):
            self.chosen.emit(sender.objectName())

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icons again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        theme = current()
        self.setFixedWidth(theme.px(_WIDTH_PX))
        self._logo.setPixmap(pixmap("scales", "accent", 24))
        side = theme.px(_ICON_PX)
        for room in ROOMS:
            button = self._buttons[room.name]
            button.setIcon(icon(room.icon, "muted", "accent", _ICON_PX))
            button.setIconSize(QSize(side, side))
            button.setFixedWidth(theme.px(_WIDTH_PX) - 17)
            button.setMinimumHeight(theme.px(56))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline at its edge."""
        painter = QPainter(self)
        theme = current()
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.colour("line"))
