"""The user's own votes on like prompts: each opens in the history by a click."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from app.services.explain import NearVote
from app.ui.models.moments import when_text
from app.ui.models.turn_words import choice_text
from app.ui.theme import current
from app.ui.widgets.buttons import LINK_RING_PX
from app.ui.widgets.emptying import empty
from app.ui.widgets.labels import Label

_LEAST_PX = 120


class LinkLine(QPushButton):
    """A link of one line that gives way: too long, it ends in an ellipsis, and is told whole."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = text
        self.setProperty("kind", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setText(text.replace("&", "&&"))

    def minimumSizeHint(self) -> QSize:
        """Return room for a few words."""
        return QSize(current().px(_LEAST_PX), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Ask for what the whole line takes, so that a short one is not stretched."""
        room = self.fontMetrics().horizontalAdvance(self._whole) + current().px(12)
        return QSize(room, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten what no longer fits."""
        super().resizeEvent(event)
        room = self.width() - current().px(10)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))


class NearVotes(QWidget):
    """Up to three votes, the most alike first.

    Signals:
        turn_wanted(int): the prompt of that vote is to be opened in the history.
    """

    turn_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)

    def show_votes(self, votes: Sequence[NearVote], now: datetime) -> None:
        """Show other votes; what was deleted since is said to be."""
        empty(self._grid)
        for line, vote in enumerate(votes):
            if not vote.exists:
                gone = Label(f"no. {vote.turn_id}: deleted since", "muted", self)
                gone.setIndent(LINK_RING_PX)  # under the words of the links
                self._grid.addWidget(gone, line, 0, 1, 3)
                gone.show()
                continue
            link = LinkLine(f"“{vote.start}”", self)
            link.setObjectName(str(vote.turn_id))
            link.setAccessibleDescription("Opens it in History")
            link.clicked.connect(self._clicked)
            said = choice_text(vote.choice) if vote.choice else "not voted on"
            day = when_text(vote.asked_at, vote.utc_offset_min, now) if vote.asked_at else ""
            for column, widget in enumerate(
                (link, Label(said, "strong", self), Label(day, "muted", self))
            ):
                self._grid.addWidget(widget, line, column)
                widget.show()  # at once: the dialog measures itself right after

    def links(self) -> list[LinkLine]:
        """Return the links shown, the nearest first."""
        return [link for link in self.findChildren(LinkLine) if not link.isHidden()]

    @Slot()
    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.turn_wanted.emit(int(sender.objectName()))
