"""Asks a run's prompts, unattended: both models each, two prompts at a time, nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from app.domain.answer import Answer
from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.report import spent
from app.domain.calibration.run import Pause, PauseReason, Run, RunState, with_turn
from app.domain.errors import CounterpartError, InputError, Problem
from app.domain.model import ModelRef, Pair, Role
from app.domain.money import Money
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Seating
from app.domain.words import counted, money_text
from app.services.ask import Asking, Began, NotSaved, TurnEvent
from app.services.calibrate_review import Reviews
from app.services.compare import both, draw_seat, new_turn
from app.services.models import Models
from app.services.ports.clock import Clock
from app.services.ports.spending import SpendingCheck
from app.services.store import Store

Report = Callable[[Run], None]
AT_ONCE = 2
# Trouble that the next prompt would only meet again: someone has to do something first.
_FOR_THE_USER = frozenset(
    {
        "payment", "forbidden", "key_refused", "key_missing", "model_not_found", "proxy",
        "insecure_address", "bad_certificate", "not_an_api", "redirected", "local_model",
        "bad_request", "bad_ca", "trust_file", "not_local",
    }
)  # fmt: skip
# Trouble that passes: the run waits, longer each time, and then asks for help.
_PASSING = frozenset(
    {
        "rate_limited", "overloaded", "refused_connection", "unknown_host", "connect_timeout",
        "stalled", "network",
    }
)  # fmt: skip
_WAITS_S = (20.0, 60.0, 180.0)


class _NotTakenError(Exception):
    """The history did not let the prompt be asked: the run was paused, or asked it before."""


@dataclass(slots=True)
class _Job:
    """A run while it is being asked."""

    run: Run
    pair: Pair
    report: Report
    queue: deque[Item] = field(default_factory=deque)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    halt: Pause | None = None
    reserved: dict[int, Decimal] = field(default_factory=dict)
    trouble: int = 0

    def settle(self, item: Item, turn: Turn) -> None:
        """Take note of what has become of an item, and tell."""
        self.run = with_turn(self.run, item, turn)
        self.report(self.run)

    def stop(self, reason: PauseReason, detail: str) -> None:
        """Begin nothing more; the first reason counts."""
        self.halt = self.halt or Pause(reason, detail)


class Runner:
    """Runs runs. `waits_s` are the pauses after passing trouble, one after another."""

    def __init__(
        self,
        store: Store,
        asking: Asking,
        models: Models,
        reviews: Reviews,
        clock: Clock,
        draw: Callable[[], Role] = draw_seat,
        waits_s: Sequence[float] = _WAITS_S,
    ) -> None:
        self._store = store
        self._asking = asking
        self._models = models
        self._reviews = reviews
        self._clock = clock
        self._draw = draw
        self._waits_s = tuple(waits_s)
        self._closing = False
        self._woken = asyncio.Event()
        self._jobs: dict[int, asyncio.Event] = {}

    def running_here(self, run_id: int) -> bool:
        """Return whether this program is asking for the run just now."""
        return run_id in self._jobs

    async def run(self, run: Run, report: Report) -> Run:
        """Ask what has not been asked, until all is, the limit is reached or someone pauses it.

        Returns the run as it then stands; InputError when it cannot begin. An answer that broke
        off with the program is asked for once more, and so is a side that failed.
        """
        if run.stored_state is RunState.ANSWERED and run.closed_at is None and not run.retryable:
            raise InputError(
                f"Every prompt of “{run.name}” has been answered.", "Vote on them now."
            )
        await self._store(lambda history: history.claim_calibration(run.id))
        ended = self._jobs[run.id] = asyncio.Event()
        job = _Job(run, run.pair, report)
        try:
            job.run, job.pair = await self._fresh(run), await self._pair(run.pair)
            report(job.run)
            await self._ask_all(job)
        except BaseException:
            job.stop(PauseReason.APP_ENDED, "This run was broken off.")
            raise
        finally:
            await self._let_go(job)
            del self._jobs[run.id]
            ended.set()
        fresh = await self._fresh(run)
        report(fresh)
        return fresh

    async def pause(self, run: Run) -> None:
        """Let what is being answered end, and begin nothing more, in whichever program it runs."""
        why = Pause(PauseReason.USER, "You paused this run.")
        await self._store(lambda history: history.pause_calibration(run.id, why))
        self._woken.set()

    def stop(self) -> None:
        """End every answer that still arrives, keeping what came; called on the event loop."""
        self._asking.stop()

    async def close(self) -> None:
        """End what is being answered, keeping what came, and let go of every run."""
        self._closing = True
        self._woken.set()
        await self._asking.stop_and_wait()
        for ended in list(self._jobs.values()):
            await ended.wait()

    async def _let_go(self, job: _Job) -> None:
        """Release the run. Where even that fails, the next start finds it paused."""
        with contextlib.suppress(CounterpartError):
            await self._store(
                lambda history: history.release_calibration(job.run.id, RunState.ANSWERED, job.halt)
            )

    async def _fresh(self, run: Run) -> Run:
        found = await self._store(lambda history: history.calibration(run.name))
        return found or run

    async def _pair(self, pair: Pair) -> Pair:
        """Return the run's models with the keys that they have now; their versions stay."""
        known = {model.fingerprint(): model for model in await self._models.all()}

        def now(model: ModelRef) -> ModelRef:
            current = known.get(model.fingerprint())
            return replace(current, role=model.role) if current is not None else model

        return Pair(now(pair.cheap), now(pair.frontier))

    # Asking

    async def _ask_all(self, job: _Job) -> None:
        try:
            job.queue.extend(i for i in job.run.by_lot if i.state is ItemState.WAITING)
            await self._work(job, self._ask)
            if job.halt is None and not self._closing:
                job.queue.extend(job.run.retryable)
                await self._work(job, self._ask_again)
        except CounterpartError as error:
            job.stop(PauseReason.PROBLEM, error.problem.sentence())
        if self._closing:
            job.stop(PauseReason.APP_ENDED, "Counterpart was closed while this run was answered.")

    async def _work(self, job: _Job, ask: Callable[[_Job, Item], Awaitable[None]]) -> None:
        slots = 1 if job.pair.practice else AT_ONCE
        # A worker may end early, so that the others decide; one of them always goes on.
        while job.queue and job.halt is None and not self._closing:
            workers = [self._worker(job, ask, first=slot == 0) for slot in range(slots)]
            await asyncio.gather(*workers)

    async def _worker(
        self, job: _Job, ask: Callable[[_Job, Item], Awaitable[None]], *, first: bool
    ) -> None:
        # While there is trouble one at a time is enough.
        while first or not job.trouble:
            item = await self._take(job)
            if item is None:
                return
            try:
                await ask(job, item)
            except _NotTakenError:
                if not self._closing:
                    job.stop(PauseReason.USER, "This run was paused.")
            except CounterpartError as error:
                job.stop(PauseReason.PROBLEM, error.problem.sentence())
            finally:
                job.reserved.pop(item.id, None)
            await self._rest(job)

    async def _take(self, job: _Job) -> Item | None:
        """Return the next item that the limit still allows, or None."""
        async with job.lock:
            if job.halt is not None or self._closing or not job.queue:
                return None
            item = job.queue[0]
            cost = await self._reviews.at_most(item.prompt, job.pair)
            if not _within(job, cost):
                return None
            job.queue.popleft()
            limit = job.run.limit
            if cost is not None and limit is not None and cost.currency == limit.currency:
                job.reserved[item.id] = cost.amount
            return item

    async def _ask(self, job: _Job, item: Item) -> None:
        turn = new_turn(item.prompt, TurnMode.BLIND, job.pair, self._clock, Seating(self._draw()))

        async def begin(turn: Turn, spending: SpendingCheck | None) -> Turn:
            self._still_open()
            begun = await self._store(
                lambda history: history.begin_item(job.run.id, item.id, turn, spending)
            )
            return _taken(begun)

        settled = await self._asking.ask(turn, both(job.pair), _hearing(job, item), begin=begin)
        job.settle(item, settled)
        self._judge(job, settled.answers)

    async def _ask_again(self, job: _Job, item: Item) -> None:
        """Ask the sides that did not end well once more; what came first stays on record."""
        for side in item.sides:
            if not side.may_ask_again or job.halt is not None:
                continue
            turn = await self._turn(item)
            if turn is None:
                return

            async def add(answer: Answer, spending: SpendingCheck | None) -> Answer:
                self._still_open()
                added = await self._store(
                    lambda history: history.begin_side(job.run.id, item.id, answer, spending)
                )
                return _taken(added)

            model = job.pair.side(side.role)
            await self._asking.ask_also(turn, side.role, model, _silent, add=add)
            told = await self._turn(item)
            answer = told.answer(side.role) if told is not None else None
            if told is not None and answer is not None:
                job.settle(item, told)
                self._judge(job, (answer,))

    async def _turn(self, item: Item) -> Turn | None:
        turn_id = item.turn_id
        if turn_id is None:
            return None
        return await self._store(lambda history: history.turn(turn_id))

    async def _rest(self, job: _Job) -> None:
        """Wait after passing trouble, longer each time; ask for help when it does not pass."""
        if not job.trouble or job.halt is not None or self._closing:
            return
        self._woken.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), self._waits_s[job.trouble - 1])

    def _still_open(self) -> None:
        if self._closing:
            raise _NotTakenError

    def _judge(self, job: _Job, answers: Sequence[Answer]) -> None:
        """Learn from how answers ended whether going on makes sense."""
        problems = [answer.problem for answer in answers if answer.problem is not None]
        for problem in problems:
            if _needs_user(problem):
                job.stop(PauseReason.PROBLEM, problem.sentence())
        passing = [problem for problem in problems if problem.kind in _PASSING]
        job.trouble = job.trouble + 1 if passing else 0
        if job.trouble > len(self._waits_s):
            job.stop(PauseReason.PROBLEM, passing[0].sentence())


def _within(job: _Job, cost: Money | None) -> bool:
    """Return whether the limit allows that cost too; if not, the run stops and says so."""
    limit = job.run.limit
    if limit is None or cost is None or cost.currency != limit.currency:
        return True
    money = spent(job.run.items).total.money
    paid = money.amount if money is not None and money.currency == limit.currency else Decimal(0)
    if paid + sum(job.reserved.values()) + cost.amount <= limit.amount:
        return True
    if not job.reserved:
        job.stop(
            PauseReason.LIMIT,
            f"The limit of {money_text(limit)} is nearly reached: "
            f"{money_text(Money(paid, limit.currency))} is spent, and the next prompt may cost up "
            f"to {money_text(cost)}. {counted(len(job.queue), 'prompt')} not asked yet.",
        )
    return False


def _hearing(job: _Job, item: Item) -> Callable[[TurnEvent], None]:
    def hear(event: TurnEvent) -> None:
        match event:
            case Began(turn):
                job.settle(item, turn)
            case NotSaved(problem):
                job.stop(PauseReason.PROBLEM, problem.sentence())
            case _:
                pass

    return hear


def _silent(_event: TurnEvent) -> None:
    """Hear nothing: what comes is read from the history afterwards."""


T = TypeVar("T")


def _taken(stored: T | None) -> T:
    """Return what was stored; nothing may be sent where the history did not let it."""
    if stored is None:
        raise _NotTakenError
    return stored


def _needs_user(problem: Problem) -> bool:
    return problem.kind in _FOR_THE_USER or problem.kind.startswith("keychain")
