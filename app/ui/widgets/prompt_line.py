"""The whole prompt of a turn: one line at first, all of it on demand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.conversation import Prompt
from app.domain.words import counted
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel

_MOST_LINES = 8


class PromptLine(QFrame):
    """Shows a prompt with what hung on it: matter, tags, attached documents."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self._line = ElidedLabel("", self)
        self._line.setProperty("role", "strong")
        self._about = ElidedLabel("", self)
        self._about.setProperty("role", "faint")
        self._about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._toggle = QPushButton("Whole prompt", self)
        self._toggle.setProperty("kind", "ghost")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._show_whole)
        self._whole = QPlainTextEdit(self)
        self._whole.setReadOnly(True)
        self._whole.setTabChangesFocus(True)
        self._whole.setAccessibleName("Whole prompt")
        self._whole.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        # As high with the button as without it.
        row.addStrut(self._toggle.sizeHint().height())
        row.addWidget(self._line, 1)
        row.addWidget(self._about)
        row.addWidget(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 5, 10, 5)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._whole)

    def show_prompt(self, prompt: Prompt) -> None:
        """Show another prompt, shut again."""
        self._toggle.setChecked(False)
        self._line.setText(" ".join(prompt.text[:2000].split()))
        self._line.setToolTip("")
        self._whole.setPlainText(prompt.text)
        parts = [prompt.matter, *(f"#{tag}" for tag in prompt.tags)]
        if prompt.attachments:
            names = ", ".join(item.name for item in prompt.attachments)
            parts.append(f"{counted(len(prompt.attachments), 'document')}: {names}")
        self._about.setText(" · ".join(parts))
        self._about.setAccessibleName("Matter, tags and documents: " + self._about.text())
        self._offer()

    @Slot(bool)
    def _show_whole(self, whole: bool) -> None:
        self._whole.setVisible(whole)
        self._toggle.setText("Less" if whole else "Whole prompt")
        self._fit()

    def _offer(self) -> None:
        """Offer the whole prompt only where the line does not hold it."""
        text = self._whole.toPlainText()
        room = self._line.contentsRect().width()
        fits = "\n" not in text.strip() and self._line.fontMetrics().horizontalAdvance(text) <= room
        self._toggle.setVisible(not fits or self._toggle.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See anew whether the line holds the prompt."""
        super().resizeEvent(event)
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_whole"):
            self._fit()

    def _fit(self) -> None:
        line = QFontMetrics(self._whole.font()).lineSpacing()
        lines = min(_MOST_LINES, self._whole.document().blockCount() + 2)
        self._whole.setFixedHeight(line * lines + current().px(18))
