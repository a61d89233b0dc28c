"""Before there are enough votes: how many there are, and the two ways to more."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.domain.routing.overview import RuleOverview
from app.domain.routing.standing import Standing, standing
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
        acted(str): the view in which votes are gathered in one sitting: calibrate.
        routing_wanted(): auto-route is to be switched on, and asks for votes as one works.
        offered_from(int): from how many votes auto-route is to be offered.
    """

    acted = Signal(str)
    routing_wanted = Signal()
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
        self.route = Button("Switch auto-route on", parent=self)
        self.route.setToolTip("Until there are enough votes it asks both models, blind")
        self.route.clicked.connect(self.routing_wanted)
        self.needed = NumberBox(
            20, 500, "Auto-route is offered from so many votes", self, after=" votes"
        )
        self.needed.chosen.connect(self.offered_from)
        foot = QWidget(self)
        flow = FlowRow(foot, spacing=8)
        for widget in (self.calibrate, self.route):
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
        self.title.setText(_title(overview))
        self.bar.setRange(0, needed)
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.setValue(min(overview.calibrating, needed))
        self.bar.setAccessibleName(self.title.text())
        self.text.setText(_text(overview))

    @Slot()
    def _calibrate(self) -> None:
        self.acted.emit("calibrate")


def _title(overview: RuleOverview) -> str:
    known = overview.votes_used or overview.calibrating or overview.outdated
    if not known and not overview.left_out:
        return "Your rule has no votes yet"
    votes = f"{overview.calibrating:,} of {overview.votes_needed:,}"
    if standing(overview) is Standing.LEARNING:
        return f"Not enough votes yet: {votes}"
    return f"Votes for a new promise: {votes}"


def _text(overview: RuleOverview) -> str:
    """Return how to get there; what ended an earlier promise stands in the strip above."""
    if not (overview.votes_used or overview.calibrating or overview.outdated):
        return _NO_VOTES.format(needed=counted(overview.votes_needed, "vote"))
    said = [overview.sentences[-1]]
    if overview.waiting:
        verb = "waits" if overview.waiting == 1 else "wait"
        # Not by lot: for as long as votes are missing each prompt is asked of both.
        said.append(f"{counted(overview.waiting, 'prompt')} asked of both {verb} for your vote.")
    said.append("Until then it sends nothing to cheap; what your votes say so far stands below.")
    return " ".join(said)


_NO_VOTES = (
    "Let a calibration run ask both models prompts of your own, or switch auto-route on, and vote, "
    "blind. From {needed} asked for at random the rule can tell which prompts the cheap model "
    "answers well enough for you, says how sure that is, and sends the rest to the frontier. Until "
    "then it sends nothing to cheap."
)
