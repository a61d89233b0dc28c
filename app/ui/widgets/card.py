"""A sheet with a hairline around it, and the strips that lie between sheets."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

StripKind = Literal["accent", "warning", "sunken"]


class Card(QFrame):
    """A ground with rounded corners and a hairline; lay anything out on it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)


class Strip(QFrame):
    """A coloured band that carries one sentence and perhaps a button."""

    def __init__(self, kind: StripKind = "accent", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", kind)


def titled_card(title: str) -> tuple[QFrame, QVBoxLayout]:
    """Return an empty card with its title."""
    card = QFrame()
    card.setProperty("card", "true")
    card.setAccessibleName(title)
    label = QLabel(title)
    label.setProperty("role", "title")
    label.setWordWrap(True)
    box = QVBoxLayout(card)
    box.setContentsMargins(16, 12, 16, 12)
    box.setSpacing(6)
    box.addWidget(label)
    return card, box
