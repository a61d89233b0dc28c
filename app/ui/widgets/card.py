"""A sheet with a hairline around it, and the strips that lie between sheets."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QFrame, QWidget

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
