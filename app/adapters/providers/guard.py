"""One timer for a whole answer: thousands of reads, no time-out object for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
_GRACE_S = 0.01


class OverdueError(Exception):
    """The deadline passed while waiting."""


class Guard:
    """Ends a wait of the running task at a deadline that may move, in either direction.

    The timer strikes only while `run` waits, so the code that consumes the answer between two
    reads, in the same task, is never cancelled by it. Call `close` when the answer is over.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time()
        self._handle: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[object] | None = None
        self._struck = False
        self._waits = 0

    def now(self) -> float:
        """Return the loop's monotonic time, seconds."""
        return self._loop.time()

    def allow_until(self, deadline: float) -> None:
        """Move the deadline (loop time)."""
        self._until = deadline
        if self._handle is not None and self._handle.when() > deadline:
            self._handle.cancel()
            self._handle = None

    async def run(self, awaitable: Awaitable[T]) -> T:
        """Return what it returns; OverdueError when the deadline passes first."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a guard waits inside a task")
        if self._handle is None:
            self._handle = self._loop.call_at(self._until, self._strike)
        pending = task.cancelling()
        self._waits += 1
        self._task = task
        try:
            return await awaitable
        except BaseException:
            if self._struck and task.uncancel() <= pending:
                raise OverdueError from None
            raise
        finally:
            self._task = None
            self._struck = False

    def close(self) -> None:
        """Drop the timer."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _strike(self, warned: int = 0) -> None:
        self._handle = None
        if self._task is None:
            return  # nobody waits; the next run sets the timer again
        if self._loop.time() < self._until:
            self._handle = self._loop.call_at(self._until, self._strike)
        elif warned != self._waits:
            # What arrived while the loop was held up (or the machine asleep) is read first.
            self._handle = self._loop.call_later(_GRACE_S, self._strike, self._waits)
        else:
            self._struck = True
            self._task.cancel()
