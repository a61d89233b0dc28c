"""One turn as it arrives: from the engine's events into the two panes, at the pace they allow."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.answer import Answer, AnswerState
from app.domain.events import ReasoningArrived, StreamEvent, TextArrived, Waiting
from app.domain.model import Role
from app.domain.money import Cost
from app.domain.pacing import BlindPace
from app.domain.reveal import seats
from app.domain.routing.decision import Decision
from app.domain.turn import TOGETHER, Turn, TurnMode
from app.domain.vote import Letter, Seating
from app.services.ask import (
    Began,
    BesideSettled,
    BesideWaits,
    Decided,
    NotSaved,
    SideSaid,
    SideSettled,
    TurnEvent,
)
from app.ui.views.turns.dress import (
    BEGUN,
    NOT_BEGUN,
    beside_waiting,
    cover,
    dress,
    dress_blind_waiting,
    dress_waiting,
)
from app.ui.views.turns.second_look import beside
from app.ui.widgets.answer_pane import AnswerPane

FRAME_MS = 33
_FRAMES_A_SECOND = round(1000 / FRAME_MS)


@dataclass(frozen=True, slots=True)
class _Wait:
    """A wait before another try; `until_s` is a moment of the window's own clock."""

    said: Waiting
    until_s: float

    def left_s(self, now_s: float) -> int:
        """Return the whole seconds that are left."""
        return max(0, math.ceil(self.until_s - now_s))


@dataclass(slots=True)
class _Side:
    """What is known of one side and not on the screen yet."""

    pending_chars: int = 0
    reasoning: list[str] = field(default_factory=list)
    settled: Answer | None = None
    finished: bool = False
    waiting: _Wait | None = None


class LiveTurn(QObject):
    """Shows a turn while it arrives. Blind ones tell nothing until the vote, or until a side fails.

    Signals:
        began(Turn): the prompt is stored and being asked; also when a second model is asked.
        decided(Turn): a second look has been taken; its decision says what came of it.
        opened(): names may be shown: a side of a blind comparison did not complete.
        ended(Turn): every side has ended and all that arrived is on the screen.
        not_saved(Problem): the disk refused an answer.
    """

    began = Signal(object)
    decided = Signal(object)
    opened = Signal()
    ended = Signal(object)
    not_saved = Signal(object)

    def __init__(
        self,
        panes: tuple[AnswerPane, AnswerPane],
        parent: QObject | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._panes = dict(zip(Letter, panes, strict=True))
        self._now_s = now_s
        self._turn: Turn | None = None
        self._sides: dict[Role, _Side] = {}
        self._beside_waits: dict[int, _Wait] = {}  # by answer
        self._pace = BlindPace()
        self._blind = False
        self._goes_on = False
        self._together = False  # both places stay empty until it is known who belongs there
        self._frontier_cost: Cost | None = None
        self._showing = 0
        self._even = False
        self._frames = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.frame)

    @property
    def turn(self) -> Turn | None:
        """Return the turn as far as it is known, with the answers that have ended."""
        return self._turn

    @property
    def blind(self) -> bool:
        """Return whether names, prices and times must stay hidden."""
        return self._blind

    @property
    def running(self) -> bool:
        """Return whether something may still arrive or be shown."""
        return self._timer.isActive()

    def letter(self, role: Role) -> Letter:
        """Return where that role's answer stands; a single one stands at A."""
        assert self._turn is not None
        return Letter.A if self._turn.mode is TurnMode.ROUTED else seats(self._turn).letter(role)

    def pane(self, role: Role) -> AnswerPane:
        """Return the pane that role's answer is shown in."""
        return self._panes[self.letter(role)]

    def listener(self) -> Callable[[TurnEvent], None]:
        """Return what hears a turn's events until another one takes its place.

        A second model may still wait when its check has been voted on and the next is asked.
        """
        return partial(self._hear_of, self._showing)

    def _hear_of(self, showing: int, event: TurnEvent) -> None:
        # That the disk refused an answer is told whatever is shown by now.
        if showing == self._showing or isinstance(event, NotSaved):
            self.hear(event)

    @Slot(object)
    def hear(self, event: TurnEvent) -> None:
        """Take one event of the engine."""
        match event:
            case Began(turn):
                self._begin(turn)
            case SideSaid(role, said):
                self._hear_side(role, said)
            case SideSettled(answer):
                self._settle(answer)
            case BesideWaits(answer_id, waiting):
                self._wait_beside(answer_id, self._wait(waiting))
            case BesideSettled(answer):
                self._settle_beside(answer)
            case Decided(decision, goes_on):
                self._decide(decision, goes_on=goes_on)
            case NotSaved(problem):
                self.not_saved.emit(problem)

    def _hear_side(self, role: Role, said: StreamEvent) -> None:
        match said:
            case TextArrived(text):
                self._arrive(role, text)
            case ReasoningArrived(text):
                self._sides[role].reasoning.append(text)
                self._no_longer_waits(self._sides[role])
            case Waiting() as waiting:
                self._sides[role].waiting = self._wait(waiting)
                self._show_waiting()
            case _:
                pass  # what ends a side follows as SideSettled, with its cost

    def _arrive(self, role: Role, text: str) -> None:
        side = self._sides[role]
        if not self._together:  # else it is shown whole, once it is known whether at all
            side.pending_chars += len(text)
            self._pace.arrived(role, text, self._now_s())
        self._no_longer_waits(side)

    def _wait(self, waiting: Waiting) -> _Wait | None:
        return _Wait(waiting, self._now_s() + waiting.delay_s) if waiting.delay_s else None

    def _wait_beside(self, answer_id: int, wait: _Wait | None) -> None:
        """Note that an answer beside the sides waits, or (None) no longer does."""
        before = self._beside_waits.pop(answer_id, None)
        if wait is not None and self.running:
            self._beside_waits[answer_id] = wait
        if before is not self._beside_waits.get(answer_id):
            self._show_waiting()

    def _begin(self, turn: Turn) -> None:
        turn = self._turn = self._seated(turn)
        self._pace = BlindPace()
        self._blind = turn.mode is TurnMode.BLIND
        self._sides = {}
        self._beside_waits.clear()
        self._together = turn.together
        for role in Role:
            answer = turn.side(role)
            side = _Side()
            if answer is None or answer.state is not AnswerState.STREAMING:
                side.settled, side.finished = answer, True
                self._pace.ended(role)
            self._sides[role] = side
        if not self._blind:
            self._pace.release_all()
        routed = turn.mode is TurnMode.ROUTED
        # A second look that is not decided yet may go on; the frontier's answer ends it.
        look = bool(turn.beside) and turn.answer(Role.FRONTIER) is None
        self._goes_on = routed and look
        for answer in self._on_screen:
            pane = self.pane(answer.role)
            if self._blind:
                cover(pane, self.letter(answer.role), TOGETHER if self._together else "")
                continue
            if answer.state is AnswerState.STREAMING:
                pane.reset()
            dress(pane, turn, answer)
        self._timer.start()
        self.began.emit(turn)

    @property
    def _on_screen(self) -> tuple[Answer, ...]:
        """Return the answers that have a pane: of a routed turn the one that stands."""
        if self._turn is None:
            return ()
        return self._turn.shown

    def _settle_beside(self, answer: Answer) -> None:
        assert self._turn is not None
        settled = tuple(answer if each.id == answer.id else each for each in self._turn.beside)
        turn = self._turn = replace(self._turn, beside=settled)
        self._wait_beside(answer.id, None)
        if self._blind:
            return
        for shown in self._on_screen:
            pane = self.pane(shown.role)
            if self._sides[shown.role].finished:  # its figures tell of all calls, once all ended
                dress(pane, turn, shown, self._shown_frontier_cost())
            else:
                pane.show_beside(beside(turn, shown))

    def _decide(self, decision: Decision, *, goes_on: bool) -> None:
        assert self._turn is not None
        self._turn = replace(self._turn, decision=decision)
        self._goes_on = goes_on
        if self._together:
            self._show_together()
        elif decision.stands and not self._blind:
            self._show_standing()
        if not self._blind:
            self.decided.emit(self._turn)

    def _show_together(self) -> None:
        """Fill both blind places at once, now that it is known which answers belong there."""
        assert self._turn is not None
        self._together = False
        for answer in self._on_screen:
            pane = self._put(answer)
            pane.clear_waiting()
            pane.blind()
        if not self._turn.votable:
            self._open()

    def _show_standing(self) -> None:
        """Put the answer that stands in the place of the first model's, which is folded."""
        assert self._turn is not None
        for answer in self._on_screen:
            self._put(answer)
            self._show_reasoning(answer.role, self._sides[answer.role])
            dress(self.pane(answer.role), self._turn, answer)

    def _put(self, answer: Answer) -> AnswerPane:
        """Show a whole answer in its place, whatever stood or was to come there."""
        reasoning = [answer.reasoning] if answer.reasoning else []
        self._sides[answer.role] = _Side(reasoning=reasoning, settled=answer, finished=True)
        self._pace.drop(answer.role)
        pane = self.pane(answer.role)
        pane.reset()
        pane.set_markdown(answer.text)
        pane.settle()
        return pane

    def _seated(self, turn: Turn) -> Turn:
        """Give a turn without a draw its seats: an answer that stands at A already stays there."""
        if turn.seating is not None or self._turn is None or self._turn.id != turn.id:
            return turn
        return replace(turn, seating=self._turn.seating or Seating(self._turn.answers[0].role))

    def _settle(self, answer: Answer) -> None:
        assert self._turn is not None
        side = self._sides[answer.role]
        side.settled, side.waiting = answer, None
        answers = tuple(answer if a.role is answer.role else a for a in self._turn.answers)
        self._turn = replace(self._turn, answers=answers)
        self._pace.ended(answer.role)
        if self._blind and not answer.complete and not self._together:
            self._open()
        self._show_waiting()

    def _open(self) -> None:
        """End blindness early: a comparison without two whole answers cannot be voted on."""
        assert self._turn is not None
        self._blind = False
        self._pace.release_all()
        for answer in self._on_screen:
            self._show_reasoning(answer.role, self._sides[answer.role])
            dress(self.pane(answer.role), self._turn, answer)
        self.opened.emit()

    def uncover(self, turn: Turn) -> None:
        """Show everything of a turn that was voted on."""
        turn = self._turn = self._seated(turn)
        self._blind = False
        for answer in self._on_screen:
            side = self._sides.setdefault(answer.role, _Side(finished=True))
            self._show_reasoning(answer.role, side)
            dress(self.pane(answer.role), turn, answer, self._shown_frontier_cost())

    def tell_frontier_cost(self, told: tuple[int, Cost]) -> None:
        """Show what the frontier would have cost for the turn of that id, if it is still shown."""
        turn_id, self._frontier_cost = told
        if self._turn is not None and self._turn.id == turn_id and not self._blind:
            for answer in self._on_screen:
                dress(self.pane(answer.role), self._turn, answer, self._shown_frontier_cost())

    def _shown_frontier_cost(self) -> Cost | None:
        """Return the estimate for an answer that stands alone; beside the real one it says less."""
        routed = self._turn is not None and self._turn.mode is TurnMode.ROUTED
        return self._frontier_cost if routed else None

    def abort(self) -> None:
        """Stop showing: the turn could not be asked at all, or another one begins."""
        self._timer.stop()
        self._blind = False
        self._frontier_cost = None
        self._goes_on = False
        self._together = False
        self._turn = None
        self._sides = {}
        self._beside_waits.clear()
        self._showing += 1

    @Slot()
    def frame(self) -> None:
        """Show what may be shown now, one pane a frame, so that neither takes the other's time."""
        if self._turn is None:
            return
        self._frames += 1
        if self._together:
            if self._frames % _FRAMES_A_SECOND == 0:
                self._show_waiting()
            return
        self._even = not self._even
        letter = Letter.A if self._even else Letter.B
        role = seats(self._turn).role(letter)
        self._show(role if self._turn.answer(role) is not None else role.other())
        if self._frames % _FRAMES_A_SECOND == 0:
            self._show_waiting()
        finished = all(side.finished for side in self._sides.values())
        if finished and not self._blind_text_left() and not self._goes_on:
            self._end()

    def _blind_text_left(self) -> bool:
        return any(side.pending_chars for side in self._sides.values())

    def _show(self, role: Role) -> None:
        assert self._turn is not None
        side, pane = self._sides[role], self.pane(role)
        if not self._blind:
            self._show_reasoning(role, side)
        text = self._pace.take(role, self._now_s())
        if text:
            if not self._blind and not pane.text():
                pane.show_footer(BEGUN)
            side.pending_chars -= len(text)
            pane.grow(text)
        if side.settled is None or side.finished or side.pending_chars:
            return
        # A finished blind pane looks like one that goes on until both have finished.
        if self._blind and not self._pace.settled:
            return
        side.finished = True
        pane.settle()
        if not self._blind:
            dress(pane, self._turn, side.settled)

    def _show_reasoning(self, role: Role, side: _Side) -> None:
        if side.reasoning:
            self.pane(role).grow_reasoning("".join(side.reasoning))
            side.reasoning.clear()

    def _show_waiting(self) -> None:
        """Count retries down; while blind in the same words in both panes, which tell nothing."""
        assert self._turn is not None
        now_s, beside = self._now_s(), bool(self._turn.beside)
        waits = [side.waiting for side in self._sides.values() if side.waiting is not None]
        waits += self._beside_waits.values()
        for answer in self._on_screen:
            pane, side = self.pane(answer.role), self._sides[answer.role]
            if not self._blind and answer.role is Role.CHEAP:
                pane.show_beside_waits(self._said_of_beside_waits(now_s))
            if self._blind and waits:
                longest_s = max(wait.left_s(now_s) for wait in waits)
                dress_blind_waiting(pane, len(waits), longest_s, beside=beside)
            elif not self._blind and side.waiting is not None:
                dress_waiting(pane, side.waiting.said, side.waiting.left_s(now_s))
            elif not pane.waiting.isHidden():
                pane.clear_waiting()
                if not self._blind and side.settled is None:
                    pane.show_footer(BEGUN if pane.text() else NOT_BEGUN)

    def _said_of_beside_waits(self, now_s: float) -> dict[int, tuple[str, str, int]]:
        assert self._turn is not None
        return {
            answer.id: beside_waiting(answer.model, wait.said, wait.left_s(now_s))
            for answer in self._turn.beside
            if (wait := self._beside_waits.get(answer.id)) is not None
        }

    def _no_longer_waits(self, side: _Side) -> None:
        if side.waiting is not None:
            side.waiting = None
            self._show_waiting()

    def answer_in(self, pane: QObject | None) -> Answer | None:
        """Return the answer that a pane shows, or None."""
        return next((answer for answer in self._on_screen if self.pane(answer.role) is pane), None)

    def waiting_in(self, pane: AnswerPane) -> list[int]:
        """Return the ids of the answers whose wait a pane's countdown tells of."""
        if self._turn is None:
            return []
        sides = [
            answer.id
            for answer in self._on_screen
            if self._sides[answer.role].waiting is not None
            and (self._blind or self.pane(answer.role) is pane)
        ]
        return [*sides, *self._beside_waits] if self._blind else sides

    def _end(self) -> None:
        assert self._turn is not None
        self._timer.stop()
        if self._beside_waits:  # of a blind check of two models: nothing shown here waits for it
            self._beside_waits.clear()
            self._show_waiting()
        self.ended.emit(self._turn)
