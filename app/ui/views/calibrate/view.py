"""Calibrate: the audit of one's own work, from choosing the prompts to the report on paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.calibration.prompts import Entry
from app.domain.calibration.report import CalibrationReport
from app.domain.calibration.run import PauseReason, Run, RunState
from app.domain.calibration.sentences import done_words
from app.domain.errors import Problem
from app.domain.model import Pair
from app.domain.money import Money
from app.domain.words import counted
from app.services.calibrate_review import Review, limit_above
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.views.calibrate.acts import RunActs
from app.ui.views.calibrate.choose import ChoosePage
from app.ui.views.calibrate.desk import VotingDesk
from app.ui.views.calibrate.following import FollowedRuns, KnownRuns
from app.ui.views.calibrate.header import CalibrateHeader, Offer
from app.ui.views.calibrate.listing import Listing
from app.ui.views.calibrate.questions import ask_to_delete, ask_to_end, ask_where_to_export
from app.ui.views.calibrate.report_page import ReportPage
from app.ui.views.calibrate.review import ReviewPage
from app.ui.views.calibrate.run_page import RunPage
from app.ui.views.view import View
from app.ui.widgets.empty_state import EmptyState


@dataclass(frozen=True, slots=True)
class _Told:
    """One run with its report."""

    run: Run
    report: CalibrationReport


class CalibrateView(View):
    """Shows one run at a time; the page follows how far it has come."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._shown = ""  # the run's name; empty while a new one is made
        self.following = FollowedRuns(bridge, self)
        self.header = CalibrateHeader(self)
        self.empty = EmptyState("calibrate")
        self.choosing = ChoosePage(bridge, self)
        self.reviewing = ReviewPage(self)
        self.running = RunPage(self)
        self.desk = VotingDesk(bridge, self)
        self.reporting = ReportPage(self)
        self.stack = QStackedWidget(self)
        for page in (
            self.empty, self.choosing, self.reviewing, self.running, self.desk, self.reporting,
        ):  # fmt: skip
            self.stack.addWidget(page)
        self.stack.hide()  # until something is known, nothing is claimed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 14, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addWidget(self.stack, 1)
        self.acts = RunActs(bridge, self)
        self.listing = Listing(
            bridge, self.following, self.header, self.stack, (self.choosing, self.reviewing)
        )
        self._connect()

    def _connect(self) -> None:
        self.following.read.connect(self._show_known)
        self.following.heard.connect(self._heard)
        self.following.worth_a_look.connect(self._look_again)
        self.following.went_wrong.connect(self.went_wrong)
        self.header.run_chosen.connect(self.show_named)
        self.empty.chosen.connect(self.choose)
        self.listing.fixed.connect(self.show_named)
        self.listing.dropped.connect(self._back_to_runs)
        self.listing.went_wrong.connect(self.went_wrong)
        self.acts.changed.connect(self.entered)
        self.acts.exported.connect(self._exported)
        self.acts.went_wrong.connect(self._not_done)
        self.desk.went_wrong.connect(self.went_wrong)
        self.desk.finished.connect(self._back_to_runs)
        self.desk.left.connect(self._back_to_runs)
        self.reporting.wanted.connect(self.look)

    # What is known

    def entered(self) -> None:
        """Read the runs anew; what is being chosen or voted on stays as it is."""
        self.following.look()

    @Slot(object)
    def _show_known(self, known: KnownRuns) -> None:
        self.stack.show()
        making = not self._shown and self.listing.open
        if making or self.stack.currentWidget() is self.desk:
            return
        run = self._run() or (known.runs[0] if known.runs else None)
        if run is None:
            self._show_empty(known.pair)
        else:
            self._show_run(run)

    def _run(self) -> Run | None:
        """Return the run that is shown, as it was last heard of."""
        known = self.following.known
        return known.named(self._shown) if known is not None else None

    def _list_runs(self) -> None:
        known = self.following.known
        names = [run.name for run in known.runs] if known is not None else []
        self.header.show_runs(names, self._shown)

    @Slot(str)
    def show_named(self, name: str) -> None:
        """Show another run."""
        self._shown = name
        self.stack.setCurrentWidget(self.running)
        self.entered()

    @Slot(object)
    def _heard(self, run: Run) -> None:
        showing = self.stack.currentWidget() in (self.running, self.reporting)
        if run.name == self._shown and showing:
            self._show_run(run)

    @Slot()
    def _look_again(self) -> None:
        if self.isVisible() and self.stack.currentWidget() is self.running:
            self.entered()

    @Slot()
    def _back_to_runs(self) -> None:
        self.stack.setCurrentWidget(self.running)
        self.entered()

    # Pages

    def _show_empty(self, pair: Pair) -> None:
        self._shown = ""
        self.header.say("")
        self.header.offer()
        self.header.offer_menu(())
        self._list_runs()
        practice = (
            " The practice pair is in use: it costs nothing, and what comes of it is for learning "
            "the program."
            if pair.practice
            else ""
        )
        self.empty.say(
            "Audit your own work in one sitting",
            "Choose 20 to 60 of your own prompts. Both models answer them unattended; then you "
            "vote, without knowing which is which. It tells for which work the cheap model is "
            "enough, for which it could not tell, and what that means for your next hundred "
            f"prompts.{practice}",
            "Choose prompts",
        )
        self.stack.setCurrentWidget(self.empty)

    def _show_run(self, run: Run) -> None:
        self._shown = run.name
        self._list_runs()
        self._offer_menu(run)
        match run.state:
            case RunState.DRAFTED:
                self._review_again(run, run.limit, ("Ask both models", self._start_with_limit))
            case RunState.RUNNING | RunState.PAUSED:
                self._show_running(run)
            case RunState.ANSWERED | RunState.VOTING | RunState.DONE:
                self._fetch_report(run)

    def _offer_menu(self, run: Run) -> None:
        entries: list[Offer] = [("New run", self.choose)]
        resting = run.state is not RunState.RUNNING
        if run.retryable and run.state in (RunState.ANSWERED, RunState.VOTING):
            failed = counted(len(run.retryable), "prompt")
            entries.append((f"Ask {failed} once more", self.start))
        if run.voted and run.closed_at is None and resting:
            entries.append(("End the voting…", self._ask_to_end))
        if resting:
            entries.append(("Delete this run…", self._ask_to_delete))
        self.header.offer_menu(entries)

    def _show_running(self, run: Run) -> None:
        known = self.following.known
        here = known is not None and run.id in known.here
        elsewhere = run.state is RunState.RUNNING and not here
        self.running.show_run(run, elsewhere=elsewhere)
        self.stack.setCurrentWidget(self.running)
        self.header.say(f"{run.name} · {run.answered:,} of {counted(len(run.items), 'prompt')}")
        waiting = len(run.to_vote)
        vote: Offer | None = None
        if waiting:
            vote = (f"Vote on {waiting:,} now", partial(self.vote, run.name))
        if run.state is RunState.RUNNING:
            self.header.offer(("Pause", self._pause), vote)
        elif run.pause is not None and run.pause.reason is PauseReason.LIMIT:
            self.header.offer(("Raise the limit…", partial(self._raise_limit, run)), vote)
        else:
            self.header.offer(("Go on", self.start), vote)
        if elsewhere:
            self.following.look_again()

    def _fetch_report(self, run: Run) -> None:
        told = run.closed_at is not None or run.seen_at is not None

        async def read(services: Services) -> _Told:
            return _Told(run, await services.calibrations.outline(run))

        self.bridge.run(read, partial(self._show_report, told), self.went_wrong.emit)

    def _show_report(self, told: bool, found: _Told) -> None:
        run, report = found.run, found.report
        if run.name != self._shown or self.stack.currentWidget() is self.desk:
            return
        self.reporting.show_report(report, told=told)
        self.stack.setCurrentWidget(self.reporting)
        self.header.say(done_words(report))
        export: Offer | None = ("Export report", self.export) if told else None
        if run.state is RunState.DONE:
            self.header.offer(("New run", self.choose), export)
        elif report.waiting:
            these = f"the next {report.waiting:,}" if report.voted else f"all {report.waiting:,}"
            self.header.offer((f"Vote on {these}", partial(self.vote, run.name)), export)
        elif report.voted:
            self.header.offer(("End the voting", self._end), export)
        elif run.retryable:
            self.header.offer(("Ask once more", self.start))
        else:
            self.header.offer(("New run", self.choose))

    # A list, new or fixed

    @Slot()
    def choose(self) -> None:
        """Begin a new list."""
        self._shown = ""
        self.header.offer_menu(())
        self._list_runs()
        self.listing.begin()

    def _review_again(
        self, run: Run, limit: Money | None, main: Offer, side: Offer | None = None
    ) -> None:
        """Show what the part of a fixed list that was not asked yet costs, under a limit."""
        waiting = [item for item in run.items if not item.asked]
        entries = tuple(Entry(item.prompt, item.source) for item in waiting)

        def show(review: Review) -> None:
            if self._shown != run.name:
                return
            higher = limit
            if side is not None and limit is not None and review.high is not None:
                higher = limit_above(Money(limit.amount + review.high.amount, limit.currency))
            self.reviewing.show_review(review, higher)
            self.stack.setCurrentWidget(self.reviewing)
            prompts = counted(len(waiting), "prompt")
            self.header.say(f"{run.name}: {prompts} of the fixed list not asked yet")
            self.header.offer(main, side)

        self.bridge.run(
            lambda services: services.calibrations.review(entries, run.pair),
            show,
            self.went_wrong.emit,
        )

    # What is done with a run

    def start(self) -> None:
        """Ask what has not been asked, in the background."""
        self._start(None)

    def _start_with_limit(self) -> None:
        self.reviewing.with_limit(self._start, self.went_wrong.emit)

    def _start(self, limit: Money | None) -> None:
        self.header.main.setEnabled(False)
        self.stack.setCurrentWidget(self.running)
        self.acts.start(self._shown, limit)

    def _pause(self) -> None:
        self.header.main.setEnabled(False)
        self.acts.pause(self._shown)

    def _raise_limit(self, run: Run) -> None:
        go_on: Offer = ("Go on with this limit", self._start_with_limit)
        self._review_again(run, run.limit, go_on, ("Back", self._back_to_runs))

    def vote(self, name: str) -> None:
        """Open the voting desk on a run."""
        self._shown = name
        self.header.say(name)
        self.header.offer()
        self.header.offer_menu(())
        self.header.runs.hide()
        self.stack.setCurrentWidget(self.desk)
        self.desk.begin(name)
        self.desk.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def look(self) -> None:
        """Show the count before the voting has ended."""
        self.acts.look(self._shown)

    @Slot()
    def _ask_to_end(self) -> None:
        run = self._run()
        if run is not None:
            ask_to_end(self, run, self._end)

    def _end(self) -> None:
        self.acts.end_voting(self._shown)

    def export(self) -> None:
        """Ask where to put the report on paper, and on which paper; then write it."""
        ask_where_to_export(self, self._shown, partial(self.acts.export, self._shown))

    @Slot(str)
    def _exported(self, name: str) -> None:
        self.header.say(f"Written to {name}")

    @Slot()
    def _ask_to_delete(self) -> None:
        ask_to_delete(self, self._shown, self._delete)

    def _delete(self) -> None:
        name = self._shown
        self._shown = ""
        self.stack.setCurrentWidget(self.running)
        self.acts.delete(name)

    @Slot(object)
    def _not_done(self, problem: Problem) -> None:
        if self.stack.currentWidget() is self.running:
            self.header.main.setEnabled(True)
        self.went_wrong.emit(problem)
