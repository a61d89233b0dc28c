"""A second look whose decision the disk refuses for a while: nothing stays held back for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.storage.history import SqlHistory
from app.domain.conversation import prompt_of
from app.domain.errors import InputError, StorageError
from app.domain.routing.decision import Decision
from app.domain.turn import HistoryQuery, Turn
from app.services.ask import NotSaved, TurnEvent
from app.services.container import Services
from tests.fakes.fault_server import Reply
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Stage
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering, wired
from tests.fakes.working import on

PROMPT = "By what date must notice be served under clause 14.2?"
A, B, FRONT = "18 March", "8 March", "19 March."


class FullDisk:
    """Refuses the decisions of looks that were taken, while it is full."""

    def __init__(self) -> None:
        self.full = True
        self.refused = 0
        self._add = SqlHistory.add_decision

    def add(self, history: SqlHistory, turn_id: int, decision: Decision) -> None:
        if self.full and decision.looked:
            self.refused += 1
            raise StorageError("The disk is full.", "Make room on it.", "disk_full")
        self._add(history, turn_id, decision)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    disk = FullDisk()

    def add(history: SqlHistory, turn_id: int, decision: Decision) -> None:
        disk.add(history, turn_id, decision)

    monkeypatch.setattr(SqlHistory, "add_decision", add)
    return disk


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    replies = {
        model.model: Reply.stream(openai_stream([text]))
        for model, text in ((CHEAP, B), (SECOND, A), (THIRD, A))
    }
    replies[FRONTIER.model] = Reply.stream(anthropic_stream([FRONT]))
    with answering(replies) as server:
        yield replace(wired(tmp_path, server, SECOND, THIRD), lot=0.01)


async def refused(services: Services) -> int:
    """Ask a prompt that is drawn as a check; return its number."""
    heard: list[TurnEvent] = []
    turn = await services.router.ask(prompt_of(PROMPT), heard.append)
    assert [event.problem.kind for event in heard if isinstance(event, NotSaved)] == ["disk_full"]
    return turn.id


def test_a_check_is_shown_and_voted_on_once_the_disk_has_room_again(
    stage: Stage, disk: FullDisk
) -> None:
    async def work(services: Services) -> tuple[Turn, Turn]:
        turn_id = await refused(services)
        held = await services.archive.show(turn_id)
        assert held.held_back
        with pytest.raises(InputError, match="what its models found is not stored") as error:
            await services.votes.cast(turn_id, "equal")
        assert "Make room on the disk" in error.value.problem.next_step
        disk.full = False
        return await services.archive.show(turn_id), await services.votes.cast(turn_id, "equal")

    shown, voted = on(stage, work)
    assert shown.votable
    assert [answer.text for answer in shown.shown] == [A, FRONT]
    assert voted.told is not None
    assert voted.told.because[0].startswith("Two models agree on 18 March")


@pytest.mark.parametrize("by", ["the list of History", "the checks that wait", "the next look"])
def test_it_is_stored_by_whatever_comes_next(stage: Stage, disk: FullDisk, by: str) -> None:
    async def work(services: Services) -> Turn | None:
        turn_id = await refused(services)
        disk.full = False
        match by:
            case "the list of History":
                await services.archive.page(HistoryQuery())
            case "the checks that wait":
                await services.archive.spot_checks_waiting(await services.models.pair())
            case _:
                await services.router.ask(prompt_of(PROMPT), lambda _event: None)
        return await services.store(lambda history: history.turn(turn_id))

    turn = on(stage, work)
    assert turn is not None
    assert turn.votable


def test_a_prompt_that_was_deleted_meanwhile_is_not_tried_again(
    stage: Stage, disk: FullDisk
) -> None:
    async def work(services: Services) -> int:
        turn_id = await refused(services)
        await services.store(lambda history: history.delete_turn(turn_id))
        disk.full = False
        await services.archive.page(HistoryQuery())
        disk.full, before = True, disk.refused
        await services.archive.page(HistoryQuery())
        return disk.refused - before

    assert on(stage, work) == 0
