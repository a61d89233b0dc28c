"""A calibration run from a terminal, as a person types it and as a script reads it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from tests.e2e.test_terminal import Terminal
from tests.fakes.calibrating import CHEAP, FRONTIER, Vendor, counting_vendor
from tests.fakes.fault_server import Reply
from tests.fakes.streams import openai_stream

pytestmark = pytest.mark.e2e
RUN = "March"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with counting_vendor() as running:
        yield running


@pytest.fixture
def shell(tmp_path: Path, vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    terminal = Terminal(tmp_path / "data", monkeypatch)
    for name, dialect, url, model, role in (
        ("Small", "openai-chat", vendor.server.openai_url, CHEAP, "cheap"),
        ("Big", "anthropic", vendor.server.anthropic_url, FRONTIER, "frontier"),
    ):
        terminal.json("model", "add", name, "--dialect", dialect, "--base-url", url,
                      "--model", model, "--role", role, "--no-key",
                      "--price-in", "1", "--price-out", "5")  # fmt: skip
    terminal.json("pair", "use", "Small", "Big")
    return terminal


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    path = tmp_path / "prompts.csv"
    rows = [f"Extract the dates of clause {n}.,Larch,dates" for n in range(1, 13)]
    rows += [f"Draft a reply on point {n}.,Oak," for n in range(1, 13)]
    path.write_text("\n".join(["prompt,matter,tags", *rows]))
    return path


def test_a_run_from_a_file_to_a_report_and_a_pdf(
    shell: Terminal, vendor: Vendor, prompts: Path, tmp_path: Path
) -> None:
    made = shell.json("calibrate", "new", RUN, "--from", str(prompts))
    assert (made["state"], made["prompts"]) == ("drafted", 24)
    assert len(made["digest"]) == 64
    assert [r["matter"] for r in made["review"]["recipients"]] == ["Larch", "Oak"]
    assert made["limit"] == made["review"]["suggested_limit"]
    assert vendor.server.requests == []
    ran = shell.run("calibrate", "run", RUN)
    assert ran.returncode == 0, ran.stderr
    assert "24 of 24 asked" in ran.stderr
    assert "calibrate vote" in ran.stdout
    assert vendor.asked(CHEAP).total() == vendor.asked(FRONTIER).total() == 24
    ballot = shell.json("calibrate", "next", RUN)
    assert set(ballot) == {
        "item", "prompt", "matter", "tags", "attachments", "a", "b", "voted", "votable",
        "minutes_left",
    }  # fmt: skip
    told = shell.json("calibrate", "vote", RUN, "--item", str(ballot["item"]), "equal")
    assert (told["voted"], told["to_vote"]) == (1, 23)
    assert not [word for word in ("small", "Big", "cost") if word in json.dumps(told)]
    again = shell.run("calibrate", "vote", RUN, "b", "--item", str(ballot["item"]), "--json")
    assert again.returncode == 0  # the last vote can be corrected
    voted = shell.run("calibrate", "vote", RUN, stdin="1\nu\nequal\ns\n" + "2\n" * 22)
    assert voted.returncode == 0, voted.stderr
    assert "Answer A" in voted.stdout
    assert "Nothing is left to vote on" in voted.stdout
    pdf = tmp_path / "out" / "report.pdf"
    report = shell.json("calibrate", "report", RUN, "--pdf", str(pdf), "--paper", "a4")
    assert report["state"] == "done"
    assert (report["voted"], report["overall"]["total"]) == (24, 24)
    assert {row["name"] for row in report["groups"]} == {"extraction", "draft", "dates"}
    assert report["unchanged"] is True
    assert report["cheap"]["name"] == "Small"
    document = pypdfium2.PdfDocument(str(pdf))
    assert document[0].get_size() == pytest.approx((595, 842), abs=1)
    assert "Calibration" in document[0].get_textpage().get_text_bounded()
    document.close()
    words = shell.run("calibrate", "report", RUN).stdout
    assert "Where the cheap model is enough" in words
    assert "speaks only for prompts like these" in words
    listed = shell.json("calibrate", "list")["runs"]
    assert [(run["name"], run["state"]) for run in listed] == [(RUN, "done")]
    shell.json("calibrate", "delete", RUN)
    assert shell.json("calibrate", "list")["runs"] == []


def test_prompts_come_from_standard_input_a_folder_and_ones_own_history(
    shell: Terminal, tmp_path: Path
) -> None:
    pasted = "\n\n".join(f"Which clause, no. {n}?" for n in range(20))
    made = shell.json("calibrate", "new", "Piped", "--from", "-", "--matter", "Elm", stdin=pasted)
    assert made["review"]["recipients"][0]["matter"] == "Elm"
    folder = tmp_path / "prompts"
    folder.mkdir()
    for number in range(70):
        (folder / f"{number:02}.txt").write_text(f"Summarise no. {number}.")
    crowded = shell.run("calibrate", "new", "Folder", "--from", str(folder))
    assert crowded.returncode == 1
    assert "take out 10" in crowded.stderr
    assert "--pick" in crowded.stderr
    picked = shell.json("calibrate", "new", "Folder", "--from", str(folder), "--pick", "30")
    assert picked["prompts"] == 30
    for number in range(20):
        shell.json("compare", f"Asked before, no. {number}?")
    own = shell.json("calibrate", "new", "Own", "--history", "20", "--limit", "3.50")
    assert own["limit"] == {"amount": "3.5", "currency": "USD"}


def test_a_run_that_stops_at_its_limit_says_so_and_goes_on_with_another(
    shell: Terminal, vendor: Vendor, prompts: Path
) -> None:
    shell.json("calibrate", "new", RUN, "--from", str(prompts), "--limit", "0.001")
    stopped = shell.json("calibrate", "run", RUN, status=1)
    assert stopped["paused"]["reason"] == "limit"
    assert vendor.server.requests == []
    assert shell.json("calibrate", "run", RUN, "--limit", "20")["state"] == "answered"


def test_ctrl_c_pauses_a_run_once_what_is_being_answered_has_ended(
    shell: Terminal, vendor: Vendor, prompts: Path
) -> None:
    slow = openai_stream(["Slow."])
    vendor.reply = lambda model, _prompt: (
        Reply.stream([slow[0], 0.05, *slow[1:]]) if model == CHEAP else None
    )
    shell.json("calibrate", "new", RUN, "--from", str(prompts))
    program = subprocess.Popen(
        [sys.executable, "-m", "app", "calibrate", "run", RUN, "--json",
         "--data-dir", str(shell.folder)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert vendor.server.wait_requests(7, 60)
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)
    told = json.loads(out)
    assert (told["state"], told["paused"]["reason"]) == ("paused", "user"), err
    assert 0 < told["answered"] < 24
    states = {row[0] for row in shell.rows("select state from answer")}
    assert states == {"complete"}  # nothing was cut off
    vendor.reply = lambda _model, _prompt: None
    assert shell.json("calibrate", "run", RUN)["state"] == "answered"
    assert set(vendor.asked(CHEAP).values()) == {1}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("new", RUN, "--from", "nowhere.csv"), "cannot be opened"),
        (("new", RUN, "--history", "0"), "no number of prompts"),
        (("new", RUN, "--history", "30"), "0 prompts chosen"),
        (("run", "Nothing"), "no calibration run called"),
        (("vote", "Nothing", "--item", "1"), "needs its number and the choice"),
        (("report", "Nothing"), "Runs: none yet"),
        (("run", RUN, "--limit", "much"), "not an amount"),
        (("run", RUN, "--limit", "-1"), "more than nothing"),
    ],
)
def test_bad_input_gets_one_sentence(shell: Terminal, words: tuple[str, ...], hint: str) -> None:
    done = shell.run("calibrate", *words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_single_keys_vote_at_a_real_terminal_and_ctrl_c_leaves_it_whole(
    shell: Terminal, prompts: Path
) -> None:
    shell.json("calibrate", "new", RUN, "--from", str(prompts))
    shell.json("calibrate", "run", RUN)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    program = subprocess.Popen(
        [sys.executable, "-m", "app", "calibrate", "vote", RUN, "--data-dir", str(shell.folder)],
        cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert program.stderr is not None
    told = ""
    for key in b"1x3s\x03":  # a key that means nothing is asked again
        while not told.endswith("q stop: "):
            told += program.stderr.read(1)
        told = ""
        os.write(ours, bytes([key]))
    out, err = program.communicate(timeout=60)
    assert program.returncode == 0, err
    assert out.count("── Answer A") == 4
    assert "2 of 24 voted on" in out
    assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)
    assert shell.json("calibrate", "list")["runs"][0]["voted"] == 2
