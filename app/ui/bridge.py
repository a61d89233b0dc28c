"""The one door between the engine thread and the thread that paints."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future, wait
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.errors import CounterpartError, Problem

if TYPE_CHECKING:
    # First paint waits neither for the services nor for asyncio: both come with `open`.
    from app.services.container import Services
    from app.services.engine import Engine

T = TypeVar("T")
FRAME_MS = 33
CLOSE_S = 8.0
SAVE_S = 4.0
_log = logging.getLogger(__name__)

UNEXPECTED = Problem(
    "unexpected",
    "Counterpart met a fault of its own.",
    "What was recorded is safe. Try again, and copy a problem report from Settings.",
)


class Bridge(QObject):
    """Hands work to the engine, and its letters over once a frame.

    The engine starts and opens the services on its own thread when `open` is called, after first
    paint; work asked for earlier waits for them.

    Signals:
        opened: the services are ready.
    """

    opened = Signal()

    def __init__(
        self, open_services: Callable[[], Services], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._engine: Engine | None = None
        self._early: list[Callable[[], None]] = []
        self._open_services = open_services
        self._services: Future[Services] = Future()
        self._mailbox: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._running = 0
        self._saving: set[Future[Any]] = set()
        self._frame = QTimer(self)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._deliver)

    def open(self) -> None:
        """Start the engine and open the services in it; call once, after first paint."""
        from app.services.engine import Engine

        self._engine = Engine()
        self._engine.start()
        self._running += 1
        self._frame.start()
        opening = self._engine.submit(self._open())
        opening.add_done_callback(lambda _done: self.post(self._opened, None))
        early, self._early = self._early, []
        for begin in early:
            begin()

    async def _open(self) -> None:
        try:
            self._services.set_result(self._open_services())
        except Exception as error:  # noqa: BLE001 - each later call tells the user
            _log.error("the services could not be opened: %s", type(error).__name__)
            self._services.set_exception(error)

    def _opened(self, _nothing: None) -> None:
        self._running -= 1
        self.opened.emit()

    def post(self, letter: Callable[[T], None], value: T) -> None:
        """Leave a letter for the next frame; safe from any thread, cheap enough per token."""
        self._mailbox.append((letter, value))

    def reporter(self, hear: Callable[[T], None]) -> Callable[[T], None]:
        """Return a function that may be called in the engine; `hear` runs in the window."""
        return partial(self.post, hear)

    def run(
        self,
        work: Callable[[Services], Awaitable[T]],
        then: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Future[T]:
        """Run `work(services)` in the engine; `then` or `failed` is called in the window.

        A CounterpartError becomes its Problem; anything else is logged and told as our own fault.
        What must not be lost by closing the window is handed to `save` instead.
        """
        self._running += 1
        future: Future[T] = Future()
        future.add_done_callback(lambda done: self.post(self._finish, (done, then, failed)))
        if self._engine is None:
            self._early.append(partial(self._begin, work, future))
        else:
            self._frame.start()
            self._begin(work, future)
        return future

    def save(
        self,
        work: Callable[[Services], Awaitable[T]],
        then: Callable[[T], None] | None = None,
        failed: Callable[[Problem], None] | None = None,
    ) -> Future[T]:
        """Run what keeps something of the user's: a vote, a choice; `close` waits for its end."""
        future = self.run(work, then, failed)
        self._saving.add(future)
        future.add_done_callback(self._saving.discard)
        return future

    def _begin(self, work: Callable[[Services], Awaitable[T]], future: Future[T]) -> None:
        assert self._engine is not None
        if not future.set_running_or_notify_cancel():
            return
        self._engine.submit(self._work(work)).add_done_callback(partial(_hand_over, future))

    async def _work(self, work: Callable[[Services], Awaitable[T]]) -> T:
        import asyncio

        services = await asyncio.shield(asyncio.wrap_future(self._services))
        return await work(services)

    def _finish(
        self,
        outcome: tuple[Future[T], Callable[[T], None] | None, Callable[[Problem], None] | None],
    ) -> None:
        done, then, failed = outcome
        self._running -= 1
        try:
            value = done.result()
        except CancelledError:
            return
        except CounterpartError as error:
            if failed is not None:
                failed(error.problem)
            return
        except Exception as error:  # noqa: BLE001 - told to the user as our own fault
            # The type only: a message could quote what the user typed.
            _log.error("work in the engine failed: %s", type(error).__name__)
            if failed is not None:
                failed(UNEXPECTED)
            return
        if then is not None:
            then(value)

    @property
    def idle(self) -> bool:
        """Return whether nothing is asked of the engine and every letter is delivered."""
        return not self._running and not self._mailbox

    def close(self) -> None:
        """Stop what runs, keep what arrived, and close the services and the engine."""
        self._frame.stop()
        if self._engine is None:
            return
        # A vote takes a few steps: whoever votes and leaves has voted.
        wait(set(self._saving), SAVE_S)
        if self._services.done() and self._services.exception() is None:
            services = self._services.result()
            try:
                self._engine.submit(services.close()).result(timeout=CLOSE_S)
            except TimeoutError:
                _log.warning("closing took too long; what was written so far is safe")
        self._engine.stop()

    @Slot()
    def _deliver(self) -> None:
        for _ in range(len(self._mailbox)):
            letter, value = self._mailbox.popleft()
            letter(value)
        if not self._running and not self._mailbox:
            self._frame.stop()


def _hand_over(future: Future[T], done: Future[T]) -> None:
    """Let the caller's future end as the engine's did."""
    if done.cancelled():
        future.set_exception(CancelledError())
    elif (error := done.exception()) is not None:
        future.set_exception(error)
    else:
        future.set_result(done.result())
