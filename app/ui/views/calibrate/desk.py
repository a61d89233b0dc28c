"""The voting desk: one prompt, two answers, one key; then the next. Nothing is revealed here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from app.domain.calibration.ballot import Ballot
from app.domain.errors import Problem
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.turns.blind_sheet import BlindSheet
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow

_BAR_PX = 6
_LEAST_BAR_PX = 60
_GAP = 10
HIDDEN = "Names, prices and times appear once the voting has ended"


class VotingDesk(QWidget):
    """Takes blind votes, one after another.

    Signals:
        finished(): nothing is left to vote on.
        left(): the reader wants to stop for now.
        went_wrong(Problem): a vote was not kept.
    """

    finished = Signal()
    left = Signal()
    went_wrong = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run = ""
        self.ballot: Ballot | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.progress = QLabel(self)
        self.progress.setProperty("role", "title")
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.sheet = BlindSheet(ask_why=True, parent=self)
        self.sheet.voted.connect(self._vote)
        self.sheet.left.connect(self.left)
        self.panes, self.votes = self.sheet.panes, self.sheet.votes
        self.reasons = self.sheet.reasons
        self.later = Button("Later  S", parent=self)
        self.later.setToolTip("Put this one off: it comes again after the others")
        self.later.clicked.connect(self.put_off)
        self.back = Button("Correct the last  U", parent=self)
        self.back.clicked.connect(self.correct)
        self.leave = Button("Stop for now  Esc", "ghost", self)
        self.leave.clicked.connect(self.left)
        self.sheet.add_key("S", self.put_off)
        self.sheet.add_key("U", self.correct)
        self._fill_head()
        self.sheet.fill(self)

    def _fill_head(self) -> None:
        buttons = QWidget(self.sheet)
        flow = FlowRow(buttons, spacing=_GAP, at_end=True)
        for button in (self.back, self.later, self.leave):
            flow.addWidget(button)
        head = FoldingRow(spacing=_GAP)
        head.add(self.progress)
        head.add(self.bar, share=1, least_px=_LEAST_BAR_PX)
        head.add(buttons)
        self.sheet.head.addLayout(head)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the vote."""
        super().focusInEvent(event)
        self.votes.setFocus(event.reason())

    def begin(self, run: str) -> None:
        """Vote on a run, from where it was left."""
        self._run = run
        self.ballot = None
        self._next()

    # Votes

    def _next(self) -> None:
        self._wait()
        run = self._run
        self._bridge.run(
            lambda services: services.calibrations.next_ballot(run), self._show, self._failed
        )

    def _wait(self) -> None:
        self.votes.set_ready(False)
        for button in (self.later, self.back):
            button.setEnabled(False)

    def _show(self, ballot: Ballot | None) -> None:
        if ballot is None:
            self.ballot = None
            self.finished.emit()
            return
        if ballot.run != self._run:
            return
        self.ballot = ballot
        self.progress.setText(ballot.progress())
        self.bar.setRange(0, ballot.votable)
        self.bar.setValue(ballot.voted)
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.setAccessibleName(ballot.progress())
        self.sheet.cover(ballot.prompt, ballot.a, ballot.b, HIDDEN)
        self.reasons.choose(ballot.reasons)
        if ballot.cast:
            self.votes.mark(ballot.cast)
        self.later.setEnabled(not ballot.cast)
        self.back.setEnabled(ballot.voted > 0 and not ballot.cast)
        self.sheet.ask()

    @Slot(str)
    def _vote(self, word: str) -> None:
        ballot, reasons = self.ballot, self.reasons.chosen()
        if ballot is None:
            return
        self._wait()

        async def cast(services: Services) -> Ballot | None:
            await services.calibrations.vote(ballot.run, ballot.place, word, reasons)
            return await services.calibrations.next_ballot(ballot.run)

        self._bridge.save(cast, self._show, self._failed)

    @Slot()
    def put_off(self) -> None:
        """Put the item off; it comes again after the others."""
        ballot = self.ballot
        if ballot is None or not self.later.isEnabled():
            return
        self._wait()

        async def skip(services: Services) -> Ballot | None:
            await services.calibrations.skip(ballot.run, ballot.place)
            return await services.calibrations.next_ballot(ballot.run)

        self._bridge.save(skip, self._show, self._failed)

    @Slot()
    def correct(self) -> None:
        """Show the item that was voted on last, to vote on it once more."""
        if not self.back.isEnabled():
            return
        self._wait()
        run = self._run

        async def last(services: Services) -> Ballot | None:
            found = await services.calibrations.last_ballot(run)
            return found or await services.calibrations.next_ballot(run)

        self._bridge.run(last, self._show, self._failed)

    def _failed(self, problem: Problem) -> None:
        if self.ballot is not None:
            self.votes.set_ready(True)
            self.later.setEnabled(True)
            self.back.setEnabled(self.ballot.voted > 0)
        self.went_wrong.emit(problem)
