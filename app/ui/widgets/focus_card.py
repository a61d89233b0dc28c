"""A card that shows by a ring that the keyboard is at work in it."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QPen

from app.ui.theme import current
from app.ui.widgets.card import Card

_CORNER_PX = 10


class FocusCard(Card):
    """Draws the ring where the stylesheet cannot: a frame is not a control of its own."""

    def wants_ring(self) -> bool:
        """Return whether the keyboard is here; a card with a field inside answers for the field."""
        return self.hasFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, and the ring over its hairline."""
        super().paintEvent(event)
        if not self.wants_ring():
            return
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2))
        corner = theme.px(_CORNER_PX)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), corner, corner)
