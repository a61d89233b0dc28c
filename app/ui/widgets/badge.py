"""A word on a coloured ground: who answered, or in what state an answer is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

KINDS = frozenset({"cheap", "frontier", "warning", "bad", "accent", "neutral"})


class Badge(QLabel):
    """A short text whose colour says what its words say: teal cheap, violet frontier, amber beware.

    ``chip`` makes it as tall as a control, for a strip of them.
    """

    def __init__(
        self, text: str, kind: str = "neutral", parent: QWidget | None = None, *, chip: bool = False
    ) -> None:
        super().__init__(parent)
        if kind not in KINDS:
            raise ValueError(f"A badge is one of {sorted(KINDS)}, not {kind!r}.")
        # Model names and states come from outside; they are words, never markup.
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("badge", kind)
        if chip:
            self.setProperty("chip", True)
        self.wrap(wraps=False)

    def wrap(self, *, wraps: bool) -> None:
        """Break the words into lines where there is no room for them in one, or keep to one."""
        self.setWordWrap(wraps)
        tall = QSizePolicy.Policy.Minimum if wraps else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, tall)
        policy.setHeightForWidth(wraps)
        self.setSizePolicy(policy)

    @property
    def kind(self) -> str:
        """What its colour means."""
        return str(self.property("badge"))
