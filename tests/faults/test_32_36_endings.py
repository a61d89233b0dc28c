"""Rows 32–36: odd ends of a whole answer. Counted once; estimated where nobody counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.adapters.providers.limits import Limits
from app.domain.money import Certainty
from tests.fakes.fault_server import CUT, RESET, STALL, Reply, Step
from tests.fakes.speech import SPEECH, Speech
from tests.fakes.streams import sse
from tests.faults.table import ALL, COMPLETE, Row, desk, echoing

MEASURED, ESTIMATED = Certainty.MEASURED, Certainty.ESTIMATED
QUICK = Limits(after_finish_s=0.2)


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_32_no_usage(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.uncounted))
        tried.ask()
        answer = tried.holds(Row(32, "no-usage", COMPLETE, "", ESTIMATED, "Hello"))
        assert answer.usage.output_tokens is None


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_33_34_a_finish_and_a_usage_said_twice(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.ended_twice))
        tried.ask()
        answer = tried.holds(Row(33, "twice", COMPLETE, "", MEASURED, "Hello"))
        assert answer.usage == speech.usage, "ignored, and not summed"


@pytest.mark.parametrize("speech", [each for each in ALL if each.after_its_end], ids=str)
def test_35_data_after_the_end(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        steps = (*speech.whole("Hello"), *speech.whole("no"), speech.rubbish)
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        answer = tried.holds(Row(35, "after", COMPLETE, "", MEASURED, "Hello"))
        assert answer.usage == speech.usage


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    "then", [(), (0.1, RESET), (0.1, CUT), (STALL,)], ids=["end", "reset", "cut", "stall"]
)
def test_36_finish_but_no_done(tmp_path: Path, speech: Speech, then: tuple[Step, ...]) -> None:
    with desk(tmp_path, speech, limits=QUICK) as tried:
        steps = (*speech.unmarked, *then)
        tried.server.default = echoing(speech.reply(steps))
        tried.ask()
        tried.holds(Row(36, "no-mark", COMPLETE, "", MEASURED, "Hello"))


def test_36_rubbish_after_the_finish_takes_nothing_away(tmp_path: Path) -> None:
    speech = SPEECH["openai-chat"]
    with desk(tmp_path, speech) as tried:
        steps = (*speech.stream(("Hello",), done=False), sse("{no json"))
        tried.server.default = Reply.stream(steps)
        tried.ask()
        tried.holds(Row(36, "rubbish", COMPLETE, "", MEASURED, "Hello"))
