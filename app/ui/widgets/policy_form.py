"""Who may see a matter's prompts, as a form."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.ui.widgets.emptying import empty
from app.ui.widgets.flow_row import FlowRow

_KINDS = (
    ("Any provider", PolicyKind.ANY),
    ("Named providers only", PolicyKind.NAMED),
    ("This computer only", PolicyKind.THIS_COMPUTER),
)


class PolicyForm(QFrame):
    """Names a matter and its policy.

    Signals:
        submitted(str, SendingPolicy): the user wants to save.
        cancelled: the user left the form.
    """

    submitted = Signal(str, object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "sunken")
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Matter")
        self.name.setPlaceholderText("Client or case, for example Hartwell v. Oceanic")
        self.kind = QComboBox(self)
        self.kind.setAccessibleName("Who may be asked")
        for label, kind in _KINDS:
            self.kind.addItem(label, kind)
        self.kind.currentIndexChanged.connect(self._show_vendors)
        self._vendors = QWidget(self)
        self._boxes_row = FlowRow(self._vendors, spacing=12)
        self._boxes: list[QCheckBox] = []
        self.others = QLineEdit(self)
        self.others.setAccessibleName("Other providers")
        self.others.setPlaceholderText("Other providers, separated by commas")
        self.fault = QLabel(self)
        self.fault.setProperty("role", "bad")
        self.fault.setWordWrap(True)
        self.save = QPushButton("Save matter", self)
        self.save.clicked.connect(self._submit)
        cancel = QPushButton("Cancel", self)
        cancel.setProperty("kind", "ghost")
        cancel.clicked.connect(self.cancelled)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fault, 1)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        for widget in (self.name, self.kind, self._vendors, self.others):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def fill(self, matter: Matter | None, providers: Iterable[str]) -> None:
        """Show a matter, or an empty form; `providers` are those that can be ticked."""
        self.fault.clear()
        policy = matter.policy if matter is not None else SendingPolicy()
        self.name.setText(matter.name if matter is not None else "")
        # The name is what prompts are filed under: another name is another matter.
        self.name.setReadOnly(matter is not None)
        empty(self._boxes_row)
        self._boxes = []
        for provider in sorted({*providers, *policy.vendors}, key=str.casefold):
            box = QCheckBox(provider, self._vendors)
            box.setChecked(provider in policy.vendors)
            self._boxes.append(box)
            self._boxes_row.addWidget(box)
            box.show()
        self.others.clear()
        self.kind.setCurrentIndex(self.kind.findData(policy.kind))
        self._show_vendors()

    def policy(self) -> SendingPolicy:
        """Return the policy as it stands in the form."""
        kind = PolicyKind(self.kind.currentData())
        if kind is not PolicyKind.NAMED:
            return SendingPolicy(kind)
        ticked = [box.text() for box in self._boxes if box.isChecked()]
        typed = [name.strip() for name in self.others.text().split(",")]
        return SendingPolicy(kind, frozenset(name for name in (*ticked, *typed) if name))

    @Slot()
    def _show_vendors(self) -> None:
        named = self.kind.currentData() == PolicyKind.NAMED
        self._vendors.setVisible(named and bool(self._boxes))
        self.others.setVisible(named)

    @Slot()
    def _submit(self) -> None:
        self.submitted.emit(self.name.text(), self.policy())
