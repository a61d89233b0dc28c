"""What a program that died left behind: its broken answers are given a cost, as far as one can."""

from __future__ import annotations

import logging
from dataclasses import replace

from app.domain.answer import Answer
from app.domain.conversation import Prompt
from app.domain.money import Certainty
from app.services.billing import Billing, Requests
from app.services.ports import History

_log = logging.getLogger(__name__)


def reckon(history: History, billing: Billing) -> None:
    """Estimate what answers cost that broke off with the program, from what was kept. Blocking.

    Whether the provider went on writing and billed it nobody here can know. What goes wrong is
    logged: it must not keep the history from being opened.
    """
    try:
        for turn_id in history.unreckoned():
            turn = history.turn(turn_id)
            for answer in turn.answers if turn is not None else ():
                if turn is not None and _broke_off(answer):
                    history.finish_answer(_estimated(billing, turn.prompt, answer), ())
    except Exception as error:  # noqa: BLE001 - an estimate is worth less than the history
        _log.warning("broken answers were not given a cost: %s", type(error).__name__)


def _broke_off(answer: Answer) -> bool:
    ended = answer.problem is not None and answer.problem.kind == "app_ended"
    return ended and answer.cost.certainty is Certainty.UNKNOWN


def _estimated(billing: Billing, prompt: Prompt, answer: Answer) -> Answer:
    bill = billing.bill(prompt, answer, None, Requests(asked_at=answer.sent_at))
    # Where no price is known, what was held for it is still the best that a budget can count.
    held = answer.held if bill.cost.certainty is Certainty.UNKNOWN else None
    return replace(answer, cost=bill.cost, price=bill.price, held=held)
