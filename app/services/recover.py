"""After a crash: what was arriving is marked as incomplete, and its cost estimated."""

from __future__ import annotations

import logging

from app.domain.answer import Answer
from app.domain.turn import Turn
from app.services.ports import History
from app.services.send import Sender
from app.services.thread import with_earlier

_log = logging.getLogger(__name__)


def recover(history: History, sender: Sender) -> int:
    """Mark what dead programs were streaming, each with an estimated cost; return how many.

    Done while the history is opened, in its own thread: whoever reads it finds mark and cost
    together. Where there is nothing to mend, nothing is counted or priced. Blocking.
    """

    def reckon(turn: Turn, answer: Answer) -> Answer:
        try:
            return sender.estimate(with_earlier(history, turn).prompt, answer)
        except Exception as error:  # noqa: BLE001 - an unknown cost must not keep the history shut
            _log.warning("the cost of a lost answer is not known: %s", type(error).__name__)
            return answer

    return history.recover(reckon)
