"""Asks one or two models a prompt and records everything, whoever fails."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem, StorageError
from app.domain.events import StreamEvent, Waiting
from app.domain.matter import Matter
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Decision
from app.domain.turn import Turn
from app.services.record import Recorder
from app.services.send import Sender, Sent, Stop
from app.services.store import Store

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


TurnEvent = Began | SideSaid | SideSettled | BesideSettled | Decided | NotSaved
Report = Callable[[TurnEvent], None]


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
        *,
        beside: tuple[ModelRef, ...] = (),
        stop: Stop | None = None,
    ) -> Turn:
        """Store the turn, ask the models and return the turn with settled answers, cheap first.

        `beside` are cheap models asked at the same time whose answers are no side of the turn.
        `stop` is one that listens already, where more will be asked afterwards.
        """
        ordered = sorted(models, key=lambda item: item[0] is Role.FRONTIER)
        empty = tuple(Answer(role, model) for role, model in ordered)
        others = tuple(Answer(Role.CHEAP, model) for model in beside)
        async with self.listening(stop) as stop:
            begun = await self._recorder.begin(replace(turn, answers=empty, beside=others))
            report(Began(begun))
            every = (*begun.answers, *begun.beside)
            settled = await self._run(begun, every, _beside_apart(begun, report), stop)
        sides = len(begun.answers)
        return replace(begun, answers=settled[:sides], beside=settled[sides:])

    async def ask_also(
        self,
        turn: Turn,
        role: Role,
        model: ModelRef,
        report: Report,
        *,
        stop: Stop | None = None,
    ) -> Turn:
        """Ask one more model the prompt of a turn that is already stored; `stop` as in `ask`."""
        async with self.listening(stop) as stop:
            added = await self._recorder.add_answer(turn.id, Answer(role, model))
            report(Began(replace(turn, answers=_ordered((*turn.answers, added)))))
            (answer,) = await self._run(turn, (added,), report, stop)
        return replace(turn, answers=_ordered((*turn.answers, answer)))

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

    async def _matter(self, name: str) -> Matter:
        found = await self._store(lambda history: history.matter(name))
        return found or Matter(name)

    async def _run(
        self, turn: Turn, answers: tuple[Answer, ...], report: Report, stop: Stop
    ) -> tuple[Answer, ...]:
        matter = await self._matter(turn.prompt.matter)
        sides = [
            asyncio.ensure_future(self._side(turn, matter, answer, report, stop.inner()))
            for answer in answers
        ]
        try:
            return tuple(await asyncio.gather(*sides))
        finally:
            for side in sides:
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

    async def _side(
        self, turn: Turn, matter: Matter, answer: Answer, report: Report, stop: Stop
    ) -> Answer:
        def hear(event: StreamEvent) -> None:
            if isinstance(event, Waiting) and event.delay_s:
                self._waiting[answer.id] = stop
            else:
                self._waiting.pop(answer.id, None)
            self._recorder.hear(answer.id, event)
            report(SideSaid(answer.role, event, answer.id))

        try:
            sent = await self._sender.send(turn.prompt, matter, answer, hear, stop)
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
    """Return a report that says of answers beside the sides only how they ended."""
    others = {answer.id for answer in turn.beside}

    def told(event: TurnEvent) -> None:
        match event:
            case SideSaid(answer_id=answer_id) if answer_id in others:
                return
            case SideSettled(answer) if answer.id in others:
                report(BesideSettled(answer))
            case _:
                report(event)

    return told


def _ordered(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    return tuple(sorted(answers, key=lambda answer: answer.role is Role.FRONTIER))
