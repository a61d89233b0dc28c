"""A pin in words: typed as a sentence, or begun from a menu and completed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.routing.pins import PinTo
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import Label

PLACEHOLDER = "prompt mentions “privilege” → frontier"
TARGETS = ((PinTo.FRONTIER, "frontier"), (PinTo.CHEAP, "cheap"),
           (PinTo.THIS_COMPUTER, "this computer"))  # fmt: skip
_ARROW = re.compile(r"\s*(?:→|->|=>).*$")
_BLANK = "…"  # what the user is to fill in; selected, so that typing replaces it


class PinForm(QFrame):
    """One line that takes words; the menus only help to write them.

    Signals:
        submitted(str): the words of a pin.
        cancelled(): the user left the form.
    """

    submitted = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "sunken")
        self.words = QLineEdit(self)
        self.words.setPlaceholderText(PLACEHOLDER)
        self.words.setAccessibleName("Pin in words")
        self.words.setAccessibleDescription(f"For example: {PLACEHOLDER}")
        self.words.returnPressed.connect(self._submit)
        self.words.textEdited.connect(self._edited)
        self.when = self._menu_button("Which prompts", "Begin with a condition")
        self.where = self._menu_button("Goes to", "Say where such prompts go")
        self.save = Button("Add pin", parent=self)
        self.save.clicked.connect(self._submit)
        self.cancel = Button("Cancel", "ghost", self)
        self.cancel.clicked.connect(self._cancel)
        self.fault = Label("", "bad", self, wrap=True)
        self.fault.hide()
        for target, said in TARGETS:
            action = self.where_menu.addAction(said[:1].upper() + said[1:])
            action.setObjectName(target.value)
            action.triggered.connect(partial(self.send_to, said))
        self._lay_out()
        self.offer((), ())

    def _menu_button(self, text: str, says: str) -> QPushButton:
        button = Button(f"{text} ▾", "ghost", self)
        button.setAccessibleName(f"{text}: {says}")
        button.setMenu(QMenu(button))
        return button

    def _lay_out(self) -> None:
        self._tail = QWidget(self)
        row = FlowRow(self._tail, spacing=6)
        for widget in (self.when, self.where, self.save, self.cancel):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.fault)
        column.addWidget(self._tail)
        # By the keyboard in the order of the eye: the words first, then the menus below them.
        for one, other in ((self.words, self.when), (self.when, self.where),
                           (self.where, self.save), (self.save, self.cancel)):  # fmt: skip
            QWidget.setTabOrder(one, other)

    @property
    def when_menu(self) -> QMenu:
        """Return the menu of conditions."""
        menu = self.when.menu()
        assert menu is not None
        return menu

    @property
    def where_menu(self) -> QMenu:
        """Return the menu of places."""
        menu = self.where.menu()
        assert menu is not None
        return menu

    def offer(self, matters: Sequence[str], tags: Sequence[str]) -> None:
        """Offer the user's own matters and tags beside the other conditions."""
        menu = self.when_menu
        menu.clear()
        for title, names, words in (
            ("Matter is…", matters, "matter is “{}”"),
            ("Tag is…", tags, "tag is “{}”"),
        ):
            if names:
                inner = menu.addMenu(title)
                for name in names:
                    action = inner.addAction(name.replace("&", "&&"))
                    action.triggered.connect(partial(self.begin, words.format(name)))
            else:
                action = menu.addAction(title)
                action.triggered.connect(partial(self.begin, words.format(_BLANK)))
        for title, words in (
            ("Mentions…", f"prompt mentions “{_BLANK}”"),
            ("Has an attachment", "prompt has an attachment"),
            ("Longer than…", "prompt is longer than 4,000 tokens"),
        ):
            action = menu.addAction(title)
            action.triggered.connect(partial(self.begin, words))

    @Slot()
    def begin(self, condition: str, *_checked: bool) -> None:
        """Write a condition, keeping where it goes; what is to be filled in is selected."""
        kept = _ARROW.search(self.words.text())
        target = kept.group().strip() if kept and kept.group().strip() else "→ frontier"
        self.words.setText(f"{condition} {target}")
        self.say("")
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (_BLANK, "4,000"):
            place = condition.find(part)
            if place >= 0:
                self.words.setSelection(place, len(part))
                return

    @Slot()
    def send_to(self, target: str, *_checked: bool) -> None:
        """Write where such prompts go, keeping the condition."""
        condition = _ARROW.sub("", self.words.text()).strip()
        self.words.setText(f"{condition} → {target}".strip())
        self.say("")
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        if not condition:
            self.words.setCursorPosition(0)

    def refuse(self, problem: Problem) -> None:
        """Show beneath the line why these words are no pin; they stay to be mended."""
        self.say(problem.sentence())
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, fault: str) -> None:
        """Show a fault, or none."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    def start_over(self) -> None:
        """Become empty."""
        self.words.clear()
        self.say("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    @Slot()
    def _submit(self) -> None:
        words = self.words.text().strip()
        if words:
            self.submitted.emit(words)
        else:
            self.say(f"Say which prompts go where, for example: {PLACEHOLDER}.")

    @Slot()
    def _cancel(self) -> None:
        self.cancelled.emit()

    @Slot(str)
    def _edited(self, _text: str) -> None:
        self.say("")
