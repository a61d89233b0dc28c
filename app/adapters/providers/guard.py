"""One timer for a whole answer: thousands of reads, no time-out object for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
_GRACE_S = 0.01
_LOOK_S = 5.0  # how often the time is looked at, so that a sleep of the machine is noticed
_ASLEEP_FROM_S = 2 * _LOOK_S  # a gap that no busy loop explains


class OverdueError(Exception):
    """The deadline passed while waiting."""


class Guard:
    """Ends a wait of the running task at a deadline that may move, in either direction.

    Its time counts only while the program runs. On some systems the monotonic clock goes on while
    the machine sleeps, on others it stands still; on none is that time the server's silence, so
    after waking an answer has what was left of its patience, and its ceiling, as before.

    The timer strikes only while `run` waits, so the code that consumes the answer between two
    reads, in the same task, is never cancelled by it. Call `close` when the answer is over.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._looked = self._loop.time()
        self._asleep_s = 0.0
        self._until = self._looked
        self._handle: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[object] | None = None
        self._struck = False
        self._waits = 0

    def now(self) -> float:
        """Return a monotonic time without the machine's sleep, seconds."""
        time = self._loop.time()
        if time - self._looked > _ASLEEP_FROM_S:
            self._asleep_s += time - self._looked
        self._looked = time
        return time - self._asleep_s

    def allow_until(self, deadline: float) -> None:
        """Move the deadline (the guard's own time)."""
        self._until = deadline

    async def run(self, awaitable: Awaitable[T]) -> T:
        """Return what it returns; OverdueError when the deadline passes first."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a guard waits inside a task")
        if self._handle is None or self._handle.when() > self._until + self._asleep_s:
            self._set_timer()
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

    def _set_timer(self) -> None:
        self.close()
        at = min(self._until + self._asleep_s, self._looked + _LOOK_S)
        self._handle = self._loop.call_at(at, self._strike)

    def _strike(self, warned: int = 0) -> None:
        self._handle = None
        now = self.now()
        if self._task is None:
            # Nobody waits: only the looking goes on; the next run sets the timer again.
            self._handle = self._loop.call_later(_LOOK_S, self._strike)
        elif now < self._until:
            self._set_timer()
        elif warned != self._waits:
            # What arrived while the loop was held up (or the machine asleep) is read first.
            self._handle = self._loop.call_later(_GRACE_S, self._strike, self._waits)
        else:
            self._struck = True
            self._task.cancel()
