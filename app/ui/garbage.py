"""Frees what is no longer used in the thread that paints, and in no other.

Python looks for cycles of unused objects in whichever thread happens to allocate: the engine's, as
often as not. What it frees there may be Qt objects of the window. Their connections would then be
undone while the window makes others: PySide keeps them all in one table that is not guarded, and
the program can stand still for good.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 1_000


def collect_due() -> None:
    """Free what Python would have freed by itself by now, in the thread that calls."""
    thresholds = gc.get_threshold()
    for generation in reversed(range(len(thresholds))):
        if gc.get_count()[generation] > thresholds[generation]:
            gc.collect(generation)
            return


class MainThreadGarbage(QObject):
    """Takes over the collecting, from the moment it is made until `give_back`.

    Make it in the thread that paints.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by_itself = gc.isenabled()
        gc.disable()
        # What is loaded stays to the end: no later look need go through it.
        gc.freeze()
        self._settled = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        if self._settled:
            collect_due()
            return
        self._settled = True
        gc.collect(1)
        gc.freeze()  # and so do the services, which came after the first paint

    def give_back(self) -> None:
        """Let Python collect by itself again, if it did before."""
        self._timer.stop()
        gc.unfreeze()
        if self._by_itself:
            gc.enable()
