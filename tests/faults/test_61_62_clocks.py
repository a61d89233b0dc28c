"""Rows 61–62: the wall clock jumps, the machine sleeps. Latency and order are not deceived."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.money import Certainty
from app.domain.turn import HistoryQuery
from app.services.container import Services
from tests.fakes.fault_server import GATE, RESET, STALL, Reply, Step
from tests.fakes.loops import JumpingLoop
from tests.fakes.scripted import TestClock
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, COMPLETE, FAILED, INCOMPLETE, Desk, Row, desk, echoing

OPENAI = SPEECH["openai-chat"]
MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
DAY = timedelta(days=1)
HOUR_S = 3600.0


class MovedClock(TestClock):
    """A wall clock that somebody sets; its monotonic time is the real one."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta(0)
        self.offset_min = 60

    def now(self) -> datetime:
        """Return the day that the wall clock shows."""
        return super().now() + self.ahead

    def utc_offset_min(self, at: datetime) -> int:
        """Return the offset that holds now."""
        return self.offset_min

    def monotonic(self) -> float:
        """Return real seconds."""
        return time.monotonic()


async def until_text(seen: Desk) -> None:
    async with asyncio.timeout(60):
        while not seen.tried_has_text():
            await asyncio.sleep(0.005)


def in_the_middle(speech: Speech) -> tuple[Step, ...]:
    """Return an answer that waits for the test after its first word."""
    first, rest = speech.opening("Hel"), speech.whole("Hel", "lo")
    return (*first, GATE, *rest[len(first) :])


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])
def test_61_the_clock_jumps_a_day(tmp_path: Path, speech: Speech, jump: timedelta) -> None:
    clock = MovedClock()

    async def set_the_clock(seen: Desk) -> None:
        await until_text(seen)
        clock.ahead += jump
        seen.server.open_gate()

    with desk(tmp_path, speech, clock=clock) as tried:
        tried.server.default = echoing(speech.reply(in_the_middle(speech)))
        tried.while_asking = set_the_clock
        tried.ask()
        answer = tried.holds(Row(61, "day", COMPLETE, "", MEASURED, "Hello"))
        assert answer.first_token_ms is not None
        assert answer.total_ms is not None
        assert 0 <= answer.first_token_ms <= answer.total_ms < 60_000


@pytest.mark.parametrize("change", ["a day back", "summer ends"])
def test_61_the_order_stays_that_of_asking(tmp_path: Path, change: str) -> None:
    clock = MovedClock()
    clock.offset_min = 120
    orders: list[list[int]] = []

    async def read(seen: Desk, services: Services) -> None:
        page = await services.archive.page(HistoryQuery())
        orders.append([row.id for row in page.rows])

    with desk(tmp_path, OPENAI, clock=clock) as tried:
        tried.server.default = Reply.stream(OPENAI.whole("Hello"))
        tried.before_asking = read
        for _ in range(3):
            tried.ask()
            # The same hour twice, as in the night in which summer ends; or all of a day again.
            clock.offset_min -= 60 if change == "summer ends" else 0
            clock.ahead -= DAY if change == "a day back" else timedelta(0)
        assert orders == [[], [1], [2, 1]]
        history = tried.stage.history()
        turns = [history.turn(number) for number in (1, 2, 3)]
        offsets = [turn.utc_offset_min for turn in turns if turn is not None]
        ledger = [turn.id for turn in history.ledger(practice=False)]
        lessons = len(history.lessons(turns[0].pair_key)) if turns[0] is not None else 0
        history.close()
    assert ledger == [1, 2, 3]
    assert lessons == 3
    assert offsets == ([120, 60, 0] if change == "summer ends" else [120, 120, 120])


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])
def test_61_a_clock_that_is_wrong_by_a_day_never_waits_for_it(
    tmp_path: Path, jump: timedelta
) -> None:
    """A date to come back at, from a server that does not tell its own time."""
    clock = MovedClock()
    back = format_datetime(clock.now() + timedelta(seconds=30), usegmt=True)
    clock.ahead = jump
    with desk(tmp_path, OPENAI, clock=clock) as tried:
        tried.server.enqueue(Reply.error(429, {"error": {}}, {"Retry-After": back}))
        tried.server.default = Reply.stream(OPENAI.whole("Hello"))
        tried.ask()
        if jump > timedelta(0):
            tried.holds(Row(61, "past", COMPLETE, "", MEASURED, "Hello", tries=2))
        else:
            problem = tried.holds(Row(61, "future", FAILED, "rate_limited")).problem
            assert problem is not None
            assert "It asks you to wait 25 hours" in problem.next_step


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("begun", [False, True], ids=["before", "in-the-middle"])
def test_62_an_answer_goes_on_after_a_sleep(tmp_path: Path, speech: Speech, begun: bool) -> None:
    """An hour passes at once, longer than every limit: it is not the server's silence."""
    loop = JumpingLoop()

    async def sleep_an_hour(seen: Desk) -> None:
        async with asyncio.timeout(HOUR_S * 2):
            while not (seen.tried_has_text() if begun else seen.server.requests):
                await asyncio.sleep(0.005)
            loop.jump(HOUR_S)
            for _ in range(20):
                await asyncio.sleep(0.005)
        seen.server.open_gate()

    with desk(tmp_path, speech) as tried:
        tried.loop_factory, tried.while_asking = (lambda: loop), sleep_an_hour
        whole: tuple[Step, ...] = (GATE, *speech.whole("Hel", "lo"))
        steps = in_the_middle(speech) if begun else whole
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(62, "sleep", COMPLETE, "", MEASURED, "Hello"))


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("then", [STALL, RESET], ids=["silent", "reset"])
def test_62_a_line_that_died_in_the_sleep_ends_in_time_and_keeps_the_text(
    tmp_path: Path, speech: Speech, then: Step
) -> None:
    loop = JumpingLoop()

    async def sleep_an_hour(seen: Desk) -> None:
        await until_text(seen)
        loop.jump(HOUR_S)
        await asyncio.sleep(0.1)
        seen.server.open_gate()

    with desk(tmp_path, speech, limits=Limits(between_tokens_s=0.5)) as tried:
        tried.loop_factory, tried.while_asking = (lambda: loop), sleep_an_hour
        tried.server.default = echoing(speech.reply((*speech.opening("Hello"), GATE, then)))
        tried.ask()
        kind = "stalled" if then is STALL else "cut_off"
        tried.holds(Row(62, kind, INCOMPLETE, kind, ESTIMATED, "Hello"))
