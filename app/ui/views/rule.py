"""My rule: what was learned, what it promises, what it rests on, and what is missing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.model import Pair
from app.domain.routing.overview import RuleOverview
from app.domain.words import counted, share_text
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.rule_cards import (
    LimitCard,
    ProgressCard,
    UntilEnoughCard,
    VotesCard,
    titled_card,
)
from app.ui.views.view import View
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.learned_list import LearnedList
from app.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from app.ui.widgets.charts.agreement import AgreementChart
    from app.ui.widgets.charts.trade_off import TradeOffChart

_GAP = 12
_SIDE_BY_SIDE_PX = 1080  # narrower, the list of what was learned would be cut
_WORLDS = [("real", "Real"), ("practice", "Practice")]
PRACTICE = "practice pair: for learning the program"


@dataclass(frozen=True, slots=True)
class _Known:
    overview: RuleOverview
    pair: Pair
    real_pair: bool  # the pair in use is a real one, so there are two worlds to look at
    until_enough: str


async def _read(services: Services, *, practice: bool | None) -> _Known:
    await asyncio.to_thread(import_module, "pyqtgraph")
    in_use = await services.models.pair()
    pair = in_use
    if practice and not in_use.practice:
        pair = services.models.practice_pair()
    overview = await services.rules.overview(pair)
    preferences = await services.preferences.load()
    return _Known(overview, pair, not in_use.practice, preferences.until_enough)


class RuleView(View):
    """One pair's rule; each pair has its own, and the practice pair's teaches nothing real."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._practice: bool | None = None
        self._asked = 0
        self._charts: tuple[TradeOffChart, AgreementChart] | None = None
        self._build_header()
        self.limit = LimitCard()
        self.limit.limit_chosen.connect(self._set_limit)
        self.progress = ProgressCard()
        self.votes = VotesCard()
        self.until_enough = UntilEnoughCard()
        self.until_enough.chosen.connect(self._prefer)
        self.learned = LearnedList()
        self.promise = QLabel()
        self.promise.setWordWrap(True)
        self.promise.setProperty("role", "muted")
        self.empty = EmptyState("rule")
        self.empty.chosen.connect(self._compare)
        self._build()

    def _build_header(self) -> None:
        title = QLabel("My rule", self)
        title.setProperty("role", "page")
        self.pair_badge = QLabel(self)
        self.votes_badge = QLabel(self)
        self.holds_badge = QLabel(self)
        for badge in (self.pair_badge, self.votes_badge, self.holds_badge):
            badge.setProperty("badge", "neutral")
            badge.setProperty("chip", "true")
            badge.hide()
        self.world = SegmentedControl(_WORLDS, self)
        self.world.setAccessibleName("Real or practice")
        self.world.chosen.connect(self._choose_world)
        self.world.hide()
        badges = QWidget(self)
        flow = FlowRow(badges, spacing=_GAP)
        for badge in (self.pair_badge, self.votes_badge, self.holds_badge):
            flow.addWidget(badge)
        self._header = QHBoxLayout()
        self._header.setSpacing(_GAP)
        self._header.addWidget(title)
        self._header.addWidget(badges, 1)
        self._header.addWidget(self.world, 0, Qt.AlignmentFlag.AlignVCenter)

    def _build(self) -> None:
        curve_card, self._curve_box = titled_card("What you give up for what you save")
        dots_card, self._dots_box = titled_card("Does the rule know you?")
        for box, text in (
            (self._curve_box, "share of prompts sent to the cheap model"),
            (self._dots_box, "what the rule predicted (dots: how often it came true)"),
        ):
            caption = QLabel(text)
            caption.setProperty("role", "faint")
            box.addWidget(caption)
        learned_card, box = titled_card("What it learned")
        self._hint = QLabel("How often the cheap answer was good enough, by your own votes.")
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        box.addWidget(self._hint)
        box.addWidget(self.learned, 1)
        self.learned.setMinimumHeight(150)
        self._chart_row = QWidget()
        charts = QHBoxLayout(self._chart_row)
        charts.setContentsMargins(0, 0, 0, 0)
        charts.setSpacing(_GAP)
        charts.addWidget(curve_card, 1)
        charts.addWidget(dots_card, 1)
        side = QVBoxLayout()
        side.setSpacing(_GAP)
        side.addWidget(self.votes)
        side.addWidget(self.until_enough)
        side.addStretch(1)
        self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lower.setSpacing(_GAP)
        self._lower.addWidget(learned_card, 3)
        self._lower.addLayout(side, 2)
        page = QWidget()
        page.setProperty("page", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.progress)
        column.addWidget(self.limit)
        column.addWidget(self._chart_row, 6)
        column.addWidget(self.promise)
        column.addLayout(self._lower, 5)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(page)
        self.stack = QStackedWidget(self)
        self.stack.addWidget(scroll)
        self.stack.addWidget(self.empty)
        self.stack.hide()  # until something is known, nothing is claimed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(_GAP)
        layout.addLayout(self._header)
        layout.addWidget(self.stack, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what stands side by side under each other where both would be cut."""
        super().resizeEvent(event)
        narrow = self.width() < current().px(_SIDE_BY_SIDE_PX)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._lower.setDirection(down if narrow else across)

    def entered(self) -> None:
        """Read the rule anew: votes may have been cast since."""
        self._asked += 1
        asked, practice = self._asked, self._practice

        def arrived(known: _Known) -> None:
            if asked == self._asked:
                self._show(known)

        self.bridge.run(
            lambda services: _read(services, practice=practice), arrived, self.went_wrong.emit
        )

    def _show(self, known: _Known) -> None:
        overview, pair = known.overview, known.pair
        self.world.setVisible(known.real_pair)
        self.world.choose("practice" if pair.practice else "real")
        named = PRACTICE if pair.practice else f"{pair.cheap.name} and {pair.frontier.name}"
        self._badge(self.pair_badge, named, "accent" if pair.practice else "neutral")
        self._show_votes_badge(overview)
        self._show_holds(overview)
        self.until_enough.show_preference(known.until_enough)
        self.stack.show()
        if not overview.votes_used and not overview.left_out:
            self._show_empty(overview)
            return
        self.stack.setCurrentIndex(0)
        self.progress.setVisible(not overview.learned)
        self.progress.show_overview(overview)
        self.limit.setVisible(overview.learned)
        self.limit.show_limit(overview.promise.limit)
        self.promise.setText(" ".join(overview.sentences))
        self.promise.setVisible(overview.learned)
        self.votes.show_overview(overview)
        self.learned.show_groups(overview.groups)
        self._show_charts(overview)

    def _show_empty(self, overview: RuleOverview) -> None:
        self.stack.setCurrentIndex(1)
        self.empty.say(
            "Your rule has no votes yet",
            f"Compare your own prompts and vote. From about "
            f"{counted(overview.votes_needed, 'blind vote')} the rule can tell which prompts the "
            "cheap model answers well enough for you, says how sure that is, and sends the rest "
            "to the frontier. Until then it sends nothing by itself.",
            "Compare a prompt",
        )

    def _show_votes_badge(self, overview: RuleOverview) -> None:
        if overview.learned:
            said = f"learned from {counted(overview.votes_used, 'vote')}"
            self._badge(self.votes_badge, f"{said}, {overview.calibrating:,} of them blind")
        elif overview.votes_used:
            self._badge(self.votes_badge, counted(overview.votes_used, "vote"))
        else:
            self.votes_badge.hide()

    def _show_holds(self, overview: RuleOverview) -> None:
        if not overview.learned:
            self.holds_badge.hide()
        elif overview.promise.holds:
            sure = share_text(overview.promise.confidence)
            self._badge(self.holds_badge, f"limit holds at {sure} confidence", "cheap")
        else:
            self._badge(self.holds_badge, "nothing goes to cheap yet", "warning")

    @staticmethod
    def _badge(badge: QLabel, text: str, kind: str = "neutral") -> None:
        badge.setText(text)
        badge.setProperty("badge", kind)
        badge.style().unpolish(badge)
        badge.style().polish(badge)
        badge.show()

    def _show_charts(self, overview: RuleOverview) -> None:
        drawn = bool(overview.learned and overview.curve)
        self._chart_row.setVisible(drawn)
        if not drawn:
            return
        if self._charts is None:
            from app.ui.widgets.charts.agreement import AgreementChart
            from app.ui.widgets.charts.trade_off import TradeOffChart

            self._charts = TradeOffChart(), AgreementChart()
            self._curve_box.insertWidget(1, self._charts[0], 1)
            self._dots_box.insertWidget(1, self._charts[1], 1)
        curve, dots = self._charts
        curve.show_curve(overview.curve, overview.promise)
        dots.show_points(overview.calibration)

    @Slot(str)
    def _choose_world(self, world: str) -> None:
        practice = world == "practice"
        if practice != bool(self._practice):
            self._practice = practice
            self.entered()

    @Slot(float)
    def _set_limit(self, limit: float) -> None:
        self.bridge.run(
            lambda services: services.rules.set_limit(limit),
            lambda _nothing: self.entered(),
            self.went_wrong.emit,
        )

    @Slot(str)
    def _prefer(self, until_enough: str) -> None:
        async def keep(services: Services) -> None:
            now = await services.preferences.load()
            await services.preferences.save(replace(now, until_enough=until_enough))

        self.bridge.run(keep, None, self.went_wrong.emit)

    @Slot()
    def _compare(self) -> None:
        self.go_to.emit("compare")
