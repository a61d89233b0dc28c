"""Decisions that the disk refused: kept in memory, and tried again while the app runs."""

from __future__ import annotations

import logging

from app.domain.errors import NotFoundError, StorageError
from app.domain.routing.decision import Decision
from app.services.store import Store

_log = logging.getLogger(__name__)


class Decisions:
    """Stores what came of second looks; what is not stored holds a spot check's answers back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owed: dict[int, Decision] = {}  # by turn

    async def keep(self, turn_id: int, decision: Decision) -> None:
        """Store a decision; StorageError where the disk refuses, and it is tried again later."""
        self._owed[turn_id] = decision
        await self._try(turn_id)
        await self.try_again()

    async def try_again(self) -> None:
        """Store what was refused before, as far as the disk lets it."""
        for turn_id in tuple(self._owed):
            try:
                await self._try(turn_id)
            except StorageError as error:
                _log.warning("a decision is still not stored: %s", error.problem.kind)
                return

    async def _try(self, turn_id: int) -> None:
        decision = self._owed.get(turn_id)
        if decision is None:
            return
        try:
            await self._store(lambda history: history.add_decision(turn_id, decision))
        except NotFoundError:
            _log.info("the turn of a decision was deleted before it could be stored")
        if self._owed.get(turn_id) is decision:
            del self._owed[turn_id]
