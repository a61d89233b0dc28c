"""Continuing an answer from a terminal: what is sent, what is told, and every refusal in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.test_terminal import Terminal, server, terminal
from tests.fakes.fault_server import FaultServer

__all__ = ["server", "terminal"]  # fixtures
pytestmark = pytest.mark.e2e
FIRST, NEXT = "May the tenant sublet?", "Why?"


def sent(server: FaultServer) -> list[list[dict[str, str]]]:
    """Return the messages of each request, in the order of arrival."""
    return [request.json()["messages"] for request in server.requests]


def messages(*texts: str) -> list[dict[str, str]]:
    roles = ("user", "assistant") * len(texts)
    return [
        {"role": role, "content": text} for role, text in zip(roles, texts, strict=False)
    ]  # fmt: skip


def ask_first(terminal: Terminal, *words: str) -> str:
    return str(terminal.json("compare", FIRST, "--matter", "Larch", *words)["comparison"])


@pytest.mark.parametrize(("word", "answer"), [("cheap", "Cheap."), ("frontier", "Frontier.")])
def test_compare_continues_the_answer_that_is_named_under_the_threads_matter(
    terminal: Terminal, server: FaultServer, word: str, answer: str
) -> None:
    number = ask_first(terminal)
    told = terminal.json("compare", "--continue", f"{number}:{word}", NEXT)
    assert [side["state"] for side in told["sides"]] == ["complete", "complete"]
    assert sent(server)[2:] == [messages(FIRST, answer, NEXT)] * 2
    kept = terminal.json("history", "show", str(told["comparison"]))
    assert kept["continues"] == {
        "comparison": int(number), "answer": word, "exchanges": 1, "gone": False,
    }  # fmt: skip
    assert (kept["matter"], kept["prompt"]) == ("Larch", NEXT)
    assert terminal.json("history", "show", number)["continues"] is None
    words = terminal.run("history", "show", str(told["comparison"])).stdout
    assert f"“{answer}” (comparison {number})." in words


def test_a_document_goes_along_with_the_prompt_it_hung_on(
    terminal: Terminal, server: FaultServer, tmp_path: Path
) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("Clause 7: no subletting.", encoding="utf-8")
    number = ask_first(terminal, "--attach", str(file))
    terminal.json("compare", "--continue", f"{number}:b", NEXT)
    first = sent(server)[0][0]["content"]
    assert "Clause 7: no subletting." in first
    assert [each[0]["content"] for each in sent(server)[2:]] == [first, first]


def test_ask_continues_what_the_vote_chose_and_a_blind_parent_stays_blind_until_then(
    terminal: Terminal, server: FaultServer
) -> None:
    number = ask_first(terminal, "--blind")
    for word in ("", ":a", ":cheap"):
        refused = terminal.run("ask", "--continue", f"{number}{word}", NEXT, "--json")
        assert refused.returncode == 1
        assert json.loads(refused.stdout)["error"]["kind"] == "not_revealed"
        assert not [name for name in ("Small", "Big", "Cheap.", "Frontier.")
                    if name in refused.stdout + refused.stderr]  # fmt: skip
    assert len(server.requests) == 2
    chosen = terminal.json("vote", number, "a")["vote"]["choice"]
    told = terminal.json("ask", "--continue", number, NEXT)
    answer = "Cheap." if chosen == "cheap" else "Frontier."
    assert sent(server)[2:] == [messages(FIRST, answer, NEXT)] * 2
    shown = terminal.run("history", "show", str(told["comparison"]), "--json").stdout
    assert json.loads(shown)["continues"]["answer"] == chosen
    # The child is blind itself: of its own sides nothing is told.
    assert all("role" not in side for side in json.loads(shown)["sides"])


def test_a_thread_of_three_is_sent_whole(terminal: Terminal, server: FaultServer) -> None:
    number = ask_first(terminal)
    second = terminal.json("compare", "--continue", f"{number}:cheap", NEXT)["comparison"]
    third = terminal.json("compare", "--continue", f"{second}:frontier", "And then?")["comparison"]
    assert sent(server)[-1] == messages(FIRST, "Cheap.", NEXT, "Frontier.", "And then?")
    assert terminal.json("history", "show", str(third))["continues"]["exchanges"] == 2


def test_an_earlier_matters_policy_refuses_in_words_whatever_the_new_matter_says(
    terminal: Terminal, server: FaultServer
) -> None:
    terminal.json("model", "add", "Far", "--dialect", "openai-chat", "--base-url",
                  "https://far.invalid/v1", "--model", "x", "--role", "frontier",
                  "--no-key")  # fmt: skip
    number = ask_first(terminal)
    terminal.json("pair", "use", "Small", "Far")
    terminal.json("matter", "policy", "Larch", "this-computer")
    told = terminal.json("compare", "--continue", f"{number}:cheap", NEXT, "--matter", "Birch",
                         status=1)  # fmt: skip
    here, far = told["sides"]
    assert (here["state"], far["state"]) == ("complete", "blocked")
    assert far["error"]["kind"] == "blocked_by_earlier_policy"
    assert "“Larch”" in far["error"]["message"]
    assert far["cost"]["amount"] == "0"


def test_a_deleted_parent_is_told_and_its_child_stays(
    terminal: Terminal, server: FaultServer
) -> None:
    number = ask_first(terminal)
    child = str(terminal.json("compare", "--continue", f"{number}:cheap", NEXT)["comparison"])
    terminal.json("history", "delete", number)
    kept = terminal.json("history", "show", child)
    assert kept["continues"] == {
        "comparison": None, "answer": None, "exchanges": 0, "gone": True,
    }  # fmt: skip
    assert [side["text"] for side in kept["sides"]] == ["Cheap.", "Frontier."]
    assert "has been deleted since" in terminal.run("history", "show", child).stdout
    terminal.json("compare", "--continue", f"{child}:cheap", "And then?")
    assert sent(server)[-1] == messages(NEXT, "Cheap.", "And then?")


@pytest.mark.parametrize(
    ("continued", "status", "said"),
    [
        ("99", 1, "There is no comparison 99."),
        ("99:cheap", 1, "There is no comparison 99."),
        ("1", 1, "Comparison 1 has two answers"),
        ("1:c", 1, "Comparison 1 has no answer “c”."),
        ("first", 2, "first is no comparison; write 12, or 12:frontier"),
    ],
)
def test_what_cannot_be_continued_is_said_in_one_sentence_and_sends_nothing(
    terminal: Terminal, server: FaultServer, continued: str, status: int, said: str
) -> None:
    ask_first(terminal)
    done = terminal.run("compare", "--continue", continued, NEXT)
    assert done.returncode == status
    assert said in done.stderr
    assert len(server.requests) == 2


def test_route_counts_what_would_be_sent_along(terminal: Terminal) -> None:
    number = ask_first(terminal)
    alone = terminal.json("route", NEXT)["estimate"]
    whole = terminal.json("route", NEXT, "--continue", f"{number}:cheap")["estimate"]
    assert whole["input_tokens"] > alone["input_tokens"]
