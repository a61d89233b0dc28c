"""The form for a model's own price, per million tokens."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.model import ModelRef
from app.domain.money import Price
from app.ui.widgets.field_rows import FieldRows


class PriceForm(QFrame):
    """Takes a price as typed; the service says what is wrong with it.

    Signals:
        submitted(ModelRef, tuple): in, out, cached and currency as typed.
    """

    submitted = Signal(object, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: ModelRef | None = None
        self.title = QLabel(self)
        self.title.setProperty("role", "strong")
        self.title.setWordWrap(True)
        self.price_in = self._field("as on the vendor's price page")
        self.price_out = self._field("")
        self.cached = self._field("as tokens read, if left empty")
        self.currency = self._field("USD")
        rows = FieldRows()
        rows.add_field("Tokens read", self.price_in)
        rows.add_field("Cached tokens", self.cached)
        rows.add_field("Tokens written", self.price_out)
        rows.add_field("Currency", self.currency)
        self.fault = QLabel(self)
        self.fault.setProperty("role", "bad")
        self.fault.setWordWrap(True)
        self.fault.hide()
        self.save = QPushButton("Save price", self)
        self.save.clicked.connect(self._submit)
        cancel = QPushButton("Cancel", self)
        cancel.setProperty("kind", "ghost")
        cancel.clicked.connect(self.hide)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(rows)
        column.addWidget(self.fault)
        column.addLayout(buttons)

    def _field(self, hint: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(hint)
        field.returnPressed.connect(self._submit)
        return field

    def fill(self, model: ModelRef, price: Price | None) -> None:
        """Begin with a model's present price, or with nothing."""
        self._model = model
        self.title.setText(f"Your own price of {model.name}, per million tokens")
        self.say("")
        self.price_in.setText(_text(price.input_per_million if price else None))
        self.price_out.setText(_text(price.output_per_million if price else None))
        self.cached.setText(_text(price.cached_per_million if price else None))
        self.currency.setText(price.currency if price else "USD")

    def say(self, fault: str) -> None:
        """Show what is wrong with what was typed; an empty text shows nothing."""
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))

    @Slot()
    def _submit(self) -> None:
        if self._model is None:
            return
        typed = (self.price_in, self.price_out, self.cached, self.currency)
        self.submitted.emit(self._model, tuple(field.text() for field in typed))


def _text(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate:f}"
