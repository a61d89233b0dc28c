"""The history's own thread: whoever needs the history hands its work in here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.domain.errors import StorageError
from app.services.ports.history import History

T = TypeVar("T")


class Store:
    """Runs every piece of work on the history in one thread, in the order it was handed in.

    The history is opened by the first piece of work, in that thread. If it cannot be opened each
    caller gets the StorageError, and the next call tries again.
    """

    def __init__(self, history_opener: Callable[[], History]) -> None:
        self._open = history_opener
        self._history: History | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="history")

    async def __call__(self, work: Callable[[History], T]) -> T:
        """Return what `work` returns, or raise what it raises; StorageError once closed.

        Work that was handed in is done even if the caller stops waiting for it.
        """
        if self._closed:
            raise StorageError(
                "The history is closed, so this was not saved.",
                "Start Counterpart again.",
                "history_closed",
            )
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    async def close(self) -> None:
        """Wait for the work handed in so far, then close the history; once is enough."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown(wait=False)

    def _run(self, work: Callable[[History], T]) -> T:
        if self._history is None:
            self._history = self._open()
        return work(self._history)

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()
