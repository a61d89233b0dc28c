"""Rows 45–49: a good answer by its status, and yet no complete one. Five distinct states."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.answer import AnswerState
from app.domain.money import Certainty
from tests.fakes.speech import Speech
from tests.faults.table import ALL, Row, desk, echoing

MEASURED = Certainty.MEASURED


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_45_no_text(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.whole()))
        tried.ask()
        tried.holds(Row(45, "empty", AnswerState.EMPTY, "empty", MEASURED))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_46_reasoning_only(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.reasoned("hm", "m")))
        tried.ask()
        row = Row(46, "reasoning", AnswerState.REASONING_ONLY, "reasoning_only", MEASURED)
        assert tried.holds(row).reasoning == "hmm"


@pytest.mark.parametrize("speech", [s for s in ALL if s.refusal is not None], ids=str)
def test_47_refusal(tmp_path: Path, speech: Speech) -> None:
    assert speech.refusal is not None
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.refusal))
        tried.ask()
        tried.holds(Row(47, "refusal", AnswerState.REFUSED, "refused", MEASURED, "I cannot."))


@pytest.mark.parametrize("speech", [s for s in ALL if s.filtered is not None], ids=str)
def test_48_content_filter(tmp_path: Path, speech: Speech) -> None:
    assert speech.filtered is not None
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.filtered))
        tried.ask()
        tried.holds(Row(48, "filter", AnswerState.FILTERED, "content_filter", MEASURED, "I"))


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_49_length(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = echoing(speech.reply(speech.too_long))
        tried.ask()
        row = Row(49, "length", AnswerState.TRUNCATED, "truncated", MEASURED, "Half an ans")
        tried.holds(row)


def test_the_five_are_told_apart_in_words() -> None:
    states = (
        AnswerState.EMPTY,
        AnswerState.REASONING_ONLY,
        AnswerState.REFUSED,
        AnswerState.FILTERED,
        AnswerState.TRUNCATED,
    )
    assert len({state.in_words() for state in states}) == 5
    assert AnswerState.COMPLETE.in_words() not in {state.in_words() for state in states}
