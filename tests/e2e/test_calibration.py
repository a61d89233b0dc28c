"""The whole audit: 24 prompts, killed half-way, resumed, voted on by keyboard, and its report.

Each step takes what the last one left and is a function of its own, so that what follows a
calibration (auto-route, spot checks, savings) can be added behind it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.calibration.prompts import Found, choose
from app.domain.calibration.run import PauseReason, RunState
from app.domain.vote import Choice
from app.ui.main_window import MainWindow
from app.ui.views.calibrate import CalibrateView
from tests.e2e.test_window import WAIT_MS, do, opened, rows
from tests.fakes.calibrating import (
    CHEAP,
    FRONTIER,
    RUN,
    Vendor,
    calibrating,
    counting_vendor,
    fixed,
)
from tests.fakes.fault_server import Reply
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.windows import press

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
EASY = "Extract the dates of clause {n}."
HARD = "Analyse the risk in clause {n}."


@dataclass(frozen=True)
class Audit:
    """Where the audit takes place."""

    qtbot: QtBot
    folder: Path
    vendor: Vendor


@pytest.fixture
def audit(qtbot: QtBot, tmp_path: Path) -> Iterator[Audit]:
    with counting_vendor() as vendor:
        yield Audit(qtbot, tmp_path, vendor)


def fix_the_list(audit: Audit) -> None:
    """Fix 24 prompts of two kinds of work; nothing is sent."""
    found = [Found((EASY if n % 2 else HARD).format(n=n), "Larch") for n in range(24)]

    async def work() -> None:
        async with calibrating(audit.folder, audit.vendor) as services:
            await fixed(services, choose(found).entries)

    asyncio.run(work())
    assert audit.vendor.server.requests == []


def run_until_killed(audit: Audit) -> None:
    """Run it in a process of its own, and kill that half-way."""
    cheap, frontier = openai_stream(["Cheap."]), anthropic_stream(["Frontier."])
    audit.vendor.reply = lambda model, _prompt: (
        Reply.stream([cheap[0], 0.05, *cheap[1:]])
        if model == CHEAP
        else Reply.stream([*frontier[:3], 0.05, *frontier[3:]])
    )
    program = subprocess.Popen(
        [sys.executable, "-m", "app", "calibrate", "run", RUN, "--data-dir", str(audit.folder)],
        cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert audit.vendor.server.wait_requests(25, 60)
    finally:
        program.kill()
        program.wait(10)
    audit.vendor.reply = lambda _model, _prompt: None


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
        key = Qt.Key.Key_2
        if ballot.prompt.text.startswith("Analyse"):
            key = Qt.Key.Key_1 if ballot.a.startswith("Frontier") else Qt.Key.Key_3
        press(desk.votes, key)
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
    told = subprocess.run(
        [sys.executable, "-m", "app", "calibrate", "report", RUN, "--json",
         "--data-dir", str(audit.folder)],
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    shaped: dict[str, Any] = json.loads(told.stdout)
    assert shaped["overall"]["good"] == report.overall.good
    return shaped


def test_the_audit_of_ones_own_work(audit: Audit) -> None:
    fix_the_list(audit)
    run_until_killed(audit)
    with opened(audit.qtbot, audit.folder) as window:
        resume(audit, window)
        vote_by_keyboard(audit, window)
        shaped = read_the_report(audit, window)
        easy = next(row for row in shaped["groups"] if row["name"] == "extraction")
        assert (easy["good"], easy["total"], easy["verdict"]) == (12, 12, "probably enough")
        hard = next(row for row in shaped["groups"] if row["name"] == "analysis")
        assert (hard["good"], hard["total"], hard["verdict"]) == (0, 12, "leans to the frontier")
        assert shaped["next_hundred"]["to_cheap"] == ["extraction"]
        assert shaped["next_hundred"]["sent_to_cheap"] == 50
        pair = do(audit.qtbot, window, lambda services: services.models.pair())
        lessons = do(
            audit.qtbot,
            window,
            lambda services: services.store(lambda history: history.lessons(pair.key)),
        )
        assert len(lessons) == 24
        assert {lesson.choice for lesson in lessons} >= {Choice.EQUAL}
        # What follows (auto-route on, prompts sent, spot checks, savings) goes here.
