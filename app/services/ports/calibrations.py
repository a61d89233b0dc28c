"""What a calibration run asks of the history."""

from __future__ import annotations

from typing import Protocol

from app.domain.answer import Answer
from app.domain.calibration.run import Pause, Run, RunState
from app.domain.money import Money
from app.domain.turn import Turn
from app.services.ports.spending import SpendingCheck


class CalibrationHistory(Protocol):
    """Calibration runs, as the history keeps them. Blocking; each method is one transaction.

    NotFoundError when a run is gone; StorageError in words.
    """

    def add_calibration(self, run: Run) -> Run:
        """Store a fixed list and return it with ids; InputError when the name is in use."""
        ...

    def calibrations(self) -> list[Run]:
        """Return every run with its items, the newest first."""
        ...

    def calibration(self, name: str) -> Run | None:
        """Return the run of that name (case-insensitive), or None."""
        ...

    def claim_calibration(self, run_id: int) -> None:
        """Take a run for this program, to ask its prompts.

        InputError when another living program asks for it, or its voting has ended.
        """
        ...

    def begin_item(
        self, run_id: int, item_id: int, turn: Turn, spending: SpendingCheck | None = None
    ) -> Turn | None:
        """Store an item's turn as `begin_turn` does and tie it to the item, both or neither.

        None where the item was asked before, or the run was paused or is not this program's.
        """
        ...

    def begin_side(
        self, run_id: int, item_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer | None:
        """Store one more attempt of a side that did not end well; returns it with its id.

        None where that side is answered or being answered, or the run may not go on.
        """
        ...

    def pause_calibration(self, run_id: int, why: Pause) -> None:
        """Let a running run begin nothing more, whichever program asks for it."""
        ...

    def release_calibration(self, run_id: int, state: RunState, why: Pause | None) -> None:
        """Let go of a run, in that state, or paused where `why` says so or it was meanwhile."""
        ...

    def limit_calibration(self, run_id: int, limit: Money | None) -> None:
        """Change what a run may spend."""
        ...

    def skip_item(self, item_id: int) -> None:
        """Note that the vote on an item was put off."""
        ...

    def see_calibration(self, run_id: int) -> None:
        """Note that the count by model is looked at now, if it was not before."""
        ...

    def close_calibration(self, run_id: int) -> None:
        """Note that the voting is ended now, if it was not before."""
        ...

    def delete_calibration(self, run_id: int) -> None:
        """Delete a run and its list, overwritten; the turns that were asked stay."""
        ...
