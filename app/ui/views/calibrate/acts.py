"""What can be done with a calibration run, from asking to deleting it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.domain.errors import Problem
from app.domain.money import Money
from app.services.container import Services
from app.ui.bridge import Bridge


class RunActs(QObject):
    """Asks the engine for one thing at a time, by the run's name.

    Signals:
        changed(): it is done; the runs are to be read anew.
        exported(str): a report was written to a file of that name.
        went_wrong(Problem): it is not done, and why.
    """

    changed = Signal()
    exported = Signal(str)
    went_wrong = Signal(object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    def start(self, name: str, limit: Money | None = None) -> None:
        """Ask what has not been asked, in the background; where one is given, under that limit."""

        async def start(services: Services) -> None:
            if limit is not None:
                await services.calibrations.limit(name, limit)
            await services.calibrations.start(name)

        self._do(start)

    def pause(self, name: str) -> None:
        """Let nothing more be asked."""
        self._do(lambda services: services.calibrations.pause(name))

    def look(self, name: str) -> None:
        """Count before the voting has ended; that it was looked at is noted."""
        self._do(lambda services: services.calibrations.report(name))

    def end_voting(self, name: str) -> None:
        """Let no more votes be cast, and name the models."""
        self._do(lambda services: services.calibrations.end_voting(name))

    def export(self, name: str, path: Path, paper: str) -> None:
        """Write the report as a PDF, on `a4` or `letter`."""

        def written(_done: None) -> None:
            self.exported.emit(path.name)

        self._bridge.run(
            lambda services: services.calibrations.print_report(name, path, paper),
            written,
            self._refused,
        )

    def delete(self, name: str) -> None:
        """Delete the run with its list and report; what was asked stays."""
        self._do(lambda services: services.calibrations.delete(name))

    def _do(self, work: Callable[[Services], Awaitable[object]]) -> None:
        self._bridge.save(work, self._done, self._refused)

    def _done(self, _result: object) -> None:
        self.changed.emit()

    def _refused(self, problem: Problem) -> None:
        self.went_wrong.emit(problem)
