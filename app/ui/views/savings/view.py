"""Savings: what was paid, what the frontier alone would have cost, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.savings.sentences import headline, notes
from app.ui.bridge import Bridge
from app.ui.models.savings_table import Grouping
from app.ui.theme import current
from app.ui.views.savings.cards import SavingsCards
from app.ui.views.savings.report import SavingsPage, SavingsScope, bar_name, load
from app.ui.views.view import View
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.savings_table import SavingsTable
from app.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from app.ui.widgets.charts.cumulative import CumulativeChart
    from app.ui.widgets.charts.shares import ShareBars

PERIODS: tuple[tuple[str, int | None], ...] = (
    ("Last 12 months", 12),
    ("This month", 1),
    ("All", None),
)
_WORLDS = [("real", "Real"), ("practice", "Practice")]
_GROUPINGS = [(item.value, f"By {item.value}") for item in Grouping]
PRACTICE_LABEL = "Practice: everything here cost $0.00"
_GAP = 12
_SIDE_BY_SIDE_PX = 1080


class SavingsView(View):
    """One report, told three times: as figures, as a chart, as a table that adds up."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._scope = SavingsScope()
        self._page: SavingsPage | None = None
        self._asked = 0
        self._chart: CumulativeChart | None = None
        self._bars: ShareBars | None = None
        self._build_header()
        self._empty = EmptyState("savings")
        self._empty.chosen.connect(self._leave_empty)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._build_page())
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(_GAP)
        layout.addLayout(self._header)
        layout.addWidget(self._stack, 1)
        self._stack.hide()  # until something is known, nothing is claimed

    def _build_header(self) -> None:
        title = QLabel("Savings", self)
        title.setProperty("role", "page")
        self.world = SegmentedControl(_WORLDS, self)
        self.world.setAccessibleName("Real or practice")
        self.world.chosen.connect(self._choose_world)
        self.world.hide()
        self.practice_label = QLabel(PRACTICE_LABEL, self)
        self.practice_label.setProperty("badge", "accent")
        self.practice_label.hide()
        self.period = QComboBox(self)
        self.period.setAccessibleName("Period")
        for name, months in PERIODS:
            self.period.addItem(name, months)
        self.period.activated.connect(self._choose_scope)
        self.matter = QComboBox(self)
        self.matter.setAccessibleName("Matter")
        self.matter.addItem("All matters", None)
        self.matter.activated.connect(self._choose_scope)
        self._header = QHBoxLayout()
        self._header.setSpacing(_GAP)
        for widget in (title, self.world, self.practice_label):
            self._header.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._header.addStretch(1)
        self._header.addWidget(self.period)
        self._header.addWidget(self.matter)

    def _build_page(self) -> QWidget:
        self.cards = SavingsCards()
        self.sentence = QLabel()
        self.sentence.setProperty("role", "title")
        self.sentence.setWordWrap(True)
        self._chart_card, self._chart_box = _card(self.sentence)
        self._bars_card, self._bars_box = _card(
            _title("How often the cheap answer was good enough for you")
        )
        self.no_bars = QLabel()
        self.no_bars.setProperty("role", "muted")
        self.no_bars.setWordWrap(True)
        self.no_bars.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._bars_box.addWidget(self.no_bars, 1)
        self.grouping = SegmentedControl(_GROUPINGS)
        self.grouping.setAccessibleName("Rows of the table")
        self.grouping.chosen.connect(self._group)
        self.table = SavingsTable()
        self.notes = QLabel()
        self.notes.setProperty("role", "faint")
        self.notes.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._table_card, box = _card(self.grouping)
        box.setAlignment(self.grouping, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self.table, 1)
        box.addWidget(self.notes)
        self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lower.setSpacing(_GAP)
        self._lower.addWidget(self._bars_card, 11)
        self._lower.addWidget(self._table_card, 9)
        page = QWidget()
        page.setProperty("page", "true")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self.cards)
        layout.addWidget(self._chart_card, 1)
        layout.addLayout(self._lower, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        return scroll

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put bars and table under each other where the table's names would be cut."""
        super().resizeEvent(event)
        narrow = self.width() < current().px(_SIDE_BY_SIDE_PX)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._lower.setDirection(down if narrow else across)

    def entered(self) -> None:
        """Compute the report anew: prompts may have been asked since."""
        self._asked += 1
        asked, scope = self._asked, self._scope

        def arrived(page: SavingsPage) -> None:
            # A slower, older answer must not replace a newer one.
            if asked == self._asked:
                self.show_page(page)

        self.bridge.run(lambda services: load(services, scope), arrived, self.went_wrong.emit)

    def show_page(self, page: SavingsPage) -> None:
        """Show a report; all figures on the page come from it."""
        self._page = page
        self._scope = page.scope
        practice = bool(page.scope.practice)
        self.world.setVisible(page.both_worlds)
        self.world.choose("practice" if practice else "real")
        self.practice_label.setVisible(practice)
        self._offer_matters(page)
        self._stack.show()
        if not page.report.turns:
            self._show_empty(page)
            return
        self._stack.setCurrentIndex(0)
        self.cards.show_report(page.report)
        self.sentence.setText(headline(page.report))
        self._show_chart(page)
        self._show_bars(page)
        self._group(self.grouping.choice())
        self.notes.setText(" ".join(notes(page.report)))
        self.notes.setVisible(bool(self.notes.text()))

    def _show_empty(self, page: SavingsPage) -> None:
        self._stack.setCurrentIndex(1)
        if page.asked_ever:
            self._empty.say(
                "No prompts in this selection",
                "Nothing was asked in this period and matter.",
                "Show everything",
            )
            return
        self._empty.say(
            "Nothing to add up yet",
            "Each prompt is counted here: what you paid, what asking the frontier model every time "
            "would have cost, and what comparing took. What was measured and what is estimated "
            "stay apart. Ask one prompt, and the first figures appear.",
            "Compare a prompt",
        )

    @Slot()
    def _leave_empty(self) -> None:
        if self._page is None or not self._page.asked_ever:
            self.go_to.emit("compare")
            return
        self.period.setCurrentIndex(self.period.findData(None))
        self.matter.setCurrentIndex(0)
        self._choose_scope()

    def _show_chart(self, page: SavingsPage) -> None:
        from app.ui.widgets.charts.cumulative import Cumulative, CumulativeChart

        part = page.report.main
        drawn = bool(part.series) and not page.report.practice
        if drawn and self._chart is None:
            self._chart = CumulativeChart()
            self._chart_box.addWidget(self._chart, 1)
        vertical = QSizePolicy.Policy.Preferred if drawn else QSizePolicy.Policy.Maximum
        self._chart_card.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        if self._chart is None:
            return
        self._chart.setVisible(drawn)
        shown = Cumulative(
            part.series, part.currency, bool(part.shown.instead),
            page.report.first_decided,
        )  # fmt: skip
        self._chart.show_savings(shown, headline(page.report))

    def _show_bars(self, page: SavingsPage) -> None:
        from app.ui.widgets.charts.shares import Share, ShareBars

        self.no_bars.setVisible(not page.groups)
        if not page.groups:
            self.no_bars.setText(
                "No comparison was voted on yet. Each vote adds to a bar here, with the span in "
                "which the true share likely lies."
                if page.pair_known
                else "Votes belong to the pair of models they were cast on. Choose your pair in "
                "Settings to see its votes here."
            )
            if self._bars is not None:
                self._bars.hide()
            return
        if self._bars is None:
            self._bars = ShareBars()
            self._bars_box.addWidget(self._bars, 1)
        self._bars.show()
        groups = [(bar_name(item), item.group) for item in page.groups]
        shares = tuple(
            Share(name, group.good, group.total, group.tally.low, group.tally.high)
            for name, group in groups
        )
        self._bars.show_shares(shares, "how often the cheap answer was good enough for you")

    @Slot(str)
    def _group(self, name: str) -> None:
        if self._page is not None:
            self.table.show_report(self._page.report.main, Grouping(name))

    def _offer_matters(self, page: SavingsPage) -> None:
        self.matter.clear()
        self.matter.addItem("All matters", None)
        for name in page.matters:
            self.matter.addItem(name, name)
        self.matter.setCurrentIndex(max(0, self.matter.findData(page.scope.matter)))

    @Slot(str)
    def _choose_world(self, world: str) -> None:
        practice = world == "practice"
        if practice != self._scope.practice:
            self._scope = SavingsScope(practice, self._scope.months, self._scope.matter)
            self.entered()

    @Slot()
    def _choose_scope(self) -> None:
        self._scope = SavingsScope(
            self._scope.practice, self.period.currentData(), self.matter.currentData()
        )
        self.entered()


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    label.setWordWrap(True)
    return label


def _card(head: QWidget) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("card", "true")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(8)
    layout.addWidget(head, 0, Qt.AlignmentFlag.AlignTop)
    return card, layout
