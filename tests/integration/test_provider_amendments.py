"""What a server refuses is learned once, and what leaves this computer is asked about first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.domain.model import Dialect, ModelRef
from app.services.ports import Wishes
from tests.fakes.asking import CANARY, PROMPT, ask, ask_all, model
from tests.fakes.fault_server import STALL, FaultServer, Received, Reply
from tests.fakes.streams import anthropic_stream, ollama_stream, openai_stream


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


def local(server: FaultServer, **changes: Any) -> ModelRef:
    return replace(model(server.url, "ollama", local=True, model="qwen3:8b"), **changes)


def test_a_local_model_is_asked_about_before_the_prompt_leaves(server: FaultServer) -> None:
    server.enqueue(Reply.error(200, {"details": {}}), Reply.lines(ollama_stream()))
    assert ask(local(server)).text == "Hello world."
    assert [request.path for request in server.requests] == ["/api/show", "/api/chat"]
    assert server.requests[0].json() == {"model": "qwen3:8b"}


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ({"remote_host": "https://ollama.com:443", "remote_model": "gpt-oss:120b"}, "helper"),
        ({"remote_model": "gpt-oss:120b"}, "helper"),
        ({}, "gpt-oss:120b-cloud"),
        ({}, "kimi-k3:cloud"),
    ],
)
def test_a_cloud_model_that_was_called_local_never_gets_the_prompt(
    server: FaultServer, shown: dict[str, str], name: str
) -> None:
    server.default = Reply.error(200, shown)
    failed = ask(local(server, model=name)).failed
    assert failed.problem.kind == "not_local"
    assert "ollama.com" in failed.problem.message
    assert not failed.may_be_billed
    assert [request.path for request in server.requests] == ["/api/show"]
    assert all(PROMPT.encode() not in request.body for request in server.requests)


def test_a_matter_that_stays_here_is_asked_about_too(server: FaultServer) -> None:
    server.default = Reply.error(200, {"remote_host": "https://ollama.com"})
    stay = Wishes(stay_here=True)
    assert ask(local(server, local=False), wishes=stay).failed.problem.kind == "not_local"
    server.default = Reply.lines(ollama_stream())
    assert ask(local(server, local=False)).text == "Hello world."
    assert [request.path for request in server.requests] == ["/api/show", "/api/chat"]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply.error(500, {"error": "broken"}), "overloaded"),
        (Reply.error(401, {"error": "unauthorized"}), "key_refused"),
        (Reply(302, {"Location": "https://elsewhere.example/"}), "not_an_api"),
        (Reply(before=(STALL,)), "stalled"),
    ],
)
def test_without_an_answer_the_prompt_does_not_leave(
    server: FaultServer, reply: Reply, kind: str
) -> None:
    from app.adapters.providers.limits import Limits

    server.default = reply
    failed = ask(local(server), limits=Limits(first_token_s=0.2)).failed
    assert failed.problem.kind == kind
    assert [request.path for request in server.requests] == ["/api/show"]


def test_a_model_that_is_not_there_is_told_as_such(server: FaultServer) -> None:
    server.default = Reply.error(404, {"error": "model 'qwen3:8b' not found"})
    assert ask(local(server)).failed.problem.kind == "model_not_found"


def test_other_dialects_are_not_asked_first(server: FaultServer) -> None:
    server.default = Reply.stream(openai_stream())
    ask(model(server.openai_url, Dialect.OPENAI_CHAT.value, local=True))
    assert [request.path for request in server.requests] == ["/v1/chat/completions"]
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
