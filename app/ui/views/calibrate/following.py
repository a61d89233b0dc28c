"""What is known of calibration runs: read, then heard of while they are asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.calibration.run import Run, RunState
from app.domain.model import Pair
from app.services.container import Services
from app.ui.bridge import Bridge

LOOK_AGAIN_MS = 2_000


@dataclass(frozen=True, slots=True)
class KnownRuns:
    """All runs, newest first. `here` are the ids of those that this program asks for."""

    runs: tuple[Run, ...]
    here: frozenset[int]
    pair: Pair

    def named(self, name: str) -> Run | None:
        """Return the run of that name, as it was last heard of."""
        return next((run for run in self.runs if run.name == name), None)

    def further(self, run: Run) -> KnownRuns:
        """Return the same, with a run as it is now."""
        runs = tuple(run if old.id == run.id else old for old in self.runs)
        asked = run.state is RunState.RUNNING
        return replace(
            self, runs=runs, here=self.here | {run.id} if asked else self.here - {run.id}
        )


class FollowedRuns(QObject):
    """Reads the runs, and hears of those that this program asks for.

    Signals:
        read(KnownRuns): all runs were read anew.
        heard(Run): a run that this program asks for has come further.
        worth_a_look(): a run that another window asks for may have come further.
        went_wrong(Problem): something to tell the user.
    """

    read = Signal(object)
    heard = Signal(object)
    worth_a_look = Signal()
    went_wrong = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.known: KnownRuns | None = None
        self._listening = False
        self._waiting = False
        self._again = QTimer(self)
        self._again.setInterval(LOOK_AGAIN_MS)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self.worth_a_look)

    def look(self) -> None:
        """Read the runs anew, and listen from now on."""
        if not self._listening:
            self._listening = True
            heard = self._bridge.reporter(self._hear)
            failed = self._bridge.reporter(self.went_wrong.emit)

            async def listen(services: Services) -> None:
                services.calibrations.listen(heard, failed)

            self._bridge.run(listen)
        self._bridge.run(_read, self.take, self.went_wrong.emit)

    def look_again(self) -> None:
        """Say after a while that a look is worth it: another window cannot tell this one."""
        self._again.start()

    def take(self, known: KnownRuns) -> None:
        """Know what was read."""
        self.known = known
        if known.here:
            self._keep_listening()
        self.read.emit(known)

    def _hear(self, run: Run) -> None:
        """Take what the engine tells of a run that it asks for."""
        if self.known is not None:
            self.known = self.known.further(run)
            self.heard.emit(run)

    def _keep_listening(self) -> None:
        """Keep the bridge's frames going while a run is asked: nobody waits for what it tells."""
        if not self._waiting:
            self._waiting = True
            self._bridge.run(lambda services: services.calibrations.wait(), self._ended)

    @Slot(object)
    def _ended(self, _done: None) -> None:
        self._waiting = False
        if self.known is not None and self.known.here:
            # Nothing is asked any more, yet the runs say so: what was read while one still went on
            # has come after its own last word.
            self.look()


async def _read(services: Services) -> KnownRuns:
    runs = tuple(await services.calibrations.all())
    here = frozenset(run.id for run in runs if services.calibrations.running_here(run))
    return KnownRuns(runs, here, await services.models.pair())
