"""The first half of the audit: 24 prompts, killed half-way, resumed, voted on, and the report.

Each step takes what the last one left. The server answers by prompt: what is to be extracted the
cheap model answers as well as the frontier; of an analysis it leaves out what matters. Whoever
votes goes by what the answers say.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.calibration.prompts import Found, choose
from app.domain.calibration.run import PauseReason, RunState
from app.domain.money import Money
from app.ui.main_window import MainWindow
from app.ui.views.calibrate.view import CalibrateView
from tests.e2e.test_window import WAIT_MS, do, rows
from tests.fakes.calibrating import CHEAP, FRONTIER, RUN, Vendor, calibrating, fixed
from tests.fakes.fault_server import Reply
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.windows import press

ROOT = Path(__file__).parents[2]
MATTER = "Larch"
EASY = "Extract the dates of clause {n}."
HARD = "Analyse the risk in clause {n}."
WHOLE, LACKING = "Every point is there.", "The main point is missing."
UNCOUNTED = range(5, 100, 10)  # clauses whose cheap answers come without a count of tokens
_LONG = 3_000  # words, so that an answer that was only estimated shows in the cents


@dataclass(frozen=True)
class Audit:
    """Where the audit takes place."""

    qtbot: QtBot
    folder: Path
    vendor: Vendor

    def told(self, *command: str) -> dict[str, Any]:
        """Return what a command says as JSON, in a process of its own on the same folder."""
        said = subprocess.run(
            [sys.executable, "-m", "app", *command, "--json", "--data-dir", str(self.folder)],
            cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True,
        )  # fmt: skip
        shaped: dict[str, Any] = json.loads(said.stdout)
        return shaped


def prompt(number: int) -> str:
    """Return a prompt of one's own: every other one is easy."""
    return (EASY if number % 2 else HARD).format(n=number)


def answer(model: str, asked: str, *, pause_s: float = 0.0) -> Reply:
    """Return what a model says to a prompt; lengths, and so costs, differ from clause to clause."""
    (clause,) = map(int, re.findall(r"\d+", asked))
    taken, given = 7_000 + 137 * clause, 600 + 29 * clause
    if model == FRONTIER:
        usage = {"input_tokens": taken}
        frames = anthropic_stream([WHOLE], input_usage=usage, output_tokens=given)
        at = 3
    else:
        said = WHOLE if asked.startswith("Extract") else LACKING
        counted = {"prompt_tokens": taken, "completion_tokens": given}
        uncounted = clause in UNCOUNTED
        words = " clause" * _LONG if uncounted else ""
        frames = openai_stream([said, words], usage=None if uncounted else counted)
        at = 1
    return Reply.stream([*frames[:at], pause_s, *frames[at:]] if pause_s else frames)


def better(a: str, b: str) -> Qt.Key:
    """Return the key of an honest vote between two answers."""
    if (WHOLE in a) == (WHOLE in b):
        return Qt.Key.Key_2
    return Qt.Key.Key_1 if WHOLE in a else Qt.Key.Key_3


def fix_the_list(audit: Audit) -> None:
    """Fix 24 prompts of two kinds of work; nothing is sent."""
    found = [Found(prompt(n), MATTER) for n in range(24)]

    async def work() -> None:
        async with calibrating(audit.folder, audit.vendor) as services:
            await fixed(services, choose(found).entries, limit=Money(Decimal(20)))

    asyncio.run(work())
    assert audit.vendor.server.requests == []


def run_until_killed(audit: Audit) -> None:
    """Run it in a process of its own, and kill that half-way."""
    audit.vendor.reply = lambda model, asked: answer(model, asked, pause_s=0.05)
    program = subprocess.Popen(
        [sys.executable, "-m", "app", "calibrate", "run", RUN, "--data-dir", str(audit.folder)],
        cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert audit.vendor.server.wait_requests(25, 60)
    finally:
        program.kill()
        program.wait(10)
    audit.vendor.reply = answer


def calibrate_view(audit: Audit, window: MainWindow) -> CalibrateView:
    window.show_view("calibrate")
    view = window.view("calibrate")
    assert isinstance(view, CalibrateView)
    return view


def resume(audit: Audit, window: MainWindow) -> None:
    """Go on from the window until everything is answered; nothing whole is asked again."""
    view = calibrate_view(audit, window)
    audit.qtbot.waitUntil(lambda: view.header.main.text() == "Go on", timeout=WAIT_MS)
    run = do(audit.qtbot, window, lambda services: services.calibrations.named(RUN))
    assert run.state is RunState.PAUSED
    assert run.pause.reason is PauseReason.APP_ENDED
    assert 0 < run.answered < 24
    whole = rows(
        audit.folder,
        "select prompt.text, answer.role from answer join prompt using (turn_id)"
        " where answer.state = 'complete'",
    )
    view.header.main.click()
    audit.qtbot.waitUntil(lambda: view.stack.currentWidget() is view.reporting, timeout=WAIT_MS)
    asked = {"cheap": audit.vendor.asked(CHEAP), "frontier": audit.vendor.asked(FRONTIER)}
    assert [len(prompts) for prompts in asked.values()] == [24, 24]
    assert all(asked[role][prompt] == 1 for prompt, role in whole)
    assert all(times <= 2 for prompts in asked.values() for times in prompts.values())
    run = do(audit.qtbot, window, lambda services: services.calibrations.named(RUN))
    assert run.answered == 24


def vote_by_keyboard(audit: Audit, window: MainWindow) -> None:
    """Vote on all: about equal where the work is easy, the frontier where it is hard."""
    view = calibrate_view(audit, window)
    desk = view.desk
    audit.qtbot.waitUntil(lambda: view.header.main.text() == "Vote on all 24", timeout=WAIT_MS)
    view.header.main.click()
    for voted in range(24):

        def ready(voted: int = voted) -> bool:
            ballot = desk.ballot
            return (
                ballot is not None and ballot.voted == voted and desk.votes.choices()[0].isEnabled()
            )

        audit.qtbot.waitUntil(ready, timeout=WAIT_MS)
        ballot = desk.ballot
        assert ballot is not None
        press(desk.votes, better(ballot.a, ballot.b))
    audit.qtbot.waitUntil(lambda: view.header.main.text() == "End the voting", timeout=WAIT_MS)
    view.header.main.click()
    audit.qtbot.waitUntil(lambda: view.header.main.text() == "New run", timeout=WAIT_MS)


def read_the_report(audit: Audit, window: MainWindow) -> dict[str, Any]:
    """Compare what the window, the terminal and the history say; return the report."""
    view = calibrate_view(audit, window)
    report = do(audit.qtbot, window, lambda services: services.calibrations.report(RUN))
    assert view.reporting.good.figure() == f"{report.overall.good} of 24"
    assert (report.counted, report.unvoted, report.unchanged) == (24, 0, True)
    savings = do(audit.qtbot, window, lambda services: services.reports.savings(practice=False))
    assert report.spent.total.money is not None
    assert savings.main.exact.paid == report.spent.total.money.amount
    shaped = audit.told("calibrate", "report", RUN)
    assert shaped["overall"]["good"] == report.overall.good
    return shaped
