"""One figure with its name and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel

_LEAST_PX = 190  # a card narrower than this breaks its sentence too often
_PAIRS = 4


class StatCard(QFrame):
    """A card of three lines: what it is, the figure, and what the figure rests on."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name = ElidedLabel(name, self)
        self._name.setProperty("role", "muted")
        self._figure = QLabel(self)
        self._figure.setProperty("role", "figure")
        self._figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._basis = QLabel(self)
        self._basis.setProperty("role", "muted")
        self._basis.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 11, 16, 11)
        layout.setSpacing(1)
        for label in (self._name, self._figure, self._basis):
            layout.addWidget(label)
        layout.addStretch(1)

    def show_figure(self, figure: str, basis: str, name: str = "") -> None:
        """Show a figure and what it rests on; a name replaces the one given at first."""
        if name:
            self._name.setText(name)
        self._figure.setText(figure)
        self._basis.setText(basis)
        self.setAccessibleName(f"{self._name.text()}: {figure}")
        self.setAccessibleDescription(basis)

    def figure(self) -> str:
        """Return the figure shown."""
        return self._figure.text()

    def basis(self) -> str:
        """Return what the figure rests on."""
        return self._basis.text()


class StatRow(QWidget):
    """Cards of equal width in a row, in two or more rows where the window is narrow."""

    def __init__(self, cards: Sequence[StatCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = tuple(cards)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        # Cards of a row are as high as the highest of them, and the row no higher than that.
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._across = 0
        self.arrange(len(self._cards))

    def arrange(self, across: int) -> None:
        """Lay the cards out, so many side by side."""
        shown = [card for card in self._cards if not card.isHidden()] or list(self._cards)
        across = max(1, min(across, len(shown)))
        for card in self._cards:
            self._grid.removeWidget(card)
        for column in range(len(self._cards)):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
        for place, card in enumerate(shown):
            self._grid.addWidget(card, place // across, place % across)
        self._across = across

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set fewer side by side where they would be too narrow to read."""
        super().resizeEvent(event)
        fit = max(1, self.width() // current().px(_LEAST_PX))
        across = fit if fit < _PAIRS else len(self._cards)
        if len(self._cards) > across > 1:
            across = 2
        if across != self._across:
            self.arrange(across)
