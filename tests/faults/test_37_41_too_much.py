"""Rows 37–41: too much, too slow, and Stop. What is capped keeps what had arrived."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.answer import AnswerState
from app.domain.connection import Connection
from app.domain.money import Certainty
from app.services.container import Services
from tests.fakes.fault_server import STALL, Reply, Step
from tests.fakes.loops import HastyLoop
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, COMPLETE, FAILED, INCOMPLETE, Desk, Row, desk, echoing

OPENAI = SPEECH["openai-chat"]
MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
A_MEGABYTE = b"x" * 1_000_000
PACE = 250.0


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_37_a_line_of_ten_megabytes(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        steps = (*speech.opening("Hello"), b"data: {" + A_MEGABYTE, *([A_MEGABYTE] * 60))
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        answer = tried.holds(Row(37, "line", INCOMPLETE, "too_much", ESTIMATED, "Hello"))
        assert "What arrived is kept" in str(answer.problem)
        assert tried.server.wait_client_gone(), "it is not read to its end first"


def test_37_a_header_that_never_ends(tmp_path: Path) -> None:
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + A_MEGABYTE)
        tried.ask()
        tried.holds(Row(37, "header", FAILED, "not_an_api", ESTIMATED))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_38_one_byte_a_second_works_slowly(tmp_path: Path, speech: Speech) -> None:
    """Under the usual limits, on a loop whose seconds are short.

    It takes more than the 20 minutes of a whole answer, so that one limit is widened.
    """
    body = b"".join(speech.whole("Hi"))
    steps = [step for byte in body for step in (bytes([byte]), 1 / PACE)]
    with desk(tmp_path, speech, limits=Limits(whole_answer_s=7200)) as tried:
        tried.loop_factory = lambda: HastyLoop(PACE)
        tried.beat_s = PACE * 0.005
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(38, "slow", COMPLETE, "", MEASURED, "Hi"))


COMMENTS, LINE = b": " + b"\x00" * 2**20 + b"\n", b"x" * 2**20


@pytest.mark.parametrize(
    ("speech", "inside"),
    # Only Server-Sent Events have comments.
    [(each, inside) for each in ALL for inside in (COMMENTS, LINE) if each.sse or inside is LINE],
    ids=lambda value: value.dialect if isinstance(value, Speech) else value[:1].decode(),
)
def test_39_gzip_bomb(tmp_path: Path, speech: Speech, inside: bytes) -> None:
    bomb = gzip.compress(inside * 64, 6)
    assert len(bomb) < 200_000
    with desk(tmp_path, speech, limits=Limits(body_bytes=20_000_000)) as tried:
        tried.server.default = echoing(speech.reply((bomb,), {"Content-Encoding": "gzip"}))
        tried.ask()
        answer = tried.holds(Row(39, "bomb", FAILED, "too_much", ESTIMATED))
        assert "Nothing had arrived" in str(answer.problem)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", b"not gzip at all"), ("br", gzip.compress(b"x"))],
    ids=["false", "unknown"],
)
def test_39_a_packing_that_cannot_be_opened(tmp_path: Path, encoding: str, packed: bytes) -> None:
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = echoing(Reply.stream((packed,), {"Content-Encoding": encoding}))
        tried.ask()
        tried.holds(Row(39, "packing", FAILED, "garbled", ESTIMATED))


def test_39_an_answer_packed_unasked_is_still_read(tmp_path: Path) -> None:
    packed = gzip.compress(b"".join(OPENAI.whole("Hello")))
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = Reply.stream((packed,), {"Content-Encoding": "gzip"})
        tried.ask()
        tried.holds(Row(39, "packed", COMPLETE, "", MEASURED, "Hello"))
        assert tried.server.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("piece", ["x" * 1000, "§" * 500], ids=["ascii", "utf-8"])
def test_40_endless_stream(tmp_path: Path, speech: Speech, piece: str) -> None:
    connection = Connection(answer_mb=0.1)
    with desk(tmp_path, speech, connection=connection) as tried:
        endless = speech.opening(*([piece] * 300))
        tried.server.default = echoing(speech.reply(endless))
        tried.ask()
        text = tried.tried.text
        tried.holds(Row(40, "endless", INCOMPLETE, "too_much", ESTIMATED, text))
        assert text == piece * (len(text) // len(piece))
        # What one read of the network brought is let through: some 60 kB beyond the limit.
        assert 100_000 <= len(text.encode()) < 190_000, "the limit is in bytes, whatever the script"


def test_40_an_answer_that_takes_for_ever_is_ended(tmp_path: Path) -> None:
    slowly: tuple[Step, ...] = (*OPENAI.opening("a"), 0.05)
    with desk(tmp_path, OPENAI, limits=Limits(whole_answer_s=1.0)) as tried:
        tried.server.default = Reply.stream(slowly * 100)
        tried.ask()
        text = tried.tried.text
        tried.holds(Row(40, "for-ever", INCOMPLETE, "too_slow", ESTIMATED, text))
        assert text.startswith("aa")


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("begun", [False, True], ids=["before", "in-the-middle"])
def test_41_stop_pressed(tmp_path: Path, speech: Speech, begun: bool) -> None:
    """Both sides end at once, their lines are closed, and what arrived is kept."""

    async def press(seen: Desk) -> None:
        wanted = seen.tried_has_text if begun else (lambda: bool(seen.server.requests))
        async with asyncio.timeout(60):
            while not wanted():
                await asyncio.sleep(0.005)
        assert seen.services is not None
        seen.services.asking.stop()

    with desk(tmp_path, speech) as tried:
        opening = speech.opening("Hello") if begun else ()
        before: tuple[Step, ...] = () if begun else (STALL,)
        tried.server.default = echoing(speech.reply((*opening, STALL), before=before))
        tried.other.default = speech.reply((), before=(STALL,))
        tried.while_asking, tried.stopped_both = press, True
        tried.ask()
        text = "Hello" if begun else ""
        answer = tried.holds(Row(41, "stop", AnswerState.STOPPED, "stopped", ESTIMATED, text))
        kept = "What arrived is kept" if begun else "before its first word"
        assert kept in str(answer.problem)
        assert tried.server.wait_client_gone()
        assert tried.most_work_s < 1.5


def test_40_a_limit_holds_from_the_next_question_on(tmp_path: Path) -> None:
    """Changed in Settings between two questions, without a restart."""
    in_force = [Connection()]
    tests: list[AnswerState] = []

    async def ask_and_lower_the_limit(seen: Desk, services: Services) -> None:
        pair = await services.models.pair()
        tests.append((await services.models.test(pair.cheap)).state)
        in_force[0] = Connection(answer_mb=0.1)

    with desk(tmp_path, OPENAI, connection=lambda: in_force[0]) as tried:
        tried.server.default = Reply.stream(OPENAI.whole(*(["x" * 1000] * 200)))
        tried.before_asking = ask_and_lower_the_limit
        tried.ask()
        assert tests == [COMPLETE]
        text = tried.tried.text
        tried.holds(Row(40, "lowered", INCOMPLETE, "too_much", ESTIMATED, text))
