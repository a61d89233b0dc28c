"""The sheet on which a blind vote is cast: one prompt, two covered answers, one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.domain.conversation import Prompt
from app.domain.turn import TurnMode
from app.domain.vote import Letter, Reason
from app.ui.theme import current
from app.ui.views.turns.dress import cover
from app.ui.views.turns.votes import ask_for_vote
from app.ui.widgets.answer_pane import AnswerPane
from app.ui.widgets.fitted_area import FittedArea
from app.ui.widgets.link_question import ask_to_open
from app.ui.widgets.prompt_line import PromptLine
from app.ui.widgets.reason_row import FIRST_KEY, ReasonRow
from app.ui.widgets.vote_bar import VoteBar

_GAP = 12
_LEAST_PANE_PX = 210  # some lines of an answer; below that the sheet scrolls


class BlindSheet(QWidget):
    """Covers two answers alike and lets the keys 1 to 4 vote; its owner knows whose they are.

    It is told nothing but a prompt and two texts. Its owner fills `head`, may put a notice above
    the answers, and may have the reasons asked before the vote, by the keys 5 to 9.

    Signals:
        voted(str): the word of the vote.
        left(): Esc was pressed.
    """

    voted = Signal(str)
    left = Signal()

    def __init__(
        self,
        *,
        notice: QWidget | None = None,
        ask_why: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.head = QHBoxLayout()
        self.prompt = PromptLine(self)
        self.panes = (AnswerPane(self), AnswerPane(self))
        self.reasons = ReasonRow(self)
        self.reasons.setVisible(ask_why)
        self.votes = VoteBar(self)
        self.votes.voted.connect(self.voted)
        answers = QHBoxLayout()
        answers.setSpacing(_GAP)
        for pane in self.panes:
            # Equal width whatever they hold: a wider pane would tell.
            pane.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            pane.link_activated.connect(self._offer_link)
            answers.addWidget(pane, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.column.addLayout(self.head)
        self.column.addWidget(self.prompt)
        if notice is not None:
            self.column.addWidget(notice)
        self.column.addLayout(answers, 1)
        self.column.addWidget(self.reasons)
        self.column.addWidget(self.votes)
        for place in range(1, 5):
            self.add_key(str(place), partial(self.votes.press, place))
        if ask_why:
            for key in range(FIRST_KEY, FIRST_KEY + len(Reason)):
                self.add_key(str(key), partial(self.reasons.press, key))
        self.add_key("Esc", self.left.emit)
        self._fit_panes()

    def fill(self, desk: QWidget) -> None:
        """Lie on a desk: as large as it is, and scrolling where a large text needs more."""
        outer = QVBoxLayout(desk)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(FittedArea(self, desk))

    def add_key(self, name: str, act: Callable[[], object]) -> None:
        """Let a key act wherever the focus is on the sheet."""
        shortcut = QShortcut(QKeySequence(name), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        # A key held down must not vote its way through the list.
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)

    def cover(self, prompt: Prompt, a: str, b: str, told: str = "") -> None:
        """Show two answers of which nothing else may be told, and ask which is better.

        `told` is what stands below each instead of what is kept back.
        """
        self.prompt.show_prompt(prompt)
        for pane, letter, text in zip(self.panes, Letter, (a, b), strict=True):
            cover(pane, letter, told)
            pane.set_markdown(text)
        ask_for_vote(self.votes, TurnMode.BLIND, None)
        self.votes.set_ready(True)

    def ask(self) -> None:
        """Hand the focus to the vote."""
        self.votes.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "panes"):
            self._fit_panes()

    def _fit_panes(self) -> None:
        for pane in self.panes:
            pane.setMinimumHeight(current().px(_LEAST_PANE_PX))

    @Slot(str)
    def _offer_link(self, address: str) -> None:
        ask_to_open(self, address)
