"""Why a prompt went where it went: every sentence of the decision."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.domain.routing.decision import Decision
from app.domain.words import counted, interval_text, share_text
from app.ui.theme import current

_WIDTH_PX = 560


class WhyDialog(QDialog):
    """Opens beside the answer and never blocks it."""

    def __init__(self, headline: str, decision: Decision, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why this model?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(current().px(_WIDTH_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self._words(headline, "title"))
        for sentence in decision.because:
            column.addWidget(self._words(sentence, ""))
        for sentence in figures(decision):
            column.addWidget(self._words(sentence, "muted"))
        column.addSpacing(4)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        box.rejected.connect(self.reject)
        column.addWidget(box)

    def _words(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        if role:
            label.setProperty("role", role)
        return label


def figures(decision: Decision) -> tuple[str, ...]:
    """Return what the decision counted, in sentences that its reasons do not hold already."""
    said = []
    if decision.probability is not None and not any("chance" in s for s in decision.because):
        chance = f"Chance that the frontier would be better: {share_text(decision.probability)}"
        if decision.low is not None and decision.high is not None:
            chance += f" ({interval_text(decision.low, decision.high)})"
        said.append(f"{chance}.")
    if decision.votes_used:
        used = counted(decision.votes_used, "vote")
        said.append(f"The rule had learned from {used} when it decided.")
    return tuple(said)
