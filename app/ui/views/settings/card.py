"""What every section of Settings is: a titled card that reads its own part and tells faults."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.services.container import Services
from app.ui.bridge import Bridge

T = TypeVar("T")


class SettingsCard(QFrame):
    """One section.

    Signals:
        went_wrong(Problem): something to tell the user.
        changed(): what other sections show may have changed too.
    """

    went_wrong = Signal(object)
    changed = Signal()

    def __init__(self, title: str, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAccessibleName(title)
        self.bridge = bridge
        self._reads = self._shown = 0
        self.title = QLabel(title, self)
        self.title.setProperty("role", "title")
        self.title.setWordWrap(True)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.title, 1)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 12, 16, 14)
        self.box.setSpacing(8)
        self.box.addLayout(self.head)

    def refresh(self) -> None:
        """Read this section's part anew."""

    def read(self, read: Callable[[Services], Awaitable[T]], show: Callable[[T], None]) -> None:
        """Read something in the engine and show it, unless a newer reading is shown already.

        An older one that arrives late must not bring back what was true before.
        """
        self._reads += 1
        number = self._reads

        def arrived(value: T) -> None:
            if number > self._shown:
                self._shown = number
                show(value)

        self.bridge.run(read, arrived, self.went_wrong.emit)

    def overtake(self) -> None:
        """Let nothing that is being read now be shown any more: what is shown next is newer."""
        self._shown = self._reads

    def hint(self, text: str) -> QLabel:
        """Return a muted sentence that wraps, put at the end of the card."""
        label = words(text, "muted")
        self.box.addWidget(label)
        return label


def words(text: str, role: str = "") -> QLabel:
    """Return a label that wraps."""
    label = QLabel(text)
    if role:
        label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def hairline() -> QFrame:
    """Return a line between two rows."""
    line = QFrame()
    line.setProperty("line", "true")
    return line
