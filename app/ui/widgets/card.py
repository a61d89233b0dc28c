"""A sheet with a hairline around it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QWidget


class Card(QFrame):
    """A ground with rounded corners and a hairline; lay anything out on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
