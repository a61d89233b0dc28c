"""Words in one of the few looks that the design has."""

from __future__ import annotations

from html import escape
from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui import theme

LabelRole = Literal[
    "body", "page", "hero", "figure", "title", "strong", "muted", "faint", "warning", "bad",
    "cheap", "frontier", "answer", "answer-strong",
]  # fmt: skip


class Label(QLabel):
    """Plain words, never markup. ``role`` is the look; see ``app.qss``."""

    def __init__(
        self,
        text: str = "",
        role: LabelRole = "body",
        parent: QWidget | None = None,
        *,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("role", role)
        self.setWordWrap(wrap)

    def set_role(self, role: LabelRole) -> None:
        """Change the look."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class Heading(Label):
    """A few words that stand in one line where there is room, and break where there is none."""

    def __init__(
        self, text: str = "", role: LabelRole = "title", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, role, parent, wrap=True)

    def sizeHint(self) -> QSize:
        """Ask for one line; a label that wraps would ask for a square."""
        self.ensurePolished()
        margins = self.contentsMargins()
        metrics = self.fontMetrics()
        # A pixel more than the letters take: a width in between is rounded down.
        wide = metrics.horizontalAdvance(self.text()) + 1
        return QSize(wide, metrics.height()).grownBy(margins)


class Sentence(QLabel):
    """A bold beginning and the rest, to be selected and copied; what comes in is never markup."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, beginning: str, rest: str = "") -> None:
        """Show other words."""
        said = f"<b>{escape(beginning)}</b>"
        self.setText(f"{said}&nbsp; {escape(rest)}" if rest else said)
        self.setAccessibleName(f"{beginning} {rest}".strip())


class FigureLine(QLabel):
    """Names and figures, as in ``first word 0.31 s  speed 142 tok/s``; wraps between pairs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setProperty("role", "muted")
        self._pairs: tuple[tuple[str, str], ...] = ()

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Show names in grey and figures in bold; each figure brings its unit."""
        self._pairs = tuple(pairs)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Take new colours."""
        super().changeEvent(event)
        if hasattr(self, "_pairs"):
            self._draw()

    def _draw(self) -> None:
        bold = f"color:{theme.current().tokens.text};font-weight:600"

        def held(words: str) -> str:
            return escape(words).replace(" ", "&nbsp;")

        shown = "&nbsp;&nbsp; ".join(
            f'{held(name)}&nbsp;&nbsp;<span style="{bold}">{held(figure)}</span>'
            for name, figure in self._pairs
        )
        if shown != self.text():
            self.setText(shown)
            self.setAccessibleName(", ".join(f"{name} {figure}" for name, figure in self._pairs))
