"""From choosing one's own prompts to the fixed list: chosen, reviewed, fixed, begun."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from app.domain.calibration.run import Run
from app.domain.errors import Problem
from app.domain.money import Money
from app.domain.words import counted
from app.services.calibrate_review import Review
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.models.moments import local_now, month_text
from app.ui.views.calibrate.choose import ChoosePage
from app.ui.views.calibrate.following import FollowedRuns
from app.ui.views.calibrate.header import CalibrateHeader, Offer
from app.ui.views.calibrate.review import ReviewPage

_CHOOSE = "choose 20 to 60 of your own prompts"


class Listing(QObject):
    """Makes a new list on two pages of the stack, until it is fixed or dropped.

    Signals:
        fixed(str): a run of that name is fixed and begun.
        dropped(): the user goes back to the runs there are.
        went_wrong(Problem): something to tell the user.
    """

    fixed = Signal(str)
    dropped = Signal()
    went_wrong = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        following: FollowedRuns,
        header: CalibrateHeader,
        stack: QStackedWidget,
        pages: tuple[ChoosePage, ReviewPage],
    ) -> None:
        super().__init__(stack)
        self._bridge = bridge
        self._following = following
        self._header = header
        self._stack = stack
        self._choosing, self._reviewing = pages
        self._review: Review | None = None
        self._choosing.changed.connect(self._list_changed)
        self._choosing.went_wrong.connect(self.went_wrong)

    @property
    def open(self) -> bool:
        """Return whether one of the two pages is shown."""
        return self._stack.currentWidget() in (self._choosing, self._reviewing)

    def begin(self) -> None:
        """Begin a new list."""
        self._review = None
        now = local_now()
        self._stack.setCurrentWidget(self._choosing)
        self._choosing.begin(f"{now.day} {month_text(f'{now:%Y-%m}')}")
        self._back()

    def _back(self) -> None:
        self._stack.setCurrentWidget(self._choosing)
        self._header.say(_CHOOSE)
        self._list_changed()

    @Slot()
    def _list_changed(self) -> None:
        if self._stack.currentWidget() is not self._choosing:
            return
        known = self._following.known
        others = known is not None and bool(known.runs)
        cancel: Offer | None = ("Cancel", self.dropped.emit) if others else None
        self._header.offer(("Review", self.review), cancel)
        named = bool(self._choosing.name.text().strip())
        self._header.main.setEnabled(self._choosing.ready and named)

    def review(self) -> None:
        """Show what the chosen list would cost and who would be sent what."""
        entries = self._choosing.model.entries()
        self._header.main.setEnabled(False)
        self._bridge.run(
            lambda services: services.calibrations.review(entries),
            self._reviewed,
            self._not_done,
        )

    def _not_done(self, problem: Problem) -> None:
        self._header.main.setEnabled(True)
        self.went_wrong.emit(problem)

    def _reviewed(self, review: Review) -> None:
        self._review = review
        self._reviewing.show_review(review)
        self._stack.setCurrentWidget(self._reviewing)
        name = self._choosing.name.text().strip()
        self._header.say(f"{name}: {counted(len(review.entries), 'prompt')}, nothing sent yet")
        self._header.offer(("Fix the list and ask both models", self.fix), ("Back", self._back))
        self._header.main.setEnabled(not review.missing)
        if review.missing:
            self.went_wrong.emit(
                Problem("calibration_size", review.missing, "Go back and choose others.")
            )

    def fix(self) -> None:
        """Fix the list that was reviewed, and begin."""
        self._reviewing.with_limit(self._fix, self.went_wrong.emit)

    def _fix(self, limit: Money | None) -> None:
        review, name = self._review, self._choosing.name.text()
        assert review is not None

        async def fix(services: Services) -> Run:
            run = await services.calibrations.fix(name, review, limit)
            await services.calibrations.start(run.name)
            return run

        self._header.main.setEnabled(False)
        self._bridge.save(fix, self._fixed, self._not_done)

    def _fixed(self, run: Run) -> None:
        self.fixed.emit(run.name)
