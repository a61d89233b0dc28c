"""What every view has in common."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.bridge import Bridge


class View(QWidget):
    """One room of the window.

    Signals:
        went_wrong(Problem): something to tell the user in the window's own banner.
        go_to(str): the name of the view to open: compare, history, savings, rule, calibrate,
            settings.
        prefilled(str): a prompt to put into the composer of Compare.
        continue_wanted(int, int): a turn and its answer, which the next prompt is to continue.
        turn_wanted(int): a turn to open in History.
    """

    went_wrong = Signal(object)
    go_to = Signal(str)
    prefilled = Signal(str)
    continue_wanted = Signal(int, int)
    turn_wanted = Signal(int)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge

    def entered(self) -> None:
        """Refresh what is shown; called each time the view is opened."""
