"""The second look as another program sees it: `pair second`, `route`, `ask --json`, the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.asking import _Reporter
from app.domain.answer import Answer
from app.domain.events import Waiting
from app.domain.model import Role
from app.domain.turn import TurnMode
from app.services.ask import Began, BesideWaits
from tests.e2e.test_terminal import Terminal
from tests.fakes.fault_server import CUT, FaultServer, Reply
from tests.fakes.history_samples import turn
from tests.fakes.scripted import SECOND
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering

pytestmark = pytest.mark.e2e
PROMPT = "By what date must notice be served?"


@pytest.fixture
def replies() -> dict[str, Reply]:
    return {
        "small-1": Reply.stream(openai_stream(["18 March"])),
        "small-2": Reply.stream(openai_stream(["It is 18 March 2026."])),
        "small-3": Reply.stream(openai_stream(["18/03/2026"])),
        "big-1": Reply.stream(anthropic_stream(["19 March."])),
    }


@pytest.fixture
def server(replies: dict[str, Reply]) -> Iterator[FaultServer]:
    with answering(replies) as running:
        yield running


def draw(monkeypatch: pytest.MonkeyPatch, lot: float) -> None:
    """Let every lot drawn from now on be this one (0..1)."""
    monkeypatch.setattr("app.services.route.secrets.randbelow", lambda below: int(lot * below))


@pytest.fixture
def terminal(tmp_path: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    shell = Terminal(tmp_path / "data", monkeypatch)
    for name, model in (("Small", "small-1"), ("Other", "small-2"), ("Last", "small-3")):
        shell.json("model", "add", name, "--dialect", "openai-chat", "--base-url",
                   server.openai_url, "--model", model, "--role", "cheap", "--no-key",
                   "--price-in", "1", "--price-out", "2")  # fmt: skip
    shell.json("model", "add", "Big", "--dialect", "anthropic", "--base-url", server.anthropic_url,
               "--model", "big-1", "--role", "frontier", "--no-key", "--price-in", "10",
               "--price-out", "20")  # fmt: skip
    shell.json("pair", "use", "Small", "Big")
    # So that no lot makes one of these prompts a spot check.
    draw(monkeypatch, 0.9)
    return shell


def test_a_second_model_is_chosen_shown_and_given_up(terminal: Terminal) -> None:
    assert terminal.json("pair", "show")["second"] is None
    chosen = terminal.json("pair", "second", "Other")
    assert (chosen["cheap"]["name"], chosen["second"]["name"]) == ("Small", "Other")
    assert terminal.json("pair", "show")["second"]["model"] == "small-2"
    assert terminal.json("pair", "second", "--none")["second"] is None


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("pair", "second", "Big"), "needs a cheap one"),
        (("pair", "second", "Small"), "agrees with itself"),
        (("pair", "second", "Nobody"), "no model called"),
    ],
)
def test_a_model_that_cannot_be_the_second_gets_one_sentence(
    terminal: Terminal, words: tuple[str, ...], hint: str
) -> None:
    done = terminal.run(*words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_ask_lists_all_sides_with_what_each_cost(
    terminal: Terminal, server: FaultServer, replies: dict[str, Reply]
) -> None:
    terminal.json("pair", "second", "Other")
    decided = terminal.json("route", PROMPT)
    assert (decided["role"], decided["basis"]) == ("cheap", "second_look")
    # Both cheap calls are paid, so both are told beforehand.
    assert set(decided["estimate"]) == {"input_tokens", "cheap", "second", "frontier"}
    assert "\nOther: " in terminal.run("route", PROMPT).stdout
    assert server.requests == []
    told = terminal.json("ask", PROMPT)
    assert [(side["role"], side["text"]) for side in told["sides"]] == [
        ("cheap", "18 March"),
        ("second", "It is 18 March 2026."),
    ]
    assert [side["cost"]["amount"] for side in told["sides"]] == ["0.000036"] * 2
    assert told["decision"]["because"][0] == (
        "Two models agree on 18 March; agreement is not verification."
    )
    replies["small-2"] = Reply.stream(openai_stream(["8 March"]))
    told = terminal.json("ask", PROMPT)
    assert [side["role"] for side in told["sides"]] == ["cheap", "frontier", "second"]
    assert told["decision"]["role"] == "frontier"
    assert told["decision"]["because"][0] == (
        "The two cheap models differ (18 March, 8 March), so the frontier was asked."
    )
    kept = terminal.json("history", "show", str(told["comparison"]))
    assert kept["sides"] == told["sides"]
    assert kept["decision"] == told["decision"]
    savings = terminal.json("savings")
    assert (savings["decided"], savings["sent_to_cheap"]) == (2, 1)


def test_a_cut_cheap_answer_is_no_failure_of_the_command(
    terminal: Terminal, replies: dict[str, Reply]
) -> None:
    terminal.json("pair", "second", "Other")
    replies["small-1"] = Reply.stream(
        [*openai_stream(["18 M"], finish=None, done=False, usage=None), CUT]
    )
    told = terminal.json("ask", PROMPT)  # exit 0: an answer stands
    cheap, frontier, second = told["sides"]
    assert (cheap["state"], frontier["state"], second["state"]) == (
        "incomplete",
        "complete",
        "complete",
    )
    assert told["decision"]["because"][0] == "Small was cut off, so the frontier was asked."
    # The frontier's answer stands: that a cheap one was cut is no end of the prompt.
    (line,) = terminal.run("history", "search").stdout.strip().splitlines()
    assert line.endswith("(no vote yet)")
    replies["big-1"] = Reply.error(503, {"error": {"message": "down"}})
    assert terminal.json("ask", PROMPT, status=1)["sides"][1]["state"] == "failed"


def test_whoever_waits_for_another_cheap_model_is_told_and_before_the_vote_not_which(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reporter = _Reporter()
    shown = replace(turn("When?"), beside=(Answer(Role.CHEAP, SECOND, id=9),))
    for mode, told in (
        (TurnMode.ROUTED, "Quartz is limiting how fast you may ask (429)."),
        (TurnMode.BLIND, "One of the models has to wait."),
    ):
        reporter(Began(replace(shown, mode=mode)))
        reporter(BesideWaits(9, Waiting("Quartz is limiting how fast you may ask (429).", 30, 2)))
        reporter(BesideWaits(9, Waiting("", 0, 2)))
        assert capsys.readouterr().err == f"{told} Asking again in 30 seconds; Ctrl+C stops.\n"


def test_words_for_people_name_all_three(terminal: Terminal, replies: dict[str, Reply]) -> None:
    terminal.json("pair", "second", "Other")
    replies["small-2"] = Reply.stream(openai_stream(["8 March"]))
    told = terminal.run("ask", PROMPT).stdout
    for words in ("differ (18 March, 8 March)", "Small (cheap)", "Other (another cheap)", "Big (f"):
        assert words in told


def test_over_the_budget_nothing_is_sent_until_it_is_allowed(
    terminal: Terminal, server: FaultServer, replies: dict[str, Reply]
) -> None:
    terminal.json("pair", "second", "Other")
    replies["small-2"] = Reply.stream(openai_stream(["8 March"]))
    # Room for both cheap models, and none for the frontier that may be asked after them.
    terminal.json("budget", "set", "--prompt", "0.01")
    blocked = terminal.json("ask", PROMPT, status=1)
    assert [side["state"] for side in blocked["sides"]] == ["blocked", "blocked"]
    assert "might have passed your budget" in blocked["decision"]["because"][0]
    assert server.requests == []
    sent = terminal.json("ask", PROMPT, "--over-budget")
    assert [side["role"] for side in sent["sides"]] == ["cheap", "frontier", "second"]
    (row, _) = terminal.json("history", "search")["rows"]
    assert row["paid_to"] == ["cheap", "frontier", "second"]
    assert len(row["costs"]) == 3


def test_a_third_model_is_chosen_shown_and_given_up(terminal: Terminal) -> None:
    refused = terminal.run("pair", "third", "Last")
    assert refused.returncode == 1
    assert "needs a second one" in refused.stderr
    terminal.json("pair", "second", "Other")
    assert "agrees with itself" in terminal.run("pair", "third", "Other").stderr
    chosen = terminal.json("pair", "third", "Last")
    assert (chosen["second"]["name"], chosen["third"]["name"]) == ("Other", "Last")
    assert "Second cheap: Other. Third cheap: Last." in terminal.run("pair", "show").stdout
    assert terminal.json("pair", "third", "--none")["third"] is None
    terminal.json("pair", "third", "Last")
    assert terminal.json("pair", "second", "--none")["third"] is None


def test_the_terminal_prints_first_what_stands_and_all_that_was_paid(
    terminal: Terminal, server: FaultServer, replies: dict[str, Reply]
) -> None:
    terminal.json("pair", "second", "Other")
    terminal.json("pair", "third", "Last")
    decided = terminal.json("route", PROMPT)
    assert set(decided["estimate"]) == {"input_tokens", "cheap", "second", "third", "frontier"}
    assert "This would go to three cheap models first." in terminal.run("route", PROMPT).stdout
    assert server.requests == []
    replies["small-1"] = Reply.stream(openai_stream(["8 March"]))
    told = terminal.json("ask", PROMPT)
    assert [side["role"] for side in told["sides"]] == ["cheap", "second", "third"]
    assert told["stands"] == "second"
    assert told["decision"]["because"][0] == (
        "Two models agree on 18 March 2026, while Small says 8 March; agreement is not "
        "verification."
    )
    words = terminal.run("ask", PROMPT).stdout
    places = [words.index(part) for part in ("Other (another", "Small (cheap)", "Last (another")]
    assert places == sorted(places)
    replies["small-3"] = Reply.stream(openai_stream(["20 March"]))
    told = terminal.json("ask", PROMPT)
    assert told["stands"] == "frontier"
    assert terminal.json("history", "show", str(told["comparison"]))["sides"] == told["sides"]
    (row, *_) = terminal.json("history", "search")["rows"]
    assert row["paid_to"] == ["cheap", "frontier", "second", "third"]
    savings = terminal.json("savings")
    assert (savings["decided"], savings["sent_to_cheap"]) == (3, 2)


def test_a_check_of_three_tells_the_terminal_nothing_before_the_vote(
    terminal: Terminal, replies: dict[str, Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(monkeypatch, 0.01)
    terminal.json("pair", "second", "Other")
    terminal.json("pair", "third", "Last")
    replies["small-1"] = Reply.stream(openai_stream(["8 March"]))
    told = terminal.json("ask", PROMPT)
    texts = {side["side"]: side["text"] for side in told["sides"]}
    assert sorted(texts.values()) == ["19 March.", "It is 18 March 2026."]
    assert all(set(side) == {"side", "state", "text"} for side in told["sides"])
    assert set(told["decision"]) == {"spot_check"}
    assert "stands" not in told
    better = next(letter for letter, text in texts.items() if text != "19 March.")
    voted = terminal.json("vote", str(told["comparison"]), better.lower())
    assert {side["name"]: side.get("side") for side in voted["sides"]} == {
        "Small": None, "Big": {"A": "B", "B": "A"}[better], "Other": better, "Last": None,
    }  # fmt: skip
    assert voted["check"]["right"] is True


def test_a_check_that_died_undecided_is_whole_at_the_next_command(
    terminal: Terminal, replies: dict[str, Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.json("pair", "second", "Other")
    terminal.json("pair", "third", "Last")
    replies["small-1"] = Reply.stream(openai_stream(["8 March"]))
    draw(monkeypatch, 0.01)

    async def end(*_given: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as dying:
        dying.setattr("app.services.second_look.SecondLook._compared", end)
        assert terminal.run("ask", PROMPT).returncode == 9
    told = terminal.json("history", "show", "1")
    assert [side["state"] for side in told["sides"]] == ["complete", "complete"]
    assert sorted(side["text"] for side in told["sides"]) == ["19 March.", "It is 18 March 2026."]
    assert not set(told["sides"][0]) - {"side", "state", "text"}
    assert terminal.json("vote", "1", "equal")["decision"]["because"][0].startswith("Two models")
