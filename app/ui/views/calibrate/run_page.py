"""A run while it is asked: how many, what was spent, what stands in its way, prompt by prompt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.report import spent
from app.domain.calibration.run import PauseReason, Run, RunState
from app.domain.calibration.sentences import spent_text
from app.domain.words import counted, money_text
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.notice_bar import NoticeBar
from app.ui.widgets.stat_card import StatCard, StatRow

_BAR_PX = 6
_HEADLINES = {
    PauseReason.USER: "Paused.",
    PauseReason.LIMIT: "Stopped before the limit.",
    PauseReason.PROBLEM: "Stopped: something needs you.",
    PauseReason.APP_ENDED: "Paused: Counterpart was closed.",
}
_BADGES = {
    ItemState.WAITING: "neutral",
    ItemState.ASKING: "accent",
    ItemState.ANSWERED: "cheap",
    ItemState.VOTED: "cheap",
    ItemState.INCOMPLETE: "warning",
    ItemState.DELETED: "neutral",
}


class RunPage(QWidget):
    """Shows a run that is drafted, running or paused. Nothing here tells the models apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = NoticeBar(self)
        self.answered = StatCard("Answered")
        self.spent = StatCard("Spent")
        self.state = StatCard("Now")
        self.cards = StatRow((self.answered, self.spent, self.state))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        card = QFrame(self)
        card.setProperty("card", "true")
        title = QLabel("The list, as it was fixed", card)
        title.setProperty("role", "title")
        self.about = QLabel(card)
        self.about.setProperty("role", "faint")
        self.rows = QScrollArea(card)
        self.rows.setWidgetResizable(True)
        self.rows.setFrameShape(QFrame.Shape.NoFrame)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setAccessibleName("Prompts of the run")
        box = QVBoxLayout(card)
        box.setContentsMargins(16, 12, 10, 12)
        box.setSpacing(6)
        box.addWidget(title)
        box.addWidget(self.about)
        box.addWidget(self.rows, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.notice)
        layout.addWidget(self.cards)
        layout.addWidget(self.bar)
        layout.addWidget(card, 1)
        self._badges: dict[int, QLabel] = {}
        self._shown = 0

    def show_run(self, run: Run, *, elsewhere: bool = False) -> None:
        """Show how far a run is; `elsewhere` when another window is asking for it."""
        self._show_notice(run)
        size = len(run.items)
        settled = sum(item.settled for item in run.items)
        incomplete = sum(item.state is ItemState.INCOMPLETE for item in run.items)
        basis = "both models · nothing failed"
        if incomplete:
            basis = f"{incomplete:,} without two whole answers" + (
                ", asked once more at the end" if run.retryable else ""
            )
        self.answered.show_figure(f"{run.answered:,} of {size:,}", basis)
        limit = f"limit {money_text(run.limit)}" if run.limit else "both models are free"
        self.spent.show_figure(spent_text(spent(run.items)), limit)
        self._show_state(run, elsewhere=elsewhere)
        self.bar.setRange(0, size)
        self.bar.setValue(settled)
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.setAccessibleName(f"{settled:,} of {counted(size, 'prompt')} asked")
        self.about.setText(f"Fingerprint {run.digest[:16]} · asked in an order drawn by lot")
        self._show_items(run)

    def _show_notice(self, run: Run) -> None:
        if run.state is not RunState.PAUSED or run.pause is None:
            self.notice.hide()
            return
        icon = "info" if run.pause.reason is PauseReason.USER else "warning"
        self.notice.show_notice(_HEADLINES[run.pause.reason], run.pause.detail, icon=icon)

    def _show_state(self, run: Run, *, elsewhere: bool) -> None:
        asking = sum(item.state is ItemState.ASKING for item in run.items)
        if run.state is RunState.RUNNING:
            figure = "in another window" if elsewhere else f"asking {asking:,}"
            self.state.show_figure(figure, "you can go on working; this goes on by itself")
        elif run.to_vote:
            told = f"{counted(len(run.to_vote), 'prompt')} can be voted on already"
            self.state.show_figure("paused", told)
        else:
            self.state.show_figure(run.state.in_words(), "nothing is being asked")

    def _show_items(self, run: Run) -> None:
        if self._shown != run.id or len(self._badges) != len(run.items):
            self._make_rows(run)
        for item in run.items:
            self._dress(self._badges[item.place], item)

    def _make_rows(self, run: Run) -> None:
        page = QWidget()
        page.setProperty("page", "true")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._badges.clear()
        for line, item in enumerate(run.items):
            number = QLabel(f"{item.place}")
            number.setProperty("role", "faint")
            prompt = ElidedLabel(item.prompt.text[:300] or "deleted")
            matter = ElidedLabel(item.prompt.matter)
            matter.setProperty("role", "muted")
            matter.setMaximumWidth(current().px(220))
            badge = QLabel()
            badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._badges[item.place] = badge
            for column, widget in enumerate((number, prompt, matter, badge)):
                grid.addWidget(widget, line, column)
        grid.setRowStretch(len(run.items), 1)
        self.rows.setWidget(page)
        self._shown = run.id

    @staticmethod
    def _dress(badge: QLabel, item: Item) -> None:
        text, kind = item.state.in_words(), _BADGES[item.state]
        if badge.text() != text:
            badge.setText(text)
            badge.setProperty("badge", kind)
            badge.style().unpolish(badge)
            badge.style().polish(badge)
