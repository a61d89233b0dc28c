"""One sentence above the answers: what was revealed, or where a prompt went and why."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from app.ui.theme.icons import pixmap
from app.ui.widgets.buttons import Button
from app.ui.widgets.emptying import empty
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.labels import Sentence

Actions = tuple[tuple[str, str], ...]
"""Buttons as (name, label)."""
_LEAST_PX = 260  # a sentence narrower than this has its buttons below it


class NoticeBar(QFrame):
    """A bold beginning, the rest, and what can be done about it.

    Signals:
        acted(str): the name of the button that was pressed.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "accent")
        self._icon_name = ""
        self._icon = QLabel(self)
        self._text = Sentence(self)
        self._tail = QWidget(self)
        self._actions = FlowRow(self._tail)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 12, 7)
        row.setSpacing(8)
        row.addWidget(self._icon)
        self._words = FoldingRow()
        self._words.add(self._text, share=1, least_px=_LEAST_PX)
        self._words.add(self._tail)
        row.addLayout(self._words, 1)
        self.hide()

    def show_notice(
        self, headline: str, text: str = "", *, icon: str = "", actions: Actions = ()
    ) -> None:
        """Show a sentence; words that come from outside are shown as they are, never as markup."""
        self._text.say(headline, text)
        self._icon_name = icon
        self._dress()
        empty(self._actions)
        for name, label in actions:
            button = Button(label, parent=self._tail)
            button.setObjectName(name)
            button.clicked.connect(self._clicked)
            self._actions.addWidget(button)
            button.show()
        self._tail.setVisible(bool(actions))
        self._tail.updateGeometry()
        self.show()

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.acted.emit(sender.objectName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the icon beside the words where the buttons are below them."""
        super().resizeEvent(event)
        folded = self._words.folded(self._words.geometry().width())
        top, middle = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter
        row = self.layout()
        assert row is not None
        row.setAlignment(self._icon, top if folded else middle)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self._icon.setVisible(bool(self._icon_name))
        if self._icon_name:
            self._icon.setPixmap(pixmap(self._icon_name, "accent", 18))
