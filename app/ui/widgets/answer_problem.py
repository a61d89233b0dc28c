"""What went wrong with an answer, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.buttons import LINK_RING_PX, Button
from app.ui.widgets.labels import Label
from app.ui.widgets.markdown_canvas import WORDS_INSET_PX


class ProblemBlock(QWidget):
    """A bold first sentence, what it means, and the ways out as links.

    Signals:
        action_requested: a way out was chosen; its name.
    """

    action_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label("", "answer-strong", wrap=True)
        self._message = Label("", "answer", wrap=True)
        # Markup only for the distance of the lines; the words in it are escaped.
        self._message.setTextFormat(Qt.TextFormat.RichText)
        for label in (self._title, self._message):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._ways_out: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 8)
        self._column.setSpacing(8)
        for label in (self._title, self._message):
            label.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        self._column.addWidget(self._title)
        self._column.addWidget(self._message)
        self._links = QVBoxLayout()
        # A link's words, not the invisible ring about them, stand under the sentence.
        self._links.setContentsMargins(WORDS_INSET_PX - LINK_RING_PX, 0, 0, 0)
        self._links.setSpacing(2)
        self._column.addLayout(self._links)

    def say(self, title: str, message: str, actions: Sequence[tuple[str, str]]) -> None:
        """Say what happened, what it means, and offer ``actions``: pairs of a name and words."""
        self._title.setText(title)
        self._message.setText(f'<p style="line-height:130%">{escape(message)}</p>')
        self._message.setAccessibleName(message)
        self._message.setVisible(bool(message))
        for old in self._ways_out:
            old.hide()
            old.deleteLater()
        self._ways_out = []
        for name, words in actions:
            button = Button(words, "link")
            button.setObjectName(name)
            button.clicked.connect(self._pressed)
            self._ways_out.append(button)
            self._links.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.show()

    @Slot()
    def _pressed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.action_requested.emit(sender.objectName())
