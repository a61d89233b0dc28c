"""What speaks for either model: a bar to the left for cheap, to the right for the frontier."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.domain.routing.why import strength
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.labels import Label

MOST = 5
_BAR_PX = (130, 14)
_THICK_PX = 6
_LEAST_SCALE = 0.5  # logit: what is slight must not look weighty because nothing else is there


class LeaningBar(QWidget):
    """One contribution on the logit scale, between -`scale` and +`scale`."""

    def __init__(self, value: float, scale: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._scale = value, scale
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(strength(value))

    def sizeHint(self) -> QSize:
        """Ask for the same room whatever the value."""
        return QSize(current().px(_BAR_PX[0]), current().px(_BAR_PX[1]))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the middle, and the bar from there."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, thick = self.width() / 2, theme.px(_THICK_PX)
        length = min(1.0, abs(self._value) / self._scale) * (middle - 2)
        left = middle - length if self._value < 0 else middle
        top = (self.height() - thick) / 2
        painter.fillRect(QRectF(0, top, self.width(), thick), theme.colour("sunken"))
        token = "cheap" if self._value < 0 else "frontier"
        painter.fillRect(QRectF(left, top, length, thick), theme.colour(token))
        painter.fillRect(QRectF(middle - 0.5, 0, 1, self.height()), theme.colour("faint"))


class ContributionRows(QWidget):
    """The weightiest contributions as (words, logit), each bar with the words beside it."""

    def __init__(
        self, contributions: Sequence[tuple[str, float]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        shown = sorted(contributions, key=lambda item: -abs(item[1]))[:MOST]
        scale = max([_LEAST_SCALE, *(abs(value) for _, value in shown)])
        for line, (words, value) in enumerate(shown):
            grid.addWidget(ElidedLabel(words[:1].upper() + words[1:], self), line, 0)
            grid.addWidget(LeaningBar(value, scale, self), line, 1)
            grid.addWidget(
                Label(strength(value), "frontier" if value > 0 else "cheap", self), line, 2
            )
