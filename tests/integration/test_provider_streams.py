"""Good answers over a real socket, stopping them, and what is never given away."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.limits import Limits
from app.domain.events import Failed, FinishReason, TextArrived
from app.domain.model import Dialect, ModelRef, Sampling
from app.domain.money import Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest
from tests.fakes.asking import CANARY, PROMPT, FixedClock, ask, ask_all, model
from tests.fakes.fault_server import CUT, GATE, RESET, STALL, FaultServer, Received, Reply
from tests.fakes.streams import (
    anthropic_stream,
    gemini_stream,
    ollama_stream,
    openai_stream,
    responses_stream,
    sse,
)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def test_both_dialects_bring_the_same_answer_and_usage(server: FaultServer) -> None:
    def route(request: Received) -> Reply:
        speaks_anthropic = request.path == "/v1/messages"
        return Reply.stream(anthropic_stream() if speaks_anthropic else openai_stream())

    server.route = route
    openai, anthropic = ask_all(
        [model(server.openai_url), model(server.anthropic_url, "anthropic")]
    )
    assert openai.text == anthropic.text == "Hello world."
    assert openai.finished.usage == Usage(20, 8, cached_tokens=4, reasoning_tokens=2)
    assert anthropic.finished.usage == Usage(20, 8, cached_tokens=4, cache_write_tokens=2)
    assert [request.path for request in server.requests] == ["/v1/chat/completions", "/v1/messages"]
    first, second = (request.headers for request in server.requests)
    assert first["authorization"] == f"Bearer {CANARY}"
    assert second["x-api-key"] == CANARY
    assert second["anthropic-version"] == "2023-06-01"
    assert "authorization" not in second
    assert "cookie" not in {**first, **second}


def test_the_further_dialects_bring_the_same_answer(server: FaultServer) -> None:
    server.enqueue(
        Reply.stream(responses_stream(reasoning=["hm"])),
        Reply.stream(gemini_stream(thoughts=["hm"])),
        Reply.lines(ollama_stream(thinking=["hm"])),
    )
    names = ("openai-responses", "gemini", "ollama")
    bases = (server.openai_url, server.url, server.url)
    answers = ask_all([model(base, name) for base, name in zip(bases, names, strict=True)])
    assert {(asked.reasoning, asked.text) for asked in answers} == {("hm", "Hello world.")}
    responses, gemini, ollama = (asked.finished.usage for asked in answers)
    assert responses == Usage(20, 8, cached_tokens=4, cache_write_tokens=2, reasoning_tokens=2)
    assert gemini == Usage(20, 8, cached_tokens=4, reasoning_tokens=2)
    assert ollama == Usage(20, 8)
    assert [request.path for request in server.requests] == [
        "/v1/responses",
        "/v1beta/models/fake-1:streamGenerateContent?alt=sse",
        "/api/chat",
    ]
    assert server.requests[1].headers["x-goog-api-key"] == CANARY


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
def test_an_answer_arrives_whole_however_the_server_frames_it(
    server: FaultServer, framing: Any
) -> None:
    server.default = Reply.stream(openai_stream(["§ 535 ", "“größer” 😀"]), framing=framing)
    assert ask(model(server.openai_url)).text == "§ 535 “größer” 😀"


def test_a_practice_model_gets_its_sampling_and_others_do_not(server: FaultServer) -> None:
    server.default = Reply.stream(openai_stream())
    sampling = Sampling(temperature=0.0, repeat_penalty=1.1, seed=7)
    ask(model(server.openai_url, practice=True, sampling=sampling))
    ask(model(server.openai_url, sampling=sampling))
    practice, other = (request.json() for request in server.requests)
    assert practice["temperature"] == 0.0
    assert "temperature" not in other


def test_the_connection_is_used_again_and_cookies_are_not_kept(server: FaultServer) -> None:
    server.default = Reply.stream(openai_stream(), {"Set-Cookie": "id=1; Path=/"})
    connections = []

    def route(request: Received) -> None:
        connections.append(len(server._connections))

    server.route = route
    ask_all([model(server.openai_url)] * 3)
    assert connections == [1, 1, 1]
    assert all("cookie" not in request.headers for request in server.requests)


def test_text_is_handed_on_while_the_rest_is_still_being_written(server: FaultServer) -> None:
    stream = openai_stream(["first", "second"])
    server.default = Reply.stream((*stream[:2], GATE, *stream[2:]))

    async def watch() -> list[str]:
        seen: list[str] = []
        providers = HttpProviders(FixedClock())
        provider = providers.open(model(server.openai_url), None)
        async with aclosing(provider.stream(ChatRequest("Hi"))) as events:
            async for event in events:
                if isinstance(event, TextArrived):
                    seen.append(event.text)
                    server.open_gate()  # the server goes on only because the first word is here
        await providers.close()
        return seen

    assert asyncio.run(watch()) == ["first", "second"]


@pytest.mark.parametrize("how", ["cancel", "close"])
@pytest.mark.parametrize("when", ["before the answer", "in the middle"])
def test_stop_closes_the_connection_at_once(server: FaultServer, how: str, when: str) -> None:
    opening = openai_stream(["Hello"], finish=None, usage=None, done=False)
    middle = when == "in the middle"
    reply = Reply.stream((*opening, STALL)) if middle else Reply.stream((), before=(STALL,))
    server.default = reply

    async def stop() -> None:
        providers = HttpProviders(FixedClock())
        stream = providers.open(model(server.openai_url), None).stream(ChatRequest("Hi"))
        arrived = asyncio.Event()

        async def consume() -> None:
            async with aclosing(stream) as events:
                async for event in events:
                    if isinstance(event, TextArrived):
                        arrived.set()
                        if how == "close":
                            return

        task = asyncio.create_task(consume())
        if middle:
            await asyncio.wait_for(arrived.wait(), 60)
        else:
            assert await asyncio.to_thread(server.wait_requests, 1)
        if how == "cancel" or not middle:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        else:
            await task
        # The client stays open: it is this one answer that was closed.
        assert await asyncio.to_thread(server.wait_client_gone, 1, 5)
        await providers.close()

    asyncio.run(stop())


def test_a_consumer_that_is_slow_is_not_taken_for_a_stall(server: FaultServer) -> None:
    server.default = Reply.stream(openai_stream(["a", "b"]))

    async def dawdle() -> str:
        providers = HttpProviders(FixedClock(), Limits(first_token_s=5, between_tokens_s=0.3))
        text = ""
        provider = providers.open(model(server.openai_url), None)
        async with aclosing(provider.stream(ChatRequest("Hi"))) as events:
            async for event in events:
                if isinstance(event, TextArrived):
                    text += event.text
                    await asyncio.sleep(0.5)
        await providers.close()
        return text

    assert asyncio.run(dawdle()) == "ab"


def test_one_side_failing_leaves_the_other_alone(server: FaultServer) -> None:
    server.route = lambda request: (
        Reply.error(401, {"error": {"message": "no"}})
        if request.path == "/v1/messages"
        else Reply.stream([step for piece in openai_stream() for step in (piece, 0.02)])
    )

    async def both() -> list[list[object]]:
        providers = HttpProviders(FixedClock())

        async def one(asked: ModelRef) -> list[object]:
            stream = providers.open(asked, None).stream(ChatRequest("Hi"))
            async with aclosing(stream) as events:
                return [event async for event in events]

        models = (model(server.openai_url), model(server.anthropic_url, "anthropic"))
        results = await asyncio.gather(*map(one, models))
        await providers.close()
        return list(results)

    good, bad = asyncio.run(both())
    assert isinstance(bad[-1], Failed)
    assert "".join(event.text for event in good if isinstance(event, TextArrived)) == "Hello world."


def test_an_empty_a_reasoned_and_a_filtered_answer_end_differently(server: FaultServer) -> None:
    server.enqueue(
        Reply.stream(openai_stream([])),
        Reply.stream(openai_stream([], reasoning=["hm"])),
        Reply.stream(openai_stream(["a"], finish="content_filter")),
        Reply.stream(openai_stream(["a"], finish="length")),
        Reply.stream(openai_stream(["a"], finish="refusal")),
    )
    ends = [(one.text, one.reasoning, one.finished.reason) for one in
            ask_all([model(server.openai_url)] * 5)]  # fmt: skip
    assert ends == [
        ("", "", FinishReason.STOP),
        ("", "hm", FinishReason.STOP),
        ("a", "", FinishReason.CONTENT_FILTER),
        ("a", "", FinishReason.LENGTH),
        ("a", "", FinishReason.REFUSAL),
    ]


ECHO = f"key {CANARY} prompt {PROMPT}"
LEAKY = {"error": {"message": ECHO, "type": CANARY, "code": CANARY, "param": CANARY}}
LEAKS = {
    "401": Reply.error(401, LEAKY, {"x-request-id": CANARY}),
    "400": Reply.error(400, LEAKY),
    "429": Reply.error(429, LEAKY, {"Retry-After": CANARY}),
    "500 html": Reply.error(500, f"<html>{ECHO}"),
    "redirect": Reply(302, {"Location": f"https://x.example/?key={CANARY}"}, (), "length"),
    "portal": Reply(200, {"Content-Type": "text/html"}, (ECHO.encode(),), "length"),
    "json": Reply.error(200, LEAKY),
    "error event": Reply.stream((sse(LEAKY), sse({"model": CANARY, "choices": []}))),
    "finish": Reply.stream(openai_stream(finish=CANARY, model=CANARY)),
    "rubbish": Reply.stream((f"data: {ECHO}\n\n".encode(),)),
    "reset": Reply(before=(RESET,)),
    "cut": Reply(steps=(CUT,)),
    "no http": Reply(raw=f"{ECHO}\r\n\r\n".encode()),
    "bad header": Reply(raw=f"HTTP/1.1 200 OK\r\n{ECHO}\r\n\r\n".encode()),
    "stall": Reply(before=(STALL,)),
}


@pytest.mark.parametrize("dialect", [Dialect.OPENAI_CHAT, Dialect.ANTHROPIC])
@pytest.mark.parametrize("reply", LEAKS.values(), ids=LEAKS.keys())
def test_neither_key_nor_prompt_is_given_away_by_any_fault(
    server: FaultServer, reply: Reply, dialect: Dialect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.default = reply
    base = server.openai_url if dialect is Dialect.OPENAI_CHAT else server.anthropic_url
    asked = ask(model(base, dialect.value), limits=Limits(first_token_s=0.2))
    spoken = [event for event in asked.events if not isinstance(event, TextArrived)]
    for place in (repr(spoken), caplog.text):
        assert CANARY not in place
        assert "Kanari" not in place


def test_no_exception_left_in_memory_holds_the_key(server: FaultServer) -> None:
    before = {id(error) for error in gc.get_objects() if isinstance(error, BaseException)}
    server.enqueue(Reply.error(401, LEAKY), Reply(before=(RESET,)), Reply.stream((RESET,)))
    ask_all([model(server.openai_url)] * 3)
    left = [
        error
        for error in gc.get_objects()
        if isinstance(error, BaseException) and id(error) not in before
    ]
    assert not any(CANARY in _printed(error) for error in left)


def test_a_key_never_shows_itself_in_what_is_built_from_it() -> None:
    providers = HttpProviders(FixedClock())
    provider = providers.open(model("https://api.example.com/v1"), ApiKey(CANARY))
    assert CANARY not in repr(provider) + repr(vars(provider))


@pytest.mark.parametrize(
    ("body", "kind"), [(b"{malformed json: <<<", "garbled"), (b'{"hello": 1}', "not_an_api")]
)
def test_an_object_that_is_no_answer_is_not_called_a_cut(
    server: FaultServer, body: bytes, kind: str
) -> None:
    server.default = Reply(200, {"Content-Type": "application/json"}, (body,))
    failed = ask(model(server.openai_url)).failed
    assert (failed.problem.kind, failed.cut) == (kind, False)


def test_the_http_library_waits_until_it_is_needed() -> None:
    code = (
        "import sys, app.adapters.providers.factory, app.adapters.providers.catalog\n"
        "print(sorted({'httpx', 'httpcore', 'orjson', 'truststore', 'anyio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def _printed(error: BaseException) -> str:
    out = io.StringIO()
    traceback.print_exception(error, file=out)
    return out.getvalue() + repr(error.args)
