"""The limit in words: how much may be lost, how surely, and what that allows today."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from app.domain.routing.overview import RuleOverview
from app.domain.words import counted, interval_text, limit_text, share_text
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.labels import FigureLine, Label

LIMITS = (0.02, 0.05, 0.10, 0.20, 0.25, 0.50)
CONFIDENCES = (0.80, 0.90, 0.95, 0.99)


class LimitCard(QFrame):
    """Asks how much may be lost and how surely, and says what that allows today.

    Signals:
        limit_chosen(float): the share of all prompts that may be lost, 0..1.
        confidence_chosen(float): how sure that is to be, 0..1.
    """

    limit_chosen = Signal(float)
    confidence_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAccessibleName("Your limit")
        title = QLabel(
            "How many of all your prompts may go to the cheap model and turn out better on the "
            "frontier?"
        )
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.said = QLabel()
        self.confidence = QComboBox()
        self.confidence.setAccessibleName("Confidence that the limit holds")
        for share in CONFIDENCES:
            self.confidence.addItem(f"{share_text(share)} confidence", share)
        self.confidence.activated.connect(self._choose_confidence)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(LIMITS) - 1)
        self.slider.setPageStep(1)
        self.slider.setAccessibleName("Limit")
        self.slider.valueChanged.connect(self._tell)
        self.slider.sliderReleased.connect(self._choose)
        self.slider.actionTriggered.connect(self._stepped)
        self._stored = -1
        self.today = FigureLine()
        self.today.setAccessibleName("What it allows today")
        self.promise = Label("", "muted", wrap=True)
        self._lay_out(title)

    def _lay_out(self, title: QLabel) -> None:
        told = QWidget()
        flow = FlowRow(told, spacing=8, at_end=True)
        flow.addWidget(self.said)
        flow.addWidget(self.confidence)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title, 3)
        head.addWidget(told, 2)
        foot = QHBoxLayout()
        for text in ("careful", "thrifty"):
            foot.addWidget(Label(text, "muted"))
            if text == "careful":
                foot.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 8, 16, 12)
        box.setSpacing(2)
        box.addLayout(head)
        box.addWidget(self.slider)
        box.addLayout(foot)
        box.addSpacing(4)
        box.addWidget(self.today)
        box.addWidget(self.promise)

    def show_overview(self, overview: RuleOverview) -> None:
        """Show the limit in force and what it allows today, beside what luck would allow."""
        promise = overview.promise
        self._show_limit(promise.limit)
        self.confidence.setCurrentIndex(_nearest(CONFIDENCES, promise.confidence))
        self.today.setVisible(overview.learned)
        self.today.show_pairs(allowed_today(overview))
        # A second look needs no promise, so what its checks found stands here without one, too.
        said = [*(overview.sentences if overview.learned else ()), overview.second_look]
        self.promise.setText(" ".join(filter(None, said)))
        self.promise.setVisible(any(said))

    def _show_limit(self, limit: float) -> None:
        place = _nearest(LIMITS, limit)
        self._stored = place
        with QSignalBlocker(self.slider):
            self.slider.setValue(place)
        self._tell(place, limit)

    @Slot(int)
    def _tell(self, place: int, limit: float | None = None) -> None:
        said = limit_text(limit if limit is not None else LIMITS[place])
        self.said.setText(f"at most <b>{said}</b> of all my prompts, at")
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

    @Slot(int)
    def _choose_confidence(self, place: int) -> None:
        self.confidence_chosen.emit(CONFIDENCES[place])


def allowed_today(overview: RuleOverview) -> list[tuple[str, str]]:
    """Return as (name, figure) what may go to cheap today, by learning and by luck alone."""
    promise = overview.promise
    share = share_text(promise.share)
    if promise.holds:
        share += f" ({interval_text(promise.low, promise.high)})"
    said = [("may go to cheap today", share), ("by luck alone", share_text(promise.luck_share))]
    points = round(100 * (promise.share - promise.luck_share))
    if promise.holds and points > 0:
        said.append(("learned from your votes", counted(points, "point")))
    look = promise.next_look
    if look is not None and overview.calibrating < look:
        said.append(("made anew at", f"{look:,} votes, {look - overview.calibrating:,} to come"))
    elif look is not None and overview.waiting:
        said.append(("made anew", "once the votes that wait are in"))
    return said


def _nearest(choices: Sequence[float], value: float) -> int:
    return min(range(len(choices)), key=lambda at: abs(choices[at] - value))
