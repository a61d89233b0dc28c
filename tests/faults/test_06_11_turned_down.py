"""Rows 6–11: the server says no. It is told once, it costs nothing, and it is not asked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.answer import AnswerState
from tests.fakes.speech import SPEECH, Speech
from tests.faults.table import ALL, CANARY, FAILED, Row, desk, refusing, rows

OPENAI = SPEECH["openai-chat"]
PLAIN: dict[str, Any] = {"type": "x_error"}


@pytest.mark.parametrize("speech", ALL, ids=str)
@pytest.mark.parametrize(
    ("row", "status"),
    rows(
        (Row(6, "401", FAILED, "key_refused"), 401),
        (Row(7, "402", FAILED, "payment"), 402),
        (Row(8, "403", FAILED, "forbidden"), 403),
        (Row(9, "404-model", FAILED, "model_not_found"), 404),
        (Row(10, "413", FAILED, "too_large"), 413),
        (Row(11, "422", FAILED, "bad_request"), 422),
        (Row(11, "400", FAILED, "bad_request"), 400),
        (Row(11, "412-suspended", FAILED, "payment"), 412),
        (Row(11, "434", FAILED, "bad_request"), 434),
    ),
)
def test_a_refusal_is_told_once(tmp_path: Path, speech: Speech, row: Row, status: int) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(status, PLAIN)
        tried.ask()
        tried.holds(row)
        assert [attempt.status for attempt in tried.attempts] == [status]
        assert len(tried.server.requests) == 1


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_06_a_refused_key_says_where_it_is_mended(tmp_path: Path, speech: Speech) -> None:
    with desk(tmp_path, speech) as tried:
        tried.server.default = refusing(401, PLAIN)
        tried.ask()
        problem = tried.holds(Row(6, "mend", FAILED, "key_refused")).problem
        assert problem is not None
        assert "Replace the key of this model in Settings" in problem.next_step


TOO_LONG = AnswerState.TOO_LONG


@pytest.mark.parametrize(
    ("row", "status", "error"),
    rows(
        (Row(10, "code-context", TOO_LONG, "too_long"), 400, {"code": "context_length_exceeded"}),
        (Row(10, "type-context", TOO_LONG, "too_long"), 400, {"type": "exceed_context_size_error"}),
        (Row(10, "words-context", TOO_LONG, "too_long"), 400, {"message": "prompt is too long: 9"}),
        (Row(10, "413-context", TOO_LONG, "too_long"), 413, {"message": "maximum context length"}),
        (Row(7, "400-credit", FAILED, "payment"), 400, {"message": "credit balance is too low"}),
        (Row(6, "400-bad-key", FAILED, "key_refused"), 400, {"status": "API_KEY_INVALID"}),
        (Row(9, "400-no-model", FAILED, "model_not_found"), 400, {"message": "Model Not Exist"}),
    ),
)
def test_an_error_is_read_for_what_it_means(
    tmp_path: Path, row: Row, status: int, error: dict[str, Any]
) -> None:
    with desk(tmp_path, OPENAI) as tried:
        tried.server.default = refusing(status, error)
        tried.ask()
        tried.holds(row)


@pytest.mark.parametrize("key", ["sk line\nbreak", "sk-schlüssel", "with space"])
def test_06_a_key_that_no_header_can_carry_is_told_without_showing_it(
    tmp_path: Path, key: str
) -> None:
    with desk(tmp_path, OPENAI) as tried:
        tried.keep_key(f"{CANARY}{key}")
        tried.ask()
        answer = tried.holds(Row(6, "no-header", FAILED, "key_refused", tries=0))
        assert key not in str(answer.problem)
        assert tried.server.requests == []
