"""Reasons to choose before a vote is cast: optional, by mouse or by the keys 5 to 9."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.domain.vote import Reason
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow

FIRST_KEY = 5


class ReasonRow(QWidget):
    """Buttons that stay down; the vote that follows takes those that are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = FlowRow(self)
        told = QLabel("Why? If you like, before you vote:", self)
        told.setProperty("role", "muted")
        row.addWidget(told)
        self._buttons: dict[Reason, QPushButton] = {}
        for key, reason in enumerate(Reason, FIRST_KEY):
            button = Button(f"{reason.in_words()}  {key}", parent=self)
            button.setCheckable(True)
            button.setAccessibleName(f"Reason: {reason.in_words()}, key {key}")
            weight = f"weighs {reason.severity:g} times an ordinary vote"
            button.setToolTip(f"{reason.in_words().capitalize()}: the vote {weight}.")
            button.setAccessibleDescription(weight)
            self._buttons[reason] = button
            row.addWidget(button)

    def chosen(self) -> tuple[Reason, ...]:
        """Return the reasons that are down."""
        return tuple(reason for reason, button in self._buttons.items() if button.isChecked())

    def choose(self, reasons: tuple[Reason, ...]) -> None:
        """Put these down and the others up."""
        for reason, button in self._buttons.items():
            button.setChecked(reason in reasons)

    def press(self, key: int) -> None:
        """Turn the reason of a key 5 to 9; silent for another key."""
        place = key - FIRST_KEY
        buttons = list(self._buttons.values())
        if 0 <= place < len(buttons) and buttons[place].isEnabled():
            buttons[place].toggle()

    def set_ready(self, ready: bool) -> None:
        """Let reasons be chosen, or not."""
        for button in self._buttons.values():
            button.setEnabled(ready)
