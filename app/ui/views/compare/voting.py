"""The vote in Compare: cast, explained, changed, and what it reveals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import Problem
from app.domain.routing.decision import Tally
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Reason
from app.ui.bridge import Bridge
from app.ui.views.compare.drafting import Drafting
from app.ui.views.compare.turn import LiveTurn
from app.ui.views.turns.notices import revealed
from app.ui.views.turns.votes import ask_for_vote, say_vote, word_of
from app.ui.widgets.notice_bar import NoticeBar
from app.ui.widgets.vote_bar import VoteBar

if TYPE_CHECKING:
    from app.services.container import Services


class Voting(QObject):
    """Casts what the vote bar says, and reveals once it is kept.

    Signals:
        went_wrong(Problem): a vote was not kept.
    """

    went_wrong = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        bar: VoteBar,
        notice: NoticeBar,
        live: LiveTurn,
        drafting: Drafting,
    ) -> None:
        super().__init__(live)
        self._bridge = bridge
        self._bar = bar
        self._notice = notice
        self._live = live
        self._drafting = drafting
        bar.voted.connect(self._vote)
        bar.reasons_given.connect(self._give_reasons)
        bar.change_wanted.connect(self._change)

    @property
    def awaited(self) -> bool:
        """Return whether a comparison is on the screen that has not been voted on."""
        turn = self._live.turn
        return turn is not None and turn.votable and turn.vote is None

    @Slot(str)
    def _vote(self, word: str) -> None:
        turn = self._live.turn
        if turn is None:
            return
        self._bar.set_ready(False)
        self._bridge.save(
            lambda services: services.votes.cast(turn.id, word), self._voted, self._not_voted
        )

    def _not_voted(self, problem: Problem) -> None:
        self._bar.set_ready(True)
        self.went_wrong.emit(problem)

    def _voted(self, turn: Turn) -> None:
        if self._live.turn is None or self._live.turn.id != turn.id:
            return
        self._live.uncover(turn)
        shown = self._live.turn
        say_vote(self._bar, shown)
        if shown.mode is not TurnMode.ROUTED:
            self._reveal(shown, None)
            self._count(shown)

    def _reveal(self, turn: Turn, tally: Tally | None) -> None:
        told = revealed(turn, tally)
        self._notice.show_notice(told.headline, told.text, icon=told.icon, actions=told.actions)

    def _count(self, turn: Turn) -> None:
        """Add the user's own count for prompts like this one, once the rule has been asked."""
        pair = self._drafting.pair
        if pair is None or pair.key != turn.pair_key:
            return

        async def count(services: Services) -> tuple[Turn, Tally | None]:
            return turn, (await services.rules.decide(pair, turn.prompt)).tally

        self._bridge.run(count, self._counted)

    def _counted(self, found: tuple[Turn, Tally | None]) -> None:
        turn, tally = found
        current = self._live.turn
        if current is not None and current.id == turn.id and not self._live.running:
            self._reveal(current, tally)

    @Slot(object)
    def _give_reasons(self, reasons: tuple[Reason, ...]) -> None:
        turn = self._live.turn
        if turn is None or turn.vote is None:
            return
        word = word_of(turn)
        self._bridge.save(
            lambda services: services.votes.cast(turn.id, word, reasons),
            self._reasons_kept,
            self.went_wrong.emit,
        )

    def _reasons_kept(self, turn: Turn) -> None:
        if self._live.turn is not None and self._live.turn.id == turn.id:
            self._live.uncover(turn)

    @Slot()
    def _change(self) -> None:
        turn = self._live.turn
        if turn is not None:
            ask_for_vote(self._bar, turn.mode, turn.seating, changing=True)
            self._bar.set_ready(True)
            self._bar.setFocus(Qt.FocusReason.OtherFocusReason)
