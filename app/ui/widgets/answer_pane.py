"""One answer as a card: who gave it and how, what it says, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets.answer_fold import BesideFolds, ReasoningFold
from app.ui.widgets.answer_problem import ProblemBlock
from app.ui.widgets.answer_waiting import BesideWaits, WaitingBlock
from app.ui.widgets.badge import Badge
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.card import Card
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.emptying import empty
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import FigureLine, Label
from app.ui.widgets.markdown_canvas import WORDS_INSET_PX
from app.ui.widgets.markdown_view import MarkdownView

_MARGIN_PX = 16
_HEADER_PX = 32
_WIDE_PX = 520
_NARROW_PX = 340
_LEAST_TEXT_PX = 96  # some lines of the answer; where there is no room for them, the page scrolls
_CONTINUE = "Continue with this answer"


class AnswerPane(Card):
    """Shows one answer while it grows, and everything that is known about it afterwards.

    Signals:
        action_requested: an action of a problem, or "copy", "again", "more", "continue",
            "stop_waiting"; its name.
        link_activated: a link in the answer was clicked; ask before opening its address.
        beside_wait_stopped(int): another model's answer is not to be waited for; its id.
    """

    action_requested = Signal(str)
    link_activated = Signal(str)
    beside_wait_stopped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blind = False
        self._told = ""
        self._footer_text = ""
        self._title = ElidedLabel()
        self._title.setProperty("role", "title")
        self._badge_row = QWidget()
        self._badges = FlowRow(self._badge_row)
        self._figures = FigureLine()
        self.view = MarkdownView()
        self.view.link_activated.connect(self.link_activated)
        self._problem = ProblemBlock()
        self._problem.action_requested.connect(self.action_requested)
        self.waiting = WaitingBlock()
        self.waiting.stop_wanted.connect(self._stop_waiting)
        self.beside_waits = BesideWaits()
        self.beside_waits.stop_wanted.connect(self.beside_wait_stopped)
        self._reasoning = ReasoningFold()
        self._beside = BesideFolds()
        self._footer = Label("", "faint", wrap=True)
        self._buttons: dict[str, QAbstractButton] = {
            "copy": IconButton("copy", self.tr("Copy this answer")),
            "again": IconButton("again", self.tr("Ask this model again")),
            "more": IconButton("more", self.tr("More")),
        }
        self._build()
        self.reset()

    def _build(self) -> None:
        self._header = QWidget()
        header = QHBoxLayout(self._header)
        header.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        header.setSpacing(8)
        header.addWidget(self._title)
        header.addWidget(self._badge_row)
        header.addStretch(1)
        for name, button in self._buttons.items():
            button.setObjectName(name)
            button.clicked.connect(self._pressed)
            header.addWidget(button)
        # The row gives the inset: a label's own margins are lost when the style polishes it anew.
        figures = QHBoxLayout()
        figures.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        figures.addWidget(self._figures)
        # Where the card is narrow, the badges stand on a line of their own.
        self._below_header = QHBoxLayout()
        self._below_header.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        self._footer_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._footer_row.setContentsMargins(WORDS_INSET_PX, 0, 0, 0)
        self._footer_row.addWidget(self._footer, 1)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.addWidget(self._header)
        self._column.addLayout(self._below_header)
        self._column.addLayout(figures)
        self._column.addWidget(self.waiting)
        self._column.addWidget(self._problem)
        self._column.addWidget(self._reasoning)
        self._column.addWidget(self.view, 1)
        self._column.addWidget(self.beside_waits)
        self._column.addWidget(self._beside)
        self._column.addLayout(self._footer_row)
        self._resize_parts()

    def _resize_parts(self) -> None:
        look = theme.current()
        side = look.px(_MARGIN_PX) - WORDS_INSET_PX
        self._column.setContentsMargins(side, look.px(6), look.px(_MARGIN_PX), look.px(12))
        # Both sides have the same header, whatever stands in it: answers begin at one height.
        self._header.setFixedHeight(look.px(_HEADER_PX))
        self.view.setMinimumHeight(look.px(_LEAST_TEXT_PX))
        self._fit_width()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's scale."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_footer_row"):
            self._resize_parts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the parts where there is room for them."""
        super().resizeEvent(event)
        self._fit_width()

    @property
    def _narrow(self) -> bool:
        return self.width() < theme.current().px(_NARROW_PX)

    def _fit_width(self) -> None:
        """Say in one word how to continue in a card of middling width; stack parts in a narrow one.

        It goes by the width alone: what stands in a card must not move what stands in the other.
        """
        look = theme.current()
        narrow = self._narrow
        for badge in self._badge_row.findChildren(Badge):
            badge.wrap(wraps=narrow)
        header = self._header.layout()
        assert isinstance(header, QBoxLayout)
        if narrow is not (self._below_header.indexOf(self._badge_row) >= 0):
            if narrow:
                self._below_header.addWidget(self._badge_row)
            else:
                header.insertWidget(header.indexOf(self._title) + 1, self._badge_row)
        ways = QBoxLayout.Direction
        self._footer_row.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        if (button := self._buttons.get("continue")) is not None:
            wide = self.width() >= look.px(_WIDE_PX)
            button.setText(self.tr(_CONTINUE) if wide else self.tr("Continue"))

    # Who and how

    def show_title(self, text: str) -> None:
        """Name the answer, as in "Answer A" or "A · glm-4.7-flash"."""
        self._title.setText(text)
        self.setAccessibleName(text)
        self.view.setAccessibleName(text)
        if (button := self._buttons.get("continue")) is not None:
            button.setAccessibleName(f"{self.tr(_CONTINUE)}: {text}")

    def show_badges(self, badges: Sequence[tuple[str, str]]) -> None:
        """Show who answered and how it went: words with a kind (see ``Badge``).

        Whoever names the model has told: any badge ends blindness.
        """
        empty(self._badges)
        for text, kind in badges:
            badge = Badge(text, kind)
            badge.wrap(wraps=self._narrow)
            self._badges.addWidget(badge)
            badge.show()
        self._badge_row.setVisible(bool(badges))
        self._badge_row.updateGeometry()
        if badges and self._blind:
            self.reveal()

    def show_metrics(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show names and figures, each with its unit; kept back while blind."""
        self._figures.show_pairs(list(pairs))
        self._show_what_may_be_shown()

    def show_actions(self, names: Sequence[str]) -> None:
        """Show those of the buttons "copy", "again", "more" and "continue" that are named."""
        for name, button in self._buttons.items():
            button.setProperty("wanted", name in names)
        self._show_what_may_be_shown()

    def show_footer(self, text: str) -> None:
        """Show a line below the answer; kept back while blind."""
        self._footer_text = text
        self._show_what_may_be_shown()

    def offer_continuing(self, tip: str) -> None:
        """Have a button for the action "continue" in the footer; once, where it can be done."""
        button = Button(self.tr(_CONTINUE), icon="arrow-right")
        button.setObjectName("continue")
        button.setToolTip(tip)
        button.clicked.connect(self._pressed)
        button.hide()
        self._buttons["continue"] = button
        self._footer_row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    def press(self, name: str) -> None:
        """Press one of the buttons, if it is shown and can be pressed."""
        button = self._buttons.get(name)
        if button is not None and button.isVisible():
            button.click()

    @property
    def is_blind(self) -> bool:
        """Whether everything that could tell the model is kept back."""
        return self._blind

    def blind(self, told: str = "") -> None:
        """Keep back badges, figures, actions, reasoning and the footer until ``reveal``.

        ``told`` is what stands below instead: when they will be shown.
        """
        self._told = told or self.tr("Name, price, time and length appear after you vote")
        self.show_badges([])
        self._blind = True
        self._show_what_may_be_shown()

    def reveal(self) -> None:
        """Show everything that was kept back."""
        self._blind = False
        self._show_what_may_be_shown()

    def _show_what_may_be_shown(self) -> None:
        seen = not self._blind
        for name, button in self._buttons.items():
            useful = name not in ("copy", "continue") or bool(self.view.text().strip())
            button.setVisible(seen and useful and bool(button.property("wanted")))
        # Empty figures keep their line, so that a side without any begins no higher than the other.
        self._figures.setVisible(seen)
        self._reasoning.setVisible(seen and self._reasoning.has_text())
        self._footer.setText(self._footer_text if seen else self._told)

    # The answer

    def grow(self, text: str) -> None:
        """Add Markdown to the answer."""
        first = not self.view.text()
        self.view.append(text)
        if first:
            self._show_what_may_be_shown()

    def set_markdown(self, text: str) -> None:
        """Show a finished answer from its beginning."""
        self.view.set_markdown(text)
        self._show_what_may_be_shown()

    def grow_reasoning(self, text: str) -> None:
        """Add to the reasoning, which stays folded and is kept back while blind."""
        self._reasoning.grow(text)
        self._reasoning.setVisible(not self._blind)

    def show_beside(self, said: Sequence[tuple[str, str]]) -> None:
        """Show what other models said to the same prompt, folded: (title, Markdown) each."""
        self._beside.show_said(said)

    def settle(self) -> None:
        """Finish: no more text will come."""
        self.view.settle()
        self._reasoning.settle()

    def reset(self) -> None:
        """Become empty: no text, no problem, no figures, nothing kept back. The title stays."""
        self._blind = False
        self.view.clear()
        self._reasoning.clear()
        self._beside.show_said(())
        self._problem.hide()
        self.waiting.hide()
        self.show_beside_waits({})
        self._footer_text = ""
        self.show_badges([])
        self.show_actions(["copy", "again"])
        self.show_metrics([])

    def text(self) -> str:
        """Markdown source of the answer."""
        return self.view.text()

    def show_problem(
        self, title: str, message: str, actions: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Say above the text what happened and what can be done.

        ``actions`` are pairs of a name, given back by ``action_requested``, and words for the user.
        """
        self._problem.say(title, message, actions)
        self._problem.show()

    def show_waiting(self, title: str, reason: str, left_s: int) -> None:
        """Say that the answer waits before it is asked again; shown while blind too.

        Whoever calls this while blind says the same in both panes.
        """
        self.waiting.say(title, reason, left_s)

    def clear_waiting(self) -> None:
        """Take the countdown away."""
        self.waiting.hide()

    def show_beside_waits(self, waits: Mapping[int, tuple[str, str, int]]) -> None:
        """Count down the waits of other models' answers, by id; never while blind."""
        self.beside_waits.say(waits)

    @Slot()
    def _stop_waiting(self) -> None:
        self.action_requested.emit("stop_waiting")

    @Slot()
    def _pressed(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.action_requested.emit(sender.objectName())
