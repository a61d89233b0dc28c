"""Calibrate's header: which run, how far it is, and what can be done with it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QMenu, QSizePolicy, QWidget

from app.ui.theme import current
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.folding_head import GAP, FoldingHead

Act = Callable[[], object]
Offer = tuple[str, Act]
_BADGE_PX = 90  # what is left to the badge at least: some words of it


class CalibrateHeader(FoldingHead):
    """Title, badge, the choice of runs, a menu, and at most two buttons, one of them filled.

    Signals:
        run_chosen(str): another run is to be shown.
    """

    run_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Calibration", self)
        title.setProperty("role", "page")
        self.badge = ElidedLabel("", self)
        self.badge.setProperty("badge", "neutral")
        self.badge.setProperty("chip", "true")
        self.badge.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.badge.hide()
        self.runs = QComboBox(self)
        self.runs.setAccessibleName("Calibration run")
        self.runs.setPlaceholderText("Your runs")
        self.runs.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.runs.setMinimumContentsLength(12)
        self.runs.activated.connect(self._chosen)
        self.more = IconButton("more", "More about this run", self)
        self.more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.more)
        self.more.setMenu(self.menu)
        self.side = Button("", parent=self)
        self.main = Button("", "primary", self)
        self._acts: dict[QWidget, Act] = {}
        for button in (self.side, self.main):
            button.clicked.connect(self._pressed)
        self._title = title
        # As high without its buttons as with them.
        self.lead.addStrut(self.main.sizeHint().height())
        self.lead.addWidget(title)
        self.lead.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.lead.addStretch(1)
        for widget in (self.runs, self.more, self.side, self.main):
            self.tail.addWidget(widget)
        self.runs.hide()
        self.offer()
        self.offer_menu(())

    def least_lead_width(self) -> int:
        """Return the title's width, and some room for the badge, which may leave out words."""
        badge = GAP + current().px(_BADGE_PX) if self.badge.text() else 0
        return self._title.sizeHint().width() + badge

    def say(self, text: str) -> None:
        """Show a few words beside the title; none takes the badge away."""
        self.badge.setText(text)
        self.badge.setVisible(bool(text))

    def offer(self, main: Offer | None = None, side: Offer | None = None) -> None:
        """Show the filled button and the one beside it, or neither."""
        self._acts.clear()
        for button, offered in ((self.main, main), (self.side, side)):
            button.setVisible(offered is not None)
            button.setEnabled(True)
            if offered is not None:
                words, act = offered
                button.setText(words.replace("&", "&&"))
                button.setAccessibleName(words)
                self._acts[button] = act

    def offer_menu(self, entries: Sequence[Offer]) -> None:
        """Fill the menu; an empty one is not shown."""
        self.menu.clear()
        for words, act in entries:
            self.menu.addAction(words).triggered.connect(act)
        self.more.setVisible(bool(entries))

    def show_runs(self, names: Sequence[str], shown: str) -> None:
        """Let one of several runs be chosen; `shown` is empty while a new one is made."""
        self.runs.blockSignals(True)
        self.runs.clear()
        self.runs.addItems(list(names))
        self.runs.setCurrentIndex(self.runs.findText(shown) if shown else -1)
        self.runs.blockSignals(False)
        self.runs.setVisible(len(names) > 1 or (bool(names) and not shown))

    @Slot(int)
    def _chosen(self, _place: int) -> None:
        self.run_chosen.emit(self.runs.currentText())

    @Slot()
    def _pressed(self) -> None:
        sender = self.sender()
        act = self._acts.get(sender) if isinstance(sender, QWidget) else None
        if act is not None:
            act()
