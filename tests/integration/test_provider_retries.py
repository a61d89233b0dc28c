"""When a question is asked again, how long is waited first, and when never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.events import Waiting
from tests.fakes.asking import ask, ask_all, model
from tests.fakes.fault_server import RESET, STALL, FaultServer, Reply
from tests.fakes.streams import anthropic_error, anthropic_stream, openai_stream

GOOD = Reply.stream(openai_stream(["Hello"]))
BUSY = {"error": {"message": "busy"}}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_a_passing_fault_is_asked_again_and_each_attempt_is_told(
    server: FaultServer, status: int
) -> None:
    server.enqueue(Reply.error(status, BUSY), Reply.error(status, BUSY), GOOD)
    asked = ask(model(server.openai_url))
    assert asked.text == "Hello"
    assert [attempt.status for attempt in asked.attempts] == [status, status, 200]
    assert [attempt.attempt for attempt in asked.attempts] == [1, 2, 3]
    assert asked.attempts[-1].outcome == "answered"
    assert asked.slept == (0.5, 1.0)
    # Each wait is told when it begins and when it is over.
    assert [(wait.attempt, wait.delay_s) for wait in asked.waits] == [
        (2, 0.5), (2, 0.0), (3, 1.0), (3, 0.0),
    ]  # fmt: skip
    assert asked.kinds[:4] == ["Attempted", "Waiting", "Waiting", "Attempted"]


@pytest.mark.parametrize("status", [429, 500, 529])
def test_it_is_asked_again_twice_at_most(server: FaultServer, status: int) -> None:
    server.default = Reply.error(status, BUSY)
    asked = ask(model(server.openai_url))
    assert len(server.requests) == 3
    assert asked.failed.problem.kind == ("rate_limited" if status == 429 else "overloaded")
    assert asked.failed.may_be_billed is (status != 429)


def test_chance_shortens_the_wait_by_a_quarter_at_most(server: FaultServer) -> None:
    server.default = Reply.error(500, BUSY)
    assert ask(model(server.openai_url), dice=1.0).slept == (0.375, 0.75)


WAITS = [
    ({"Retry-After": "7"}, 7.0),
    ({"Retry-After": "0.5"}, 0.5),
    ({"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"}, 30.0),
    ({"Retry-After": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0.0),
    ({"Retry-After": "Mon, 23 Nov 2026 12:00:30 -0000"}, 30.0),
    ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5),
    ({"Retry-After": "60"}, 60.0),
    ({"Retry-After": "soon"}, 0.5),
    ({"Retry-After": "-4"}, 0.5),
    ({"Retry-After": "nan"}, 0.5),
]


@pytest.mark.parametrize(("headers", "seconds"), WAITS)
@pytest.mark.parametrize("status", [429, 503])
def test_the_servers_own_wait_is_obeyed_and_shown(
    server: FaultServer, headers: dict[str, str], seconds: float, status: int
) -> None:
    server.enqueue(Reply.error(status, BUSY, headers), GOOD)
    asked = ask(model(server.openai_url))
    assert asked.slept == ((seconds,) if seconds else ())
    assert asked.waits[0] == Waiting(asked.waits[0].reason, seconds, 2)
    assert asked.waits[-1].delay_s == 0
    assert asked.text == "Hello"


@pytest.mark.parametrize("told", ["3600", "Mon, 23 Nov 2026 13:00:00 GMT", "61"])
@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limited"), (503, "overloaded")])
def test_a_wait_past_patience_is_left_to_the_user_who_is_told_when(
    server: FaultServer, told: str, status: int, kind: str
) -> None:
    server.enqueue(Reply.error(status, BUSY, {"Retry-After": told}), GOOD)
    asked = ask(model(server.openai_url))
    assert asked.slept == ()
    assert asked.failed.problem.kind == kind
    assert ("60 minutes" if told != "61" else "61 seconds") in asked.failed.problem.next_step


@pytest.mark.parametrize(
    "error",
    [
        {"code": "insufficient_quota", "type": "insufficient_quota"},
        {"code": "1113", "message": "x"},
        {"message": "You exceeded your current quota, please check your plan."},
    ],
)
def test_a_spent_quota_is_never_asked_again(server: FaultServer, error: dict[str, Any]) -> None:
    headers = {"Retry-After": "1", "x-should-retry": "true"}
    server.default = Reply.error(429, {"error": error}, headers)
    asked = ask(model(server.openai_url))
    assert len(server.requests) == 1
    assert asked.failed.problem.kind == "payment"
    assert not asked.failed.may_be_billed


def test_the_server_may_forbid_or_ask_for_another_try(server: FaultServer) -> None:
    server.default = Reply.error(500, BUSY, {"x-should-retry": "false"})
    ask(model(server.openai_url))
    assert len(server.requests) == 1
    server.enqueue(Reply.error(425, BUSY, {"x-should-retry": "true"}), GOOD)
    assert ask(model(server.openai_url)).text == "Hello"


def test_no_credit_at_openrouter_is_passing_only_when_it_names_a_wait(server: FaultServer) -> None:
    routed = model(server.openai_url, vendor="OpenRouter")
    server.enqueue(Reply.error(402, BUSY, {"Retry-After": "2"}), GOOD)
    assert ask(routed).text == "Hello"
    server.enqueue(Reply.error(402, BUSY))
    assert ask(routed).failed.problem.kind == "payment"
    server.enqueue(Reply.error(402, BUSY, {"Retry-After": "2"}))
    assert ask(model(server.openai_url)).failed.problem.kind == "payment"
    assert len(server.requests) == 4


def test_a_line_that_breaks_before_any_answer_is_tried_again(server: FaultServer) -> None:
    server.enqueue(Reply(before=(RESET,)), GOOD)
    asked = ask(model(server.openai_url))
    assert asked.text == "Hello"
    assert asked.attempts[0].status is None
    server.default = Reply(before=(RESET,))
    broken = ask(model(server.openai_url)).failed
    assert (broken.problem.kind, broken.cut, broken.may_be_billed) == ("cut_off", True, True)


@pytest.mark.parametrize("dialect", ["openai-chat", "anthropic"])
def test_nothing_is_asked_again_once_an_answer_has_begun(server: FaultServer, dialect: str) -> None:
    if dialect == "anthropic":
        broken = (*anthropic_stream(["Hel"], stop=None, done=False), anthropic_error())
        server.default = Reply.stream(broken)
        asked = ask(model(server.anthropic_url, dialect))
    else:
        opening = openai_stream(["Hel"], finish=None, usage=None, done=False)
        server.default = Reply.stream((*opening, 0.1, RESET))
        asked = ask(model(server.openai_url))
    assert (asked.text, len(server.requests)) == ("Hel", 1)


def test_one_fault_that_may_have_cost_marks_the_whole_question(server: FaultServer) -> None:
    server.enqueue(Reply.error(500, BUSY), Reply.error(401, BUSY))
    end = ask(model(server.openai_url)).failed
    assert (end.problem.kind, end.may_be_billed) == ("key_refused", True)


def test_a_field_the_server_refuses_is_left_out_and_remembered(server: FaultServer) -> None:
    refused = {"error": {"message": "Unknown parameter: stream_options", "param": "stream_options"}}
    server.enqueue(Reply.error(400, refused))
    server.default = GOOD
    first, second = ask_all([model(server.openai_url)] * 2)
    assert (first.text, second.text) == ("Hello", "Hello")
    assert first.slept == ()
    assert [attempt.status for attempt in first.attempts] == [400, 200]
    assert [attempt.status for attempt in second.attempts] == [200]
    sent = [request.json() for request in server.requests]
    assert ["stream_options" in body for body in sent] == [True, False, False]


def test_a_length_limit_under_its_newer_name_is_sent_when_asked_for(server: FaultServer) -> None:
    words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    server.enqueue(Reply.error(400, {"error": {"message": words, "param": "max_tokens"}}), GOOD)
    assert ask(model(server.openai_url, max_output_tokens=50)).text == "Hello"
    assert server.requests[1].json()["max_completion_tokens"] == 50


def test_a_server_that_refuses_for_ever_is_not_asked_for_ever(server: FaultServer) -> None:
    server.default = Reply.error(400, {"error": {"message": "stream_options max_tokens no"}})
    assert ask(model(server.openai_url)).failed.problem.kind == "bad_request"
    assert len(server.requests) == 2


def test_a_slow_first_answer_is_not_asked_again(server: FaultServer) -> None:
    from app.adapters.providers.limits import Limits

    server.default = Reply.stream((), before=(STALL,))
    ask(model(server.openai_url), limits=Limits(first_token_s=0.2))
    assert len(server.requests) == 1
