"""What a model thought before it answered, folded away until asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.markdown_view import MarkdownView

_SHARE = 0.4
_LOWEST_PX = 40


class ReasoningFold(QWidget):
    """What the model thought, folded away until asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fold = Button(self.tr("Reasoning"), "ghost", icon="folded")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._toggled)
        self._view: MarkdownView | None = None
        self._text: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(4)
        self._column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)

    def has_text(self) -> bool:
        """Whether there is any reasoning."""
        return bool(self._text)

    def grow(self, text: str) -> None:
        """Add Markdown."""
        self._text.append(text)
        if self._view is not None and self._fold.isChecked():
            self._view.append(text)
            self._take_room()

    def settle(self) -> None:
        """Finish: no more text will come."""
        if self._view is not None:
            self._view.settle()

    def clear(self) -> None:
        """Forget everything, and fold."""
        self._text.clear()
        self._fold.setChecked(False)
        if self._view is not None:
            self._view.clear()

    @Slot(bool)
    def _toggled(self, unfolded: bool) -> None:
        self._fold.set_icon("unfolded" if unfolded else "folded")
        # Most people never look: the text is laid out only once they do.
        if self._view is None:
            self._view = MarkdownView(quiet=True)
            self._view.setAccessibleName(self.tr("Reasoning"))
            self._column.addWidget(self._view)
        self._view.setVisible(unfolded)
        if unfolded:
            self._view.set_markdown("".join(self._text))
        self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take no more room than the pane can spare."""
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        """Be as tall as the text, but leave the answer the larger part of the pane."""
        pane = self.parentWidget()
        if self._view is not None and pane is not None:
            room = round(pane.height() * _SHARE)
            self._view.setFixedHeight(max(_LOWEST_PX, min(room, self._view.content_height())))
