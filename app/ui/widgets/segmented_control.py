"""A few choices side by side, one of them chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from app.ui.theme import current

_PADDING_PX = 13  # at either side of the words, as in app.qss


class SegmentedControl(QFrame):
    """Buttons in one frame, of which exactly one is down; the arrow keys move between them.

    Signals:
        chosen: the user took another one; its name.
    """

    chosen = Signal(str)

    def __init__(self, choices: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        """Offer ``choices``, pairs of a name for the program and words; the first is chosen."""
        super().__init__(parent)
        self.setProperty("segmented", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._names: dict[QAbstractButton, str] = {}
        for name, words in choices:
            button = QPushButton(words)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("kind", "segment")
            self._group.addButton(button)
            self._names[button] = name
            row.addWidget(button)
        if first := next(iter(self._names), None):
            first.setChecked(True)
        self._group.buttonClicked.connect(self._clicked)
        self._fit()

    def choice(self) -> str:
        """Name of the one that is chosen; empty where there are none."""
        button = self._group.checkedButton()
        return self._names.get(button, "") if button else ""

    def choose(self, name: str) -> None:
        """Set the choice without a signal; raise ``KeyError`` for an unknown name."""
        for button, known in self._names.items():
            if known == name:
                button.setChecked(True)
                return
        raise KeyError(name)

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_names"):
            self._fit()

    def _fit(self) -> None:
        """Give each room for its words in bold, as they are once it is down: Qt forgets that."""
        theme = current()
        metrics = QFontMetrics(theme.interface_font(strong=True))
        for button in self._names:
            words = metrics.horizontalAdvance(button.text())
            button.setMinimumWidth(words + 2 * (theme.px(_PADDING_PX) + 1))

    @Slot(QAbstractButton)
    def _clicked(self, button: QAbstractButton) -> None:
        self.chosen.emit(self._names[button])
