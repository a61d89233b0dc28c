"""Calibrate: the audit of one's own work, from choosing the prompts to the report on paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.domain.calibration.prompts import Entry
from app.domain.calibration.report import CalibrationReport
from app.domain.calibration.run import PauseReason, Run, RunState
from app.domain.calibration.sentences import done_words
from app.domain.errors import InputError, Problem
from app.domain.model import Pair
from app.domain.money import Money
from app.domain.words import counted
from app.services.calibrate_review import Review, limit_above
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.models.moments import local_now, month_text
from app.ui.views.calibrate_choose import ChoosePage
from app.ui.views.calibrate_desk import VotingDesk
from app.ui.views.calibrate_header import CalibrateHeader, Offer
from app.ui.views.calibrate_report_page import ReportPage
from app.ui.views.calibrate_review import ReviewPage
from app.ui.views.calibrate_run_page import RunPage
from app.ui.views.view import View
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.empty_state import EmptyState

LOOK_AGAIN_MS = 2_000
_PAPERS = (("PDF, A4 (*.pdf)", "a4"), ("PDF, US Letter (*.pdf)", "letter"))
_CHOOSE = "choose 20 to 60 of your own prompts"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of all runs. `here` are the ids of those that this program asks for."""

    runs: tuple[Run, ...]
    here: frozenset[int]
    pair: Pair


@dataclass(frozen=True, slots=True)
class _Told:
    """One run with its report."""

    run: Run
    report: CalibrationReport


async def _read(services: Services) -> _Known:
    runs = tuple(await services.calibrations.all())
    here = frozenset(run.id for run in runs if services.calibrations.running_here(run))
    return _Known(runs, here, await services.models.pair())


class CalibrateView(View):
    """Shows one run at a time; the page follows how far it has come."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._known: _Known | None = None
        self._shown = ""  # the run's name; empty while a new one is made
        self._review: Review | None = None
        self._listening = False
        self._following = False
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
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._connect()

    def _connect(self) -> None:
        self._again.timeout.connect(self._look_again)
        self.header.run_chosen.connect(self.show_named)
        self.empty.chosen.connect(self.choose)
        self.choosing.changed.connect(self._list_changed)
        self.choosing.went_wrong.connect(self.went_wrong)
        self.desk.went_wrong.connect(self.went_wrong)
        self.desk.finished.connect(self._leave_desk)
        self.desk.left.connect(self._leave_desk)
        self.reporting.wanted.connect(self.look)

    # What is known

    def entered(self) -> None:
        """Read the runs anew; what is being chosen or voted on stays as it is."""
        if not self._listening:
            self._listening = True
            heard = self.bridge.reporter(self._heard)
            failed = self.bridge.reporter(self.went_wrong.emit)

            async def listen(services: Services) -> None:
                services.calibrations.listen(heard, failed)

            self.bridge.run(listen)
        self.bridge.run(_read, self._show_known, self.went_wrong.emit)

    def _follow(self) -> None:
        """Keep the bridge's frames going while a run is asked: nobody waits for what it tells."""
        if not self._following:
            self._following = True
            self.bridge.run(lambda services: services.calibrations.wait(), self._followed)

    def _followed(self, _done: None) -> None:
        self._following = False
        if self._known is not None and self._known.here:
            # Nothing is asked any more, yet the view says so: what was read while the run still
            # went on has come after the run's own last word.
            self.entered()

    def _show_known(self, known: _Known) -> None:
        self._known = known
        if known.here:
            self._follow()
        self.stack.show()
        making = not self._shown and self.stack.currentWidget() in (self.choosing, self.reviewing)
        if making or self.stack.currentWidget() is self.desk:
            return
        run = self._run() or (known.runs[0] if known.runs else None)
        if run is None:
            self._show_empty(known.pair)
        else:
            self._show_run(run)

    def _run(self) -> Run | None:
        """Return the run that is shown, as it was last heard of."""
        runs = self._known.runs if self._known is not None else ()
        return next((run for run in runs if run.name == self._shown), None)

    def _list_runs(self) -> None:
        runs = self._known.runs if self._known is not None else ()
        self.header.show_runs([run.name for run in runs], self._shown)

    @Slot(str)
    def show_named(self, name: str) -> None:
        """Show another run."""
        self._shown = name
        self.stack.setCurrentWidget(self.running)
        self.entered()

    def _heard(self, run: Run) -> None:
        """Take what the engine tells of a run that it asks for."""
        if self._known is None:
            return
        runs = tuple(run if old.id == run.id else old for old in self._known.runs)
        asked = run.state is RunState.RUNNING
        here = self._known.here | {run.id} if asked else self._known.here - {run.id}
        self._known = _Known(runs, here, self._known.pair)
        showing = self.stack.currentWidget() in (self.running, self.reporting)
        if run.name == self._shown and showing:
            self._show_run(run)

    @Slot()
    def _look_again(self) -> None:
        """Look at a run that another window asks for; it cannot tell this one."""
        self._again.stop()
        if self.isVisible() and self.stack.currentWidget() is self.running:
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
        here = self._known is not None and run.id in self._known.here
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
            self._again.start()

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

    # Choosing and reviewing

    @Slot()
    def choose(self) -> None:
        """Begin a new list."""
        self._shown = ""
        self._review = None
        now = local_now()
        self.stack.setCurrentWidget(self.choosing)
        self.choosing.begin(f"{now.day} {month_text(f'{now:%Y-%m}')}")
        self.header.offer_menu(())
        self._list_runs()
        self._back()

    def _back(self) -> None:
        self.stack.setCurrentWidget(self.choosing)
        self.header.say(_CHOOSE)
        self._list_changed()

    @Slot()
    def _list_changed(self) -> None:
        if self.stack.currentWidget() is not self.choosing:
            return
        known = self._known is not None and bool(self._known.runs)
        cancel: Offer | None = ("Cancel", self._cancel) if known else None
        self.header.offer(("Review", self.review), cancel)
        named = bool(self.choosing.name.text().strip())
        self.header.main.setEnabled(self.choosing.ready and named)

    def _cancel(self) -> None:
        self.stack.setCurrentWidget(self.running)
        self.entered()

    def review(self) -> None:
        """Show what the chosen list would cost and who would be sent what."""
        entries = self.choosing.model.entries()
        self.header.main.setEnabled(False)
        self.bridge.run(
            lambda services: services.calibrations.review(entries),
            self._reviewed,
            self._not_done,
        )

    def _not_done(self, problem: Problem) -> None:
        self.header.main.setEnabled(True)
        self.went_wrong.emit(problem)

    def _reviewed(self, review: Review) -> None:
        self._review = review
        self.reviewing.show_review(review)
        self.stack.setCurrentWidget(self.reviewing)
        name = self.choosing.name.text().strip()
        self.header.say(f"{name}: {counted(len(review.entries), 'prompt')}, nothing sent yet")
        self.header.offer(("Fix the list and ask both models", self.fix), ("Back", self._back))
        self.header.main.setEnabled(not review.missing)
        if review.missing:
            self.went_wrong.emit(
                Problem("calibration_size", review.missing, "Go back and choose others.")
            )

    def fix(self) -> None:
        """Fix the list that was reviewed, and begin."""
        review, name = self._review, self.choosing.name.text()
        try:
            limit = self.reviewing.typed_limit()
        except InputError as error:
            self._refuse_limit(error)
            return
        assert review is not None

        async def fix(services: Services) -> Run:
            run = await services.calibrations.fix(name, review, limit)
            await services.calibrations.start(run.name)
            return run

        self.header.main.setEnabled(False)
        self.bridge.run(fix, self._fixed, self._not_done)

    def _fixed(self, run: Run) -> None:
        self.show_named(run.name)

    def _refuse_limit(self, error: InputError) -> None:
        self.went_wrong.emit(error.problem)
        self.reviewing.limit.setFocus(Qt.FocusReason.OtherFocusReason)

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

    # Running

    def start(self) -> None:
        """Ask what has not been asked, in the background."""
        self._start(None)

    def _start_with_limit(self) -> None:
        try:
            self._start(self.reviewing.typed_limit())
        except InputError as error:
            self._refuse_limit(error)

    def _start(self, limit: Money | None) -> None:
        name = self._shown

        async def start(services: Services) -> None:
            if limit is not None:
                await services.calibrations.limit(name, limit)
            await services.calibrations.start(name)

        self.header.main.setEnabled(False)
        self.stack.setCurrentWidget(self.running)
        self.bridge.run(start, self._changed, self._not_done)

    def _changed(self, _done: object) -> None:
        self.entered()

    def _pause(self) -> None:
        name = self._shown
        self.header.main.setEnabled(False)
        self.bridge.run(
            lambda services: services.calibrations.pause(name), self._changed, self._not_done
        )

    def _raise_limit(self, run: Run) -> None:
        go_on: Offer = ("Go on with this limit", self._start_with_limit)
        self._review_again(run, run.limit, go_on, ("Back", self._cancel))

    # Voting

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
    def _leave_desk(self) -> None:
        self.stack.setCurrentWidget(self.running)
        self.entered()

    @Slot()
    def look(self) -> None:
        """Show the count before the voting has ended; that it was looked at is noted."""
        name = self._shown

        async def look(services: Services) -> None:
            await services.calibrations.report(name)

        self.bridge.run(look, self._changed, self.went_wrong.emit)

    @Slot()
    def _ask_to_end(self) -> None:
        run = self._run()
        if run is None:
            return
        left = len(run.items) - run.voted
        Confirmation(
            self,
            "End the voting?",
            f"{counted(left, 'prompt')} without a vote will count against the cheap model, and the "
            "models will be named. No vote can be cast on this run afterwards.",
            "End the voting",
            self._end,
        ).open()

    def _end(self) -> None:
        name = self._shown
        self.bridge.run(
            lambda services: services.calibrations.end_voting(name),
            self._changed,
            self.went_wrong.emit,
        )

    # The report on paper, and its end

    def export(self) -> None:
        """Ask where to put the report on paper, and on which paper."""
        dialog = QFileDialog(self, "Export the calibration report")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([name for name, _ in _PAPERS])
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"Calibration {self._shown}.pdf".replace("/", "-"))
        dialog.fileSelected.connect(partial(self._export_chosen, dialog))
        dialog.open()

    def _export_chosen(self, dialog: QFileDialog, name: str) -> None:
        if name:
            paper = dict(_PAPERS).get(dialog.selectedNameFilter(), "a4")
            self.export_to(Path(name), paper)

    def export_to(self, path: Path, paper: str) -> None:
        """Write the report as a PDF."""
        name = self._shown
        self.bridge.run(
            lambda services: services.calibrations.print_report(name, path, paper),
            lambda _done: self.header.say(f"Written to {path.name}"),
            self.went_wrong.emit,
        )

    @Slot()
    def _ask_to_delete(self) -> None:
        Confirmation(
            self,
            f"Delete the run “{self._shown}”?",
            "Its list and its report go for good. What was asked, with its answers and votes, "
            "stays in History.",
            "Delete",
            self._delete,
        ).open()

    def _delete(self) -> None:
        name = self._shown
        self._shown = ""
        self.stack.setCurrentWidget(self.running)
        self.bridge.run(
            lambda services: services.calibrations.delete(name),
            self._changed,
            self.went_wrong.emit,
        )
