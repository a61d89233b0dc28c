"""The rule from a terminal: everything that the view shows, over a real file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import parse, run
from app.domain.routing.pins import pin_of
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import CHEAP, FRONTIER, Stage

EASY = "Extract all dates and deadlines from the office lease, with the clause of each."


class Terminal:
    """Runs a command over a stage."""

    def __init__(self, stage: Stage, out: pytest.CaptureFixture[str]) -> None:
        self.stage = stage
        self._out = out

    def words(self, *typed: str, status: int = 0) -> str:
        done = run(parse(list(typed), "0.0.0"), lambda _folder, _sample: self.stage.open())
        told = self._out.readouterr()
        assert done == status, told.err
        return told.out if status == 0 else told.err

    def json(self, *typed: str) -> Any:
        return json.loads(self.words(*typed, "--json"))


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(Stage(tmp_path, votes_needed=24), capsys)


def ready(stage: Stage) -> None:
    for script in (stage.cheap, stage.frontier):
        script.says("18 March.")
        script.finishes()


def test_the_rule_tells_what_it_allows_beside_luck_with_its_pins_and_checks(
    terminal: Terminal,
) -> None:
    *_, check = lived(terminal.stage, Past(learning=80, waiting=1))
    terminal.words("rule", "pin", "prompt mentions “privilege” → frontier")
    told = terminal.json("rule")
    assert told["promise"]["holds"]
    assert told["promise"]["share_to_cheap"] > told["promise"]["share_by_luck"] > 0
    assert told["promise"]["low"] < told["promise"]["share_to_cheap"] < told["promise"]["high"]
    assert told["spot_checks"] == {"chance": 1 / 16, "waiting": [check]}
    assert [pin["to"] for pin in told["pins"]] == ["frontier"]
    said = terminal.words("rule")
    assert "A prompt that mentions “privilege” goes to the frontier model." in said
    assert "1 spot check to vote on" in said


def test_a_pin_is_told_as_the_hard_rule_that_decided(terminal: Terminal) -> None:
    lived(terminal.stage, Past(learning=60))
    terminal.words("rule", "pin", "tagged advice → frontier")
    told = terminal.json("route", EASY, "--tag", "advice")
    assert (told["role"], told["basis"]) == ("frontier", "pin")
    assert told["hard_rule"] == f"Your pin: {pin_of('tagged advice → frontier').sentence()}"
    assert told["spot_check"] == {"drawn": False, "chance": None, "lot": None}
    assert told["prices"]["frontier"]["certainty"] == "estimated"
    assert float(told["prices"]["cheap"]["amount"]) < float(told["prices"]["frontier"]["amount"])


def test_a_learned_route_names_the_nearest_votes_by_their_first_words(terminal: Terminal) -> None:
    lived(terminal.stage, Past(learning=60))
    told = terminal.json("route", EASY, "--tag", "notice")
    assert told["basis"] == "learned"
    assert told["hard_rule"] is None
    assert len(told["nearest"]) == 3
    assert told["contributions"]
    assert told["contributions"][0]["speaks"].endswith(("for cheap", "for the frontier"))
    first = told["nearest"][0]
    assert first["prompt"]
    assert first["vote"]
    said = terminal.words("route", EASY, "--tag", "notice")
    assert f"“{first['prompt']}”" in said
    assert "Estimated before sending: cheap" in said
    # Nothing of a prompt stays behind when it is deleted.
    terminal.words("history", "delete", str(first["comparison"]))
    again = terminal.json("route", EASY, "--tag", "notice")
    assert first["comparison"] not in [near["comparison"] for near in again["nearest"]]


def test_a_past_decision_is_told_as_it_was_after_what_it_rested_on_is_gone(
    terminal: Terminal,
) -> None:
    lived(terminal.stage, Past(learning=60))
    ready(terminal.stage)
    asked = terminal.json("ask", EASY, "--tag", "notice")
    before = asked["decision"]
    gone = before["nearest"][0]["comparison"]
    terminal.words("history", "delete", str(gone))
    shown = terminal.json("history", "show", str(asked["comparison"]))["decision"]
    assert shown["because"] == before["because"]
    assert shown["probability"] == before["probability"]
    assert shown["prices"] == before["prices"]
    assert shown["spot_check"] == before["spot_check"]
    assert shown["nearest"][0] == {
        "comparison": gone, "prompt": None, "vote": None, "asked_at": None,
    }  # fmt: skip
    said = terminal.words("history", "show", str(asked["comparison"]))
    assert "Why it went there" in said
    assert f"{gone}: deleted since" in said
    assert "The lot drawn was 0.5000" in said


def test_a_spot_check_tells_nothing_of_the_rule_before_its_vote_and_all_after(
    terminal: Terminal,
) -> None:
    lived(terminal.stage, Past(learning=80))
    terminal.stage = replace(terminal.stage, lot=0.01)
    ready(terminal.stage)
    asked = terminal.json("ask", EASY, "--tag", "notice")
    assert asked["mode"] == "blind"
    assert asked["decision"] == {
        "spot_check": {"drawn": True, "chance": pytest.approx(1 / 16), "lot": 0.01}
    }
    number = str(asked["comparison"])
    before = terminal.words("history", "show", number)
    assert "A spot check, drawn by lot" in before
    for word in (CHEAP.name, FRONTIER.name, "cheap", "frontier"):
        assert word not in before
    voted = terminal.json("vote", number, "equal")
    assert voted["check"]["rule_would_send"] == voted["decision"]["role"]
    assert voted["check"]["right"] is (voted["decision"]["role"] == "cheap")
    assert voted["check"]["sentence"] in terminal.words("history", "show", number)


def test_where_the_promise_stands_and_when_it_is_made_anew_is_told_as_data(
    terminal: Terminal,
) -> None:
    lived(terminal.stage, Past(learning=60))
    told = terminal.json("rule")
    assert told["standing"] == "holds"
    assert told["checkpoints"][:3] == [24, 48, 96]
    assert told["promise"]["next_checkpoint"] == 96
    assert told["promise"]["votes_to_next_checkpoint"] == 36
    assert told["promise"]["errors"] <= told["promise"]["errors_allowed"]
    assert told["drift"]["alarm"] is False
    assert told["earlier_version_votes"] == 0


def test_a_withdrawn_promise_and_a_changed_model_are_told_as_such(terminal: Terminal) -> None:
    lived(terminal.stage, Past(learning=60, checks=24, souring=18))
    told = terminal.json("rule")
    assert told["standing"] == "withdrawn"
    assert told["drift"]["alarm"] is True
    assert told["drift"]["sentence"] in terminal.words("rule")
    assert terminal.json("route", EASY)["basis"] == "drift"


def test_a_replay_is_told_in_words_and_as_data(terminal: Terminal) -> None:
    lived(terminal.stage, Past(learning=60, checks=3))
    told = terminal.json("rule", "replay")
    assert told["to_cheap"] < told["prompts"]
    assert told["low"] <= told["lost"] <= told["high"]
    last = told["days"][-1]
    saved = float(last["always_frontier"]) - float(last["with_rule"])
    assert saved == pytest.approx(float(told["saved"]["amount"]))
    assert told["sentences"][0] in terminal.words("rule", "replay")


def test_a_past_decision_is_made_again_as_it_was_whatever_was_voted_since(
    terminal: Terminal,
) -> None:
    lived(terminal.stage, Past(learning=60))
    ready(terminal.stage)
    asked = terminal.json("ask", EASY, "--tag", "notice")
    number = str(asked["comparison"])
    terminal.stage = replace(terminal.stage, lot=0.01)
    for choice in ("a", "b", "equal"):
        ready(terminal.stage)
        check = terminal.json("ask", f"Find each {choice} in the lease and quote it.")
        terminal.words("vote", str(check["comparison"]), choice)
    told = terminal.json("rule", "replay", number)
    assert told["same"] is True
    assert told["decision"]["probability"] == asked["decision"]["probability"]
    assert told["decision"]["because"] == asked["decision"]["because"]
    # So it is where the user keeps to other numbers by now.
    terminal.words("rule", "limit", "1/20")
    terminal.words("rule", "confidence", "95%")
    assert terminal.json("rule", "replay", number)["same"] is True
    history = terminal.stage.history()
    stored = history.turn(int(number))
    assert stored is not None
    assert stored.decision is not None
    history.add_decision(stored.id, replace(stored.decision, probability=0.9))
    history.close()
    other = terminal.json("rule", "replay", number)
    assert other["same"] is False
    assert "decides otherwise" in other["sentence"]
    # A vote of that time that is gone makes it impossible, and it says so instead of guessing.
    terminal.words("history", "delete", str(asked["decision"]["nearest"][0]["comparison"]))
    gone = terminal.json("rule", "replay", number)
    assert gone["same"] is None
    assert "shown as it was stored" in gone["sentence"]


def test_a_decision_that_no_vote_made_is_not_replayed(terminal: Terminal) -> None:
    ready(terminal.stage)
    terminal.words("rule", "pin", "tagged notice → frontier")
    asked = terminal.json("ask", EASY, "--tag", "notice")
    told = terminal.json("rule", "replay", str(asked["comparison"]))
    assert (told["same"], told["decision"]) == (None, None)


def test_confidence_and_offer_are_changed_from_a_terminal_too(terminal: Terminal) -> None:
    lived(terminal.stage, Past(learning=30))
    assert terminal.json("rule", "confidence", "95%")["promise"]["confidence"] == 0.95
    assert terminal.json("rule", "votes", "60")["votes_needed"] == 60
    assert "between 80% and 99%" in terminal.words("rule", "confidence", "0.5", status=1)
    assert "from 20 to 500" in terminal.words("rule", "votes", "3", status=1)


@pytest.mark.parametrize("share", ["1e999", "nan", "1/0", "half"])
def test_a_share_nobody_can_mean_gets_one_sentence(terminal: Terminal, share: str) -> None:
    said = terminal.words("rule", "limit", share, status=1)
    assert said == f"“{share}” is not a share. Write it as 1/10, 0.1 or 10%.\n"
