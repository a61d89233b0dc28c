"""Costs, prices and budgets from a terminal, against a loopback server that reports usage."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_terminal import Terminal
from tests.fakes import published
from tests.fakes.fault_server import CUT, GATE, FaultServer, Reply, Step
from tests.fakes.streams import anthropic_stream, openai_stream

pytestmark = pytest.mark.e2e


def answer(received: Any) -> Reply | None:
    if received.path == "/v1/messages":
        return Reply.stream(anthropic_stream(["Fron", "tier."]))
    return None


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.route = answer
        running.default = Reply.stream(openai_stream(["Che", "ap."]))
        yield running


@pytest.fixture
def terminal(tmp_path: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    shell = Terminal(tmp_path / "data", monkeypatch)
    shell.json("model", "add", "Small", "--dialect", "openai-chat", "--base-url", server.openai_url,
               "--model", "small-1", "--role", "cheap", "--no-key", "--price-in", "1",
               "--price-out", "2")  # fmt: skip
    shell.json("model", "add", "Big", "--dialect", "anthropic", "--base-url", server.anthropic_url,
               "--model", "claude-haiku-5-5", "--role", "frontier", "--no-key",
               "--vendor", "Anthropic")  # fmt: skip
    shell.json("pair", "use", "Small", "Big")
    return shell


def test_each_side_says_its_certainty_and_the_price_with_its_source_and_date(
    terminal: Terminal,
) -> None:
    cheap, frontier = terminal.json("compare", "Is notice valid?")["sides"]
    assert cheap["cost"] == {"amount": "0.000036", "currency": "USD", "certainty": "measured"}
    assert (cheap["price"]["in"], cheap["price"]["source"]) == ("1", "your own price")
    assert frontier["price"]["source"].startswith("genai-prices ")
    assert frontier["price"]["as_of"]
    told = terminal.run("compare", "Is notice valid?").stdout
    assert "$0.000036 measured" in told
    assert "(your own price of " in told


def test_a_model_marked_as_local_is_free_and_an_unknown_loopback_one_is_unknown(
    terminal: Terminal, server: FaultServer
) -> None:
    for name, words in (("Mine", ["--local"]), ("Whose", [])):
        terminal.json("model", "add", name, "--dialect", "openai-chat", "--base-url",
                      server.openai_url, "--model", "x", "--role", "cheap", "--no-key",
                      *words)  # fmt: skip
    costs = {}
    for name in ("Mine", "Whose"):
        terminal.json("pair", "use", name, "Big")
        costs[name] = terminal.json("compare", "Is notice valid?")["sides"][0]["cost"]
    assert costs["Mine"]["certainty"] == "free"
    assert costs["Whose"] == {"amount": None, "currency": "USD", "certainty": "unknown"}
    assert "price not known" in terminal.run("compare", "Is notice valid?").stdout


def test_a_limit_blocks_names_the_way_on_and_is_passed_only_when_told_to(
    terminal: Terminal, server: FaultServer
) -> None:
    told = terminal.json("budget", "set", "--month", "0.005", "--prompt", "0.002")
    (usd,) = told["currencies"]
    assert (usd["month_limit"], usd["prompt_limit"]) == ("0.005", "0.002")
    blocked = terminal.json("compare", "Is notice valid?", status=1)
    assert [side["state"] for side in blocked["sides"]] == ["blocked", "blocked"]
    error = blocked["sides"][0]["error"]
    assert error["kind"] == "budget_reached"
    assert "--over-budget" in error["next_step"]
    assert [side["cost"]["amount"] for side in blocked["sides"]] == ["0", "0"]
    assert server.requests == []
    asked = terminal.json("ask", "Is notice valid?", status=1)
    assert {side["state"] for side in asked["sides"]} == {"blocked"}
    kept = terminal.json("history", "show", str(blocked["comparison"]))
    assert kept["prompt"] == "Is notice valid?"
    listed = terminal.run("history", "search").stdout
    assert "no vote yet" not in listed, "nothing waits for a vote here"
    assert listed.count("not sent") == 2
    sent = terminal.json("compare", "Is notice valid?", "--over-budget")
    assert [side["state"] for side in sent["sides"]] == ["complete", "complete"]
    paid = sum(Decimal(side["cost"]["amount"]) for side in sent["sides"])
    (usd,) = terminal.json("budget", "show")["currencies"]
    assert Decimal(usd["spent_measured"]) == paid
    assert terminal.json("budget", "set", "--no-month", "--no-prompt")["currencies"][0][
        "month_limit"
    ] is None  # fmt: skip
    terminal.json("compare", "Is notice valid?")


def test_programs_at_once_cannot_jointly_pass_a_limit(
    terminal: Terminal, server: FaultServer
) -> None:
    # Room for one comparison at its high end: 2,000 tokens at 2 and at 0.50 dollars a million.
    terminal.json("budget", "set", "--month", "0.0075")
    gated: list[Step] = [GATE, *openai_stream(["Cheap."])]
    server.default = Reply.stream(gated)
    command = [sys.executable, "-m", "app", "compare", "--json", "Is notice valid?",
               "--data-dir", str(terminal.folder)]  # fmt: skip
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
        for _ in range(3)
    ]
    # The third stays before the gate until the two others have been refused.
    until = time.monotonic() + 60
    while sum(process.poll() is not None for process in started) < 2:
        assert time.monotonic() < until, "two of three were to be refused"
        time.sleep(0.05)
    server.open_gate()
    told = [json.loads(process.communicate(timeout=60)[0]) for process in started]
    states = sorted({side["state"] for side in one["sides"]}.pop() for one in told)
    assert states == ["blocked", "blocked", "complete"]


def test_an_attempt_that_broke_is_recorded_told_and_counted_apart(
    terminal: Terminal, server: FaultServer
) -> None:
    server.enqueue(Reply.error(500, {"error": {"message": "busy"}}))
    told = terminal.json("compare", "Is notice valid?")
    cheap = told["sides"][0]
    assert cheap["cost"]["certainty"] == "measured"
    assert [attempt["may_be_billed"] for attempt in cheap["attempts"]] == [True, True]
    assert cheap["attempts"][0]["besides"] == {**cheap["cost"], "certainty": "estimated"}
    assert cheap["attempts"][1]["besides"] is None
    shown = terminal.run("history", "show", str(told["comparison"])).stdout
    assert "May also have been billed: ≈ $0.000036 for 1 attempt that broke." in shown
    savings = terminal.json("savings")
    assert savings["may_also_have_been_billed"]["attempts"] == 1
    paid = sum(Decimal(side["cost"]["amount"]) for side in told["sides"])
    assert Decimal(savings["exact"]["paid"]) == paid
    (usd,) = terminal.json("budget", "show")["currencies"]
    assert Decimal(usd["spent_estimated"]) == Decimal("0.000036")


def test_a_cut_answer_is_an_estimate_in_words_too(terminal: Terminal, server: FaultServer) -> None:
    half: list[Step] = [*openai_stream(["Half an"], finish=None, done=False), CUT]
    server.enqueue(Reply.stream(half))
    told = terminal.run("compare", "Is notice valid?").stdout
    assert "≈ $" in told
    assert " estimated · " in told


def test_route_says_what_both_would_likely_cost_and_sends_nothing(
    terminal: Terminal, server: FaultServer
) -> None:
    estimate = terminal.json("route", "Is notice valid?")["estimate"]
    cheap = estimate["cheap"]
    assert cheap["cost"]["certainty"] == "estimated"
    assert Decimal(cheap["low"]) < Decimal(cheap["cost"]["amount"]) < Decimal(cheap["high"])
    assert cheap["output_tokens"] == {"low": 100, "middle": 500, "high": 2000}
    assert estimate["frontier"]["price"]["in"] == "0.1"
    assert "≈ $" in terminal.run("route", "Is notice valid?").stdout
    assert server.requests == []


def test_a_models_own_price_is_set_shown_beside_the_lists_and_given_up(terminal: Terminal) -> None:
    before = terminal.json("compare", "Is notice valid?")
    told = terminal.json("model", "price", "Big", "--in", "20", "--out", "50", "--cached", "2")
    assert (told["used"], told["own"]["cached"], told["list"]["in"]) == ("own", "2", "0.1")
    assert told["list"]["tiers"][0]["above_tokens"] == 100_000
    after = terminal.json("compare", "Is notice valid?")
    assert after["sides"][1]["price"]["in"] == "20"
    kept = terminal.json("history", "show", str(before["comparison"]))
    assert kept["sides"][1]["cost"] == before["sides"][1]["cost"]
    assert terminal.json("model", "price", "Big", "--list")["used"] == "list"
    assert "One price is missing" in terminal.run("model", "price", "Big", "--in", "1").stderr
    assert (
        "cannot be used" in terminal.run("model", "price", "Big", "--in", "x", "--out", "1").stderr
    )


def test_prices_are_refreshed_only_when_told_and_their_age_is_shown(
    terminal: Terminal, server: FaultServer, tmp_path: Path
) -> None:
    before = terminal.json("prices", "show")
    assert before["refreshed_at"] is None
    assert before["age_days"] is not None
    assert "newest change" in terminal.run("prices", "show").stdout
    openai = ["model", "add", "Nova", "--dialect", "openai-chat", "--base-url",
              "https://api.openai.com/v1", "--model", "gpt-4o", "--role", "cheap",
              "--no-key"]  # fmt: skip
    terminal.json(*openai)
    file = published.file(published.model("gpt-4o", 7, 9))
    server.route = lambda received: Reply(200, {}, (file,)) if received.method == "GET" else None
    told = terminal.json("prices", "refresh", "--from", f"{server.anthropic_url}/data.json")
    assert [item["name"] for item in told["changed"]] == ["Big", "Nova"]
    assert told["changed"][1]["after"]["in"] == "7"
    (request,) = server.requests
    assert request.body == b""
    assert terminal.json("model", "price", "Nova")["list"]["in"] == "7"
    assert terminal.json("prices", "show")["age_days"] == 0
    bad = tmp_path / "bad.json"
    bad.write_text("<html>")
    refused = terminal.json("prices", "refresh", "--from", str(bad), status=1)
    assert refused["error"]["kind"] == "price_data"
    assert terminal.json("model", "price", "Nova")["list"]["in"] == "7"
