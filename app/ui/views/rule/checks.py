"""Spot checks: how often one is drawn, and those that wait for a vote."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.domain.routing.spot_check import PATIENCE
from app.domain.words import counted
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import Label
from app.ui.widgets.number_box import NumberBox

FEWEST, MOST = 100, 4  # one in so many; the service takes no other


class SpotCheckCard(QFrame):
    """Says how many routed prompts are checked, and opens the desk for those that wait.

    Signals:
        chance_chosen(float): the chance (0..1) of a spot check is to be this.
        desk_wanted(): the checks that wait are to be voted on.
    """

    chance_chosen = Signal(float)
    desk_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAccessibleName("Spot checks")
        title = QLabel("Spot checks")
        title.setProperty("role", "title")
        self.one_in = NumberBox(
            MOST, FEWEST, "Spot checks: one in how many routed prompts", self, before="1 in "
        )
        self.one_in.chosen.connect(self._choose)
        line = QWidget(self)
        flow = FlowRow(line, spacing=6)
        flow.addWidget(self.one_in)
        flow.addWidget(Label("routed prompts is also asked of the other model, blind", parent=line))
        self.waiting = Label("", parent=self)
        self.vote = Button("", "primary", self)
        self.vote.clicked.connect(self.desk_wanted)
        self._foot = Label(
            "They measure whether your limit holds, without bias: the lot decides, not you. One "
            f"that is not voted on within {PATIENCE.days} days counts as a loss.",
            "muted", self, wrap=True,
        )  # fmt: skip
        row = QWidget(self)
        vote = FlowRow(row, spacing=12)
        vote.addWidget(self.waiting)
        vote.addWidget(self.vote)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(6)
        for widget in (title, line, self._foot, row):
            box.addWidget(widget)

    def show_checks(self, chance: float, waiting: int) -> None:
        """Show the chance in force (0..1) and how many wait for a vote."""
        self.one_in.show_number(round(1 / chance))
        if waiting:
            verb = "waits" if waiting == 1 else "wait"
            self.waiting.setText(f"{counted(waiting, 'spot check')} {verb} for your vote.")
            self.vote.setText("Vote on it" if waiting == 1 else "Vote on them")
            self.vote.setAccessibleName(f"Vote on {counted(waiting, 'spot check')}")
        else:
            self.waiting.setText("None waits for your vote.")
        self.vote.setVisible(bool(waiting))

    @Slot(int)
    def _choose(self, one_in: int) -> None:
        self.chance_chosen.emit(1 / one_in)
