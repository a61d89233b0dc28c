"""Writes what happens: the prompt before it is sent, text each second, the end at once."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from app.domain.answer import Answer
from app.domain.conversation import clean
from app.domain.errors import StorageError
from app.domain.events import ReasoningArrived, StreamEvent, TextArrived
from app.domain.turn import Turn
from app.services.ports.spending import SpendingCheck
from app.services.send import Sent
from app.services.store import Store

FLUSH_S = 1.0
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Draft:
    """What one answer has said and not yet written."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    changed: bool = False


class Recorder:
    """Hears the same events as the window and keeps them."""

    def __init__(self, store: Store, flush_s: float = FLUSH_S) -> None:
        self._store = store
        self._flush_s = flush_s
        self._drafts: dict[int, _Draft] = {}

    async def begin(self, turn: Turn, spending: SpendingCheck | None = None) -> Turn:
        """Store the prompt durably, before anything is sent; raises what `spending` says."""
        return await self._store(lambda history: history.begin_turn(turn, spending))

    async def add_answer(
        self, turn_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer:
        """Store the place of one more answer to a turn; raises what `spending` says."""
        return await self._store(lambda history: history.add_answer(turn_id, answer, spending))

    def hear(self, answer_id: int, event: StreamEvent) -> None:
        """Note what arrived; it is written within about a second."""
        draft = self._drafts.setdefault(answer_id, _Draft())
        if isinstance(event, TextArrived):
            draft.text.append(event.text)
            draft.changed = True
        elif isinstance(event, ReasoningArrived):
            draft.reasoning.append(event.text)
            draft.changed = True

    async def keep_writing(self) -> None:
        """Write drafts about once a second until cancelled; a failing disk is tried again."""
        while True:
            await asyncio.sleep(self._flush_s)
            for answer_id, draft in list(self._drafts.items()):
                if draft.changed:
                    await self._flush(answer_id, draft)

    async def _flush(self, answer_id: int, draft: _Draft) -> None:
        draft.changed = False
        draft.text[:] = ["".join(draft.text)]
        draft.reasoning[:] = ["".join(draft.reasoning)]
        text, reasoning = clean(draft.text[0]), clean(draft.reasoning[0])
        try:
            await self._store(lambda history: history.save_partial(answer_id, text, reasoning))
        except StorageError as error:
            # The finished answer is written again, and that failure is shown to the user.
            _log.warning("partial answer not written: %s", error.problem.kind)
            draft.changed = True

    async def finish(self, sent: Sent) -> None:
        """Store an answer's end durably; StorageError if the disk refuses it."""
        self._drafts.pop(sent.answer.id, None)
        await self._store(lambda history: history.finish_answer(sent.answer, sent.attempts))
