"""Rows 32–36: odd ends of a whole answer. Counted once; estimated where nobody counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.money import Certainty, Usage
from tests.fakes.fault_server import CUT, RESET, STALL, Reply, Step
from tests.fakes.speech import SPEECH, Speech
from tests.fakes.streams import Chunks, sse
from tests.faults.table import ALL, COMPLETE, Row, desk, echoing

MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
QUICK = Limits(after_finish_s=0.2)


def openai_without_usage() -> Chunks:
    return SPEECH["openai-chat"].stream(("Hello",), usage=None)


def anthropic_without_usage() -> Chunks:
    chunks = SPEECH["anthropic"].whole("Hello")
    return tuple(chunk.replace(b'"usage"', b'"used"') for chunk in chunks)


def openai_twice(what: bytes) -> Chunks:
    doubled: list[bytes] = []
    for chunk in SPEECH["openai-chat"].whole("Hello"):
        doubled += [chunk] * (2 if what in chunk else 1)
    return tuple(doubled)


def anthropic_twice(what: bytes) -> Chunks:
    doubled: list[bytes] = []
    for chunk in SPEECH["anthropic"].whole("Hello"):
        doubled += [chunk] * (2 if what in chunk else 1)
    return tuple(doubled)


USAGE = {
    "openai-chat": Usage(20, 8, cached_tokens=4, reasoning_tokens=2),
    "anthropic": Usage(20, 8, cached_tokens=4, cache_write_tokens=2),
}
WITHOUT_USAGE: dict[str, Callable[[], Chunks]] = {
    "openai-chat": openai_without_usage,
    "anthropic": anthropic_without_usage,
}
FINISHED_TWICE: dict[str, Callable[[], Chunks]] = {
    "openai-chat": lambda: openai_twice(b'"finish_reason": "stop"'),
    "anthropic": lambda: anthropic_twice(b'"message_stop"'),
}
COUNTED_TWICE: dict[str, Callable[[], Chunks]] = {
    "openai-chat": lambda: openai_twice(b'"usage"'),
    "anthropic": lambda: anthropic_twice(b'"message_delta"'),
}
WITHOUT_ITS_MARK: dict[str, Callable[[], Chunks]] = {
    "openai-chat": lambda: SPEECH["openai-chat"].stream(("Hello",), done=False),
    "anthropic": lambda: SPEECH["anthropic"].stream(("Hello",), done=False),
}


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_32_no_usage(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(Reply.stream(WITHOUT_USAGE[speech.dialect]()))
        tried.ask()
        answer = tried.holds(Row(32, "no-usage", COMPLETE, "", ESTIMATED, "Hello"))
        assert answer.usage.output_tokens is None


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize("what", ["33-finish", "34-usage"])
def test_33_34_twice(tmp_path: Path, speech: Speech, what: str) -> None:
    table = FINISHED_TWICE if what == "33-finish" else COUNTED_TWICE
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(Reply.stream(table[speech.dialect]()))
        tried.ask()
        answer = tried.holds(Row(int(what[:2]), what, COMPLETE, "", MEASURED, "Hello"))
        assert answer.usage == USAGE[speech.dialect], "ignored, and not summed"


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_35_data_after_the_end(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        steps = (*speech.whole("Hello"), *speech.whole("no"), speech.rubbish)
        tried.server.default = echoing(Reply.stream(steps))
        tried.ask()
        answer = tried.holds(Row(35, "after", COMPLETE, "", MEASURED, "Hello"))
        assert answer.usage == USAGE[speech.dialect]


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    "then", [(), (0.1, RESET), (0.1, CUT), (STALL,)], ids=["end", "reset", "cut", "stall"]
)
def test_36_finish_but_no_done(tmp_path: Path, speech: Speech, then: tuple[Step, ...]) -> None:
    with desk(tmp_path, speech, limits=QUICK) as tried:
        steps = (*WITHOUT_ITS_MARK[speech.dialect](), *then)
        tried.server.default = echoing(Reply.stream(steps))
        tried.ask()
        tried.holds(Row(36, "no-mark", COMPLETE, "", MEASURED, "Hello"))


def test_36_rubbish_after_the_finish_takes_nothing_away(tmp_path: Path) -> None:
    speech = SPEECH["openai-chat"]
    with desk(tmp_path, speech) as tried:
        steps = (*speech.stream(("Hello",), done=False), sse("{no json"))
        tried.server.default = Reply.stream(steps)
        tried.ask()
        tried.holds(Row(36, "rubbish", COMPLETE, "", MEASURED, "Hello"))
