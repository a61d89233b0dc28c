"""Choosing a vendor and a model from a terminal: its JSON, its sentences, its exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.providers import local_servers
from tests.e2e.test_terminal import CANARY, Terminal
from tests.fakes.fault_server import FaultServer, Received, Reply
from tests.fakes.streams import openai_stream

pytestmark = pytest.mark.e2e


def reply(body: object, status: int = 200) -> Reply:
    data = json.dumps(body).encode()
    return Reply(status, {"Content-Type": "application/json"}, (data,), "length")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.default = reply(
            {
                "data": [
                    {"id": "small-1", "name": "Small One", "context_length": 8192},
                    {"id": "big-1", "name": "Big One"},
                ]
            }
        )
        yield running


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("CANARY_KEY", CANARY)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    return Terminal(tmp_path / "data", monkeypatch)


def test_every_vendor_is_listed_with_dated_facts(terminal: Terminal) -> None:
    vendors = {row["name"]: row for row in terminal.json("vendor", "list")["vendors"]}
    anthropic = vendors["Anthropic"]
    assert anthropic["dialect"] == "anthropic"
    assert anthropic["retention"]["source"].startswith("https://")
    assert anthropic["retention"]["read_on"] == "2026-08-05"
    assert anthropic["retention"]["second_hand"] is True
    assert vendors["Moonshot"]["retention"]["read_on"] is None
    assert [wire["dialect"] for wire in vendors["OpenAI"]["wires"]] == [
        "openai-chat", "openai-responses",
    ]  # fmt: skip
    words = terminal.run("vendor", "list").stdout
    assert "OpenRouter, which forwards it to whoever runs the model" in words
    assert "not verified" in words


def test_a_model_is_added_by_its_vendors_name_alone(terminal: Terminal) -> None:
    added = terminal.json("model", "add", "Luna", "--vendor", "openai", "--model", "gpt-6-luna",
                          "--role", "cheap", "--key-env", "CANARY_KEY")  # fmt: skip
    assert (added["vendor"], added["dialect"]) == ("OpenAI", "openai-chat")
    assert added["base_url"] == "https://api.openai.com/v1"
    native = terminal.json("model", "add", "Argon", "--vendor", "gemini", "--model",
                           "gemini-4-argon", "--role", "frontier", "--no-key")  # fmt: skip
    assert (native["vendor"], native["dialect"]) == ("Google Gemini", "gemini")
    names = [model["name"] for model in terminal.json("model", "list")["models"]]
    assert names == ["Luna", "Argon"]


def test_every_dialect_word_is_accepted(terminal: Terminal, server: FaultServer) -> None:
    for dialect in ("openai-chat", "openai-responses", "anthropic", "gemini", "ollama"):
        words = ["--dialect", dialect, "--base-url", server.url, "--role", "cheap", "--no-key"]
        added = terminal.json("model", "add", dialect, *words, "--model", "m")
        assert added["dialect"] == dialect
        assert added["vendor"] is None


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--vendor", "nobody"), "not a vendor of the list"),
        (
            ("--vendor", "anthropic", "--base-url", "https://gateway.firm.test"),
            "gateway.firm.test is not an address of Anthropic",
        ),
        (("--vendor", "azure"), "parts that only you know: resource"),
        (("--vendor", "openai", "--dialect", "gemini"), "not asked in “gemini”"),
        ((), "Neither a vendor nor an address"),
        (("--vendor", "ollama", "--local", "--model", "x:cloud"), "cannot be called local"),
    ],
)
def test_what_is_missing_gets_one_sentence(
    terminal: Terminal, words: tuple[str, ...], hint: str
) -> None:
    done = terminal.run("model", "add", "X", "--model", "m", "--role", "cheap", *words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_vendors_list_is_read_and_searched(terminal: Terminal, server: FaultServer) -> None:
    told = terminal.json("vendor", "models", "openrouter", "--base-url", server.openai_url,
                         "--key-env", "CANARY_KEY", "--search", "BIG one")  # fmt: skip
    assert (told["listed"], told["matching"]) == (2, 1)
    assert told["models"][0]["id"] == "big-1"
    assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    done = terminal.run("vendor", "models", "any", "--base-url", server.openai_url)
    assert "small-1 · Small One · reads 8,192 tokens · price not known" in done.stdout
    assert "authorization" not in server.requests[1].headers
    piped = terminal.run("vendor", "models", "any", "--base-url", server.openai_url,
                         "--key-stdin", stdin="sk-piped\n")  # fmt: skip
    assert piped.returncode == 0
    assert server.requests[2].headers["authorization"] == "Bearer sk-piped"


def test_a_list_that_does_not_come_gets_one_sentence_without_the_key(
    terminal: Terminal, server: FaultServer
) -> None:
    server.default = Reply.error(401, {"error": {"message": f"bad {CANARY}"}})
    done = terminal.run("vendor", "models", "any", "--base-url", server.openai_url, "--key-env",
                        "CANARY_KEY", "--json")  # fmt: skip
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["kind"] == "key_refused"
    assert len(done.stderr.strip().splitlines()) == 1
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("vendor", "models", "nobody"), "no vendor called"),
        (("vendor", "models", "bedrock"), "no list to read"),
        (("vendor", "models", "any"), "no address of its own"),
        (("vendor", "models", "any", "--base-url", "far"), "is not an address"),
        (("vendor", "models", "openai", "--key-env", "NO_SUCH_VARIABLE"), "variable is empty"),
        (("vendor", "models", "openai", "--key-env", "sk-abc-def"), "not the name of an env"),
        (("vendor", "models", "any", "--base-url", "http://far.example/v1", "--key-env",
          "CANARY_KEY"), "unprotected"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_asked_for_gets_one_sentence(
    terminal: Terminal, words: tuple[str, ...], hint: str
) -> None:
    done = terminal.run(*words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "sk-abc-def" not in done.stderr


def test_what_runs_on_this_computer_is_found(
    terminal: Terminal, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com"}
    server.default = reply({"models": [{"name": "llama3"}, cloud]})
    probe = replace(local_servers.PROBES[0], port=server.port)
    monkeypatch.setattr(
        local_servers.LoopbackServers.__init__, "__defaults__", ((probe,), 2.0, 3.0)
    )
    (found,) = terminal.json("model", "found")["servers"]
    assert (found["name"], found["dialect"]) == ("Ollama", "ollama")
    assert [(m["id"], m["remote"], m["forwards_to"]) for m in found["models"]] == [
        ("llama3", False, None),
        ("gpt-oss:120b-cloud", True, "ollama.com"),
    ]
    assert "NOT local: handed on to ollama.com" in terminal.run("model", "found").stdout


def test_a_matter_for_this_computer_only_holds_an_ollama_cloud_model_back(
    terminal: Terminal, server: FaultServer
) -> None:
    """Both sides are at loopback addresses; one of them Ollama says it hands on."""

    def ollama(request: Received) -> Reply:
        if request.path == "/api/show":
            remote = {"remote_host": "https://ollama.com", "remote_model": "x"}
            return reply(remote if request.json()["model"] == "alias" else {"details": {}})
        return Reply.stream(openai_stream(["Here."]))

    server.route = ollama
    common = ["--dialect", "openai-chat", "--base-url", server.openai_url, "--vendor", "Ollama",
              "--no-key"]  # fmt: skip
    terminal.json("model", "add", "Stays", *common, "--model", "llama3", "--role", "cheap",
                  "--local")  # fmt: skip
    goes = terminal.json("model", "add", "Goes", *common, "--model", "alias", "--role", "frontier")
    assert (goes["on_this_computer"], goes["forwards_to"]) == (False, "ollama.com")
    refused = terminal.run("model", "add", "Lies", *common, "--model", "alias", "--role",
                           "frontier", "--local")  # fmt: skip
    assert "is run by ollama.com" in refused.stderr
    terminal.json("pair", "use", "Stays", "Goes")
    terminal.json("matter", "policy", "Larch", "this-computer")
    told = terminal.json("compare", "Secret.", "--matter", "Larch", status=1)
    assert [side["state"] for side in told["sides"]] == ["complete", "blocked"]
    assert told["sides"][0]["cost"]["certainty"] == "free"
    assert told["sides"][1]["provider"] == "Ollama Cloud"
    asked = [r.json()["model"] for r in server.requests if r.path.endswith("/chat/completions")]
    assert asked == ["llama3"]


def test_a_model_that_moved_to_a_cloud_after_it_was_added_is_held_back_too(
    terminal: Terminal, server: FaultServer
) -> None:
    remote: dict[str, str] = {}
    server.route = lambda request: (
        reply(remote) if request.path == "/api/show" else Reply.stream(openai_stream(["Here."]))
    )
    for name, role in (("One", "cheap"), ("Two", "frontier")):
        terminal.json("model", "add", name, "--dialect", "openai-chat", "--base-url",
                      server.openai_url, "--vendor", "Ollama", "--model", f"m-{role}", "--role",
                      role, "--no-key")  # fmt: skip
    terminal.json("pair", "use", "One", "Two")
    terminal.json("matter", "policy", "Larch", "this-computer")
    assert terminal.json("compare", "Secret.", "--matter", "Larch")["sides"][0]["text"] == "Here."
    remote["remote_host"] = "https://ollama.com"
    before = len(server.requests)
    told = terminal.json("compare", "Secret.", "--matter", "Larch", status=1)
    assert [side["state"] for side in told["sides"]] == ["blocked"] * 2
    assert {r.path for r in server.requests[before:]} == {"/api/show"}
    assert b"Secret" not in b"".join(r.body for r in server.requests[before:])
    words = terminal.run("model", "list").stdout
    assert words.count("hands it on to ollama.com") == 2
