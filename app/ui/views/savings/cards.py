"""The figures at the top of Savings, each with what it rests on."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.routing.counts import interval
from app.domain.savings.sentences import amount_text
from app.domain.savings.values import Savings
from app.domain.words import counted, interval_text, seconds_text, share_text
from app.ui.widgets.stat_card import StatCard, StatRow

NOTHING = "—"


class SavingsCards(StatRow):
    """Saved, sent to cheap, found not good enough, typical wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.saved = StatCard("Saved, net of comparing")
        self.to_cheap = StatCard("Sent to cheap")
        self.wanting = StatCard("Routed, found not good enough")
        self.wait = StatCard("Typical wait")
        super().__init__((self.saved, self.to_cheap, self.wanting, self.wait), parent)

    def show_report(self, report: Savings) -> None:
        """Show a report's figures; what cannot be said yet says what it waits for."""
        self._show_saved(report)
        self._show_share(report)
        self._show_verdicts(report)
        waits = report.waits
        basis = "not measured yet"
        if waits.typical_ms is not None and waits.routed_ms is None:
            basis = "until both answers are there"
        elif waits.typical_ms is not None:
            basis = "for one routed answer"
        if waits.frontier_ms is not None:
            basis += f" · frontier alone: {seconds_text(waits.frontier_ms)}"
        figure = NOTHING if waits.typical_ms is None else seconds_text(waits.typical_ms)
        self.wait.show_figure(figure, basis)

    def _show_saved(self, report: Savings) -> None:
        part, shown = report.main, report.main.shown
        if report.practice:
            basis = f"{counted(report.turns, 'prompt')}, answered on this computer"
            self.saved.show_figure("$0.00", basis, "Cost of practising")
            return
        name = "Saved, net of comparing"
        if not part.turns:
            self.saved.show_figure(NOTHING, "no prompt with a known price yet", name)
            return
        # By the exact sums: an estimate that rounds to nothing is still one.
        exact = part.exact
        basis = (
            f"{amount_text(part, shown.frontier, approximate=exact.frontier_estimated)} "
            "all frontier − "
            f"{amount_text(part, shown.paid, approximate=bool(exact.paid_estimated))} paid"
        )
        figure = amount_text(part, shown.saved, approximate=exact.approximate)
        self.saved.show_figure(figure, basis, name)

    def _show_share(self, report: Savings) -> None:
        share = report.share_to_cheap
        if share is None:
            self.to_cheap.show_figure(NOTHING, "your rule has not sent a prompt yet")
            return
        prompts = counted(report.decided, "auto-routed prompt")
        self.to_cheap.show_figure(share_text(share), f"{report.to_cheap:,} of {prompts}")

    def _show_verdicts(self, report: Savings) -> None:
        if not report.judged:
            self.wanting.show_figure(NOTHING, "rate a routed answer, and it is counted here")
            return
        low, high = interval(report.not_good_enough, report.judged)
        self.wanting.show_figure(
            share_text(report.not_good_enough / report.judged),
            f"{report.not_good_enough:,} of {report.judged:,} you rated · "
            f"{interval_text(low, high)}",
        )
