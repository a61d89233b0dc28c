"""Replay on my history: the sentence, the two lines, and what would have been lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.words import counted, interval_text, limit_text, money_text, share_text
from app.services.replay import Replayed
from app.ui.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.labels import FigureLine, Label

if TYPE_CHECKING:
    from app.ui.widgets.charts.cumulative import CumulativeChart

_CHART_PX = 210
WORKING = "Running the rule over your history …"


class ReplayCard(QFrame):
    """Shows what the rule would have done; it is there once it was asked for.

    Signals:
        closed(): the user has read it.
    """

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAccessibleName("Replay on my history")
        self.chart: CumulativeChart | None = None
        title = QLabel("Replay on my history")
        title.setProperty("role", "title")
        self.close_button = Button("Close", "ghost", self)
        self.close_button.setAccessibleName("Close the replay")
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.close_button)
        self.sentence = Label("", parent=self, wrap=True)
        self.note = Label("", "muted", self, wrap=True)
        self.figures = FigureLine(self)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(16, 10, 16, 12)
        self._box.setSpacing(6)
        self._box.addLayout(head)
        for widget in (self.sentence, self.figures, self.note):
            self._box.addWidget(widget)
        self.hide()

    def show_working(self) -> None:
        """Say that it is being worked out."""
        self._say(WORKING)

    def show_problem(self, problem: Problem) -> None:
        """Say why there is nothing to show."""
        self._say(problem.sentence())

    def _say(self, words: str) -> None:
        self.sentence.setText(words)
        self.note.hide()
        self.figures.hide()
        if self.chart is not None:
            self.chart.hide()
        self.show()

    def show_replay(self, found: Replayed) -> None:
        """Show what would have been."""
        from app.ui.widgets.charts.cumulative import Cumulative, CumulativeChart

        self._say(found.sentences[0])
        self.note.setText(" ".join((*found.sentences[1:], caveat(found))))
        self.note.show()
        self.figures.show_pairs(figures_of(found))
        self.figures.show()
        if len(found.points) > 1:
            if self.chart is None:
                self.chart = CumulativeChart(self)
                self._box.addWidget(self.chart)
            self.chart.setMinimumHeight(current().px(_CHART_PX))
            self.chart.show_savings(
                Cumulative(
                    found.points, found.currency, estimated=True,
                    lower="with your rule (≈)", upper="all frontier (≈)",
                ),
                found.sentences[0],
            )  # fmt: skip
            self.chart.show()


def figures_of(found: Replayed) -> list[tuple[str, str]]:
    """Return as (name, figure) what would have gone, been saved and been lost."""
    share = found.to_cheap / found.prompts if found.prompts else 0.0
    said = [("to cheap", share_text(share))]
    if found.saved is not None:
        said.append(("saved", money_text(found.saved, approximate=True)))
    if found.lost is not None:
        lost = f"{share_text(found.lost)} ({interval_text(found.low, found.high)})"
        said.append(("of all better on the frontier", lost))
    said.append(("your limit", limit_text(found.limit)))
    return said


def caveat(found: Replayed) -> str:
    """Return what a replay can and cannot say."""
    unpriced = found.prompts - found.priced_prompts
    said = (
        "Today's rule is run over yesterday's prompts; those that it learned from are judged by a "
        "rule that never saw them. Where a model was not asked, its price is estimated."
    )
    if unpriced:
        said += f" {counted(unpriced, 'prompt')} without a known price left out of the lines."
    return said
