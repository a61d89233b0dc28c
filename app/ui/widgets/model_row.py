"""One added model: what it is, where it is reached, where its key is, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain import words
from app.domain.model import KeySource, ModelRef
from app.domain.money import Price
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.key_field import KeyField

_ACTIONS = (("test", "Test"), ("edit", "Change"), ("key", "Replace key"), ("remove", "Remove…"))


class ModelRow(QFrame):
    """Shows a model. The key itself is never here: only where it is kept.

    Signals:
        acted(str, ModelRef): test, edit, key or remove was chosen.
        key_given(ModelRef): a new key stands in `key`, to be taken at once.
    """

    acted = Signal(str, object)
    key_given = Signal(object)

    def __init__(self, model: ModelRef, price: Price | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = model
        name = ElidedLabel(model.name, self)
        name.setProperty("role", "strong")
        role = QLabel(model.role.value, self)
        role.setProperty("badge", model.role.value)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name)
        head.addWidget(role, 0, Qt.AlignmentFlag.AlignVCenter)
        acts = FlowRow(spacing=8, at_end=True)
        self.buttons: dict[str, QPushButton] = {}
        for action, label in _ACTIONS:
            button = QPushButton(label, self)
            button.setProperty("kind", "ghost")
            button.setAccessibleName(f"{label.rstrip('…')} {model.name}")
            button.clicked.connect(lambda _on=False, action=action: self._act(action))
            self.buttons[action] = button
            acts.addWidget(button)
        head.addLayout(acts, 1)
        facts = ElidedLabel(
            f"{receiver_text(model)} · {model.model} · {price_text(model, price)}", self
        )
        facts.setProperty("role", "muted")
        where = ElidedLabel(key_text(model), self)
        where.setProperty("role", "faint")
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.hide()
        self.key = KeyField(self)
        self._build_key_row()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(head)
        for widget in (facts, where, self.said, self._key_row):
            layout.addWidget(widget)

    def _build_key_row(self) -> None:
        self._key_row = QWidget(self)
        keep = QPushButton("Save key", self._key_row)
        keep.clicked.connect(lambda: self.key_given.emit(self.model))
        cancel = QPushButton("Cancel", self._key_row)
        cancel.setProperty("kind", "ghost")
        cancel.clicked.connect(self.shut_key)
        row = QHBoxLayout(self._key_row)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(self.key, 1)
        row.addWidget(cancel)
        row.addWidget(keep)
        self._key_row.hide()

    def _act(self, action: str) -> None:
        self.acted.emit(action, self.model)

    def ask_for_key(self) -> None:
        """Open the field for a new key."""
        self._key_row.show()
        self.key.line.setFocus()

    def shut_key(self) -> None:
        """Empty the field and put it away."""
        self.key.forget()
        self._key_row.hide()

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show what came of the last action."""
        self.said.setText(sentence)
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setVisible(bool(sentence))

    def set_busy(self, busy: bool) -> None:
        """Let the buttons be pressed, or not while something runs."""
        for button in self.buttons.values():
            button.setEnabled(not busy)


def receiver_text(model: ModelRef) -> str:
    """Return who receives the prompt, and by what way where that is not plain."""
    if model.handed_on_to:
        return f"{model.provider}, through a server here: not on this computer"
    return model.provider


def price_text(model: ModelRef, price: Price | None) -> str:
    """Return the price per million tokens and whose it is; never $0.00 for an unknown one."""
    if (model.local and model.on_this_computer) or model.practice:
        return "runs on this computer, free"
    return words.price_text(price)


def key_text(model: ModelRef) -> str:
    """Return where the key is kept, never the key."""
    match model.key_source:
        case KeySource.KEYCHAIN:
            return "Key in your system's keychain"
        case KeySource.ENVIRONMENT:
            return f"Key in the environment variable {model.key_name}"
        case KeySource.SESSION:
            return "Key kept for one run only, never on disk"
        case KeySource.NONE:
            return "No key"
        case KeySource.PRACTICE:
            return "No key needed"
