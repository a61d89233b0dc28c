"""From the terminal to every dialect and back: state, usage, cost and how sure it is."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from tests.conformance.rows import recorded
from tests.fakes.fault_server import FaultServer, Received, Reply

pytestmark = pytest.mark.e2e

KEY = "sk-canary-8f1c2e7d90aa41"
WORDS = "The tenant keeps § 535 “BGB”\u2028in mind 😀."
Run = Callable[..., Any]

# Dialect, the model's id, where it is asked, the header of the key, thoughts.
DIALECTS = [
    ("openai-chat", "gpt-6-luna", "/v1/chat/completions", "authorization", None),
    ("openai-responses", "gpt-6.1-sol", "/v1/responses", "authorization",
     "Reading the clause.\n\nChecking § 535."),
    ("anthropic", "claude-opus-5-5", "/v1/messages", "x-api-key", "Reading the clause."),
    ("gemini", "gemini-3.1-pro", "/v1beta/models/gemini-3.1-pro:streamGenerateContent?alt=sse",
     "x-goog-api-key", "Reading the clause."),
    ("ollama", "qwen3:8b", "/api/chat", "authorization", "Reading the clause."),
]  # fmt: skip
EVERY_DIALECT = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda row: row[0])


def answer(dialect: str, case: str = "good") -> Reply:
    body, kind = recorded(dialect, case)
    return Reply(200, {"Content-Type": kind}, (body,))


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CANARY_KEY", KEY)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)

    def command(*words: str, status: int = 0) -> Any:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            ended = main([*words, "--json", "--data-dir", str(tmp_path / "data")])
        assert ended == status, err.getvalue()
        assert KEY not in out.getvalue() + err.getvalue()
        return json.loads(out.getvalue())

    return command


def pair_of(run: Run, base: str, dialect: str, model: str, *more: str) -> None:
    """Add a priced cheap model and an unpriced frontier model of one dialect, and use them."""
    for name, role, further in (
        ("Small", "cheap", ("--price-in", "1", "--price-out", "10", *more)),
        ("Big", "frontier", more),
    ):
        run("model", "add", name, "--dialect", dialect, "--base-url", base, "--model", model,
            "--role", role, "--key-env", "CANARY_KEY", *further)  # fmt: skip
    run("pair", "use", "Small", "Big")


@EVERY_DIALECT
def test_a_model_of_every_dialect_answers_with_its_usage_and_cost(
    run: Run, server: FaultServer, dialect: tuple[str, str, str, str, str | None]
) -> None:
    name, model, path, header, thoughts = dialect
    server.default = answer(name)
    base = server.openai_url if name.startswith("openai") else server.url
    pair_of(run, base, name, model)
    cheap, frontier = run("compare", "Is notice by e-mail valid?")["sides"]
    for side in (cheap, frontier):
        assert (side["state"], side["text"], side["error"]) == ("complete", WORDS, None)
        assert side["reasoning"] == thoughts
        assert side["usage"]["input"] == 120
        assert side["usage"]["output"] == 40
    exact = Decimal(120) / 1_000_000 + Decimal(40) * 10 / 1_000_000
    assert cheap["cost"] == {"amount": f"{exact:f}".rstrip("0"), "currency": "USD",
                             "certainty": "measured"}  # fmt: skip
    assert frontier["cost"]["certainty"] == "unknown"
    # Where models of a cloud may hide behind it, the server is asked for that first, without a key.
    asked = [request for request in server.requests if request.path != "/api/show"]
    assert [request.path for request in asked] == [path] * 2
    assert all(KEY in request.headers[header] for request in asked)


@EVERY_DIALECT
def test_an_answer_that_breaks_off_is_incomplete_and_its_cost_an_estimate(
    run: Run, server: FaultServer, dialect: tuple[str, str, str, str, str | None]
) -> None:
    name, model, *_ = dialect
    server.default = answer(name, "cut")
    base = server.openai_url if name.startswith("openai") else server.url
    pair_of(run, base, name, model)
    cheap, _ = run("compare", "Is notice by e-mail valid?", status=1)["sides"]
    assert (cheap["state"], cheap["text"]) == ("incomplete", "The ten")
    assert cheap["error"]["kind"] == "cut_off"
    assert cheap["cost"]["certainty"] == "estimated"


def test_what_openrouter_billed_is_what_it_cost(run: Run, server: FaultServer) -> None:
    server.default = answer("openrouter")
    pair_of(run, server.openai_url, "openai-chat", "m", "--vendor", "OpenRouter")
    cheap, frontier = run("compare", "Is notice by e-mail valid?")["sides"]
    billed = {"amount": "0.00095", "currency": "USD", "certainty": "measured"}
    assert cheap["cost"] == frontier["cost"] == billed


def test_a_local_model_is_free_and_a_cloud_model_is_not_called_local(
    run: Run, server: FaultServer
) -> None:
    shown: dict[str, Any] = {"details": {}}

    def route(request: Received) -> Reply:
        return Reply.error(200, shown) if request.path == "/api/show" else answer("ollama")

    server.route = route
    pair_of(run, server.url, "ollama", "qwen3:8b", "--local")
    for side in run("compare", "Is notice by e-mail valid?")["sides"]:
        assert (side["state"], side["cost"]["certainty"]) == ("complete", "free")
    shown["remote_host"] = "https://ollama.com:443"
    for side in run("compare", "Is notice by e-mail valid?", status=1)["sides"]:
        assert (side["state"], side["error"]["kind"]) == ("blocked", "not_local")
    chats = [request for request in server.requests if request.path == "/api/chat"]
    assert len(chats) == 2  # none of the second comparison


def test_a_matter_that_stays_on_this_computer_does_not_reach_a_cloud_model(
    run: Run, server: FaultServer
) -> None:
    server.default = Reply.error(200, {"remote_host": "https://ollama.com:443"})
    pair_of(run, server.url, "ollama", "helper")
    run("matter", "policy", "Larch", "this-computer")
    told = run("compare", "Is notice by e-mail valid?", "--matter", "Larch", status=1)
    assert {side["error"]["kind"] for side in told["sides"]} == {"blocked_by_policy"}
    assert {request.path for request in server.requests} == {"/api/show"}
