"""A turn of a second look with three: whose answer is judged, and when anything may be shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.errors import Problem
from app.domain.model import Role
from app.domain.reveal import reveal
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.second_look_ends import UNFINISHED_OF_THREE
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Vote, VoteKind
from tests.fakes.history_samples import turn as sample
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD

DONE, RUNS = AnswerState.COMPLETE, AnswerState.STREAMING


def look(
    mode: TurnMode, decision: Decision, states: tuple[AnswerState, ...] = (DONE, DONE, DONE, DONE)
) -> Turn:
    """Return a turn of a cheap and a frontier answer with two beside; states in that order."""
    models = (CHEAP, FRONTIER, SECOND, THIRD)
    first, front, second, third = (
        Answer(model.role, model, state, f"{model.name} said", id=place + 1)
        for place, (model, state) in enumerate(zip(models, states, strict=True))
    )
    asked = sample(mode=mode, answers=(first, front))
    return replace(asked, beside=(second, third), decision=decision)


PLANNED = Decision(Role.CHEAP, Basis.SECOND_LOOK, spot_check=True, others=("two", "three"))
OTHERS = replace(PLANNED, looked=True, stands=1)
FIRST = replace(PLANNED, looked=True)


@pytest.mark.parametrize(("decision", "judged"), [(FIRST, CHEAP), (OTHERS, SECOND)])
def test_what_stands_is_what_is_judged_beside_the_frontier(
    decision: Decision, judged: object
) -> None:
    turn = look(TurnMode.BLIND, decision)
    assert [answer.model for answer in turn.shown] == [judged, FRONTIER]
    assert turn.votable
    assert not turn.revealed


def test_a_first_answer_that_failed_does_not_end_blindness_where_the_others_agree() -> None:
    turn = look(TurnMode.BLIND, OTHERS, (AnswerState.FAILED, DONE, DONE, DONE))
    assert turn.votable
    assert not turn.revealed


@pytest.mark.parametrize("which", range(4))
def test_until_all_have_ended_nothing_is_shown_or_voted_on(which: int) -> None:
    states = tuple(RUNS if place == which else DONE for place in range(4))
    turn = look(TurnMode.BLIND, PLANNED, states)
    assert turn.held_back
    assert not turn.votable
    assert not turn.revealed


def test_between_the_last_answer_and_the_decision_nothing_is_shown_either() -> None:
    for first in (DONE, AnswerState.FAILED):
        turn = look(TurnMode.BLIND, PLANNED, (first, DONE, DONE, DONE))
        assert turn.held_back
        assert not turn.votable
        assert not turn.revealed


def test_a_look_that_was_stopped_or_died_keeps_nobody_waiting() -> None:
    stopped = replace(PLANNED, because=(UNFINISHED_OF_THREE,))
    turn = look(TurnMode.BLIND, stopped, (DONE, DONE, AnswerState.STOPPED, DONE))
    assert turn.votable
    died = look(TurnMode.BLIND, PLANNED, (AnswerState.INCOMPLETE, DONE, DONE, DONE))
    problem = Problem("app_ended", "The app ended.", "Ask again.")
    ended = replace(died.answers[0], problem=problem)
    died = replace(died, answers=(ended, died.answers[1]))
    assert died.revealed
    assert not died.votable


def test_with_two_models_nothing_waits_for_the_second_one() -> None:
    turn = look(TurnMode.BLIND, PLANNED, (DONE, DONE, RUNS, DONE))
    two = replace(turn, beside=turn.beside[:1])
    assert two.votable
    assert not two.held_back


def test_one_routed_answer_stands_the_frontiers_where_it_was_asked() -> None:
    turn = look(TurnMode.ROUTED, OTHERS)
    assert turn.standing is not None
    assert turn.standing.model == FRONTIER
    alone = replace(turn, answers=turn.answers[:1])
    assert alone.standing is not None
    assert alone.standing.model == SECOND
    first = replace(alone, decision=FIRST)
    assert first.standing is not None
    assert first.standing.model == CHEAP


def test_the_reveal_names_the_model_whose_answer_it_was() -> None:
    turn = look(TurnMode.BLIND, OTHERS)
    vote = Vote(Choice.CHEAP, VoteKind.BLIND)
    assert reveal(replace(turn, votes=(vote,))).headline == "B was another cheap model."
    first = look(TurnMode.BLIND, FIRST)
    assert reveal(replace(first, votes=(vote,))).headline == "B was the cheap model."
