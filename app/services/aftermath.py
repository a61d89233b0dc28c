"""What a program that died left behind: its broken answers are given a cost, as far as one can."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from app.domain.answer import Answer
from app.domain.money import Certainty
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


def _tried(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - an estimate is worth less than the history
        _log.warning("broken answers were not given a cost: %s", type(error).__name__)
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
    ended = answer.problem is not None and answer.problem.kind == "app_ended"
    return ended and answer.cost.certainty is Certainty.UNKNOWN
