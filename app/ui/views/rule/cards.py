"""The smaller cards of My rule: the votes it rests on, and what holds until there are enough."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
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
from app.domain.routing.standing import Standing, standing
from app.domain.vote import VoteKind
from app.domain.words import counted
from app.ui.theme.icons import pixmap
from app.ui.widgets.labels import Label

_KINDS = {
    VoteKind.BLIND: "cast blind",
    VoteKind.OPEN: "cast with the names visible; they weigh half",
    VoteKind.SINGLE: "on one routed answer; they weigh little",
    VoteKind.CHANGED: "changed after the reveal; kept, never trained on",
}


class StandingStrip(QFrame):
    """Says above all that a promise was withdrawn, or that a model has changed; else not there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "warning")
        self._icon = QLabel(self)
        self.text = Label("", parent=self, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        self._dress()
        self.hide()

    def show_overview(self, overview: RuleOverview) -> None:
        """Show the sentence of what ended the promise, where something did."""
        ended = standing(overview) in (Standing.WITHDRAWN, Standing.PAIR_CHANGED)
        self.text.setText(overview.sentences[0] if ended else "")
        self.setAccessibleName(self.text.text())
        self.setVisible(ended)

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self._icon.setPixmap(pixmap("warning", "warning", 18))


class VotesCard(QFrame):
    """Which votes the rule rests on, and which it leaves out, and why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        title = QLabel("The votes it rests on")
        title.setProperty("role", "title")
        self.used = QLabel()
        self.used.setWordWrap(True)
        self.measure = QLabel()
        self.measure.setWordWrap(True)
        self.left_out = QLabel()
        self.left_out.setProperty("role", "muted")
        self.left_out.setWordWrap(True)
        lists = QHBoxLayout()
        lists.setSpacing(24)
        for words in (self.used, self.measure, self.left_out):
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
        measuring = _asked_for(overview)
        self.measure.setText("\n".join(["For the promise:", *measuring]))
        self.measure.setVisible(bool(measuring))
        out = [f"{number:,} {reason}" for reason, number in overview.left_out]
        total = sum(number for _, number in overview.left_out)
        self.left_out.setText("\n".join([f"{counted(total, 'vote')} left out:", *out]))
        self.left_out.setVisible(bool(out))


def _asked_for(overview: RuleOverview) -> list[str]:
    """Return which of the votes measure the promise, and which no longer can."""
    said = []
    if overview.calibrating:
        verb = "measures" if overview.calibrating == 1 else "measure"
        said.append(f"{overview.calibrating:,} asked for at random: {verb} your limit")
    if overview.promise.unvoted:
        said.append(f"{overview.promise.unvoted:,} of these never voted on: counted as losses")
    if overview.waiting:
        said.append(f"{overview.waiting:,} asked for and still waiting")
    if overview.second_looks:
        checks = counted(overview.second_looks, "check")
        said.append(f"{checks} on a second look: for that one alone")
    if overview.outdated:
        helps = "helps" if overview.outdated == 1 else "help"
        said.append(
            f"{overview.outdated:,} on an earlier version of a model: only {helps} to learn"
        )
    return said


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
