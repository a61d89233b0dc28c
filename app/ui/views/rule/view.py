"""My rule: what was learned, what it promises, what it rests on, and what the user tells it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.routing.overview import RuleOverview
from app.domain.routing.pins import Pin
from app.domain.routing.standing import Standing, standing
from app.domain.words import counted
from app.services.container import Services
from app.services.replay import Replayed
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.rule.known import Known, read
from app.ui.views.rule.page import RulePage
from app.ui.views.view import View
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from app.ui.views.rule.desk import SpotCheckDesk

_GAP = 12
_CHIPS_BESIDE_PX = 1080
_WORLDS = [("real", "Real"), ("practice", "Practice")]
PRACTICE = "practice pair: for learning the program"


class RuleView(View):
    """One pair's rule; each pair has its own, and the practice pair's teaches nothing real."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._practice: bool | None = None
        self._asked = 0
        self._known: Known | None = None
        self._desk: SpotCheckDesk | None = None
        self.page = RulePage(self)
        self._connect()
        shown = QWidget(self)
        column = QVBoxLayout(shown)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(_GAP)
        column.addLayout(self._build_header())
        column.addWidget(self.page, 1)
        self.page.hide()  # until something is known, nothing is claimed
        self.stack = QStackedWidget(self)
        self.stack.addWidget(shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _build_header(self) -> QGridLayout:
        title = QLabel("My rule", self)
        title.setProperty("role", "page")
        chips = self._chips = QWidget(self)
        flow = FlowRow(chips, spacing=_GAP)
        self.pair_badge, self.votes_badge, self.holds_badge = (
            Badge("", "neutral", chips, chip=True) for _ in range(3)
        )
        for chip in (self.pair_badge, self.votes_badge, self.holds_badge):
            chip.hide()
            flow.addWidget(chip)
        self.world = SegmentedControl(_WORLDS, self)
        self.world.setAccessibleName("Real or practice")
        self.world.chosen.connect(self._choose_world)
        self.world.hide()
        self._header = QGridLayout()
        self._header.setSpacing(_GAP)
        self._header.setColumnStretch(1, 1)
        self._header.addWidget(title, 0, 0)
        self.replay = Button("Replay on my history", parent=self)
        self.replay.clicked.connect(self._replay)
        self.replay.hide()
        self._header.addWidget(self.world, 0, 3, Qt.AlignmentFlag.AlignVCenter)
        self._header.addWidget(self.replay, 0, 4, Qt.AlignmentFlag.AlignVCenter)
        self._arrange()
        return self._header

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the chips under the title where they would not fit beside it."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._header.removeWidget(self._chips)
        if self.width() < current().px(_CHIPS_BESIDE_PX):
            self._header.addWidget(self._chips, 1, 0, 1, 5)
        else:
            self._header.addWidget(self._chips, 0, 1)

    def _connect(self) -> None:
        page = self.page
        page.progress.acted.connect(self.go_to)
        page.progress.routing_wanted.connect(self._switch_on)
        page.progress.offered_from.connect(self._offer_from)
        page.limit.limit_chosen.connect(self._set_limit)
        page.limit.confidence_chosen.connect(self._set_confidence)
        page.until_enough.chosen.connect(self._prefer)
        page.pins.pin_wanted.connect(self._add_pin)
        page.pins.pin_unwanted.connect(self._remove_pin)
        page.checks.chance_chosen.connect(self._set_chance)
        page.checks.desk_wanted.connect(self._open_desk)
        page.replay.closed.connect(self._shut_replay)

    # What is shown

    def entered(self) -> None:
        """Read the rule anew: votes may have been cast since."""
        self._asked += 1
        asked, practice = self._asked, self._practice

        def arrived(known: Known) -> None:
            if asked == self._asked:
                self._show(known)

        self.bridge.run(
            lambda services: read(services, practice=practice), arrived, self.went_wrong.emit
        )

    def _show(self, known: Known) -> None:
        overview, pair = known.overview, known.pair
        before, self._known = self._known, known
        if before is None or before.overview.rule_version != overview.rule_version:
            self.page.replay.hide()  # it told of another rule
        self.world.setVisible(known.real_pair)
        self.world.choose("practice" if pair.practice else "real")
        named = PRACTICE if pair.practice else f"{pair.cheap.name} and {pair.frontier.name}"
        self._chip(self.pair_badge, named, "accent" if pair.practice else "neutral")
        self._chip(self.votes_badge, votes_words(overview))
        self._chip(self.holds_badge, *holds_words(overview))
        self.replay.setVisible(overview.learned)
        self.page.show_known(known)
        self.page.show()

    @staticmethod
    def _chip(chip: Badge, text: str, kind: str = "neutral") -> None:
        chip.setText(text)
        chip.setProperty("badge", kind)
        chip.style().unpolish(chip)
        chip.style().polish(chip)
        chip.setVisible(bool(text))

    # What the user changes

    def _change(self, work: Callable[[Services], Awaitable[object]]) -> None:
        """Do something and show the rule as it is then."""

        def changed(_nothing: object) -> None:
            self.entered()

        self.bridge.save(work, changed, self.went_wrong.emit)

    @Slot(str)
    def _choose_world(self, world: str) -> None:
        practice = world == "practice"
        self.page.replay.hide()
        if practice != bool(self._practice):
            self._practice = practice
            self.entered()

    @Slot(float)
    def _set_limit(self, limit: float) -> None:
        self._change(lambda services: services.rules.set_limit(limit))

    @Slot(float)
    def _set_confidence(self, confidence: float) -> None:
        self._change(lambda services: services.rules.set_confidence(confidence))

    @Slot(int)
    def _offer_from(self, votes: int) -> None:
        self._change(lambda services: services.rules.set_votes_needed(votes))

    @Slot(float)
    def _set_chance(self, chance: float) -> None:
        self._change(lambda services: services.rules.set_spot_check_chance(chance))

    @Slot(str)
    def _prefer(self, until_enough: str) -> None:
        async def keep(services: Services) -> None:
            await services.preferences.change(lambda now: replace(now, until_enough=until_enough))

        self.bridge.save(keep, None, self.went_wrong.emit)

    @Slot()
    def _switch_on(self) -> None:
        """Switch auto-route on: until there are enough votes it asks for them."""

        async def keep(services: Services) -> None:
            await services.preferences.change(lambda now: replace(now, auto_route=True))

        def kept(_nothing: None) -> None:
            self.go_to.emit("compare")

        self.bridge.save(keep, kept, self.went_wrong.emit)

    @Slot(str)
    def _add_pin(self, words: str) -> None:
        async def add(services: Services) -> tuple[Pin, ...]:
            await services.pins.add(words)
            return await services.pins.all()

        self.bridge.save(add, self.page.pins.added, self.page.pins.refuse)

    @Slot(object)
    def _remove_pin(self, pin: Pin) -> None:
        async def remove(services: Services) -> tuple[Pin, ...]:
            await services.pins.remove(pin)
            return await services.pins.all()

        def removed(pins: tuple[Pin, ...]) -> None:
            self.page.pins.removed(pin, pins)

        def failed(problem: Problem) -> None:
            self.entered()
            self.went_wrong.emit(problem)

        self.bridge.save(remove, removed, failed)

    # Replay on my history

    @Slot()
    def _replay(self) -> None:
        known = self._known
        if known is None:
            return
        card, pair = self.page.replay, known.pair
        card.show_working()
        self.page.ensureWidgetVisible(card)
        self.replay.setEnabled(False)

        def found(replayed: Replayed) -> None:
            self.replay.setEnabled(True)
            if self._known is not None and self._known.pair.key == pair.key:
                card.show_replay(replayed)
                card.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

        def failed(problem: Problem) -> None:
            self.replay.setEnabled(True)
            card.show_problem(problem)

        self.bridge.run(lambda services: services.replays.replay(pair), found, failed)

    @Slot()
    def _shut_replay(self) -> None:
        self.page.replay.hide()
        self.replay.setFocus(Qt.FocusReason.OtherFocusReason)

    # The voting desk

    @property
    def desk(self) -> SpotCheckDesk:
        """Return the voting desk, made when it is first needed."""
        if self._desk is None:
            from app.ui.views.rule.desk import SpotCheckDesk

            self._desk = SpotCheckDesk(self.bridge, self)
            self._desk.left.connect(self._leave_desk)
            self._desk.turn_wanted.connect(self.turn_wanted)
            self._desk.went_wrong.connect(self.went_wrong)
            self.stack.addWidget(self._desk)
        return self._desk

    @Slot()
    def _open_desk(self) -> None:
        known = self._known
        if known is not None and known.waiting:
            self.stack.setCurrentWidget(self.desk)
            self.desk.start(known.waiting)

    @Slot()
    def _leave_desk(self) -> None:
        self.stack.setCurrentIndex(0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.entered()


def votes_words(overview: RuleOverview) -> str:
    """Return from how many votes it learned, and how many of them it asked for itself."""
    if not overview.votes_used:
        return "no votes yet"
    votes = counted(overview.votes_used, "vote")
    if standing(overview) in (Standing.WITHDRAWN, Standing.PAIR_CHANGED):
        return f"{votes}, {overview.calibrating:,} of them for a new promise"
    said = f"{overview.calibrating:,} of them asked for at random"
    return f"learned from {votes}, {said}" if overview.learned else f"{votes}, {said}"


def holds_words(overview: RuleOverview) -> tuple[str, str]:
    """Return where the promise stands, as the words and the kind of a chip."""
    where = standing(overview)
    kind = {Standing.HOLDS: "cheap", Standing.WITHDRAWN: "bad"}.get(where, "warning")
    return where.in_words(overview.promise.confidence), kind
