"""The user's own price for a million tokens, in and out."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.model import price_per_million
from app.domain.money import Price
from app.ui.widgets.folding_row import FoldingRow

_FIELD_PX = 140


class PriceFields(QWidget):
    """Two fields; empty where the list price is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.given = QLineEdit(self)
        self.given.setPlaceholderText("in, for example 0.15")
        self.given.setAccessibleName("Price of a million tokens in, USD")
        self.written = QLineEdit(self)
        self.written.setPlaceholderText("out, for example 0.60")
        self.written.setAccessibleName("Price of a million tokens out, USD")
        self.setFocusProxy(self.given)
        row = FoldingRow(self)
        for field in (self.given, self.written):
            row.add(field, share=1, least_px=_FIELD_PX)

    def price(self) -> Price | None:
        """Return the price, or None where both are empty; ValueError where it is none."""
        texts = [self.given.text().strip(), self.written.text().strip()]
        if not any(texts):
            return None
        return price_per_million(*(text.lstrip("$").replace(",", ".") for text in texts))

    def show_price(self, price: Price | None) -> None:
        """Fill the fields in, or empty them."""
        self.given.setText("" if price is None else _digits(price.input_per_million))
        self.written.setText("" if price is None else _digits(price.output_per_million))


def _digits(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
