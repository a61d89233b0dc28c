"""What the history says of a turn beside its answers: why it went where it went, or why no vote."""

from __future__ import annotations

from app.domain.answer import AnswerState
from app.domain.turn import Turn, TurnMode
from app.ui.views.turns.notices import Notice, headline, revealed
from app.ui.views.turns.second_look import headline as headline_of
from app.ui.views.turns.second_look import is_second_look, left_off


def votable(turn: Turn) -> bool:
    """Return whether a vote can be cast on this turn now."""
    standing = turn.standing
    return turn.votable if standing is None else standing.complete


def why_no_vote(turn: Turn) -> str:
    """Return why nothing can be voted on."""
    every = (*turn.answers, *turn.beside)
    if turn.held_back or any(answer.state is AnswerState.STREAMING for answer in every):
        return "Still being answered"
    if turn.mode is TurnMode.ROUTED:
        return "No vote: the answer is not complete"
    return "No vote: not both answers are complete"


def story(turn: Turn) -> Notice | None:
    """Return the sentence above the answers, or None where there is nothing to say.

    It tells where a prompt went with the first reason, or what the vote revealed.
    A blind comparison tells nothing before its vote, not even what the rule thought.
    """
    if not turn.revealed:
        return None
    decision = turn.decision
    if decision is not None and is_second_look(decision) and turn.mode is TurnMode.ROUTED:
        told, text = headline_of(decision, sent=True) if decision.looked else left_off(decision)
        return Notice(told, text, (("why", "Why?"),))
    compared = turn.mode is not TurnMode.ROUTED and turn.votable and turn.vote is not None
    if compared and (decision is None or turn.mode is TurnMode.BLIND):
        return revealed(turn)
    if decision is not None and (decision.role is not None or decision.spot_check):
        told = headline(decision, turn.mode)
        return Notice(told, " ".join(decision.because[:1]), (("why", "Why?"),))
    return None
