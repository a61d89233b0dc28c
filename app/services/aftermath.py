"""What a program that died left behind: its broken answers are given a cost, as far as one can."""

from __future__ import annotations

import logging

from app.domain.answer import Answer
from app.domain.money import Certainty
from app.services.billing import Billing
from app.services.ports import History

_log = logging.getLogger(__name__)


def reckon(history: History, billing: Billing) -> None:
    """Estimate what answers cost that broke off with the program, from what was kept. Blocking.

    What goes wrong is logged: it must not keep the history from being opened.
    """
    try:
        for turn_id in history.unreckoned():
            turn = history.turn(turn_id)
            for answer in turn.answers if turn is not None else ():
                if turn is not None and _broke_off(answer):
                    history.finish_answer(billing.estimated(turn.prompt, answer, turn.asked_at), ())
    except Exception as error:  # noqa: BLE001 - an estimate is worth less than the history
        _log.warning("broken answers were not given a cost: %s", type(error).__name__)


def _broke_off(answer: Answer) -> bool:
    ended = answer.problem is not None and answer.problem.kind == "app_ended"
    return ended and answer.cost.certainty is Certainty.UNKNOWN
