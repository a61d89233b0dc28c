"""Always do this: the user's pins in words, which no learning overrides."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.routing.pins import Pin, PinTo
from app.domain.routing.why import pin_condition
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.emptying import empty
from app.ui.widgets.labels import Label
from app.ui.widgets.pin_form import PinForm

_BADGES = {
    PinTo.FRONTIER: ("frontier", "frontier"),
    PinTo.CHEAP: ("cheap", "cheap"),
    PinTo.THIS_COMPUTER: ("on this computer", "warning"),
}
NONE_YET = "Nothing is pinned: your votes alone decide what the matters' policies leave open."


class PinsCard(QFrame):
    """Lists the pins, adds one and takes one away; a removed one can be put back.

    Signals:
        pin_wanted(str): the words of a new pin.
        pin_unwanted(Pin): this pin is to go.
    """

    pin_wanted = Signal(str)
    pin_unwanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAccessibleName("Always do this")
        self._pins: tuple[Pin, ...] = ()
        title = QLabel("Always do this")
        title.setProperty("role", "title")
        self.add = Button("Add", parent=self)
        self.add.setAccessibleName("Add a pin")
        self.add.clicked.connect(self.open_form)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.add)
        self.form = PinForm(self)
        self.form.hide()
        self.form.submitted.connect(self.pin_wanted)
        self.form.cancelled.connect(self.shut_form)
        self.none = Label(NONE_YET, "muted", self, wrap=True)
        self._gone: Pin | None = None
        self.undo_row = QWidget(self)
        self._said = Label("", "muted", self.undo_row)
        self.undo = Button("Put it back", "link", self.undo_row)
        self.undo.clicked.connect(self._put_back)
        undo = QHBoxLayout(self.undo_row)
        undo.setContentsMargins(0, 0, 0, 0)
        undo.addWidget(self._said)
        undo.addWidget(self.undo)
        undo.addStretch(1)
        self.undo_row.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(3)
        self.removers: list[IconButton] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 12)
        box.setSpacing(6)
        box.addLayout(head)
        box.addWidget(self.form)
        box.addLayout(self._rows)
        box.addWidget(self.none)
        box.addWidget(self.undo_row)
        box.addStretch(1)

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Show other pins, in the order they were added."""
        self._pins = tuple(pins)
        empty(self._rows)
        self.removers = []
        for pin in self._pins:
            self._rows.addWidget(self._row(pin))
        self.none.setVisible(not self._pins)

    def _row(self, pin: Pin) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        words = Label(pin_condition(pin), parent=row, wrap=True)
        text, kind = _BADGES[pin.to]
        remove = IconButton("close", f"Remove this pin: {pin.sentence()}", row)
        remove.clicked.connect(self._remove_clicked)
        self.removers.append(remove)
        line.addWidget(words, 1)
        line.addWidget(Badge(text, kind, row))
        line.addWidget(remove)
        return row

    def offer(self, matters: Sequence[str], tags: Sequence[str]) -> None:
        """Offer the user's own matters and tags in the form's menu."""
        self.form.offer(matters, tags)

    @Slot()
    def open_form(self) -> None:
        """Show the line in which a pin is written."""
        self.form.show()
        self.add.setEnabled(False)
        self.form.words.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def shut_form(self) -> None:
        """Take the form away, with what stood in it."""
        self.form.start_over()
        self.form.hide()
        self.add.setEnabled(True)
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def added(self, pins: Sequence[Pin]) -> None:
        """Show that a pin was kept."""
        if not self.form.isHidden():
            self.shut_form()
        self.undo_row.hide()
        self.show_pins(pins)

    def removed(self, pin: Pin, pins: Sequence[Pin]) -> None:
        """Show that a pin is gone, and offer it once more."""
        self.show_pins(pins)
        self._gone = pin
        self._said.setText("Removed.")
        self.undo.setAccessibleName(f"Put back: {pin.sentence()}")
        self.undo_row.show()
        self.undo.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, problem: Problem) -> None:
        """Show why a pin was not kept, under the line it was typed in."""
        self.open_form()
        self.form.refuse(problem)

    @Slot()
    def _remove_clicked(self) -> None:
        sender = self.sender()
        for pin, button in zip(self._pins, self.removers, strict=True):
            if button is sender:
                self.pin_unwanted.emit(pin)
                return

    @Slot()
    def _put_back(self) -> None:
        if self._gone is not None:
            self.pin_wanted.emit(self._gone.sentence())
