"""The smaller cards of My rule: the votes it rests on, and what holds until there are enough."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.routing.overview import RuleOverview
from app.domain.vote import VoteKind
from app.domain.words import counted
from app.ui.widgets.labels import Label

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
        lists = QHBoxLayout()
        lists.setSpacing(24)
        for words in (self.used, self.left_out):
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            lists.addWidget(words, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(6)
        box.addWidget(title)
        box.addLayout(lists)
        box.addStretch(1)

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
        self.both = QRadioButton("Both models, blind")
        self.frontier = QRadioButton("The frontier model only")
        group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(2)
        box.addWidget(title)
        for button, says in (
            (self.both, "You pay both, and each vote teaches the rule."),
            (self.frontier, "You pay one, and nothing is learned."),
        ):
            group.addButton(button)
            button.setAccessibleDescription(says)
            # A radio button's own words cannot wrap.
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(button)
            line.addWidget(Label(says, "muted", wrap=True), 1)
            box.addLayout(line)
        self.both.clicked.connect(self._choose)
        self.frontier.clicked.connect(self._choose)

    def show_preference(self, until_enough: str) -> None:
        """Show the choice in force."""
        (self.frontier if until_enough == "frontier" else self.both).setChecked(True)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit("frontier" if self.frontier.isChecked() else "both")
