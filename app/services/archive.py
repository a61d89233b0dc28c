"""History: find everything again, and delete one."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import InputError, NotFoundError
from app.domain.model import Pair
from app.domain.thread import Thread
from app.domain.turn import HistoryQuery, Turn, TurnMode, TurnRow
from app.services.decisions import Decisions
from app.services.store import Store
from app.services.thread import named_answer, thread_of


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of the list, and how many match in all."""

    rows: tuple[TurnRow, ...]
    matching: int


class Archive:
    """Reads what was recorded."""

    def __init__(self, store: Store, decisions: Decisions | None = None) -> None:
        self._store = store
        self._decisions = decisions

    async def _try_again(self) -> None:
        # A decision that the disk refused holds answers back that could be told and voted on.
        if self._decisions is not None:
            await self._decisions.try_again()

    async def page(self, query: HistoryQuery) -> HistoryPage:
        """Return a page, newest first."""
        await self._try_again()
        rows = await self._store(lambda history: history.page(query))
        matching = await self._store(lambda history: history.count(query))
        return HistoryPage(tuple(rows), matching)

    async def show(self, turn_id: int) -> Turn:
        """Return a whole turn; NotFoundError if there is none."""
        await self._try_again()
        turn = await self._store(lambda history: history.turn(turn_id))
        if turn is None:
            raise NotFoundError(
                f"There is no comparison {turn_id}.", "`history search` lists what there is."
            )
        return turn

    async def thread(self, turn_id: int, answer_id: int) -> Thread:
        """Return what a prompt sends along that continues an answer; InputError says why not."""
        return await self._store(lambda history: thread_of(history, turn_id, answer_id))

    async def thread_named(self, turn_id: int, word: str) -> Thread:
        """Return the same for a word: a side's role or letter; empty for the one that stands out.

        InputError says which there are; NotFoundError if there is no such comparison.
        """
        turn = await self.show(turn_id)
        return await self.thread(turn_id, named_answer(turn, word).id)

    async def continued_by(self, turn: Turn) -> Thread | None:
        """Return what a turn continued, or None: nothing, or what has been deleted since."""
        parent, answer_id = turn.parent_id, turn.continued_answer_id
        if parent is None or answer_id is None:
            return None
        try:
            return await self.thread(parent, answer_id)
        except InputError:
            return None

    async def delete(self, turn_id: int) -> None:
        """Delete a turn for good; NotFoundError if there is none."""
        await self.show(turn_id)
        await self._store(lambda history: history.delete_turn(turn_id))

    async def open_up(self, turn_id: int) -> None:
        """Let a routed turn count as an open comparison: the other model is asked too."""
        await self._store(lambda history: history.set_mode(turn_id, TurnMode.OPEN.value))

    async def spot_checks_waiting(self, pair: Pair) -> tuple[int, ...]:
        """Return the comparisons drawn as spot checks that wait for a vote, the oldest first."""
        await self._try_again()
        return tuple(await self._store(lambda history: history.spot_checks_waiting(pair.key)))
