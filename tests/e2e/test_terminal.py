"""The terminal as another program sees it: a process, its JSON, its exit status."""

import contextlib
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from tests.fakes.fault_server import CUT, FaultServer, Reply
from tests.fakes.streams import anthropic_stream, openai_stream

CANARY = "sk-canary-8f1c2e7d90aa41"
pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


class Terminal:
    """Runs `counterpart` on a data folder of its own; in this process, to start it only once."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch

    def run(self, *words: str, stdin: str = "") -> Done:
        out, err = io.StringIO(), io.StringIO()
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = main([*words, "--data-dir", str(self.folder)])
            except SystemExit as ended:
                status = int(ended.code or 0)
        return Done(status, out.getvalue(), err.getvalue())

    def json(self, *words: str, status: int = 0, stdin: str = "") -> Any:
        done = self.run(*words, "--json", stdin=stdin)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.folder / "counterpart.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.route = lambda request: (
            Reply.stream(anthropic_stream(["Fron", "tier."]))
            if request.path == "/v1/messages"
            else None
        )
        running.default = Reply.stream(openai_stream(["Che", "ap."]))
        yield running


@pytest.fixture
def terminal(tmp_path: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("CANARY_KEY", CANARY)
    # No bus, so no keychain: what a bare server has.
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    shell = Terminal(tmp_path / "data", monkeypatch)
    cheap = ["model", "add", "Small", "--dialect", "openai-chat", "--base-url", server.openai_url,
             "--model", "small-1", "--role", "cheap", "--key-env", "CANARY_KEY",
             "--price-in", "1", "--price-out", "2"]  # fmt: skip
    shell.json(*cheap)
    shell.json("model", "add", "Big", "--dialect", "anthropic", "--base-url", server.anthropic_url,
               "--model", "big-1", "--role", "frontier", "--key-env", "CANARY_KEY")  # fmt: skip
    shell.json("pair", "use", "Small", "Big")
    return shell


def test_a_comparison_tells_both_sides_and_what_each_cost(
    terminal: Terminal, server: FaultServer
) -> None:
    told = terminal.json("compare", "Is notice by e-mail valid?", "--matter", "Larch", "--tag", "n")
    cheap, frontier = told["sides"]
    assert (cheap["role"], frontier["role"]) == ("cheap", "frontier")
    assert (cheap["text"], frontier["text"]) == ("Cheap.", "Frontier.")
    assert {side["state"] for side in told["sides"]} == {"complete"}
    assert cheap["usage"] == {"input": 20, "output": 8, "cached": 4, "reasoning": 2}
    assert cheap["cost"] == {"amount": "0.000036", "currency": "USD", "certainty": "measured"}
    assert frontier["cost"] == {"amount": None, "currency": "USD", "certainty": "unknown"}
    assert cheap["error"] is None
    assert cheap["first_token_ms"] is not None
    authorised = {request.headers.get("authorization") for request in server.requests}
    assert f"Bearer {CANARY}" in authorised
    found = terminal.json("history", "search", "e-mail")
    assert [row["comparison"] for row in found["rows"]] == [told["comparison"]]
    kept = terminal.json("history", "show", str(told["comparison"]))
    assert (kept["matter"], kept["tags"]) == ("Larch", ["n"])


def test_a_blind_comparison_tells_nothing_until_the_vote(terminal: Terminal) -> None:
    done = terminal.run("compare", "--blind", "Which clause?", "--json")
    told = json.loads(done.stdout)
    assert [set(side) for side in told["sides"]] == [{"side", "state", "text"}] * 2
    number = str(told["comparison"])
    for words in (("history", "show", number), ("history", "search")):
        seen = terminal.run(*words, "--json").stdout + done.stdout
        assert not [word for word in ("small", "Big", 'cost"', "first_token") if word in seen]
    wrong = terminal.run("vote", number, "cheap")
    assert wrong.returncode == 1
    revealed = terminal.json("vote", number, "a", "--reason", "wrong_citation")
    assert revealed["vote"]["kind"] == "blind"
    at_a = next(side for side in revealed["sides"] if side["side"] == "A")
    assert revealed["vote"]["choice"] == at_a["role"]
    again = terminal.json("vote", number, "b")
    assert again["vote"]["kind"] == "changed"
    assert terminal.json("rule")["votes_used"] == 0  # a vote changed after the reveal never trains


def test_an_open_vote_counts_as_open(terminal: Terminal) -> None:
    number = str(terminal.json("compare", "Which clause?")["comparison"])
    assert terminal.run("vote", number, "a").returncode == 1
    assert terminal.json("vote", number, "equal")["vote"]["kind"] == "open"


def test_one_side_cut_leaves_the_other_whole_and_cannot_be_voted_on(
    terminal: Terminal, server: FaultServer
) -> None:
    server.enqueue(Reply.stream([*openai_stream(["Half an"], finish=None, done=False), CUT]))
    told = terminal.json("compare", "--blind", "Which clause?", status=1)
    cheap, frontier = told["sides"]
    assert (cheap["state"], cheap["text"]) == ("incomplete", "Half an")
    assert cheap["cost"]["certainty"] == "estimated"
    assert cheap["error"]["kind"] == "cut_off"
    assert frontier["state"] == "complete"
    assert terminal.run("vote", str(told["comparison"]), "a").returncode == 1
    states = dict(terminal.rows("select role, state from answer"))
    assert states == {"cheap": "incomplete", "frontier": "complete"}


def test_a_refused_key_says_what_to_do_and_costs_nothing(
    terminal: Terminal, server: FaultServer
) -> None:
    server.enqueue(Reply.error(401, {"error": {"message": f"bad key {CANARY}"}}))
    told = terminal.json("compare", "Which clause?", status=1)
    cheap = told["sides"][0]
    assert (cheap["state"], cheap["error"]["kind"]) == ("failed", "key_refused")
    assert cheap["error"]["next_step"]
    assert cheap["cost"]["amount"] == "0"
    assert CANARY not in json.dumps(told)


def test_a_matter_for_this_computer_only_sends_nothing_away(
    terminal: Terminal, server: FaultServer
) -> None:
    terminal.json("model", "add", "Far", "--dialect", "openai-chat", "--base-url",
                  "https://far.invalid/v1", "--model", "x", "--role", "frontier",
                  "--no-key")  # fmt: skip
    terminal.json("pair", "use", "Small", "Far")
    terminal.json("matter", "policy", "Larch", "this-computer")
    told = terminal.json("compare", "Secret.", "--matter", "larch", status=1)
    assert [side["state"] for side in told["sides"]] == ["complete", "blocked"]
    assert told["sides"][1]["error"]["kind"] == "blocked_by_policy"
    routed = terminal.json("route", "Secret.", "--matter", "Larch")
    assert (routed["role"], routed["basis"]) == ("cheap", "policy")


def test_ask_with_too_few_votes_asks_both_and_says_how_many_are_missing(
    terminal: Terminal, server: FaultServer
) -> None:
    told = terminal.json("ask", "Which clause?")
    assert len(told["sides"]) == 2
    assert told["decision"]["basis"] == "not_enough_votes"
    assert told["decision"]["because"]
    before = len(server.requests)
    decided = terminal.json("route", "Which clause?")
    assert decided["role"] is None
    assert len(server.requests) == before


def test_the_canary_key_is_in_no_file_of_the_data_folder(
    terminal: Terminal, server: FaultServer
) -> None:
    terminal.json("compare", "Which clause?")
    server.enqueue(Reply.error(400, {"error": {"message": f"echo {CANARY}"}}))
    terminal.json("compare", "Which clause?", status=1)
    files = [path for path in terminal.folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_a_key_without_a_keychain_is_refused_and_the_way_out_named(terminal: Terminal) -> None:
    done = terminal.run("model", "add", "New", "--dialect", "openai-chat", "--base-url",
                        "https://api.example.com/v1", "--model", "x", "--role", "cheap",
                        "--key-stdin", stdin=f"{CANARY}\n")  # fmt: skip
    assert done.returncode == 1
    assert "--key-env" in done.stderr
    assert CANARY not in done.stderr + done.stdout
    assert "New" not in [model["name"] for model in terminal.json("model", "list")["models"]]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("vote", "999", "a"), "no comparison 999"),
        (("pair", "use", "Nobody", "Big"), "no model called"),
        (("pair", "use", "Big", "Big"), "two different"),
        (("compare", "   "), "nothing to ask"),
        (("compare", "x", "--attach", "missing.pdf"), "missing.pdf"),
        (("model", "add", "X", "--dialect", "openai-chat", "--base-url", "http://far.example/v1",
          "--model", "m", "--role", "cheap", "--key-env", "CANARY_KEY"), "unprotected"),
        (("model", "add", "small", "--dialect", "openai-chat", "--base-url", "http://127.0.0.1:1/v1",
          "--model", "m", "--role", "cheap", "--no-key"), "already a model"),
        (("model", "add", "Y", "--dialect", "openai-chat", "--base-url", "http://127.0.0.1:1/v1",
          "--model", "m", "--role", "cheap", "--no-key", "--price-in", "abc", "--price-out", "1"),
         "price"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence_and_no_traceback(
    terminal: Terminal, words: tuple[str, ...], hint: str
) -> None:
    done = terminal.run(*words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [("compere", "x"), ("history", "search", "--limit", "0"), ("vote", "one", "a")]
)
def test_what_cannot_be_understood_gets_one_sentence(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    done = terminal.run(*words)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_standard_input_is_a_prompt(terminal: Terminal, server: FaultServer) -> None:
    terminal.json("compare", "-", stdin="Prüfe § 2-207 „genau“.")
    assert server.requests[-1].json()["messages"][-1]["content"] == "Prüfe § 2-207 „genau“."


def test_savings_count_measured_and_say_what_is_left_out(terminal: Terminal) -> None:
    terminal.json("compare", "Which clause?")
    told = terminal.json("savings")
    assert told["prompts"] == 1
    assert told["left_out"]  # the frontier's price is not known
    assert told["practice"] is False


def test_another_program_gets_clean_json_and_an_exit_status_from_the_process(
    terminal: Terminal,
) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-m", "app", "compare", "--json", "-", "--data-dir", str(terminal.folder)],
        input="Ist § 2-207 „anwendbar“?", capture_output=True, encoding="utf-8", timeout=60,
        env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [side["state"] for side in json.loads(done.stdout)["sides"]] == ["complete"] * 2


@pytest.mark.parametrize("blind", [False, True])
def test_a_wait_is_told_on_the_error_stream_and_before_a_vote_it_tells_no_side(
    terminal: Terminal, server: FaultServer, blind: bool
) -> None:
    busy = Reply.error(429, {"error": {"message": "x"}}, {"retry-after-ms": "1200"})
    once = iter([busy])
    answering = server.route
    assert answering is not None
    server.route = lambda request: (
        answering(request) if request.path == "/v1/messages" else next(once, None)
    )
    done = terminal.run("compare", "How long?", "--json", *(("--blind",) if blind else ()))
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Asking again in 2 seconds; Ctrl+C stops.") == 1
    assert ("One of the two has to wait." in done.stderr) is blind
    assert ("limiting how fast" in done.stderr) is not blind
    assert json.loads(done.stdout)["comparison"]


@pytest.mark.parametrize("display", [None, ":54321"])
def test_where_there_is_no_screen_it_says_so_instead_of_being_ended_by_qt(
    tmp_path: Path, display: str | None
) -> None:
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in screens}
    if display is not None:
        environment["DISPLAY"] = display
    done = subprocess.run(
        [sys.executable, "-m", "app", "--sample", "--data-dir", str(tmp_path)],
        capture_output=True, encoding="utf-8", timeout=60, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no screen" in done.stderr
    assert "counterpart tour" in done.stderr


def test_limits_are_shown_and_set_and_refused_in_one_sentence(
    terminal: Terminal, tmp_path: Path
) -> None:
    usual = {
        "connect_s": 10, "first_token_s": 120, "between_tokens_s": 60, "whole_answer_s": 1200,
        "answer_mb": 10, "ca_file": None,
    }  # fmt: skip
    assert terminal.json("limits", "show") == usual
    changed = terminal.json("limits", "set", "--first-token", "300", "--answer-mb", "0.5")
    assert changed == {**usual, "first_token_s": 300, "answer_mb": 0.5}
    assert "First word within: 300 seconds" in terminal.run("limits", "show").stdout
    refused = terminal.run("limits", "set", "--connect", "0")
    assert refused.returncode == 1
    assert refused.stderr.startswith("The time to connect is between 1 and 120 seconds.")
    refused = terminal.run("limits", "set", "--ca-file", str(tmp_path / "none.pem"))
    assert refused.stderr.startswith("That file cannot be read.")
    assert terminal.json("limits", "set", "--usual") == usual


def test_a_limit_that_was_set_ends_the_next_answer(terminal: Terminal, server: FaultServer) -> None:
    terminal.json("limits", "set", "--answer-mb", "0.1")
    server.default = Reply.stream(openai_stream(["x" * 1000] * 200))
    told = terminal.json("compare", "How long?", status=1)
    assert [side["state"] for side in told["sides"]] == ["incomplete", "complete"]
    assert told["sides"][0]["error"]["kind"] == "too_much"
