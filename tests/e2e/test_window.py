"""The real window over the real services: what a person does on the first day, and on a bad one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.adapters.clock import SystemClock
from app.adapters.storage.opening import open_history
from app.bootstrap import DATABASE, open_services
from app.domain.answer import Answer, AnswerState
from app.domain.conversation import prompt_of
from app.domain.model import Pair, Role
from app.domain.money import Cost
from app.domain.routing.decision import Basis, Decision
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Seating, Vote, VoteKind
from app.services.container import Services
from app.services.models import NewModel
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.views.compare.page import AUTO_ROUTE
from tests.fakes.fault_server import CUT, STALL, FaultServer, Reply
from tests.fakes.streams import anthropic_stream, openai_stream

pytestmark = pytest.mark.e2e
WAIT_MS = 60_000
CANARY = "sk-canary-window-51c0ffee"


@contextmanager
def opened(qtbot: QtBot, folder: Path) -> Iterator[MainWindow]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    bridge = Bridge(partial(open_services, folder))
    window = MainWindow(bridge)
    window.resize(1440, 900)
    window.painted.connect(bridge.open)
    try:
        with qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
            window.show()
        # The first time the welcome comes, once it is known that it was never seen.
        qtbot.waitUntil(lambda: bridge.idle, timeout=WAIT_MS)
        window.show_view("compare")
        window.activateWindow()
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def ask(qtbot: QtBot, window: MainWindow, text: str) -> None:
    edit = window.compare.page.composer.edit
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def settled(qtbot: QtBot, window: MainWindow, before: int = 0) -> Turn:
    """Wait until everything has ended and is shown, and return the turn."""
    compare = window.compare

    def done() -> bool:
        turn = compare.live.turn
        return turn is not None and turn.id > before and not compare.busy

    qtbot.waitUntil(done, timeout=WAIT_MS)
    assert compare.live.turn is not None
    return compare.live.turn


def voted(window: MainWindow) -> bool:
    turn = window.compare.live.turn
    return turn is not None and bool(turn.votes)


def do(qtbot: QtBot, window: MainWindow, work: Callable[[Any], Any]) -> Any:
    """Run something on the services and return what came of it."""
    said: list[Any] = []
    window.bridge.run(work, said.append, said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT_MS)
    return said[0]


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(folder / DATABASE)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def remember_votes(folder: Path, pair: Pair, count: int) -> None:
    """Put prompts that auto-route asked of both into the history, through its own door."""
    history = open_history(folder / DATABASE, SystemClock())
    began = datetime(2026, 9, 1, 9, tzinfo=UTC)
    for number in range(count):
        at = began + timedelta(hours=number)
        turn = history.begin_turn(
            Turn(
                prompt_of(f"Extract the date of notice {number}.", "Larch", ("dates",)),
                TurnMode.BLIND, pair.key, practice=True, asked_at=at, seating=Seating(Role.CHEAP),
                answers=(Answer(Role.CHEAP, pair.cheap), Answer(Role.FRONTIER, pair.frontier)),
                decision=Decision(None, Basis.NOT_ENOUGH_VOTES, spot_check=True),
            )
        )  # fmt: skip
        for answer in turn.answers:
            told = replace(answer, state=AnswerState.COMPLETE, text="4 March", cost=Cost.free())
            history.finish_answer(told, ())
        history.add_vote(turn.id, Vote(Choice.EQUAL, VoteKind.BLIND, (), at))
    history.close()


def test_the_first_day_on_the_real_on_device_model(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No lot makes this prompt a spot check, which would be asked of both.
    monkeypatch.setattr("app.services.route.secrets.randbelow", lambda below: below - 1)
    with opened(qtbot, tmp_path) as window:
        ask(qtbot, window, "The notice was served on 4 March 2026. On which date was it served?")
        first = settled(qtbot, window)
        assert first.mode is TurnMode.BLIND
        assert [answer.state for answer in first.answers] == [AnswerState.COMPLETE] * 2
        assert window.compare.page.votes.hasFocus()
        qtbot.keyClick(window.compare.page.votes, Qt.Key.Key_1)
        qtbot.waitUntil(lambda: voted(window), timeout=WAIT_MS)
        pair = do(qtbot, window, lambda services: services.models.pair())
        assert pair.practice
        window.compare.page.mode.chosen.emit(AUTO_ROUTE)
        ask(qtbot, window, "Was notice served before 5 March 2026? Answer yes or no.")
        second = settled(qtbot, window, first.id)
        assert len(second.answers) == 2  # one vote is not enough: both are asked
        qtbot.keyClick(window.compare.page.votes, Qt.Key.Key_2)
        qtbot.waitUntil(lambda: voted(window), timeout=WAIT_MS)
    remember_votes(tmp_path, pair, 60)
    with opened(qtbot, tmp_path) as window:
        assert window.compare.auto_route  # auto-route survives a restart
        ask(qtbot, window, "Extract the date of notice 61.")
        third = settled(qtbot, window, second.id)
        assert third.mode is TurnMode.ROUTED
        assert [answer.role for answer in third.answers] == [Role.CHEAP]
        assert third.decision is not None
        assert third.decision.because
        qtbot.waitUntil(window.compare.page.notice.isVisible, timeout=WAIT_MS)
    told = rows(
        tmp_path,
        "select turn.id, turn.mode, answer.role, answer.state, answer.cost_certainty"
        f" from answer join turn on turn.id = answer.turn_id where turn.id in"
        f" ({first.id}, {second.id}, {third.id}) order by answer.id",
    )
    assert told == [
        (first.id, "blind", "cheap", "complete", "free"),
        (first.id, "blind", "frontier", "complete", "free"),
        (second.id, "blind", "cheap", "complete", "free"),
        (second.id, "blind", "frontier", "complete", "free"),
        (third.id, "routed", "cheap", "complete", "free"),
    ]
    kinds = rows(tmp_path, f"select kind from vote where turn_id in ({first.id}, {second.id})")
    assert kinds == [("blind",), ("blind",)]
    decided = rows(tmp_path, f"select role, basis from decision where turn_id = {third.id}")
    assert decided == [("cheap", "learned")]


@pytest.fixture
def faults() -> Iterator[FaultServer]:
    with FaultServer() as server:
        yield server


def add_pair(
    qtbot: QtBot, window: MainWindow, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Add a cheap OpenAI-shaped and a frontier Anthropic-shaped model, the key in a variable."""
    monkeypatch.setenv("CANARY_KEY", CANARY)
    cheap = NewModel("Small", "openai-chat", server.openai_url, "small-1", "cheap")
    big = NewModel("Big", "anthropic", server.anthropic_url, "big-1", "frontier")

    async def add(services: Services) -> Pair:
        await services.models.add(cheap, key_variable="CANARY_KEY")
        await services.models.add(big, key_variable="CANARY_KEY")
        return await services.models.use_pair("Small", "Big")

    pair = do(qtbot, window, add)
    assert pair.cheap.name == "Small", pair
    with qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
        window.show_view("compare")


def test_a_bad_day_on_the_wire_is_told_truly_in_every_row(
    qtbot: QtBot, tmp_path: Path, faults: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Reply.stream(anthropic_stream(["Whole."]))
    cheap: list[Reply] = [
        Reply.stream([*openai_stream(["Half an"], finish=None, done=False), CUT]),
        Reply.error(401, {"error": {"message": f"no such key {CANARY}"}}),
        Reply.error(429, {"error": {"code": "insufficient_quota", "message": "spent"}}),
        Reply.stream([*openai_stream(["Started"], finish=None, done=False), STALL]),
        Reply.stream(openai_stream(["Fine."])),
    ]
    script = iter(cheap)
    faults.route = lambda request: whole if request.path == "/v1/messages" else next(script)
    with opened(qtbot, tmp_path) as window:
        add_pair(qtbot, window, faults, monkeypatch)
        last = 0
        for number in range(3):
            ask(qtbot, window, f"Question {number}?")
            turn = settled(qtbot, window, last)
            last = turn.id
            assert turn.revealed  # a failed side ends blindness
            assert not window.compare.page.votes.isVisible()
        ask(qtbot, window, "Question 3?")
        frontier_done = "select count(*) from answer where role = 'frontier' and state = 'complete'"
        qtbot.waitUntil(lambda: rows(tmp_path, frontier_done) == [(4,)], timeout=WAIT_MS)
        assert faults.wait_requests(8)
        qtbot.keyClick(window.compare.page.composer.edit, Qt.Key.Key_Escape)
        last = settled(qtbot, window, last).id
        assert faults.wait_client_gone()  # Stop closed the connection
        ask(qtbot, window, "Question 4?")
        assert settled(qtbot, window, last).votable
    told = rows(
        tmp_path,
        "select answer.role, answer.state, answer_text.text, answer.cost_certainty,"
        " answer.problem_kind from answer join answer_text on answer_text.answer_id = answer.id"
        " order by answer.id",
    )
    cheap_rows = [row[1:] for row in told if row[0] == "cheap"]
    assert cheap_rows[0] == ("incomplete", "Half an", "unknown", "cut_off")
    assert cheap_rows[1][0::3] == ("failed", "key_refused")
    assert cheap_rows[2][0::3] == ("failed", "payment")
    assert cheap_rows[3][:1] == ("stopped",)
    assert cheap_rows[4][:2] == ("complete", "Fine.")
    frontier = [row[1:3] for row in told if row[0] == "frontier"]
    assert frontier == [("complete", "Whole.")] * 5
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
    assert json.dumps(told).count(CANARY) == 0
