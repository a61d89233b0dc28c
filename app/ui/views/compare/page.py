"""Compare's page: header, sentence, two panes, vote, composer. It shows; others act.

What is needed to type is there at first paint; the answers' parts are imported and added after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import current
from app.ui.widgets.composer import Composer
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.matter_picker import MatterPicker
from app.ui.widgets.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from app.domain.model import ModelRef, Pair
    from app.ui.widgets.answer_pane import AnswerPane
    from app.ui.widgets.continuing_line import ContinuingLine
    from app.ui.widgets.notice_bar import NoticeBar
    from app.ui.widgets.vote_bar import VoteBar

PRACTICE = "Practice: a small model on this computer, often wrong, for learning the program"
COMPARE, AUTO_ROUTE = "compare", "auto"
_APART_PX = 18
_MATTER_PX = 420  # a matter's name and its policy, legible


class ComparePage(QWidget):
    """Puts the parts in their places and shows one, two or no answers.

    `notice`, `a`, `b` and `votes` exist once `add_answers` was called.

    Signals:
        continuing_dropped(): the next prompt is not to continue an answer any more.
    """

    continuing_dropped = Signal()

    notice: NoticeBar
    a: AnswerPane
    b: AnswerPane
    votes: VoteBar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel("Compare", self)
        self.title.setProperty("role", "page")
        self.mode = SegmentedControl([(COMPARE, "Compare"), (AUTO_ROUTE, "Auto-route")], self)
        self.mode.setAccessibleName("How to ask")
        self.matters = MatterPicker(self)
        self.practice = QLabel(PRACTICE, self)
        self.practice.setProperty("role", "faint")
        self.practice.setWordWrap(True)
        self.practice.hide()
        self.empty = EmptyState("compare", parent=self)
        self.composer = Composer(self)
        self._continuing: ContinuingLine | None = None
        self._lay_out()
        self._say_empty(None, auto_route=False)

    def _lay_out(self) -> None:
        left = QHBoxLayout()
        left.setSpacing(_APART_PX)
        left.addWidget(self.title)
        left.addWidget(self.mode)
        left.addStretch(1)
        self._header = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._header.addLayout(left, 1)
        self._header.addWidget(self.matters)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 14, 20, 16)
        self._column.setSpacing(10)
        self._column.addLayout(self._header)
        self._column.addWidget(self.practice)
        self._column.addWidget(self.empty, 1)
        self._column.addWidget(self.composer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the matter below the title where there is no room beside it."""
        super().resizeEvent(event)
        self._fit_header()

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit_header()

    def _fit_header(self) -> None:
        left = self.title.sizeHint().width() + self.mode.sizeHint().width() + 2 * _APART_PX
        margins = self._column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        beside = left + current().px(_MATTER_PX) <= room
        ways = QBoxLayout.Direction
        self._header.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._header.setSpacing(_APART_PX if beside else self._column.spacing())

    def add_answers(self) -> None:
        """Make the parts that nobody sees before something was asked; call once."""
        from app.ui.widgets.answer_pane import AnswerPane
        from app.ui.widgets.notice_bar import NoticeBar
        from app.ui.widgets.vote_bar import VoteBar

        self.notice = NoticeBar(self)
        self.a = AnswerPane(self)
        self.b = AnswerPane(self)
        self.votes = VoteBar(self)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        for pane, letter in ((self.a, "A"), (self.b, "B")):
            pane.show_title(f"Answer {letter}")
            pane.offer_continuing(f"Your next prompt follows this answer (Ctrl+Shift+{letter})")
            # Equal width whatever they hold: a wider pane would tell.
            pane.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            answers.addWidget(pane, 1)
        self._column.insertWidget(self._column.indexOf(self.empty), self.notice)
        below = self._column.indexOf(self.composer)
        self._column.insertLayout(below, answers, 1)
        self._column.insertWidget(below + 1, self.votes)
        for widget in (self.a, self.b, self.votes):
            widget.hide()

    def show_empty(
        self, pair: Pair | None, *, auto_route: bool, others: Sequence[ModelRef] = ()
    ) -> None:
        """Show what will appear here, and who is asked."""
        for widget in (self.a, self.b, self.votes, self.notice):
            widget.hide()
        self._say_empty(pair, auto_route=auto_route, others=others)
        self.empty.show()

    def _say_empty(
        self, pair: Pair | None, *, auto_route: bool, others: Sequence[ModelRef] = ()
    ) -> None:
        asked = f"\n{_who(pair, others if auto_route else ())}" if pair is not None else ""
        if auto_route:
            title = "Your rule chooses the model"
            text = "Each prompt goes to the model that your own votes speak for."
            if pair is not None and not pair.practice:
                from app.ui.views.turns.second_look import offer

                text = f"{text}\n{offer(others, pair.cheap)}"
        else:
            title = "Two answers, side by side"
            text = "Which model wrote which stays hidden until you have voted."
        self.empty.say(title, text + asked)

    def show_answers(self, count: int) -> None:
        """Show one or two answers."""
        self.empty.hide()
        self.a.show()
        self.b.setVisible(count == 2)
        self.a.view.set_reading_width(count == 1)

    def show_continuing(self, sentence: str, along: str) -> None:
        """Say above the composer which answer the next prompt continues, and how to drop that."""
        if self._continuing is None:
            from app.ui.widgets.buttons import IconButton
            from app.ui.widgets.continuing_line import ContinuingLine

            close = IconButton("close", "Do not continue this answer")
            self._continuing = ContinuingLine(close, self)
            self._continuing.pressed.connect(self.continuing_dropped)
            self._column.insertWidget(self._column.indexOf(self.composer), self._continuing)
        self._continuing.say(sentence, along)

    def hide_continuing(self) -> None:
        """Take the line away."""
        if self._continuing is not None:
            self._continuing.hide()

    def continuing(self) -> str:
        """Return what the line says, empty where the next prompt stands by itself."""
        return self._continuing.told() if self._continuing is not None else ""

    def show_practice(self, practice: bool) -> None:
        """Say that the practice pair is in use, as long as it is."""
        self.practice.setVisible(practice)


def _who(pair: Pair, others: Sequence[ModelRef]) -> str:
    """Return who is sent a prompt: comparing discloses it to two, a second look to more."""
    cheap, frontier = pair.cheap, pair.frontier
    if pair.practice:
        return "Both run on this computer; nothing leaves it."
    from app.domain.turn import BESIDE  # first paint does without it

    also = "".join(
        f"{word.capitalize()} cheap: {model.name} at {model.provider}.\n"
        for word, model in zip(BESIDE, others, strict=False)
    )
    return (
        f"Cheap: {cheap.name} at {cheap.provider}.\n{also}"
        f"Frontier: {frontier.name} at {frontier.provider}."
    )
