"""Asks one or two models a prompt and records everything, whoever fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from app.domain.answer import Answer, AnswerState
from app.domain.budget import BudgetReachedError, OverBudget
from app.domain.conversation import Prompt
from app.domain.errors import Problem, StorageError
from app.domain.events import StreamEvent, Waiting
from app.domain.matter import Matter
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Decision
from app.domain.turn import Turn
from app.services.ports.spending import SpendingCheck
from app.services.record import Recorder
from app.services.send import Sender, Sent, Stop
from app.services.store import Store
from app.services.thread import with_earlier

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Began:
    """The prompt is stored; what is asked of whom is fixed."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class SideSaid:
    """One side said something."""

    role: Role
    event: StreamEvent
    answer_id: int = 0


@dataclass(frozen=True, slots=True)
class SideSettled:
    """One side has ended, in whatever state."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class BesideWaits:
    """An answer beside the sides waits before it is asked again; with a delay of 0, no longer."""

    answer_id: int
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class BesideSettled:
    """An answer beside the sides has ended: what it said is told once, whole."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Decided:
    """A second look has been taken: where the turn goes is known now.

    With `goes_on` the frontier is asked next, which begins with a Began of its own.
    """

    decision: Decision
    goes_on: bool


@dataclass(frozen=True, slots=True)
class NotSaved:
    """The disk refused what a side said; it is still in memory and on the screen."""

    problem: Problem


TurnEvent = Began | SideSaid | SideSettled | BesideWaits | BesideSettled | Decided | NotSaved
Report = Callable[[TurnEvent], None]
T = TypeVar("T")
Begin = Callable[[Turn, SpendingCheck | None], Awaitable[Turn]]
Add = Callable[[Answer, SpendingCheck | None], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Further:
    """What is asked beside the sides of a turn, and perhaps after them.

    `beside` are cheap models asked at the same time whose answers are no side of the turn;
    `perhaps` may be asked afterwards, and are held against the budget now. `stop` is one that
    listens already and goes on listening.
    """

    beside: tuple[ModelRef, ...] = ()
    perhaps: tuple[ModelRef, ...] = ()
    stop: Stop | None = None


_NOTHING_FURTHER = Further()


@dataclass(frozen=True, slots=True)
class _Sides:
    """What the sides of one turn share. `refused` is what the budget said of all of them."""

    turn: Turn
    matter: Matter
    stop: Stop
    refused: Problem | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is about to be stored and sent, and the models that may be asked after it."""

    prompt: Prompt
    matter: Matter
    answers: tuple[Answer, ...]
    perhaps: tuple[ModelRef, ...] = ()


class Asking:
    """Runs the sides of a turn at once; one failing never touches the other."""

    def __init__(self, sender: Sender, recorder: Recorder, store: Store) -> None:
        self._sender = sender
        self._recorder = recorder
        self._store = store
        self._stops: set[Stop] = set()
        self._waiting: dict[int, Stop] = {}  # by answer: the sides that wait before asking again
        self._idle = asyncio.Event()
        self._idle.set()

    async def ask(
        self,
        turn: Turn,
        models: tuple[tuple[Role, ModelRef], ...],
        report: Report,
        over: OverBudget = OverBudget.ASK,
        begin: Begin | None = None,
        further: Further = _NOTHING_FURTHER,
    ) -> Turn:
        """Store the turn, ask the models and return the turn with settled answers, cheap first.

        All that is asked is held against the budget together, while the turn is stored. `over` says
        what happens when a limit would be passed: BudgetReachedError before anything is stored, a
        turn stored with its answers blocked, or sending all the same. `begin` stores the turn in
        another way; nothing is sent unless it returns. InputError when what it continues has been
        deleted.
        """
        turn = await self._with_earlier(turn)
        ordered = sorted(models, key=lambda item: item[0] is Role.FRONTIER)
        empty = [Answer(role, model) for role, model in ordered]
        empty += [Answer(Role.CHEAP, model) for model in further.beside]
        count = len(ordered)

        async def store(answers: tuple[Answer, ...], spending: SpendingCheck | None) -> Turn:
            whole = replace(turn, answers=answers[:count], beside=answers[count:])
            return await (begin or self._recorder.begin)(whole, spending)

        async with self.listening(further.stop) as stop:
            matter = await self._matter(turn.prompt.matter)
            asked = _Asked(turn.prompt, matter, tuple(empty), further.perhaps)
            begun, refused = await self._begin(asked, over, store)
            report(Began(begun))
            sides = _Sides(begun, matter, stop, refused)
            every = (*begun.answers, *begun.beside)
            settled = await self._run(sides, every, _beside_apart(begun, report))
        return replace(begun, answers=settled[:count], beside=settled[count:])

    async def ask_also(
        self,
        turn: Turn,
        role: Role,
        model: ModelRef,
        report: Report,
        over: OverBudget = OverBudget.ASK,
        add: Add | None = None,
        stop: Stop | None = None,
    ) -> Turn:
        """Ask one more model the prompt of a turn that is already stored; `over` as in `ask`.

        `turn.mode` is how the turn counts from then on. It is sent what the first one was sent.
        `add` stores the answer in another way. `stop` is one that listens already.
        """
        turn = await self._with_earlier(turn)

        async def store(answers: tuple[Answer, ...], spending: SpendingCheck | None) -> Answer:
            if add is not None:
                return await add(answers[0], spending)
            added = await self._recorder.add_answer(turn.id, answers[0], spending)
            # Only once it is allowed does the turn count differently.
            await self._store(lambda history: history.set_mode(turn.id, turn.mode.value))
            return added

        async with self.listening(stop) as stop:
            matter = await self._matter(turn.prompt.matter)
            asked = _Asked(turn.prompt, matter, (Answer(role, model),))
            added, refused = await self._begin(asked, over, store)
            report(Began(replace(turn, answers=_ordered((*turn.answers, added)))))
            (answer,) = await self._run(_Sides(turn, matter, stop, refused), (added,), report)
        return replace(turn, answers=_ordered((*turn.answers, answer)))

    async def _begin(
        self,
        asked: _Asked,
        over: OverBudget,
        store: Callable[[tuple[Answer, ...], SpendingCheck | None], Awaitable[T]],
    ) -> tuple[T, Problem | None]:
        """Store what is about to be sent; return it, and why it may not be sent, if so."""
        plan = await self._sender.plan(asked.prompt, asked.matter, asked.answers, asked.perhaps)
        try:
            return await store(
                plan.answers, None if over is OverBudget.SEND else plan.spending
            ), None
        except BudgetReachedError as reached:
            if over is OverBudget.ASK:
                raise
            unheld = tuple(replace(answer, held=None) for answer in plan.answers)
            return await store(unheld, None), reached.problem

    def stop(self) -> None:
        """End every answer that still arrives, keeping what came; called on the event loop."""
        for stop in self._stops:
            stop.press()

    def stop_waiting(self, answer_id: int) -> None:
        """End one side that waits before it is asked again; called on the event loop.

        Nothing happens where the wait is over already: an answer under way is not ended by it.
        """
        if (stop := self._waiting.get(answer_id)) is not None:
            stop.press()

    async def stop_and_wait(self) -> None:
        """Stop everything and return when its end is written."""
        self.stop()
        await self._idle.wait()

    async def _with_earlier(self, turn: Turn) -> Turn:
        """Return the turn with what it continues, texts and policies as they are at this moment."""
        if turn.continued_answer_id is None:
            return turn
        return await self._store(lambda history: with_earlier(history, turn))

    async def _matter(self, name: str) -> Matter:
        found = await self._store(lambda history: history.matter(name))
        return found or Matter(name)

    async def _run(
        self, sides: _Sides, answers: tuple[Answer, ...], report: Report
    ) -> tuple[Answer, ...]:
        running = [
            asyncio.ensure_future(self._side(sides, answer, report, sides.stop.inner()))
            for answer in answers
        ]
        try:
            return tuple(await asyncio.gather(*running))
        finally:
            for side in running:
                side.cancel()

    @contextlib.asynccontextmanager
    async def listening(self, already: Stop | None = None) -> AsyncIterator[Stop]:
        """Let the user stop what is asked meanwhile; one that listens `already` goes on doing so.

        Whoever closes the app waits until nobody listens any more.
        """
        if already is not None:
            yield already
            return
        stop = Stop()
        self._stops.add(stop)
        self._idle.clear()
        writer = asyncio.ensure_future(self._recorder.keep_writing())
        try:
            yield stop
        finally:
            writer.cancel()
            self._stops.discard(stop)
            if not self._stops:
                self._idle.set()

    async def _side(self, sides: _Sides, answer: Answer, report: Report, stop: Stop) -> Answer:
        def hear(event: StreamEvent) -> None:
            if isinstance(event, Waiting) and event.delay_s:
                self._waiting[answer.id] = stop
            else:
                self._waiting.pop(answer.id, None)
            self._recorder.hear(answer.id, event)
            report(SideSaid(answer.role, event, answer.id))

        try:
            sent = await self._sender.send(
                sides.turn.prompt, sides.matter, answer, hear, stop,
                cleared=True, refused=sides.refused,
            )  # fmt: skip
        except Exception as error:  # noqa: BLE001 - a bug on one side must not lose the other
            _log.error("a side failed unexpectedly: %s", type(error).__name__)
            sent = Sent(replace(answer, state=AnswerState.FAILED, problem=_UNEXPECTED))
        self._waiting.pop(answer.id, None)
        try:
            await self._recorder.finish(sent)
        except StorageError as error:
            report(NotSaved(error.problem))
        report(SideSettled(sent.answer))
        return sent.answer


_UNEXPECTED = Problem(
    "unexpected",
    "Counterpart met a fault of its own while asking this model.",
    "The prompt is kept in History; ask again, and send us a problem report from Settings.",
)


def _beside_apart(turn: Turn, report: Report) -> Report:
    """Return a report that says of answers beside the sides only their waits, and how they ended.

    What they say is told once, whole.
    """
    others = {answer.id for answer in turn.beside}

    def told(event: TurnEvent) -> None:
        match event:
            case SideSaid(_, Waiting() as waiting, answer_id) if answer_id in others:
                report(BesideWaits(answer_id, waiting))
            case SideSaid(answer_id=answer_id) if answer_id in others:
                return
            case SideSettled(answer) if answer.id in others:
                report(BesideSettled(answer))
            case _:
                report(event)

    return told


def _ordered(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(sorted(answers, key=lambda answer: answer.role is Role.FRONTIER))
