"""One turn of the history: its prompt, its answers, the vote, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.answer import Answer
from app.domain.reveal import cost_lines, footer, seats
from app.domain.thread import Thread
from app.domain.turn import TOGETHER, Turn
from app.domain.vote import Letter
from app.ui.views.history.story import story, votable, why_no_vote
from app.ui.views.turns.dress import dress, place_of
from app.ui.views.turns.notices import headline
from app.ui.views.turns.votes import ask_for_vote, say_vote
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.buttons import Button
from app.ui.widgets.continuing_line import ContinuingLine
from app.ui.widgets.link_question import ask_to_open
from app.ui.widgets.notice_bar import NoticeBar
from app.ui.widgets.prompt_line import PromptLine
from app.ui.widgets.vote_bar import VoteBar

CONTEXT_GONE = (
    "Continued an answer that has been deleted since. That exchange is gone and is not sent again."
)
_GAP = 12
_LEAST_PANE_PX = 170


class HistoryDetail(QWidget):
    """Shows a turn. While a blind comparison waits for its vote, A and B are all it tells.

    Signals:
        voted(str): the word of a vote that was cast here.
        reasons_given(tuple): the reasons chosen for the vote.
        again_wanted(str): the prompt is to be asked again.
        delete_wanted: the turn is to be deleted, after a question.
        room_wanted(str): the name of a view that mends a problem.
        continue_wanted(int, int): a turn and its answer, which the next prompt is to continue.
        turn_wanted(int): another turn is to be shown: the one that this one continues.
        why_wanted(str, Decision): where the prompt went, and the decision to explain.
    """

    voted = Signal(str)
    reasons_given = Signal(object)
    again_wanted = Signal(str)
    delete_wanted = Signal()
    room_wanted = Signal(str)
    continue_wanted = Signal(int, int)
    turn_wanted = Signal(int)
    why_wanted = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._turn: Turn | None = None
        self.prompt = PromptLine(self)
        self.continued = ContinuingLine(Button("Show it", "link"), self)
        self.continued.pressed.connect(self._show_continued)
        self.notice = NoticeBar(self)
        self.notice.acted.connect(self._act)
        self.panes = (AnswerPane(self), AnswerPane(self))
        self.votes = VoteBar(self)
        self.votes.voted.connect(self.voted)
        self.votes.reasons_given.connect(self.reasons_given)
        self.votes.change_wanted.connect(self._vote_again)
        self.again = QPushButton("Ask again", self)
        self.again.setToolTip("Put this prompt into the composer of Compare")
        self.again.clicked.connect(self._ask_again)
        self.delete = QPushButton("Delete…", self)
        self.delete.setToolTip("Delete this prompt with its answers and votes for good")
        self.delete.clicked.connect(self.delete_wanted)
        self._build()
        for place in range(1, 5):
            shortcut = QShortcut(QKeySequence(str(place)), self.votes)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda place=place: self.votes.press(place))

    def _build(self) -> None:
        answers = QHBoxLayout()
        answers.setSpacing(_GAP)
        for pane in self.panes:
            pane.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            # Small enough for the vote to stay in sight in a low window.
            pane.setMinimumHeight(_LEAST_PANE_PX)
            pane.offer_continuing("Your next prompt in Compare follows this answer")
            pane.action_requested.connect(self._act)
            pane.link_activated.connect(self._ask_to_open)
            answers.addWidget(pane, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.votes, 1)
        foot.addWidget(self.again)
        foot.addWidget(self.delete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.prompt)
        layout.addWidget(self.continued)
        layout.addWidget(self.notice)
        layout.addLayout(answers, 1)
        layout.addLayout(foot)

    @property
    def turn(self) -> Turn | None:
        """Return the turn shown."""
        return self._turn

    def show_turn(self, turn: Turn, continued: Thread | None = None) -> None:
        """Show a turn, as much of it as may be known; `continued` is what it went on from."""
        self._turn = turn
        if continued is not None:
            self.continued.say(continued.told())
        elif turn.context_gone:
            self.continued.say(CONTEXT_GONE, offer=False)
        else:
            self.continued.hide()
        self.prompt.show_prompt(turn.prompt)
        told = story(turn)
        if told is None:
            self.notice.hide()
        else:
            self.notice.show_notice(told.headline, told.text, icon=told.icon, actions=told.actions)
        self._show_answers(turn)
        self._show_vote(turn)

    def _show_answers(self, turn: Turn) -> None:
        answers = self._shown(turn)
        for pane in self.panes[len(answers) :]:
            pane.hide()
        running = turn.running or turn.held_back
        for place, (pane, answer) in enumerate(zip(self.panes, answers, strict=False)):
            pane.show()
            pane.reset()
            pane.show_actions(["copy"])
            if turn.revealed:
                pane.set_markdown(answer.text)
                if answer.reasoning:
                    pane.grow_reasoning(answer.reasoning)
                dress(pane, turn, answer)
                pane.show_footer("\n".join((footer(answer), *cost_lines(answer))).strip())
                continue
            pane.blind(TOGETHER if turn.held_back else "")
            pane.show_title(f"Answer {list(Letter)[place]}")
            # Text that still arrives would tell the faster side from the slower one.
            pane.set_markdown("" if running else answer.text)

    @staticmethod
    def _shown(turn: Turn) -> Sequence[Answer]:
        """Return the answers that have a pane, by letter; of a routed turn the one that stands."""
        return sorted(turn.shown, key=lambda answer: seats(turn).letter(answer.role).value)

    def _show_vote(self, turn: Turn) -> None:
        if turn.vote is not None:
            say_vote(self.votes, turn)
        elif votable(turn):
            ask_for_vote(self.votes, turn.mode, turn.seating)
            self.votes.set_ready(True)
        else:
            self.votes.offer(why_no_vote(turn), ())

    @Slot()
    def _vote_again(self) -> None:
        turn = self._turn
        if turn is not None:
            ask_for_vote(self.votes, turn.mode, turn.seating, changing=True)
            self.votes.set_ready(True)

    @Slot()
    def _ask_again(self) -> None:
        turn = self._turn
        if turn is None:
            return
        self.again_wanted.emit(turn.prompt.text)
        if turn.parent_id is not None and turn.continued_answer_id is not None:
            # Asked again means the same question: with what it continued.
            self.continue_wanted.emit(turn.parent_id, turn.continued_answer_id)

    @Slot()
    def _show_continued(self) -> None:
        if self._turn is not None and self._turn.parent_id is not None:
            self.turn_wanted.emit(self._turn.parent_id)

    def _continue(self, pane: AnswerPane) -> None:
        answer = self._answer_in(pane)
        if self._turn is not None and answer is not None:
            self.continue_wanted.emit(self._turn.id, answer.id)

    @Slot(str)
    def _act(self, name: str) -> None:
        match name:
            case "copy":
                pane = self.sender()
                if isinstance(pane, AnswerPane) and self._turn is not None:
                    QGuiApplication.clipboard().setText(self._text_of(pane))
            case "continue":
                pane = self.sender()
                if isinstance(pane, AnswerPane):
                    self._continue(pane)
            case "again":
                self._ask_again()
            case "alone":
                if self._turn is not None:
                    self.again_wanted.emit(self._turn.prompt.text)
            case "why":
                self._tell_why()
            case _:  # what a problem offers besides is mended in Settings
                self.room_wanted.emit(place_of(name, self._answer_in(self.sender())))

    def _tell_why(self) -> None:
        turn = self._turn
        if turn is not None and turn.revealed and turn.decision is not None:
            self.why_wanted.emit(headline(turn.decision, turn.mode), turn.decision)

    def _text_of(self, pane: AnswerPane) -> str:
        answer = self._answer_in(pane)
        return answer.text if answer is not None else ""

    def _answer_in(self, pane: object) -> Answer | None:
        """Return the answer that a pane shows, or None."""
        if self._turn is None or not isinstance(pane, AnswerPane):
            return None
        return self._shown(self._turn)[self.panes.index(pane)]

    @Slot(str)
    def _ask_to_open(self, address: str) -> None:
        ask_to_open(self, address)
