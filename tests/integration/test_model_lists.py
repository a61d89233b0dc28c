"""Vendors' model lists over real sockets: every shape, every fault, and never the key elsewhere."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.json_fetch import FetchLimits
from app.adapters.providers.model_lists import HttpModelLists
from app.domain.errors import ModelListError, Problem
from app.domain.model import Dialect
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, Place
from tests.fakes.asking import CANARY, FixedClock
from tests.fakes.fault_server import CUT, RESET, STALL, FaultServer, Received, Reply

USUAL = FetchLimits()
FAST = FetchLimits(connect_s=2.0, whole_s=0.5, body_bytes=100_000)
MODELS = {"object": "list", "data": [{"id": "small", "object": "model"}, {"id": "big"}]}


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


def reply(body: Any, status: int = 200, **headers: str) -> Reply:
    kind = {"Content-Type": "application/json", **headers}
    return Reply(status, kind, (json.dumps(body).encode(),), "length")


def listed(
    place: Place, key: str | None = CANARY, limits: FetchLimits = USUAL
) -> tuple[ListedModel, ...]:
    async def ask() -> tuple[ListedModel, ...]:
        providers = HttpProviders(FixedClock())
        try:
            lists = HttpModelLists(providers, FixedClock(), limits)
            return await lists.models_at(place, ApiKey(key) if key else None)
        finally:
            await providers.close()

    return asyncio.run(ask())


def refused(place: Place, key: str | None = CANARY, limits: FetchLimits = USUAL) -> Problem:
    """Return why there is no list; it is told in words, and without the key."""
    with pytest.raises(ModelListError) as error:
        listed(place, key, limits)
    problem = error.value.problem
    assert problem.message.endswith(".")
    assert problem.next_step.endswith(".")
    assert CANARY not in problem.sentence()
    assert "prompt" not in problem.message
    for jargon in ("Error", "Exception", "http://", "{", "<", "None", "\n"):
        assert jargon not in problem.sentence(), problem
    return problem


def at(server: FaultServer, dialect: Dialect = Dialect.OPENAI_CHAT, vendor: str = "") -> Place:
    base = server.openai_url if "openai" in dialect else server.url
    return Place(dialect, base, vendor)


# Shapes, addresses and keys


@pytest.mark.parametrize("dialect", [Dialect.OPENAI_CHAT, Dialect.OPENAI_RESPONSES])
def test_an_openai_shaped_vendor_is_asked_for_its_models(
    server: FaultServer, dialect: Dialect
) -> None:
    server.default = reply(MODELS)
    assert [model.id for model in listed(at(server, dialect))] == ["small", "big"]
    (request,) = server.requests
    assert (request.method, request.path, request.body) == ("GET", "/v1/models", b"")
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert "text/event-stream" not in request.headers["accept"]


def test_deepseek_has_its_list_at_its_root(server: FaultServer) -> None:
    server.default = reply(MODELS)
    listed(Place(Dialect.OPENAI_CHAT, server.url, "DeepSeek"))
    assert server.requests[0].path == "/models"


def test_anthropics_list_is_read_to_its_last_page(server: FaultServer) -> None:
    def page(request: Received) -> Reply:
        query = parse_qs(urlsplit(request.path).query)
        assert query["limit"] == ["1000"]
        after = query.get("after_id", [""])[0]
        at = {"": 0, "m 0&x": 1, "m 1&x": 2}[after]
        entry = {"id": f"m {at}&x", "display_name": f"M{at}", "max_input_tokens": 1000}
        return reply({"data": [entry], "has_more": at < 2, "last_id": entry["id"]})

    server.route = page
    models = listed(at(server, Dialect.ANTHROPIC))
    assert [model.id for model in models] == ["m 0&x", "m 1&x", "m 2&x"]
    headers = server.requests[0].headers
    assert headers["x-api-key"] == CANARY
    assert headers["anthropic-version"]
    assert "authorization" not in headers


def test_geminis_list_is_read_to_its_last_page_with_the_key_in_a_header_only(
    server: FaultServer,
) -> None:
    server.enqueue(
        reply({"models": [{"name": "models/a"}], "nextPageToken": "n&x=1"}),
        reply({"models": [{"name": "models/b"}]}),
    )
    assert [model.id for model in listed(at(server, Dialect.GEMINI))] == ["a", "b"]
    first, second = server.requests
    assert first.path == "/v1beta/models?pageSize=1000"
    assert parse_qs(urlsplit(second.path).query)["pageToken"] == ["n&x=1"]
    assert first.headers["x-goog-api-key"] == CANARY
    assert CANARY not in first.path + second.path


def test_a_list_that_turns_in_a_circle_ends(server: FaultServer) -> None:
    server.default = reply({"models": [{"name": "models/a"}], "nextPageToken": "same"})
    assert [model.id for model in listed(at(server, Dialect.GEMINI))] == ["a"]
    assert len(server.requests) == 2


@pytest.mark.parametrize("path", ["", "/v1", "/api"])
def test_ollamas_own_list_is_asked_whatever_part_of_its_address_is_given(
    server: FaultServer, path: str
) -> None:
    entry = {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com"}
    server.default = reply({"models": [{"name": "llama3"}, entry]})
    place = Place(Dialect.OLLAMA, server.url + path)
    assert [model.forwards_to for model in listed(place, None)] == ["", "ollama.com"]
    assert server.requests[0].path == "/api/tags"


def test_ollama_asked_in_openais_format_still_tells_what_is_not_local(server: FaultServer) -> None:
    server.default = reply({"models": [{"name": "x:cloud"}]})
    (model,) = listed(Place(Dialect.OPENAI_CHAT, server.openai_url, "Ollama"), None)
    assert model.remote
    assert server.requests[0].path == "/api/tags"


def test_openrouters_list_brings_prices_and_the_day_they_were_read(server: FaultServer) -> None:
    entry = {"id": "a/b", "pricing": {"prompt": "0.000001", "completion": "0.000002"}}
    server.default = reply({"data": [entry]})
    (model,) = listed(at(server, vendor="OpenRouter"), None)
    assert model.price is not None
    assert model.price.output_per_million == Decimal(2)
    assert model.price.as_of == FixedClock().now().date()


def test_a_list_that_comes_compressed_is_opened(server: FaultServer) -> None:
    body = gzip.compress(json.dumps(MODELS).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.default = Reply(200, headers, (body,))
    assert len(listed(at(server))) == 2


# Faults


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, "key_refused"), (403, "forbidden"), (404, "no_list"), (405, "no_list"),
     (402, "payment"), (429, "rate_limited"), (500, "overloaded"), (503, "overloaded"),
     (400, "bad_request"), (422, "bad_request")],
)  # fmt: skip
def test_each_refusal_is_told_in_a_sentence(server: FaultServer, status: int, kind: str) -> None:
    server.default = Reply.error(status, {"error": {"message": f"no {CANARY}", "code": CANARY}})
    assert refused(at(server, vendor="OpenRouter")).kind == kind
    assert len(server.requests) == 1  # the user presses again, nobody else does


def test_without_a_key_it_says_that_one_is_needed(server: FaultServer) -> None:
    server.default = Reply.error(401, {"error": {"message": "missing key"}})
    problem = refused(at(server, vendor="OpenAI"), None)
    assert problem.kind == "key_missing"
    assert "OpenAI" in problem.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("dialect", [Dialect.OPENAI_CHAT, Dialect.ANTHROPIC, Dialect.GEMINI])
def test_a_redirect_is_refused_and_the_key_goes_nowhere_else(
    server: FaultServer, status: int, dialect: Dialect
) -> None:
    with FaultServer() as elsewhere:
        elsewhere.default = reply(MODELS)
        server.default = Reply(status, {"Location": elsewhere.url + "/v1/models"}, (), "length")
        assert refused(at(server, dialect)).kind == "redirected"
        assert elsewhere.requests == []


def test_a_web_page_is_no_list(server: FaultServer) -> None:
    page = b"<!DOCTYPE html><title>Sign in</title>"
    server.default = Reply(200, {"Content-Type": "text/html"}, (page,))
    assert refused(at(server)).kind == "not_an_api"
    server.default = Reply(200, {"Content-Type": "application/json"}, (b"\n " + page,))
    assert "web page" in refused(at(server)).message


@pytest.mark.parametrize("body", [b"", b"nonsense", b'{"data": 3}', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_list_is_told_so(server: FaultServer, body: bytes) -> None:
    server.default = Reply(200, {"Content-Type": "application/json"}, (body,))
    assert refused(at(server)).kind == "not_an_api"


def test_a_list_without_end_is_not_read_to_its_end(server: FaultServer) -> None:
    server.default = Reply(
        200, {"Content-Type": "application/json"}, (b'{"data": [', *([b"1," * 20_000] * 40))
    )
    assert refused(at(server), limits=replace(FAST, whole_s=10)).kind == "too_much"


def test_a_bomb_does_not_go_off(server: FaultServer) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    server.default = Reply(200, headers, (bomb,))
    assert refused(at(server), limits=replace(FAST, whole_s=10)).kind == "too_much"


@pytest.mark.parametrize(
    "silent",
    [
        Reply(before=(STALL,)),
        Reply(200, {"Content-Type": "application/json"}, (b'{"data": [', STALL)),
    ],
    ids=["before", "in the middle"],
)
def test_a_server_that_hangs_is_left(server: FaultServer, silent: Reply) -> None:
    server.default = silent
    assert refused(at(server), limits=FAST).kind == "stalled"
    assert server.wait_client_gone()


@pytest.mark.parametrize("end", [CUT, RESET])
def test_a_list_that_breaks_off_is_not_half_shown(server: FaultServer, end: Any) -> None:
    head = b'{"data": [{"id": "small"}'
    server.default = Reply(200, {"Content-Type": "application/json"}, (head, end))
    assert refused(at(server)).kind == "cut_off"


def test_a_page_that_fails_takes_the_whole_list_with_it(server: FaultServer) -> None:
    server.enqueue(
        reply({"models": [{"name": "models/a"}], "nextPageToken": "n"}),
        Reply.error(500, {"error": {"message": "x"}}),
    )
    assert refused(at(server, Dialect.GEMINI)).kind == "overloaded"


def test_a_server_that_is_not_running_is_named_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    problem = refused(Place(Dialect.OPENAI_CHAT, f"http://127.0.0.1:{port}/v1", "LM Studio"))
    assert problem.kind == "refused_connection"
    assert "LM Studio" in problem.message


@pytest.mark.parametrize(
    ("address", "key", "kind"),
    [
        ("http://far.example/v1", CANARY, "insecure_address"),
        ("https://far.example/v1", "sk with spaces", "key_refused"),
        ("https://far.example:port/v1", CANARY, "bad_request"),
        ("ftp://far.example/v1", CANARY, "bad_request"),
        ("", CANARY, "bad_request"),
    ],
)
def test_nothing_is_sent_where_nothing_may_be(address: str, key: str, kind: str) -> None:
    with pytest.raises(ModelListError) as error:
        listed(Place(Dialect.OPENAI_CHAT, address), key)
    assert error.value.problem.kind == kind
    assert error.value.problem.message.startswith("Not sent")


def test_the_key_is_in_no_log_and_in_no_traceback(
    server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    import traceback

    caplog.set_level(logging.DEBUG)
    server.default = Reply.error(401, {"error": {"message": f"bad {CANARY}"}})
    with pytest.raises(ModelListError) as caught:
        listed(at(server))
    error = caught.value
    assert CANARY not in "".join(traceback.format_exception(error)) + repr(error) + str(error)
    server.default = reply(MODELS)
    listed(at(server))
    assert CANARY not in caplog.text
