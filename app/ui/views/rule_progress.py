"""Before there are enough votes: how many there are, and the two ways to more."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.domain.routing.overview import RuleOverview
from app.domain.words import counted
from app.ui.theme import current
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import Label
from app.ui.widgets.number_box import NumberBox
from app.ui.widgets.rail import ROOMS

_BAR_PX = 6


class ProgressCard(QFrame):
    """How many votes there are, how many are missing, and the two ways to get them.

    Signals:
        acted(str): the view in which votes are gathered: calibrate or compare.
        offered_from(int): from how many votes auto-route is to be offered.
    """

    acted = Signal(str)
    offered_from = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.text = Label("", "muted", wrap=True)
        # The rail tells whether this window has such a room.
        self.calibrate = Button("Start a calibration run", "primary", self)
        self.calibrate.setVisible(any(room.name == "calibrate" for room in ROOMS))
        self.calibrate.clicked.connect(self._calibrate)
        self.compare = Button("Compare a prompt", parent=self)
        self.compare.clicked.connect(self._compare)
        self.needed = NumberBox(
            20, 500, "Auto-route is offered from so many votes", self, after=" votes"
        )
        self.needed.chosen.connect(self.offered_from)
        foot = QWidget(self)
        flow = FlowRow(foot, spacing=8)
        for widget in (self.calibrate, self.compare):
            flow.addWidget(widget)
        flow.addWidget(Label("  auto-route is offered from", "muted"))
        flow.addWidget(self.needed)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        for row in (self.title, self.bar, self.text, foot):
            box.addWidget(row)

    def show_overview(self, overview: RuleOverview) -> None:
        """Show how far the votes go."""
        needed = overview.votes_needed
        self.needed.show_number(needed)
        none = not overview.votes_used and not overview.left_out
        self.title.setText(
            "Your rule has no votes yet"
            if none
            else f"Not enough votes yet: {overview.calibrating:,} of about {needed:,}"
        )
        self.bar.setRange(0, needed)
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.setValue(min(overview.calibrating, needed))
        self.bar.setAccessibleName(self.title.text())
        self.text.setText(_NO_VOTES.format(needed=needed) if none else _some_votes(overview))

    @Slot()
    def _calibrate(self) -> None:
        self.acted.emit("calibrate")

    @Slot()
    def _compare(self) -> None:
        self.acted.emit("compare")


_NO_VOTES = (
    "Ask your own prompts of both models and vote, blind. From about {needed:,} blind votes the "
    "rule can tell which prompts the cheap model answers well enough for you, says how sure that "
    "is, and sends the rest to the frontier. Until then it sends nothing by itself."
)


def _some_votes(overview: RuleOverview) -> str:
    said = f"About {counted(overview.missing, 'more blind vote')} and the rule may decide."
    return f"{said} Until then it sends nothing by itself; what your votes say so far stands below."
