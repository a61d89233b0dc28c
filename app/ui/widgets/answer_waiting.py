"""An answer that waits before it is asked again: why, how long still, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.buttons import LINK_RING_PX, Button
from app.ui.widgets.labels import Label
from app.ui.widgets.markdown_canvas import WORDS_INSET_PX


class WaitingBlock(QWidget):
    """A countdown in words. A screen reader is told once, not each second.

    Signals:
        stop_wanted: the user does not want to wait any longer.
    """

    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label("", "answer-strong", wrap=True)
        self._reason = Label("", "answer", wrap=True)
        self._countdown = Label("", "answer", wrap=True)
        self.stop = Button(self.tr("Stop waiting"), "link")
        self.stop.clicked.connect(self.stop_wanted)
        words = QVBoxLayout()
        words.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        words.setSpacing(6)
        for label in (self._title, self._reason, self._countdown):
            words.addWidget(label)
        link = QVBoxLayout()
        link.setContentsMargins(WORDS_INSET_PX - LINK_RING_PX, 0, 0, 0)
        link.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 8)
        column.setSpacing(6)
        column.addLayout(words)
        column.addLayout(link)

    def say(self, title: str, reason: str, left_s: int) -> None:
        """Show why and for how many more seconds; call it again to count down."""
        countdown = count_down(left_s)
        first = self.isHidden() or title != self._title.text() or reason != self._reason.text()
        if first:
            self._title.setText(title)
            self._reason.setText(reason)
            # With a name of its own, a label that changes tells no screen reader of it.
            self._countdown.setAccessibleName(countdown)
            self.stop.setAccessibleDescription(f"{title} {reason}")
        self._countdown.setText(countdown)
        if first:
            self.show()
            self._announce(f"{title} {reason} {countdown}")

    def _announce(self, words: str) -> None:
        if QAccessible.isActive():
            event = QAccessibleAnnouncementEvent(self, words)
            QAccessible.updateAccessibility(event)


class BesideWaits(QWidget):
    """The waits of other models that were asked the same prompt, each with its own countdown.

    Signals:
        stop_wanted(int): the user does not want to wait for that answer any longer; its id.
    """

    stop_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: dict[int, WaitingBlock] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def say(self, waits: Mapping[int, tuple[str, str, int]]) -> None:
        """Show these waits and no others: by answer id, (title, reason, seconds left) each."""
        for answer_id in [each for each in self._blocks if each not in waits]:
            old = self._blocks.pop(answer_id)
            old.hide()
            old.deleteLater()
        for answer_id, (title, reason, left_s) in waits.items():
            if answer_id not in self._blocks:
                block = self._blocks[answer_id] = WaitingBlock(self)
                block.hide()
                block.stop_wanted.connect(self._stop_wanted)
                self._column.addWidget(block)
            self._blocks[answer_id].say(title, reason, left_s)
        self.setVisible(bool(waits))

    @Slot()
    def _stop_wanted(self) -> None:
        sender = self.sender()
        for answer_id, block in self._blocks.items():
            if block is sender:
                self.stop_wanted.emit(answer_id)
                return


def count_down(left_s: int) -> str:
    """Return how long is waited still, in words."""
    if left_s <= 0:
        return "Asking again now."
    return f"Asking again in {left_s} {'second' if left_s == 1 else 'seconds'}."
