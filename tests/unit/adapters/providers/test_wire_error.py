"""Errors are read for their meaning and never repeated."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from app.adapters.providers.problems import Problems
from app.adapters.providers.wire_error import Meaning, WireError, error_from_body, error_in

SHAPES = [
    b'{"error":{"message":"m","type":"rate_limit_error"}}',
    b'{"type":"error","error":{"type":"rate_limit_error","message":"m"},"request_id":"r"}',
    b'[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m"}}]',
    b'{"error":{"code":"1302","message":"m"}}',
    b'{"object":"error","code":429,"message":"m"}',
]


@pytest.mark.parametrize("body", SHAPES)
def test_every_vendors_shape_is_understood(body: bytes) -> None:
    assert error_from_body(body).meaning is Meaning.RATE_LIMITED


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[]", b"null", b"{}", b'{"a":1}'])
def test_a_body_that_says_nothing_is_no_fault_of_its_own(body: bytes) -> None:
    assert error_from_body(body).meaning is Meaning.OTHER


@pytest.mark.parametrize("body", [{}, [], None, {"error": None}, {"choices": []}, {"type": "ping"}])
def test_what_is_no_error_is_not_taken_for_one(body: object) -> None:
    assert error_in(body) is None


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 8192 tokens.",
        "prompt is too long: 212000 tokens > 200000 maximum",
        "the request exceeds the available context size, try increasing it",
        "Trying to keep the first 15857 tokens when context the overflows.",
        "Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)",
        "input length and `max_tokens` exceed context limit: 1 + 2 > 2",
        "Please reduce the length of the messages or completion.",
    ],
)
def test_an_overflow_is_recognised_in_every_servers_words(words: str) -> None:
    assert error_from_body(json.dumps({"error": {"message": words}}).encode()).meaning is (
        Meaning.TOO_LONG
    )


def test_only_a_short_identifier_that_is_no_secret_is_shown() -> None:
    shown = WireError(("unsupported_value",), "temperature")
    assert shown.label(("sk-1", "Hello there")) == "unsupported_value"
    assert WireError(("sk-canary-1",)).label(("sk-canary-1", "")) == ""
    assert WireError(("xsk-canary-1x",)).label(("sk-canary-1", "")) == ""
    assert WireError(("a b", "<script>", "x" * 80)).label(()) == ""
    assert "secret" not in repr(WireError(("secret",), words="secret"))


EVENING = datetime(2026, 11, 23, 22, 30)  # noqa: DTZ001  (the user's own clock)


@pytest.mark.parametrize(
    ("wait_s", "told"),
    [
        (0.5, "0.5 seconds;"),
        (1, "1 second;"),
        (90, "90 seconds;"),
        (600, "10 minutes, until 22:40;"),
        (3600, "60 minutes, until 23:30;"),
        (7200, "2 hours, until 00:30 on 2026-11-24;"),
        (90_000, "25 hours, until 23:30 on 2026-11-24;"),
        (366 * 86_400, "366 days, until 22:30 on 2027-11-24;"),
    ],
)
def test_a_wait_is_told_as_a_person_would_say_it_and_with_the_hour_it_ends(
    wait_s: float, told: str
) -> None:
    assert f" {told} ask again" in Problems("OpenAI", "m").come_back(429, wait_s, EVENING).next_step
