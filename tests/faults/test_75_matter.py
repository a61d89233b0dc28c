"""Row 75: the matter is switched while a prompt is answered. Its cost stays with the first."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.money import Certainty
from app.services.preferences import Draft
from tests.fakes.fault_server import GATE
from tests.fakes.scripted import Stage
from tests.fakes.speech import Speech
from tests.fakes.windows import main_window, press, wait_until
from tests.faults.table import ALL, COMPLETE, Desk, Row, desk, echoing


@pytest.mark.parametrize("speech", ALL, ids=str)
def test_75_the_cost_stays_with_the_first_matter(tmp_path: Path, speech: Speech) -> None:
    async def switch(seen: Desk) -> None:
        async with asyncio.timeout(60):
            while not seen.tried_has_text():
                await asyncio.sleep(0.005)
        assert seen.services is not None
        closed = SendingPolicy(PolicyKind.THIS_COMPUTER)
        await seen.services.matters.save("Birch", closed)
        await seen.services.preferences.save_draft(Draft("another prompt", "Birch"))
        seen.server.open_gate()

    with desk(tmp_path, speech) as tried:
        first, whole = speech.opening("Hel"), speech.whole("Hel", "lo")
        tried.server.default = echoing(speech.reply((*first, GATE, *whole[len(first) :])))
        tried.while_asking, tried.matter = switch, "Larch"
        tried.ask()
        answer = tried.holds(Row(75, "matter", COMPLETE, "", Certainty.MEASURED, "Hello"))
        assert tried.turn is not None
        assert tried.turn.prompt.matter == "Larch"
        history = tried.stage.history()
        (entry,) = history.ledger(practice=False)
        history.close()
        assert entry.matter == "Larch"
        assert entry.answers[0].cost == answer.cost


def test_75_switching_it_in_the_window_changes_only_the_next_prompt(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        page = window.compare.page
        page.matters.set_matter("Larch")
        page.composer.set_text("May the tenant sublet?")
        press(page.composer.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        stage.cheap.says("Yes")
        wait_until(qtbot, lambda: bool(stage.cheap.requests) and bool(stage.frontier.requests))
        page.matters.set_matter("Birch")
        for script in (stage.cheap, stage.frontier):
            script.says(" and no.")
            script.finishes()
        wait_until(qtbot, lambda: any(button.isEnabled() for button in page.votes.choices()))
        press(page.votes, Qt.Key.Key_2)
        wait_until(
            qtbot,
            lambda: window.compare.live.turn is not None and bool(window.compare.live.turn.vote),
        )
    history = stage.history()
    (entry,) = history.ledger(practice=False)
    history.close()
    assert entry.matter == "Larch"
    assert all(answer.cost.money is not None for answer in entry.answers)
