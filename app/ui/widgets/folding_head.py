"""The head of a view: what it shows to the left, and to the right, or below, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.ui.widgets.flow_row import FlowRow

GAP = 12


class FoldingHead(QWidget):
    """Fill `lead` from the left, and `tail`, which goes below once it has no room beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lead = QHBoxLayout()
        self.lead.setSpacing(GAP)
        self.tail = FlowRow(spacing=GAP, at_end=True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addLayout(self.lead, 1)
        self._row.addLayout(self.tail)

    def least_lead_width(self) -> int:
        """Return the room in pixels that the lead keeps beside the tail."""
        return self.lead.minimumSize().width()

    def event(self, event: QEvent) -> bool:
        """Put the tail below the lead where it would be cut beside it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            needed = self.least_lead_width() + GAP + self.tail.sizeHint().width()
            way = QBoxLayout.Direction
            self._row.setDirection(way.LeftToRight if needed <= self.width() else way.TopToBottom)
        return super().event(event)
