"""Why a prompt went where it went: what decided, what spoke for it, and the votes behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.routing.decision import Basis, Decision
from app.domain.routing.why import decided_by, figures, reasons
from app.services.container import Services
from app.services.explain import Explanation, NearVote, explained
from app.services.replay import Remade
from app.ui.bridge import Bridge
from app.ui.models.moments import local_now
from app.ui.theme import current
from app.ui.widgets.buttons import LINK_RING_PX, Button
from app.ui.widgets.contribution_rows import ContributionRows
from app.ui.widgets.near_votes import NearVotes

_WIDTH_PX = 620
_MOST_OF_WINDOW = 0.86


class WhyDialog(QDialog):
    """Opens beside the answer and never blocks it; tells the decision as it was made.

    Signals:
        turn_wanted(int): a prompt behind the decision is to be opened in the history.
    """

    turn_wanted = Signal(int)

    def __init__(self, headline: str, decision: Decision, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Why this model?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.is_open = True
        self._page = QWidget()
        self._page.setProperty("page", "true")
        self._column = QVBoxLayout(self._page)
        # At the left as much room as a link's ring takes: its words stand under the others.
        self._column.setContentsMargins(LINK_RING_PX, 0, 8, 0)
        self._column.setSpacing(8)
        self.nearest = NearVotes()
        self.nearest.turn_wanted.connect(self._open_turn)
        self._tell(headline, decision)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20 - LINK_RING_PX, 18, 12, 16)
        outer.setSpacing(12)
        outer.addWidget(scroll, 1)
        self.close_button = Button("Close", parent=self)
        self.close_button.clicked.connect(self.reject)
        outer.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self._fit()

    def _tell(self, headline: str, decision: Decision) -> None:
        self._add(self._words(headline, "title"))
        self._add(self._words(f"Decided by {decided_by(decision)}.", "muted"))
        for sentence in reasons(decision):
            self._add(self._words(sentence, ""))
        if decision.contributions:
            self._heading("What speaks for either model, against your typical prompt")
            self._add(ContributionRows(decision.contributions))
        self._near_heading = self._heading("Your votes on the prompts most like it")
        nearest = QHBoxLayout()
        nearest.setSpacing(0)
        nearest.addSpacing(-LINK_RING_PX)
        nearest.addWidget(self.nearest)
        self._column.addLayout(nearest)
        self._show_near(bool(decision.nearest))
        said = figures(decision)
        if said:
            self._heading("In figures")
        for sentence in said:
            self._add(self._words(sentence, "muted"))
        self.remade = self._words("", "muted")
        self.remade.hide()
        self._add(self.remade)
        self._column.addStretch(1)

    def show_remade(self, sentence: str) -> None:
        """Say what came of making the decision again from the votes of its time."""
        self.remade.setText(sentence)
        self.remade.show()
        self._fit()

    def _add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def _heading(self, text: str) -> QLabel:
        label = self._words(text, "strong")
        self._column.addSpacing(4)
        self._add(label)
        return label

    def _show_near(self, shown: bool) -> None:
        self._near_heading.setVisible(shown)
        self.nearest.setVisible(shown)

    def show_nearest(self, votes: tuple[NearVote, ...]) -> None:
        """Show the votes that the decision points to, as far as they still exist."""
        self.nearest.show_votes(votes, local_now())
        self._show_near(bool(votes))
        self._fit()

    def done(self, result: int) -> None:
        """Close; what arrives later is shown to nobody."""
        self.is_open = False
        super().done(result)

    @Slot(int)
    def _open_turn(self, turn_id: int) -> None:
        self.turn_wanted.emit(turn_id)
        self.accept()

    def _fit(self) -> None:
        """Be as high as what is told, within the window; more than that scrolls."""
        parent = self.parentWidget()
        room = parent.window().size() * _MOST_OF_WINDOW if parent is not None else QSize(9999, 9999)
        width = min(current().px(_WIDTH_PX), room.width())
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        inner = width - margins.left() - margins.right() - current().px(10)
        wanted = max(self._column.heightForWidth(inner), self._column.minimumSize().height())
        frame = margins.top() + margins.bottom() + layout.spacing()
        frame += self.close_button.sizeHint().height() + current().px(8)
        self.resize(width, min(wanted + frame, room.height()))

    def _words(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self._page)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Selectable words would each be a stop of the Tab key: there are many, and they do nothing.
        label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if role:
            label.setProperty("role", role)
        return label


def open_why(
    bridge: Bridge,
    headline: str,
    decision: Decision,
    parent: QWidget,
    open_turn: Callable[[int], None],
    turn_id: int | None = None,
) -> WhyDialog:
    """Open the dialog at once; the prompts behind it appear when the history has been asked.

    With the turn of a past decision it is made again, too, and the dialog says what came of that.
    """
    dialog = WhyDialog(headline, decision, parent)
    dialog.turn_wanted.connect(open_turn)

    def found(explanation: Explanation) -> None:
        if dialog.is_open:
            dialog.show_nearest(explanation.nearest)

    def remade(found: Remade) -> None:
        if dialog.is_open:
            dialog.show_remade(found.sentence)

    if turn_id is not None and decision.basis is Basis.LEARNED:
        bridge.run(partial(_made_again, turn_id), remade)
    if decision.nearest:
        bridge.run(lambda services: explained(services.archive, decision), found)
    dialog.open()
    return dialog


async def _made_again(turn_id: int, services: Services) -> Remade:
    return await services.replays.again(turn_id, await services.models.pair())
