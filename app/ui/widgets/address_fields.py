"""Where a model is asked: dialect where there is a choice, the user's own parts, address."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.model import Dialect
from app.domain.vendor import VendorFacts, filled
from app.ui.widgets.field_rows import FieldRows, keep_narrow

DIALECT_WORDS = {
    Dialect.OPENAI_CHAT: "OpenAI Chat Completions",
    Dialect.OPENAI_RESPONSES: "OpenAI Responses",
    Dialect.ANTHROPIC: "Anthropic Messages",
    Dialect.GEMINI: "Google Gemini",
    Dialect.OLLAMA: "Ollama",
}
_MOST_PARTS = 2


class AddressFields(QObject):
    """Rows of a form that together make an address; only those that a vendor needs are shown.

    Signals:
        changed(): another address or dialect stands there.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._form: FieldRows | None = None
        self._vendor: VendorFacts | None = None
        self.dialect = QComboBox(parent)
        keep_narrow(self.dialect)
        self.dialect.currentIndexChanged.connect(self._choose_dialect)
        self.parts = tuple(QLineEdit(parent) for _ in range(_MOST_PARTS))
        for part in self.parts:
            part.textChanged.connect(self._fill_in)
        self.address = QLineEdit(parent)
        self.address.setPlaceholderText("https://")
        self.address.textChanged.connect(self.changed)

    def lay_into(self, form: FieldRows) -> None:
        """Add the rows to a form."""
        self._form = form
        form.add_field("Format", self.dialect)
        for part in self.parts:
            form.add_field("Part", part)
        form.add_field("Address", self.address)

    def show_vendor(self, vendor: VendorFacts) -> None:
        """Fill in a vendor's address, and ask for what only the user knows."""
        self._vendor = vendor
        self.dialect.blockSignals(True)
        self.dialect.clear()
        for wire in vendor.wires:
            self.dialect.addItem(DIALECT_WORDS[wire.dialect], wire.dialect)
        self.dialect.blockSignals(False)
        self._show(self.dialect, shown=len(vendor.wires) > 1)
        for at, part in enumerate(self.parts):
            blank = vendor.blanks[at] if at < len(vendor.blanks) else None
            part.blockSignals(True)
            part.clear()
            part.blockSignals(False)
            self._show(part, shown=blank is not None)
            if blank is not None:
                part.setPlaceholderText(f"for example {blank.example}")
                part.setAccessibleName(blank.label)
                label = self._form.labelForField(part) if self._form is not None else None
                if label is not None:
                    label.setProperty("text", blank.label)
        self._choose_dialect()

    def show(self, dialect: Dialect, address: str) -> None:
        """Show an address that is already known."""
        place = self.dialect.findData(dialect)
        if place >= 0:
            self.dialect.setCurrentIndex(place)
        self.address.setText(address)

    def spoken(self) -> Dialect:
        """Return the dialect that is chosen."""
        return Dialect(self.dialect.currentData())

    @Slot()
    def _choose_dialect(self) -> None:
        self._fill_in()
        self.changed.emit()

    @Slot()
    def _fill_in(self) -> None:
        vendor = self._vendor
        if vendor is None or self.dialect.currentIndex() < 0:
            return
        wire = vendor.wire(self.spoken())
        names = (blank.name for blank in vendor.blanks)
        typed = {name: part.text() for name, part in zip(names, self.parts, strict=False)}
        address = filled(wire.base_url if wire is not None else "", typed)
        if address or not self.address.text():
            self.address.setText(address)

    def _show(self, field: QWidget, *, shown: bool) -> None:
        if self._form is not None:
            self._form.setRowVisible(field, shown)
