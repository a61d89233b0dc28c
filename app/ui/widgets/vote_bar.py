"""The vote: which answer would have been used, and afterwards why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QWidget,
)

from app.domain.vote import Reason
from app.ui.widgets.buttons import Button
from app.ui.widgets.emptying import empty
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.focus_card import FocusCard
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.labels import Heading

Options = tuple[tuple[str, str], ...]
"""What can be voted: (word, as the button shows it), in the order of the keys 1, 2, 3, 4."""

_QUESTION, _NOTE = 0, 2  # their places in the row
_LEAST_NOTE_PX = 110


class VoteBar(FocusCard):
    """Offers the votes, then the reasons. The keys 1 to 4 are the view's; `press` answers them.

    Signals:
        voted(str): the word of the vote.
        reasons_given(tuple): the reasons now chosen, of type Reason.
        change_wanted(): the user wants to vote again.
    """

    voted = Signal(str)
    reasons_given = Signal(object)
    change_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Vote")
        self._question = Heading("", parent=self)
        self._note = QLabel(self)
        self._note.setProperty("role", "faint")
        self._note.setWordWrap(True)
        self._buttons: list[QPushButton] = []
        self._middle = QWidget(self)
        self._choices = FlowRow(self._middle)
        self._row = FoldingRow(self)
        self._row.setContentsMargins(14, 8, 14, 8)
        for part in (self._question, self._middle, self._note):
            self._row.add(part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the note end the line, or begin one of its own."""
        super().resizeEvent(event)
        side = Qt.AlignmentFlag.AlignRight
        if self._row.folded(self.width()):
            side = Qt.AlignmentFlag.AlignLeft
        self._note.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def offer(self, question: str, options: Options, note: str = "") -> None:
        """Show what can be voted, not yet enabled."""
        self._clear()
        self._question.setText(question)
        self._note.setText(note)
        self._note.setToolTip(note)
        # Equal shares at both sides keep the votes in the middle.
        self._row.set_share(_QUESTION, 1)
        self._row.set_share(_NOTE, 1, least_px=_LEAST_NOTE_PX)
        for place, (word, label) in enumerate(options, start=1):
            button = Button(f"{label}  {place}", "strong", self._middle)
            button.setObjectName(word)
            button.setAccessibleName(f"{label}, key {place}")
            button.setEnabled(False)
            button.clicked.connect(self._vote_clicked)
            self._add(button)

    def set_ready(self, ready: bool) -> None:
        """Let votes be cast, or not yet."""
        for button in self._buttons:
            button.setEnabled(ready)

    def mark(self, word: str) -> None:
        """Show which vote was cast before, where it is being corrected."""
        for button in self._buttons:
            button.setCheckable(True)
            button.setChecked(button.objectName() == word)

    def choices(self) -> tuple[QPushButton, ...]:
        """Return the buttons shown, in their order."""
        return tuple(self._buttons)

    def press(self, place: int) -> bool:
        """Vote by the key 1 to 4; return whether there was such a vote to cast."""
        voting = [button for button in self._buttons if button.objectName()]
        if not 1 <= place <= len(voting) or not voting[place - 1].isEnabled():
            return False
        voting[place - 1].click()
        return True

    def show_vote(self, sentence: str, given: tuple[Reason, ...], *, ask_why: bool, note: str = ""
                  ) -> None:  # fmt: skip
        """Show what was voted, with the reasons to choose from."""
        self._clear()
        self._question.setText(sentence)
        self._note.setText(note)
        self._note.setToolTip(note)
        self._row.set_share(_QUESTION, 0)
        self._row.set_share(_NOTE, 1, least_px=_LEAST_NOTE_PX)
        if ask_why:
            why = QLabel("Why?", self._middle)
            why.setProperty("role", "muted")
            self._choices.addWidget(why)
            why.show()
            for reason in Reason:
                self._add(self._reason_button(reason, chosen=reason in given))
        change = Button("Change vote", "ghost", self._middle)
        change.setToolTip(
            "A changed vote is kept. It does not train your rule: the names are known."
        )
        change.clicked.connect(self.change_wanted)
        self._add(change)

    def _reason_button(self, reason: Reason, *, chosen: bool) -> QPushButton:
        button = Button(reason.in_words(), parent=self._middle)
        button.setCheckable(True)
        button.setChecked(chosen)
        button.setProperty("reason", reason.value)
        weight = f"weighs {reason.severity:g} times an ordinary vote"
        button.setToolTip(f"{reason.in_words().capitalize()}: the vote {weight}.")
        button.setAccessibleName(f"Reason: {reason.in_words()}")
        button.setAccessibleDescription(weight)
        button.clicked.connect(self._reason_clicked)
        return button

    def _add(self, button: QPushButton) -> None:
        self._buttons.append(button)
        self._choices.addWidget(button)
        button.show()

    def _clear(self) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        empty(self._choices)
        self._buttons.clear()
        self._middle.updateGeometry()
        if had_focus:
            # A button that goes away would hand the focus to whatever comes next.
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _vote_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.voted.emit(sender.objectName())

    @Slot()
    def _reason_clicked(self) -> None:
        chosen = {button.property("reason") for button in self._buttons if button.isChecked()}
        self.reasons_given.emit(tuple(reason for reason in Reason if reason.value in chosen))
