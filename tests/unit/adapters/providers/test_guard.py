"""The one timer of an answer: it strikes in time, and never anybody else."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.adapters.providers.guard import Guard, OverdueError


def test_a_wait_past_its_deadline_ends_and_the_task_goes_on() -> None:
    async def scene() -> str:
        guard = Guard()
        guard.allow_until(guard.now() + 0.02)
        with pytest.raises(OverdueError):
            await guard.run(asyncio.sleep(30))
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        await asyncio.sleep(0)  # would raise if a cancellation were left behind
        guard.close()
        return "went on"

    assert asyncio.run(scene()) == "went on"


def test_a_deadline_that_moves_on_lets_the_wait_live() -> None:
    async def scene() -> int:
        guard = Guard()
        done = 0
        for _ in range(6):
            guard.allow_until(guard.now() + 0.05)
            await guard.run(asyncio.sleep(0.02))
            done += 1
        guard.close()
        return done

    assert asyncio.run(scene()) == 6


def test_a_deadline_that_moves_nearer_is_kept() -> None:
    async def scene() -> None:
        guard = Guard()
        guard.allow_until(guard.now() + 30)
        await guard.run(asyncio.sleep(0))
        guard.allow_until(guard.now() + 0.02)
        with pytest.raises(OverdueError):
            await guard.run(asyncio.sleep(30))
        guard.close()

    asyncio.run(asyncio.wait_for(scene(), 60))


def test_the_users_own_stop_is_not_taken_for_a_time_out() -> None:
    async def scene() -> None:
        guard = Guard()
        guard.allow_until(guard.now() + 30)
        task = asyncio.ensure_future(guard.run(asyncio.sleep(30)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        guard.close()

    asyncio.run(scene())


def test_nobody_is_ended_between_two_waits() -> None:
    async def scene() -> None:
        guard = Guard()
        guard.allow_until(guard.now() + 0.01)
        await guard.run(asyncio.sleep(0))
        await asyncio.sleep(0.05)  # the consumer takes its time; the deadline passes
        guard.allow_until(guard.now() + 1)
        await guard.run(asyncio.sleep(0))
        guard.close()

    asyncio.run(scene())


def test_what_came_while_the_loop_was_held_up_is_still_read() -> None:
    async def scene() -> str:
        guard = Guard()
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[str] = loop.create_future()
        loop.call_soon(time.sleep, 0.05)  # the whole loop stands still, past the deadline
        loop.call_later(0.001, arrived.set_result, "here")
        guard.allow_until(guard.now() + 0.01)
        try:
            return await guard.run(arrived)
        finally:
            guard.close()

    assert asyncio.run(scene()) == "here"
