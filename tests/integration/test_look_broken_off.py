"""A second look whose program dies between two steps: at the next opening nothing stays hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.answer import AnswerState
from app.domain.conversation import prompt_of
from app.domain.model import Role
from app.domain.routing.second_look_ends import BROKEN_OFF
from app.domain.turn import HistoryQuery, Turn
from app.domain.vote import Choice
from app.services.aftermath import settle
from app.services.ask import Asking
from app.services.container import Services
from app.services.second_look import SecondLook
from tests.fakes.fault_server import Reply
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Stage
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering, wired
from tests.fakes.working import on

PROMPT = "By what date must notice be served under clause 14.2?"
A, B, C, FRONT = "18 March", "8 March", "20 March", "19 March."


class Died(BaseException):
    """The program ends here, as a kill ends it: nothing after this is done."""


@pytest.fixture
def replies() -> dict[str, Reply]:
    return saying(B, A, A)


@pytest.fixture
def stage(tmp_path: Path, replies: dict[str, Reply]) -> Iterator[Stage]:
    with answering(replies) as server:
        yield wired(tmp_path, server, SECOND, THIRD)


def saying(*texts: str) -> dict[str, Reply]:
    said = {
        model.model: Reply.stream(openai_stream([text]))
        for model, text in zip((CHEAP, SECOND, THIRD), texts, strict=True)
    }
    return {**said, FRONTIER.model: Reply.stream(anthropic_stream([FRONT]))}


def dies(stage: Stage, monkeypatch: pytest.MonkeyPatch, room: type, step: str) -> None:
    """Ask, and let the program die where it would take that step."""

    async def die(*_given: object, **_named: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(room, step, die)
        with pytest.raises(Died):
            on(stage, lambda services: services.router.ask(prompt_of(PROMPT), lambda _event: None))


def arriving(stage: Stage, model: str) -> None:
    """Let a model's answer be one that a dead program was still receiving."""
    with closing(sqlite3.connect(stage.folder / "counterpart.db")) as file, file:
        file.execute(
            "UPDATE answer SET state = 'streaming', owner = 'gone-1' "
            "WHERE model_id IN (SELECT id FROM model WHERE name = ?)",
            (model,),
        )


def reopened(stage: Stage) -> Turn:
    """Open the history as bootstrap does and return its only turn."""
    history = stage.history()
    history.recover()
    settle(history)
    (row,) = history.page(HistoryQuery())
    turn = history.turn(row.id)
    history.close()
    assert turn is not None
    assert row.revealed == turn.revealed
    return turn


def test_a_spot_check_that_died_undecided_is_shown_whole_and_stays_blind(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = replace(stage, lot=0.01)
    dies(checked, monkeypatch, SecondLook, "_compared")
    turn = reopened(checked)
    assert not turn.held_back
    assert turn.votable
    assert not turn.revealed
    assert turn.told is None, "what the look found would tell which answer is which"
    assert [answer.text for answer in turn.shown] == [A, FRONT]

    async def vote(services: Services) -> tuple[tuple[int, ...], Turn]:
        pair = await services.models.pair()
        waiting = await services.archive.spot_checks_waiting(pair)
        voted = await services.votes.cast(turn.id, "equal")
        (lesson,) = await services.store(lambda history: history.lessons(pair.key))
        assert (lesson.agreed, lesson.of_pair) == (True, False)
        return waiting, voted

    waiting, voted = on(checked, vote)
    assert waiting == (turn.id,)
    assert voted.told is not None
    assert voted.told.because[0].startswith("Two models agree on 18 March, while Pebble Flash")


def test_a_routed_look_that_died_undecided_gives_the_answer_that_stands(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(stage, monkeypatch, SecondLook, "_compared")
    turn = reopened(stage)
    assert turn.standing is not None
    assert (turn.standing.model.name, turn.standing.text) == (SECOND.name, A)


@pytest.mark.parametrize(
    ("room", "step"), [(SecondLook, "_compared"), (Asking, "ask_also")], ids=["before", "after"]
)
def test_a_frontier_that_was_never_asked_is_not_said_to_have_been(
    stage: Stage,
    replies: dict[str, Reply],
    monkeypatch: pytest.MonkeyPatch,
    room: type,
    step: str,
) -> None:
    replies.update(saying(A, B, C))
    dies(stage, monkeypatch, room, step)
    turn = reopened(stage)
    assert turn.answer(Role.FRONTIER) is None
    assert turn.decision is not None
    assert turn.decision.looked
    assert turn.decision.because[0].endswith("so the frontier was to be asked; it was not.")
    assert reopened(stage) == turn, "a second opening finds nothing to mend"


def test_two_that_agree_stand_where_the_first_was_arriving_when_the_program_died(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(stage, monkeypatch, SecondLook, "_compared")
    arriving(stage, CHEAP.name)
    turn = reopened(stage)
    assert turn.answers[0].state is AnswerState.INCOMPLETE
    assert turn.standing is not None
    assert (turn.standing.model.name, turn.standing.text) == (SECOND.name, A)
    assert turn.decision is not None
    assert turn.decision.because[0] == (
        "Two models agree on 18 March, while Pebble Flash was cut off; agreement is not "
        "verification."
    )


def test_an_answer_that_was_rated_meanwhile_is_not_replaced_by_another(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(stage, monkeypatch, SecondLook, "_compared")
    on(stage, lambda services: services.votes.cast(1, "good_enough"))
    turn = reopened(stage)
    assert turn.standing is not None
    assert turn.standing.text == B
    assert turn.vote is not None
    assert turn.vote.choice is Choice.GOOD_ENOUGH
    assert turn.decision is not None
    assert turn.decision.because[0] == BROKEN_OFF


def test_a_check_whose_models_were_never_compared_is_not_counted_as_disagreement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = replace(stage, lot=0.01)
    dies(checked, monkeypatch, SecondLook, "_compared")

    arriving(checked, SECOND.name)
    turn = reopened(checked)
    assert turn.votable
    assert not turn.revealed

    async def vote(services: Services) -> tuple[int, int, int]:
        await services.votes.cast(1, "equal")
        overview = await services.rules.overview(await services.models.pair())
        return overview.second_looks, overview.votes_used, overview.calibrating

    assert on(checked, vote) == (0, 1, 0)


def test_a_look_that_another_program_may_still_be_taking_is_left_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    dies(stage, monkeypatch, SecondLook, "_compared")
    other = stage.history()
    try:
        turn = reopened(stage)
    finally:
        other.close()
    assert turn.decision is not None
    assert not turn.decision.looked
    found = reopened(stage).decision
    assert found is not None
    assert found.looked


def test_a_look_that_was_stopped_stays_stopped(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        return await services.router.ask(prompt_of(PROMPT), lambda _event: services.asking.stop())

    stopped = on(stage, work)
    assert reopened(stage).decision == stopped.decision
