"""What a program that died left behind, mended as far as one can.

Broken answers are given a cost. A second look that had all its answers is decided by them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from app.domain.answer import Answer
from app.domain.model import Role
from app.domain.money import Certainty
from app.domain.routing.decision import Decision
from app.domain.routing.second_look_ends import broken_off, held_back, never_taken, went_on
from app.domain.turn import Turn, TurnMode
from app.services.billing import Billing
from app.services.ports.history import History
from app.services.thread import with_earlier

T = TypeVar("T")
_log = logging.getLogger(__name__)


def reckon(history: History, billing: Billing) -> None:
    """Estimate what answers cost that broke off with the program, from what was kept. Blocking.

    What goes wrong is logged: it must keep neither the history from being opened, nor another
    answer from its cost.
    """
    for turn_id in _tried(history.unreckoned) or ():
        _tried(partial(_reckon, history, billing, turn_id))


def settle(history: History) -> None:
    """Decide the second looks that died between their last answer and what follows. Blocking.

    What had been received is compared as it would have been; nothing is sent. Without that a spot
    check would hold its answers back for ever. What goes wrong is logged, as in `reckon`.
    """
    for turn_id in _tried(history.undecided) or ():
        _tried(partial(_settle, history, turn_id))


def _settle(history: History, turn_id: int) -> None:
    turn = history.turn(turn_id)
    found = None if turn is None else settled(turn)
    if found is not None:
        history.add_decision(turn_id, found)


def settled(turn: Turn) -> Decision | None:
    """Return what follows from a look's answers if nothing more is asked; None where nothing does.

    A check with an answer that broke off stays untaken: it is told openly, and measures nothing.
    So does a look that was voted on, where another answer than the one judged would have to stand.
    """
    decision, cheap = turn.decision, turn.answer(Role.CHEAP)
    if decision is None or cheap is None or not turn.beside or never_taken(decision):
        return None
    unasked = turn.answer(Role.FRONTIER) is None
    if decision.looked:
        return held_back(decision) if unasked and went_on(decision) else None
    answers = (cheap, *turn.beside)
    broke_off = any(_ended_with_app(answer) for answer in (*turn.answers, *turn.beside))
    if broke_off and turn.mode is not TurnMode.ROUTED:
        return None
    # What reads answers is much code, and hardly any start needs it.
    from app.domain.routing.second_look import looked
    from app.domain.substance import checkable

    check = checkable(turn.prompt.text, attached=bool(turn.prompt.attachments))
    if check is None:  # this version reads the prompt otherwise than the one that asked it
        return broken_off(decision)
    found = looked(decision, answers, check)
    if turn.votes and found.stands:
        return broken_off(decision)
    return held_back(found) if unasked and went_on(found) else found


def _tried(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - an estimate is worth less than the history
        _log.warning("what a dead program left was not mended: %s", type(error).__name__)
        return None


def _reckon(history: History, billing: Billing, turn_id: int) -> None:
    turn = history.turn(turn_id)
    if turn is None:
        return
    # What it continued was read too, and is paid for.
    turn = with_earlier(history, turn)
    for answer in (*turn.answers, *turn.earlier, *turn.beside):
        if _broke_off(answer):
            history.finish_answer(billing.estimated(turn.prompt, answer, turn.asked_at), ())


def _broke_off(answer: Answer) -> bool:
    return _ended_with_app(answer) and answer.cost.certainty is Certainty.UNKNOWN


def _ended_with_app(answer: Answer) -> bool:
    return answer.problem is not None and answer.problem.kind == "app_ended"
