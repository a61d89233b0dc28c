"""The report on the screen: figures, rows with intervals, and what it means for a hundred."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.domain.calibration.report import CalibrationReport
from app.domain.calibration.run import RunState
from app.domain.calibration.sentences import (
    answered_words,
    how_to_read,
    hundred_sentences,
    likely_words,
    model_words,
    particulars,
    spent_text,
    spent_words,
)
from app.domain.routing.groups import GroupKind
from app.domain.words import counted
from app.ui.widgets.buttons import Button
from app.ui.widgets.card import titled_card
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.fitted_area import FittedArea
from app.ui.widgets.stat_card import StatCard, StatRow
from app.ui.widgets.verdict_rows import VerdictRows

KEPT_BACK = "kept back"


class ReportPage(QWidget):
    """Shows a report; while the voting goes on its count is kept back until asked for.

    Signals:
        wanted(): the reader wants to see the count before the voting has ended.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.good = StatCard("Cheap was good enough")
        self.answered = StatCard("Answered")
        self.spent = StatCard("Spent")
        self.next = StatCard("What is next")
        self.cards = StatRow((self.good, self.answered, self.spent, self.next))
        rows_card, box = titled_card("Where the cheap model is enough")
        self.rows = VerdictRows()
        self.hidden = EmptyState("calibrate", quiet=True)
        self.hidden.chosen.connect(self.wanted)
        # Not a stack: that would ask for the height of the one that is not shown, too.
        for part in (self.rows, self.hidden):
            box.addWidget(part, 1)
        self.meaning_card, meaning = titled_card("What this means for your next hundred prompts")
        self.meaning = _words("")
        self.caveats = _words("faint")
        self.reading = _words("faint")
        self.reading.hide()
        self.how = Button("How to read this", "link")
        self.how.setCheckable(True)
        self.how.toggled.connect(self.reading.setVisible)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.caveats, 1)
        foot.addWidget(self.how, 0, Qt.AlignmentFlag.AlignTop)
        meaning.addWidget(self.meaning)
        meaning.addLayout(foot)
        meaning.addWidget(self.reading)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.cards)
        column.addWidget(rows_card, 1)
        column.addWidget(self.meaning_card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FittedArea(inner))

    def show_report(self, report: CalibrationReport, *, told: bool) -> None:
        """Show a report; with `told` False nothing of how the models did."""
        self.answered.show_figure(f"{report.answered:,} of {report.size:,}", answered_words(report))
        self.spent.show_figure(spent_text(report.spent), spent_words(report))
        self._show_next(report)
        self.rows.setVisible(told)
        self.hidden.setVisible(not told)
        self.meaning_card.setVisible(told)
        if not told:
            self._keep_back(report)
            return
        row = report.overall
        self.good.show_figure(
            f"{row.good:,} of {row.total:,}", f"{likely_words(row)} of prompts like these"
        )
        by_kind = [
            (title, [item for item in report.rows if item.kind is kind])
            for title, kind in (("", GroupKind.TASK), ("By tag", GroupKind.TAG))
        ]
        self.rows.show_rows(by_kind)
        self.meaning.setText(" ".join(hundred_sentences(report)))
        self.caveats.setText(" ".join(particulars(report)))
        named = f"Cheap: {model_words(report.cheap)}. Frontier: {model_words(report.frontier)}."
        self.reading.setText("\n\n".join((named, *how_to_read(report))))

    def _keep_back(self, report: CalibrationReport) -> None:
        self.good.show_figure(KEPT_BACK, "until the voting ends, or you ask for it")
        voted = counted(report.voted, "vote")
        self.hidden.say(
            "Your votes are not counted out yet" if report.voted else "Ready for your votes",
            (
                f"{voted} cast. What they say by model is kept back so that it cannot sway the "
                "next one. You can look now; the report will say that you did."
                if report.voted
                else "Two answers at a time, by the keys 1 to 4, in an order drawn by lot. Which "
                "model wrote which stays hidden to the end. You can stop and go on at any time."
            ),
            "Show the count so far" if report.voted else "",
        )

    def _show_next(self, report: CalibrationReport) -> None:
        if report.state is RunState.DONE:
            self.next.show_figure("done", "the voting has ended")
        elif report.waiting:
            self.next.show_figure(
                counted(report.waiting, "vote"),
                f"about {counted(report.minutes_left, 'minute')}",
            )
        else:
            self.next.show_figure("the report", "everything that can be voted on has its vote")


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
