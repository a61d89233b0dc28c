"""What a vendor says about the prompts it is sent: shown before anything is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from app.domain.vendor import DatedFact, VendorFacts
from app.ui.theme import current
from app.ui.widgets.buttons import LINK_RING_PX
from app.ui.widgets.emptying import empty
from app.ui.widgets.labels import Label

_WARNING = "Vendors change their terms: read the source before you rely on it."


class VendorPanel(QFrame):
    """Who receives the prompt, where, how long it is kept, and whether it trains.

    Signals:
        source_wanted(str): the page on which a fact was read should be opened.
    """

    source_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", "true")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.sources: list[QPushButton] = []

    def show_vendor(self, vendor: VendorFacts) -> None:
        """Show another vendor's facts."""
        empty(self._grid)
        self.sources = []
        self.setAccessibleName(f"What {vendor.name} does with prompts")
        self._line(0, "Receives it", Label(vendor.receiver, "strong", wrap=True))
        for line, (heading, fact) in enumerate(vendor.facts(), 1):
            self._line(line, heading, Label(fact.text, wrap=True))
            self._grid.addWidget(self._source(vendor, heading, fact), line, 2, _TOP)
        last = len(vendor.facts()) + 1
        if vendor.key_note:
            self._line(last, "Key", Label(vendor.key_note, wrap=True))
            last += 1
        if not vendor.here:
            self._grid.addWidget(Label(_WARNING, "muted", wrap=True), last, 1, 1, 2)

    def _line(self, line: int, heading: str, words: QLabel) -> None:
        title = Label(heading, "muted")
        for label in (title, words):
            # As far down as the words of the link beside them, which stand inside its frame.
            label.setContentsMargins(0, current().px(_LINK_FRAME_PX), 0, 0)
        self._grid.addWidget(title, line, 0, _TOP)
        self._grid.addWidget(words, line, 1, _TOP)

    def _source(self, vendor: VendorFacts, heading: str, fact: DatedFact) -> QWidget:
        """Return when it was read, as a link where there is a page to open."""
        if not fact.source:
            words = Label(fact.as_of(), "muted")
            # Where the words of a link would stand.
            words.setContentsMargins(LINK_RING_PX, current().px(_LINK_FRAME_PX), 0, 0)
            return words
        link = QPushButton(f"Source, {fact.as_of()}", self)
        link.setProperty("kind", "link")
        link.setToolTip(fact.source)
        link.setAccessibleName(f"Source of “{heading}” for {vendor.name}, {fact.as_of()}")
        link.clicked.connect(lambda _on=False, page=fact.source: self.source_wanted.emit(page))
        self.sources.append(link)
        return link


_LINK_FRAME_PX = 3
_TOP = Qt.AlignmentFlag.AlignTop
