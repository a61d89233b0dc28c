"""What a vendor says about the prompts it is sent: shown before anything is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.vendor import DatedFact, VendorFacts
from app.ui.theme import current
from app.ui.widgets.buttons import LINK_RING_PX
from app.ui.widgets.folding_grid import Arrangement, Cell, FoldingGrid
from app.ui.widgets.labels import Label

_LINK_FRAME_PX = 3
_TOP = Qt.AlignmentFlag.AlignTop
_BESIDE_PX = 480  # narrower, what a vendor says stands below its heading
_BESIDE = Arrangement((Cell(0, 0, 1, _TOP), Cell(0, 1, 1, _TOP), Cell(0, 2, 1, _TOP)), {1: 1})
_BELOW = Arrangement(
    (Cell(0, 0, 1, _TOP), Cell(1, 0, 2), Cell(0, 1, 1, _TOP | Qt.AlignmentFlag.AlignRight)), {1: 1}
)
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
        self._lines = FoldingGrid(_BESIDE, _BELOW, _BESIDE_PX, self)
        self._lines.grid.setHorizontalSpacing(12)
        self._lines.grid.setVerticalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.addWidget(self._lines)
        self.sources: list[QPushButton] = []

    def show_vendor(self, vendor: VendorFacts) -> None:
        """Show another vendor's facts."""
        self.sources = []
        self.setAccessibleName(f"What {vendor.name} does with prompts")
        lines = [_line("Receives it", Label(vendor.receiver, "strong", self, wrap=True))]
        for heading, fact in vendor.facts():
            source = self._source(vendor, heading, fact)
            lines.append(_line(heading, Label(fact.text, "body", self, wrap=True), source))
        if vendor.key_note:
            lines.append(_line("Key", Label(vendor.key_note, "body", self, wrap=True)))
        if not vendor.here:
            lines.append((None, Label(_WARNING, "muted", self, wrap=True), None))
        self._lines.show_lines(lines)

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


def _line(heading: str, words: QLabel, source: QWidget | None = None) -> tuple[QWidget | None, ...]:
    title = Label(heading, "muted", words.parentWidget())
    for label in (title, words):
        # As far down as the words of the link beside them, which stand inside its frame.
        label.setContentsMargins(0, current().px(_LINK_FRAME_PX), 0, 0)
    return title, words, source
