"""Rows 12–18: the server is busy. It is asked again twice at most, when it says, or never."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.answer import AnswerState
from app.domain.money import Certainty
from app.domain.reveal import footer
from app.services.ask import Began
from tests.fakes.fault_server import GATE, Reply
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, COMPLETE, FAILED, Desk, Row, desk, echoing, refusing, rows

OPENAI = SPEECH["openai-chat"]
MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
DATE = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("row", "headers"),
    rows(
        (
            Row(12, "retry-after", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(7.0,)),
            {"Retry-After": "7"},
        ),
        (
            Row(12, "retry-after-ms", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(1.5,)),
            {"retry-after-ms": "1500", "Retry-After": "9"},
        ),
        (Row(13, "without", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(0.5,)), {}),
        (
            Row(13, "unreadable", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(0.5,)),
            {"Retry-After": "soon"},
        ),
        (
            Row(14, "date", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(30.0,)),
            {**DATE, "Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"},
        ),
    ),
)
def test_a_limit_is_waited_out_and_the_wait_is_shown(
    tmp_path: Path, speech: Speech, row: Row, headers: dict[str, str]
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.enqueue(echoing(Reply.error(429, {"error": {"type": "x"}}, headers)))
        tried.server.default = speech.reply(speech.whole("Hello"))
        tried.ask()
        tried.holds(row)
        (wait,) = tried.waits
        assert wait.attempt == 2
        assert "limiting how fast you may ask" in wait.reason
        assert [attempt.may_be_billed for attempt in tried.attempts] == [False, True]


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_12_a_limit_that_stays_ends_after_two_more_tries(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(429, {"type": "x"}, Retry_After="7")
        tried.ask()
        row = Row(12, "for-ever", FAILED, "rate_limited", tries=3, slept=(7.0, 7.0))
        assert "wait 7 seconds; ask again then" in str(tried.holds(row).problem)


def pressing(moment: str) -> Callable[[Desk], Awaitable[None]]:
    """Press “Stop waiting” while it waits, or just too late."""

    async def press(seen: Desk) -> None:
        assert seen.services is not None
        async with asyncio.timeout(60):
            while not seen.waits:
                await asyncio.sleep(0.005)
        (began,) = (event.turn for event in seen.heard if isinstance(event, Began))
        if moment == "late":
            assert seen.hold is not None
            seen.hold.set()
            async with asyncio.timeout(60):
                while len(seen.server.requests) < 2:
                    await asyncio.sleep(0.005)
        seen.services.asking.stop_waiting(began.answers[0].id)
        seen.server.open_gate()

    return press


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_12_a_wait_can_be_given_up_and_then_it_cost_nothing(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech, waits=asyncio.Event()) as tried:
        tried.server.default = refusing(429, {"type": "x"}, Retry_After="30")
        tried.while_asking = pressing("in time")
        tried.ask()
        row = Row(12, "given-up", AnswerState.STOPPED, "stopped", slept=(30.0,))
        problem = tried.holds(row).problem
        assert problem is not None
        assert "limiting how fast you may ask" in problem.message
        assert "You stopped waiting; no request was under way." in problem.message
        assert len(tried.server.requests) == 1


def test_12_a_try_that_may_have_cost_is_told_beside_a_wait_given_up(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI, waits=asyncio.Event()) as tried:
        tried.server.default = refusing(500, {"type": "x"})
        tried.while_asking = pressing("in time")
        tried.ask()
        row = Row(17, "given-up", AnswerState.STOPPED, "stopped", slept=(0.5,), besides=True)
        answer = tried.holds(row)
        (besides,) = answer.besides
        assert besides.certainty is ESTIMATED
        assert "May also have been billed: ≈" in footer(answer)
        assert "Nothing was charged" not in footer(answer)


def test_12_giving_up_a_wait_that_is_over_ends_no_answer(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI, waits=asyncio.Event()) as tried:
        tried.server.enqueue(refusing(429, {"type": "x"}, Retry_After="30"))
        tried.server.default = Reply.stream((GATE, *OPENAI.whole("Hello")))
        tried.while_asking = pressing("late")
        tried.ask()
        tried.holds(Row(12, "late", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(30.0,)))


def test_14_a_date_is_read_by_this_computers_clock_where_the_server_tells_no_time(
    tmp_path: Path,
) -> None:
    with desk(tmp_path, OPENAI) as tried:
        from datetime import timedelta

        later = format_datetime(tried.stage.clock.now() + timedelta(seconds=50), usegmt=True)
        tried.server.enqueue(refusing(429, {"type": "x"}, Retry_After=later))
        tried.server.default = Reply.stream(OPENAI.whole("Hello"))
        tried.ask()
        (slept,) = tried.slept
        assert 20 <= slept <= 50  # the test's clock goes on by a second with each look
        tried.holds(Row(14, "no-date", COMPLETE, "", MEASURED, "Hello", tries=2, slept=(slept,)))


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("wait", ["3600", "Mon, 23 Nov 2026 13:00:00 GMT"])
@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limited"), (503, "overloaded")])
def test_15_an_hour_is_not_waited_but_the_user_is_told_until_when(
    tmp_path: Path, speech: Speech, wait: str, status: int, kind: str
) -> None:
    with desk(tmp_path, speech) as tried:
        error = {"error": {"type": "x"}}
        tried.server.default = echoing(Reply.error(status, error, {**DATE, "Retry-After": wait}))
        tried.ask()
        cost = ESTIMATED if status == 503 else "nothing"
        problem = tried.holds(Row(15, "3600", FAILED, kind, cost)).problem
        assert problem is not None
        # The test's clock stands at ten, an hour east of UTC.
        assert "wait 60 minutes, until 12:0" in problem.next_step
        assert "ask again then" in problem.next_step


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    "error",
    [
        {"code": "insufficient_quota", "type": "insufficient_quota"},
        {"code": "1113", "message": "x"},
        {"message": "You exceeded your current quota, please check your plan."},
    ],
    ids=["code", "glm", "words"],
)
def test_16_a_spent_quota_is_never_asked_again(
    tmp_path: Path, speech: Speech, error: dict[str, Any]
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(429, error, Retry_After="1", x_should_retry="true")
        tried.ask()
        tried.holds(Row(16, "quota", FAILED, "payment"))


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("row", "status"),
    rows(
        *(
            (Row(17, str(status), FAILED, "overloaded", ESTIMATED, tries=3, slept=(0.5, 1.0)),
             status)
            for status in (500, 502, 503, 504, 529)
        )
    ),
)  # fmt: skip
def test_a_server_that_is_down_is_asked_twice_more(
    tmp_path: Path, speech: Speech, row: Row, status: int
) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(status, {"type": "x"})
        tried.ask()
        answer = tried.holds(row)
        assert f"({status})" in str(answer.problem)
        assert [attempt.may_be_billed for attempt in tried.attempts] == [True] * 3


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_18_an_html_error_page_becomes_one_short_sentence(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(502, "<html><h1>502 Bad Gateway</h1>" + "<p>x</p>" * 9000)
        tried.ask()
        row = Row(18, "html", FAILED, "overloaded", ESTIMATED, tries=3, slept=(0.5, 1.0))
        problem = tried.holds(row).problem
        assert problem is not None
        assert len(problem.sentence()) < 200
