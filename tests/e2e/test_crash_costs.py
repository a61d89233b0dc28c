"""A real program is killed while its answers arrive: what they cost is estimated on reopening."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import open_services
from app.ui.pictures import photographed
from tests.e2e.test_terminal import Terminal, server, terminal
from tests.fakes.fault_server import STALL, FaultServer, Reply
from tests.fakes.rooms import told_by
from tests.fakes.streams import anthropic_stream, openai_stream

__all__ = ["server", "terminal"]  # fixtures
pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
BEGUN = "The clause provides for a notice in writing"
WAIT_S = 60


def until(condition: Callable[[], bool], program: subprocess.Popen[bytes]) -> None:
    """Wait for something that another program brings about."""
    end = time.monotonic() + WAIT_S
    while not condition():
        assert program.poll() is None, "the program ended by itself"
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def partial_texts(path: Path) -> list[str]:
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as file:
        try:
            rows = file.execute("SELECT text FROM answer_text").fetchall()
        except sqlite3.OperationalError:  # its tables are being made
            return []
    return [row[0] for row in rows]


def kill_while_answering(folder: Path, server: FaultServer) -> None:
    """Ask from a program of its own, and kill it once both beginnings are on the disk."""
    anthropic = anthropic_stream([BEGUN], stop=None, done=False)
    openai = openai_stream([BEGUN], finish=None, done=False)
    server.route = lambda request: Reply.stream(
        [*(anthropic if request.path == "/v1/messages" else openai), STALL]
    )
    program = subprocess.Popen(
        [sys.executable, "-m", "app", "compare", "Is notice by e-mail valid?", "--matter", "Larch",
         "--data-dir", str(folder)],
        cwd=ROOT, env={**os.environ, "CANARY_KEY": "sk-canary"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: partial_texts(folder / "counterpart.db") == [BEGUN] * 2, program)
    finally:
        program.kill()
        program.wait()


def test_a_killed_program_leaves_estimated_costs_that_all_views_agree_on(
    terminal: Terminal, server: FaultServer
) -> None:
    kill_while_answering(terminal.folder, server)
    told = terminal.json("history", "show", "1")
    cheap, frontier = told["sides"]
    assert [side["state"] for side in told["sides"]] == ["incomplete", "incomplete"]
    assert {side["error"]["kind"] for side in told["sides"]} == {"app_ended"}
    assert cheap["text"] == frontier["text"] == BEGUN
    assert cheap["cost"]["certainty"] == "estimated"
    paid = Decimal(cheap["cost"]["amount"])
    # One dollar a million read, two written: a few tokens of each.
    assert Decimal("0.000010") < paid < Decimal("0.000080")
    assert frontier["cost"] == {"amount": None, "currency": "USD", "certainty": "unknown"}
    budget = terminal.json("budget", "show")
    (spent,) = budget["currencies"]
    assert Decimal(spent["spent_estimated"]) == paid
    assert budget["answers_of_unknown_cost"] == 1
    (row,) = terminal.json("history", "search")["rows"]
    assert [cost["certainty"] for cost in row["costs"]] == ["estimated", "unknown"]
    assert terminal.json("history", "show", "1") == told, "estimated once"


def test_the_window_shows_the_estimate_when_it_is_opened_next(
    qtbot: QtBot, terminal: Terminal, server: FaultServer
) -> None:
    kill_while_answering(terminal.folder, server)
    with photographed(partial(open_services, terminal.folder), sample=False) as photographer:
        photographer.go("history")
        view = photographer.window.view("history")
        assert photographer.until(lambda: "≈ $0.0000" in told_by(view))
        assert "cut off" in told_by(view)
    ((certainty, amount),) = terminal.rows(
        "select cost_certainty, cost_amount from answer where role = 'cheap'"
    )
    assert certainty == "estimated"
    assert Decimal(amount) > 0
