"""Model servers on this computer: found by themselves, and asked what they hand on."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from app.adapters.providers import list_shapes as shapes
from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.local_servers import PROBES, LoopbackServers, Probe
from app.domain.model import Dialect, ModelRef, Role
from app.domain.vendor import LocalServer
from tests.fakes.asking import FixedClock
from tests.fakes.fault_server import STALL, FaultServer, Received, Reply

LLAMA = {
    "object": "list",
    "data": [{"id": "m.gguf", "object": "model", "owned_by": "llamacpp", "meta": {"n_ctx": 8192}}],
}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def reply(body: Any, status: int = 200) -> Reply:
    data = json.dumps(body).encode()
    return Reply(status, {"Content-Type": "application/json"}, (data,), "length")


def found(*probes: Probe, look_s: float = 2.0) -> tuple[LocalServer, ...]:
    async def look() -> tuple[LocalServer, ...]:
        providers = HttpProviders(FixedClock())
        try:
            return await LoopbackServers(providers, probes, look_s).found()
        finally:
            await providers.close()

    return asyncio.run(look())


def probe(name: str, server: FaultServer) -> Probe:
    (known,) = (probe for probe in PROBES if probe.name == name)
    return replace(known, port=server.port)


def handed_on(model: ModelRef, ask_s: float = 2.0) -> str | None:
    async def ask() -> str | None:
        providers = HttpProviders(FixedClock())
        try:
            return await LoopbackServers(providers, ask_s=ask_s).hands_on_to(model)
        finally:
            await providers.close()

    return asyncio.run(ask())


def a_model(server: FaultServer, **changed: Any) -> ModelRef:
    base = ModelRef("Mine", Dialect.OLLAMA, server.url, "llama3", Role.CHEAP)
    return replace(base, **changed)


# Finding


def test_ollama_is_found_and_its_cloud_models_are_told_apart(server: FaultServer) -> None:
    cloud = {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com:443"}
    server.default = reply({"models": [{"name": "llama3"}, cloud]})
    (ollama,) = found(probe("Ollama", server))
    assert ollama.name == "Ollama"
    assert ollama.place.dialect is Dialect.OLLAMA
    assert ollama.place.base_url == server.url
    assert [model.remote for model in ollama.models] == [False, True]
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/api/tags")
    assert not {"authorization", "x-api-key", "cookie"} & set(request.headers)


def test_an_older_lm_studio_is_found_by_the_list_it_has(server: FaultServer) -> None:
    server.route = lambda request: (
        reply({"data": [{"id": "qwen"}]}) if request.path == "/v1/models" else None
    )
    server.default = reply({"error": "Unexpected endpoint"}, 404)
    (studio,) = found(probe("LM Studio", server))
    assert (studio.name, [model.id for model in studio.models]) == ("LM Studio", ["qwen"])
    assert studio.place.base_url == server.openai_url


def test_a_server_that_asks_for_a_key_is_found_and_none_is_sent(server: FaultServer) -> None:
    server.default = reply({"error": {"message": "An API token is required"}}, 401)
    (studio,) = found(probe("LM Studio", server))
    assert studio.locked
    assert studio.models == ()


def test_a_llama_cpp_server_is_found_by_what_it_says_of_itself(server: FaultServer) -> None:
    server.default = reply(LLAMA)
    (llama,) = found(probe("vLLM", server))  # even at another's usual port
    assert llama.name == "llama.cpp server"
    assert llama.models[0].context_tokens == 8192


@pytest.mark.parametrize(
    "stranger",
    [
        reply({"data": []}),
        reply({"data": [{"id": "order-1"}]}),
        reply({"status": "up"}),
        reply({}, 404),
        Reply(200, {"Content-Type": "text/html"}, (b"<html>Jenkins</html>",)),
        Reply(302, {"Location": "/login"}, (), "length"),
        Reply(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
    ],
)
def test_another_program_at_a_usual_port_is_not_called_a_model_server(
    server: FaultServer, stranger: Reply
) -> None:
    server.default = stranger
    assert found(probe("llama.cpp server", server), probe("vLLM", server)) == ()


def test_all_are_looked_at_at_once_and_a_silent_one_holds_up_nobody() -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(FaultServer()) for _ in range(3)]
        for each in silent:
            each.default = Reply(before=(STALL,))
        answering = stack.enter_context(FaultServer())
        answering.default = reply({"models": []})
        begun = time.monotonic()
        probes = [Probe("x", each.port, "/v1/models", shapes.openai) for each in silent]
        seen = found(*probes, probe("Ollama", answering), look_s=2.0)
        took = time.monotonic() - begun
    assert [each.name for each in seen] == ["Ollama"]
    assert took < 5.9  # three silent ones after another would take 6


def test_where_nothing_runs_nothing_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert found(replace(PROBES[0], port=port)) == ()


def test_only_the_usual_ports_of_this_computer_are_looked_at() -> None:
    assert {probe.place("").host for probe in PROBES} == {"127.0.0.1"}
    assert [probe.port for probe in PROBES] == [11434, 1234, 8080, 8000]


# Handing on


def test_a_model_that_ollama_hands_on_is_told_by_ollama_itself(server: FaultServer) -> None:
    server.default = reply({"remote_host": "https://ollama.com:443", "remote_model": "x"})
    assert handed_on(a_model(server)) == "ollama.com"
    (request,) = server.requests
    assert (request.method, request.path, request.json()) == (
        "POST", "/api/show", {"model": "llama3"},
    )  # fmt: skip


def test_ollama_asked_in_openais_format_is_asked_too(server: FaultServer) -> None:
    server.default = reply({"remote_host": "http://big-box.lan:11434"})
    model = a_model(
        server, dialect=Dialect.OPENAI_CHAT, base_url=server.openai_url, vendor="Ollama"
    )
    assert handed_on(model) == "big-box.lan"
    assert server.requests[0].path == "/api/show"


def test_a_model_that_runs_here_is_said_to_stay(server: FaultServer) -> None:
    server.default = reply({"details": {"family": "llama"}, "model_info": {}})
    assert handed_on(a_model(server)) == ""


@pytest.mark.parametrize("model_id", ["gpt-oss:120b-cloud", "glm-5.2:cloud"])
def test_a_name_that_says_cloud_needs_no_question(server: FaultServer, model_id: str) -> None:
    assert handed_on(a_model(server, model=model_id)) == "ollama.com"
    assert server.requests == []


@pytest.mark.parametrize(
    "silence",
    [
        Reply(before=(STALL,)),
        reply({"error": "x"}, 500),
        Reply(200, {}, (b"?",)),
        reply([1]),
        Reply(302, {"Location": "/login"}, (), "length"),
    ],
)
def test_a_server_that_answers_without_saying_leaves_it_open(
    server: FaultServer, silence: Reply
) -> None:
    server.default = silence
    assert handed_on(a_model(server), ask_s=0.4) is None


def test_other_servers_are_not_asked_what_they_do_not_know(server: FaultServer) -> None:
    def refuse(request: Received) -> Reply:
        raise AssertionError(request.path)

    server.route = refuse
    other = a_model(server, dialect=Dialect.OPENAI_CHAT, base_url=server.openai_url)
    assert handed_on(other) == ""
    assert handed_on(a_model(server, base_url="https://far.example")) == ""
    assert server.requests == []


def test_a_server_that_is_gone_or_does_not_know_the_model_stops_nothing(
    server: FaultServer,
) -> None:
    server.default = reply({"error": "model 'llama3' not found"}, 404)
    assert handed_on(a_model(server)) == ""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert handed_on(a_model(server, base_url=f"http://127.0.0.1:{port}")) == ""
