"""The cards of My rule: the limit, the votes it rests on, and what holds until there are enough."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.domain.routing.overview import RuleOverview
from app.domain.vote import VoteKind
from app.domain.words import counted, limit_text
from app.ui.theme import current

_BAR_PX = 6
LIMITS = (0.02, 0.05, 0.10, 0.20, 0.25, 0.50)
_KINDS = {
    VoteKind.BLIND: "cast blind; these also measure the promise",
    VoteKind.OPEN: "cast with the names visible; they weigh half",
    VoteKind.SINGLE: "on one routed answer; they weigh little",
    VoteKind.CHANGED: "changed after the reveal; kept, never trained on",
}


def titled_card(title: str) -> tuple[QFrame, QVBoxLayout]:
    """Return an empty card with its title."""
    card = QFrame()
    card.setProperty("card", "true")
    card.setAccessibleName(title)
    label = QLabel(title)
    label.setProperty("role", "title")
    label.setWordWrap(True)
    box = QVBoxLayout(card)
    box.setContentsMargins(16, 12, 16, 12)
    box.setSpacing(6)
    box.addWidget(label)
    return card, box


class LimitCard(QFrame):
    """Asks how much may be lost.

    Signals:
        limit_chosen(float): the share of all prompts that may be lost, 0..1.
    """

    limit_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        title = QLabel(
            "How many of all your prompts may go to the cheap model and turn out better on the "
            "frontier?"
        )
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.said = QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(LIMITS) - 1)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName("Limit")
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self._choose)
        self.slider.actionTriggered.connect(self._stepped)
        self._stored = -1
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.said)
        foot = QHBoxLayout()
        for text in ("careful", "thrifty"):
            label = QLabel(text)
            label.setProperty("role", "muted")
            foot.addWidget(label)
            if text == "careful":
                foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 10, 16, 10)
        box.setSpacing(2)
        box.addLayout(head)
        box.addWidget(self.slider)
        box.addLayout(foot)

    def show_limit(self, limit: float) -> None:
        """Show the limit in force."""
        place = min(range(len(LIMITS)), key=lambda at: abs(LIMITS[at] - limit))
        self._stored = place
        self.slider.blockSignals(True)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self._tell(place, limit)

    @Slot(int)
    def _tell(self, place: int, limit: float | None = None) -> None:
        said = limit_text(limit if limit is not None else LIMITS[place])
        self.said.setText(f"at most <b>{said}</b> of all my prompts")
        self.slider.setAccessibleDescription(f"at most {said} of all my prompts")

    @Slot(int)
    def _stepped(self, _action: int) -> None:
        # By keys and clicks there is no release; the value arrives only after this signal.
        if not self.slider.isSliderDown():
            QTimer.singleShot(0, self, self._choose)

    @Slot()
    def _choose(self) -> None:
        if self.slider.value() != self._stored:
            self._stored = self.slider.value()
            self.limit_chosen.emit(LIMITS[self._stored])


class ProgressCard(QFrame):
    """How many votes there are, and how many are missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        for widget in (self.title, self.bar, self.text):
            box.addWidget(widget)

    def show_overview(self, overview: RuleOverview) -> None:
        """Show how far the votes go."""
        self.title.setText(
            f"Not enough votes yet: {overview.calibrating:,} of about {overview.votes_needed:,}"
        )
        self.bar.setRange(0, overview.votes_needed)
        self.bar.setFixedHeight(current().px(_BAR_PX))
        self.bar.setValue(min(overview.calibrating, overview.votes_needed))
        self.bar.setAccessibleName(self.title.text())
        self.text.setText(
            f"About {counted(overview.missing, 'more blind vote')} and the rule may decide. Until "
            "then it sends nothing by itself; what your votes say so far stands below."
        )


class VotesCard(QFrame):
    """Which votes the rule rests on, and which it leaves out, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        title = QLabel("The votes it rests on")
        title.setProperty("role", "title")
        self.used = QLabel()
        self.used.setWordWrap(True)
        self.left_out = QLabel()
        self.left_out.setProperty("role", "muted")
        self.left_out.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(6)
        for widget in (title, self.used, self.left_out):
            box.addWidget(widget)

    def show_overview(self, overview: RuleOverview) -> None:
        """Show the counts; every vote is in one of the two lists."""
        lines = [f"{number:,} {_KINDS[kind]}" for kind, number in overview.kinds]
        self.used.setText(
            "\n".join([f"{counted(overview.votes_used, 'vote')} used:", *lines])
            if overview.votes_used
            else "No vote is used yet."
        )
        out = [f"{number:,} {reason}" for reason, number in overview.left_out]
        total = sum(number for _, number in overview.left_out)
        self.left_out.setText("\n".join([f"{counted(total, 'vote')} left out:", *out]))
        self.left_out.setVisible(bool(out))


class UntilEnoughCard(QFrame):
    """What auto-route does before the rule knows enough.

    Signals:
        chosen(str): both or frontier.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        title = QLabel("Until there are enough votes, auto-route asks")
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.both = QRadioButton("Both models: you pay both, and each vote teaches the rule")
        self.frontier = QRadioButton("The frontier model only: one price, and nothing is learned")
        group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(4)
        box.addWidget(title)
        for button in (self.both, self.frontier):
            group.addButton(button)
            box.addWidget(button)
        self.both.clicked.connect(self._choose)
        self.frontier.clicked.connect(self._choose)

    def show_preference(self, until_enough: str) -> None:
        """Show the choice in force."""
        (self.frontier if until_enough == "frontier" else self.both).setChecked(True)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit("frontier" if self.frontier.isChecked() else "both")
