"""The history's own thread: in order, never blocking the loop, never lost on closing."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path

import pytest

from app.adapters.storage import open_history
from app.domain.errors import StorageError
from app.domain.turn import HistoryQuery
from app.services.ports.history import History
from app.services.store import Store
from tests.fakes.history_samples import SetClock, turn


def opener(path: Path) -> History:
    return open_history(path, SetClock())


def test_work_is_done_in_one_thread_in_the_order_it_was_handed_in(tmp_path: Path) -> None:
    threads: list[str] = []

    def begin(history: History, text: str) -> int:
        threads.append(threading.current_thread().name)
        return history.begin_turn(turn(text)).id

    async def main() -> None:
        store = Store(lambda: opener(tmp_path / "history.db"))
        works = [partial(begin, text=text) for text in "abcdef"]
        ids = await asyncio.gather(*map(store, works))
        assert ids == sorted(ids)
        assert await store(lambda history: history.count(HistoryQuery())) == 6
        await store.close()

    asyncio.run(main())
    assert len(set(threads)) == 1
    assert threads[0].startswith("history")


def test_the_loop_keeps_turning_while_the_history_works(tmp_path: Path) -> None:
    async def main() -> None:
        store = Store(lambda: opener(tmp_path / "history.db"))
        gate = threading.Event()
        waiting = asyncio.create_task(store(lambda _: gate.wait(timeout=10)))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not waiting.done()
        gate.set()
        assert await waiting
        await store.close()

    asyncio.run(main())


def test_a_history_that_cannot_be_opened_tells_each_caller_and_is_tried_again(
    tmp_path: Path,
) -> None:
    obstacle = tmp_path / "data"
    obstacle.touch()

    async def main() -> None:
        store = Store(lambda: opener(obstacle / "history.db"))
        for _ in range(2):
            with pytest.raises(StorageError):
                await store(lambda history: history.tags())
        obstacle.unlink()
        assert await store(lambda history: history.tags()) == []
        await store.close()

    asyncio.run(main())


def test_closing_waits_for_what_was_handed_in_and_refuses_what_comes_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"

    async def main() -> None:
        store = Store(lambda: opener(path))
        pending = [
            asyncio.create_task(store(lambda history: history.begin_turn(turn()))) for _ in range(5)
        ]
        await asyncio.sleep(0)
        pending[-1].cancel()
        await store.close()
        await store.close()
        with pytest.raises(StorageError, match="history is closed"):
            await store(lambda history: history.tags())
        await asyncio.gather(*pending, return_exceptions=True)

    asyncio.run(main())
    history = opener(path)
    assert history.count(HistoryQuery()) >= 4
    history.close()


def test_a_store_that_was_never_used_closes_without_making_a_file(tmp_path: Path) -> None:
    async def main() -> None:
        await Store(lambda: opener(tmp_path / "history.db")).close()

    asyncio.run(main())
    assert list(tmp_path.iterdir()) == []
