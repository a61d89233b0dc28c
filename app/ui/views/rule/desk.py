"""The voting desk: spot checks that wait, one after another, blind until each vote."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.errors import Problem
from app.domain.reveal import seats
from app.domain.turn import Turn
from app.domain.vote import Letter, Reason
from app.domain.words import counted
from app.ui.bridge import Bridge
from app.ui.views.turns.blind_sheet import BlindSheet
from app.ui.views.turns.dress import dress
from app.ui.views.turns.notices import headline, revealed
from app.ui.views.turns.votes import ask_for_vote, say_vote, word_of
from app.ui.views.turns.why import open_why
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import Label
from app.ui.widgets.notice_bar import NoticeBar

_GAP = 12
BLIND_NOTE = "Drawn by lot and asked of both models"
LEARNING_NOTE = "Asked of both models, for the votes that your rule still missed"


class SpotCheckDesk(QWidget):
    """Shows one check at a time; the keys 1 to 4 vote, and the vote reveals that one alone.

    Signals:
        left(): the user goes back to the rule, or all are voted on.
        turn_wanted(int): a turn to open in History.
        went_wrong(Problem): something to tell the user.
    """

    left = Signal()
    turn_wanted = Signal(int)
    went_wrong = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._queue: deque[int] = deque()
        self._total = 0
        self._turn: Turn | None = None
        self.title = QLabel("Spot check", self)
        self.title.setProperty("role", "page")
        self.note = Label("", "muted", self, wrap=True)
        self.later = Button("Leave it for later", "ghost", self)
        self.later.clicked.connect(self.next)
        self.back = Button("Back to My rule", parent=self)
        self.back.clicked.connect(self._leave)
        self.go_on = Button("Next", "primary", self)
        self.go_on.clicked.connect(self.next)
        self.notice = NoticeBar(self)
        self.notice.acted.connect(self._explain)
        self.sheet = BlindSheet(notice=self.notice, parent=self)
        self.sheet.voted.connect(self._vote)
        self.sheet.left.connect(self._leave)
        self.panes, self.votes = self.sheet.panes, self.sheet.votes
        for pane in self.panes:
            pane.action_requested.connect(self._copy)
        self.votes.reasons_given.connect(self._give_reasons)
        self.votes.change_wanted.connect(self._vote_again)
        self._fill_head()
        self.sheet.column.setContentsMargins(20, 14, 20, 16)
        self.sheet.fill(self)

    def _fill_head(self) -> None:
        buttons = QWidget(self.sheet)
        flow = FlowRow(buttons, spacing=_GAP, at_end=True)
        for button in (self.later, self.back, self.go_on):
            flow.addWidget(button)
        head = self.sheet.head
        head.setSpacing(_GAP)
        head.addWidget(self.title)
        head.addWidget(self.note, 1)
        head.addWidget(buttons, 1)

    @property
    def turn(self) -> Turn | None:
        """Return the check on the screen."""
        return self._turn

    def start(self, waiting: Sequence[int]) -> None:
        """Open the first of the checks that wait."""
        self._queue = deque(waiting)
        self._total = len(waiting)
        self.next()

    @Slot()
    def next(self) -> None:
        """Open the next check; without one, go back."""
        self._turn = None
        if not self._queue:
            self.left.emit()
            return
        turn_id = self._queue.popleft()
        self._bridge.run(
            lambda services: services.archive.show(turn_id), self._show, self._not_found
        )

    def _not_found(self, _problem: Problem) -> None:
        # It was deleted meanwhile: there is nothing left to vote on.
        self.next()

    def _show(self, turn: Turn) -> None:
        if turn.revealed or not turn.votable:
            self.next()
            return
        self._turn = turn
        place = self._total - len(self._queue)
        said = f"Spot check {place} of {self._total}" if self._total > 1 else "Spot check"
        self.title.setText(said)
        drawn = turn.decision is not None and turn.decision.draw is not None
        self.note.setText(BLIND_NOTE if drawn else LEARNING_NOTE)
        self.notice.hide()
        a, b = (turn.side(seats(turn).role(letter)) for letter in Letter)
        self.sheet.cover(turn.prompt, a.text if a else "", b.text if b else "")
        self.go_on.hide()
        self.later.setVisible(bool(self._queue))
        self.sheet.ask()

    # The vote

    @Slot(str)
    def _vote(self, word: str, reasons: tuple[Reason, ...] = ()) -> None:
        turn = self._turn
        if turn is None:
            return
        self.votes.set_ready(False)
        self._bridge.save(
            lambda services: services.votes.cast(turn.id, word, reasons),
            self._voted,
            self._not_voted,
        )

    def _not_voted(self, problem: Problem) -> None:
        self.votes.set_ready(True)
        self.went_wrong.emit(problem)

    def _voted(self, turn: Turn) -> None:
        if self._turn is None or self._turn.id != turn.id:
            return
        first = self._turn.vote is None
        self._turn = turn
        for pane, letter in zip(self.panes, Letter, strict=True):
            answer = turn.side(seats(turn).role(letter))
            if answer is not None:
                dress(pane, turn, answer)
                if first and answer.reasoning:
                    pane.grow_reasoning(answer.reasoning)
        told = revealed(turn)
        self.note.setText("")  # it keeps its place: the buttons stay where they are
        self.notice.show_notice(told.headline, told.text, icon=told.icon, actions=told.actions)
        say_vote(self.votes, turn)
        left = len(self._queue)
        self.go_on.setText(f"Next ({left} left)" if left else "Done")
        self.go_on.setAccessibleName(
            f"Next spot check, {counted(left, 'is', 'are')} left" if left else "Done"
        )
        self.later.hide()
        self.go_on.show()
        if first:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _give_reasons(self, reasons: tuple[Reason, ...]) -> None:
        if self._turn is not None and self._turn.vote is not None:
            self._vote(word_of(self._turn), reasons)

    @Slot()
    def _vote_again(self) -> None:
        turn = self._turn
        if turn is not None:
            ask_for_vote(self.votes, turn.mode, turn.seating, changing=True)
            self.votes.set_ready(True)
            self.sheet.ask()

    # What else can be done

    @Slot(str)
    def _explain(self, _name: str) -> None:
        turn = self._turn
        if turn is not None and turn.revealed and turn.decision is not None:
            said = headline(turn.decision, turn.mode)
            open_why(self._bridge, said, turn.decision, self, self.turn_wanted.emit, turn.id)

    @Slot(str)
    def _copy(self, name: str) -> None:
        pane = self.sender()
        if name == "copy" and isinstance(pane, AnswerPane):
            QGuiApplication.clipboard().setText(pane.text())

    @Slot()
    def _leave(self) -> None:
        self._turn = None
        self._queue.clear()
        self.left.emit()
