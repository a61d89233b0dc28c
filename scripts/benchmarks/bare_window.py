"""The floor that the start is measured against: a main window with nothing in it.

Run as a program with the name of a trace file; it writes one line there after its first paint.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class BareWindow(QMainWindow):
    """Tells the moment and the memory of its first paint, then goes on."""

    def __init__(self, trace: str) -> None:
        super().__init__()
        self._trace = trace

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint; once that is on the screen, tell, the first time only."""
        super().paintEvent(event)
        if self._trace:
            trace, self._trace = self._trace, ""
            QTimer.singleShot(0, lambda: self._tell(trace))

    def _tell(self, trace: str) -> None:
        from scripts.benchmarks.trace import write_event

        write_event(trace, "first_paint")


def main() -> int:
    """Show the window until the process is ended."""
    application = QApplication(sys.argv[:1])
    window = BareWindow(sys.argv[1])
    window.resize(1440, 900)
    window.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
