"""What a server refuses is learned once, and what leaves this computer is asked about first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.asking import ask, ask_all, model
from tests.fakes.fault_server import FaultServer, Received, Reply
from tests.fakes.streams import anthropic_stream, openai_stream


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def refused(param: str, code: str = "unsupported_parameter") -> Reply:
    error = {"message": f"Unsupported: '{param}'.", "param": param, "code": code}
    return Reply.error(400, {"error": error})


def test_a_refusal_is_learned_for_that_model_and_not_for_another(server: FaultServer) -> None:
    def route(request: Received) -> Reply:
        body = request.json()
        if body["model"] == "old" and "stream_options" in body:
            return refused("stream_options")
        return Reply.stream(openai_stream())

    server.route = route
    old, new = (model(server.openai_url, model=name) for name in ("old", "new"))
    answers = ask_all([old, old, new])
    assert [asked.text for asked in answers] == ["Hello world."] * 3
    assert [len(asked.attempts) for asked in answers] == [2, 1, 1]
    sent = [(body["model"], "stream_options" in body) for body in bodies(server)]
    assert sent == [("old", True), ("old", False), ("old", False), ("new", True)]


def test_several_refusals_are_answered_one_after_the_other(server: FaultServer) -> None:
    server.enqueue(refused("stream_options"), refused("max_tokens"), Reply.stream(openai_stream()))
    asked = ask(model(server.openai_url, max_output_tokens=50))
    assert asked.text == "Hello world."
    assert not asked.waits
    last = bodies(server)[-1]
    assert last["max_completion_tokens"] == 50
    assert not {"max_tokens", "stream_options"} & last.keys()


def test_a_refusal_that_no_change_answers_is_told(server: FaultServer) -> None:
    server.default = refused("messages")
    assert ask(model(server.openai_url)).failed.problem.kind == "bad_request"
    assert len(server.requests) == 1
    server.default = refused("stream_options")  # however often it is left out
    assert ask(model(server.openai_url)).failed.problem.kind == "bad_request"
    assert len(server.requests) == 3


def test_a_default_that_is_too_high_for_an_unknown_model_is_lowered(server: FaultServer) -> None:
    words = "max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens"
    error = {"type": "invalid_request_error", "message": words}
    server.enqueue(
        Reply.error(400, {"type": "error", "error": error}), Reply.stream(anthropic_stream())
    )
    assert ask(model(server.anthropic_url, "anthropic")).text == "Hello world."
    assert [body["max_tokens"] for body in bodies(server)] == [8192, 4096]


def bodies(server: FaultServer) -> list[Any]:
    return [request.json() for request in server.requests]
