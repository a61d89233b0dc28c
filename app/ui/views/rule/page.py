"""The page of My rule: its cards in their places, for as much as is known. It shows; others act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.routing.overview import RuleOverview
from app.ui.theme import current
from app.ui.views.rule.cards import StandingStrip, UntilEnoughCard, VotesCard
from app.ui.views.rule.checks import SpotCheckCard
from app.ui.views.rule.known import Known
from app.ui.views.rule.limit import LimitCard
from app.ui.views.rule.pins import PinsCard
from app.ui.views.rule.progress import ProgressCard
from app.ui.views.rule.replay import ReplayCard
from app.ui.widgets.card import titled_card
from app.ui.widgets.labels import Label
from app.ui.widgets.learned_list import LearnedList

if TYPE_CHECKING:
    from app.ui.widgets.charts.agreement import AgreementChart
    from app.ui.widgets.charts.trade_off import TradeOffChart

_GAP = 12
_TWO_CHARTS_PX = 700
_SIDE_BY_SIDE_PX = 1080  # narrower, the list of what was learned would be cut


class RulePage(QScrollArea):
    """Everything below the header; what cannot be said yet is not there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # What has the focus is always scrolled into sight; the page itself would show no ring.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.charts: tuple[TradeOffChart, AgreementChart] | None = None
        self.notice = StandingStrip()
        self.progress = ProgressCard()
        self.limit = LimitCard()
        self.replay = ReplayCard()
        self.learned = LearnedList()
        self.pins = PinsCard()
        self.checks = SpotCheckCard()
        self.votes = VotesCard()
        self.until_enough = UntilEnoughCard()
        self._learned_card = self._build_learned()
        self._chart_row = self._build_charts()
        self._lay_out()

    def _build_charts(self) -> QWidget:
        curve_card, self._curve_box = titled_card("What you give up for what you save")
        dots_card, self._dots_box = titled_card("Does the rule know you?")
        for box, text in (
            (self._curve_box, "share of prompts sent to the cheap model"),
            (self._dots_box, "what the rule predicted (dots: how often it came true)"),
        ):
            box.addWidget(Label(text, "faint", wrap=True))
        row = QWidget()
        self._two = QBoxLayout(QBoxLayout.Direction.LeftToRight, row)
        self._two.setContentsMargins(0, 0, 0, 0)
        self._two.setSpacing(_GAP)
        self._two.addWidget(curve_card, 1)
        self._two.addWidget(dots_card, 1)
        return row

    def _build_learned(self) -> QFrame:
        card, box = titled_card("What it learned")
        hint = QLabel("How often the cheap answer was good enough, by your own votes.")
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        box.addWidget(hint)
        box.addWidget(self.learned, 1)
        self.learned.setMinimumHeight(150)
        return card

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("page", "true")
        self._side = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._side.setSpacing(_GAP)
        for card in (self.pins, self.checks):
            self._side.addWidget(card)
        self._side.addStretch(0)
        self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lower.setSpacing(_GAP)
        self._lower.addWidget(self._learned_card, 3)
        self._lower.addLayout(self._side, 2)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(_GAP)
        self._foot.addWidget(self.votes, 3)
        self._foot.addWidget(self.until_enough, 2)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        self._column.addWidget(self.notice)
        self._column.addWidget(self.progress)
        self._column.addWidget(self.limit)
        self._column.addWidget(self.replay)
        self._column.addWidget(self._chart_row, 6)
        self._column.addLayout(self._lower, 5)
        self._column.addLayout(self._foot)
        self._column.addStretch(0)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what stands side by side under each other where both would be cut."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        narrow = self.width() < current().px(_SIDE_BY_SIDE_PX)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        for row in (self._lower, self._foot):
            row.setDirection(down if narrow else across)
        one_chart = self.width() < current().px(_TWO_CHARTS_PX)
        self._two.setDirection(down if one_chart else across)
        # Beside nothing learned, what the user tells the rule has the whole width.
        alone = self._learned_card.isHidden() and not narrow
        self._side.setDirection(across if alone else down)
        for place in range(2):
            self._side.setStretch(place, int(alone))
        self._side.setStretch(2, int(not alone))
        self._column.setStretchFactor(self._lower, 0 if self._learned_card.isHidden() else 5)
        self._column.setStretch(self._column.count() - 1, int(self._learned_card.isHidden()))

    def show_known(self, known: Known) -> None:
        """Show one pair's rule and what the user told it."""
        overview = known.overview
        self.notice.show_overview(overview)
        self.progress.setVisible(not overview.learned)
        self.progress.show_overview(overview)
        self.limit.show_overview(overview)
        self.votes.show_overview(overview)
        self.learned.show_groups(overview.groups)
        self._learned_card.setVisible(bool(overview.groups))
        self.votes.setVisible(bool(overview.votes_used or overview.left_out))
        self.until_enough.show_preference(known.until_enough)
        self.pins.offer(known.matters, known.tags)
        self.pins.show_pins(known.pins)
        self.checks.show_checks(known.check_chance, len(known.waiting))
        self._show_charts(overview)
        self._arrange()

    def _show_charts(self, overview: RuleOverview) -> None:
        drawn = bool(overview.learned and overview.curve)
        self._chart_row.setVisible(drawn)
        if not drawn:
            return
        if self.charts is None:
            from app.ui.widgets.charts.agreement import AgreementChart
            from app.ui.widgets.charts.trade_off import TradeOffChart

            self.charts = TradeOffChart(), AgreementChart()
            self._curve_box.insertWidget(1, self.charts[0], 1)
            self._dots_box.insertWidget(1, self.charts[1], 1)
        curve, dots = self.charts
        curve.show_curve(overview.curve, overview.promise)
        dots.show_points(overview.calibration)
