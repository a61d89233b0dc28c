"""One thread, one asyncio loop: the only place where the app waits for the network."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
DRAIN_S = 5.0


class Engine:
    """Runs coroutines away from the thread that paints."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Open the loop."""
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Hand over work from any thread; cancel the returned future to abandon it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def stop(self) -> None:
        """Cancel what still runs, then close the loop. Called once, from another thread."""
        asyncio.run_coroutine_threadsafe(self._drain(), self._loop).result(timeout=DRAIN_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=DRAIN_S)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _drain(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
