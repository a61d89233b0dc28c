"""Choosing the prompts of a run: sources at the left, the list as it stands at the right."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.calibration.prompts import FEWEST, MOST, Chosen, Import, choose, draw
from app.domain.errors import Problem
from app.domain.turn import HistoryQuery, TurnRow
from app.domain.words import counted
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.models.chosen_table import ChosenTableModel
from app.ui.views.calibrate.sources import NEWEST, HistorySource, ImportSource, PasteSource
from app.ui.widgets.buttons import Button
from app.ui.widgets.fitted_area import FittedArea
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.labels import Heading
from app.ui.widgets.prompt_table import PromptTable
from app.ui.widgets.segmented_control import SegmentedControl

_SOURCES = [("history", "History"), ("paste", "Paste"), ("import", "Import")]
_ROWS = 400
_CARD_PX = 330  # narrower, the list goes below the sources


class ChoosePage(QWidget):
    """Collects a list until it can be reviewed.

    Signals:
        changed(): the list is another one, so what may be done with it may differ.
        went_wrong(Problem): a source could not be read.
    """

    changed = Signal()
    went_wrong = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._of_turn: dict[int, str] = {}
        self._asked = 0
        self.model = ChosenTableModel(self)
        self.model.changed.connect(self._list_changed)
        self.history = HistorySource(self)
        self.paste = PasteSource(self)
        self.imported = ImportSource(self)
        self.source = SegmentedControl(_SOURCES, self)
        self.source.setAccessibleName("Where the prompts come from")
        self.source.chosen.connect(self._show_source)
        self.pages = QStackedWidget(self)
        for page in (self.history, self.paste, self.imported):
            self.pages.addWidget(page)
        self.history.searched.connect(self.search)
        self.history.ticked.connect(self._tick)
        self.history.newest_wanted.connect(self._take_newest)
        self.paste.pasted.connect(self._take_pasted)
        self.imported.chosen.connect(self.read)
        self._build()
        self._list_changed()

    def _build(self) -> None:
        left, right = _card(), _card()
        head = QHBoxLayout()
        head.addWidget(self.source)
        head.addStretch(1)
        box = left.layout()
        assert isinstance(box, QVBoxLayout)
        box.addLayout(head)
        box.addWidget(self.pages, 1)
        self.title = Heading("", parent=self)
        self.told = QLabel(self)
        self.told.setProperty("role", "muted")
        self.told.setWordWrap(True)
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Name of the run")
        self.name.setPlaceholderText("Name of the run, for example March audit")
        self.name.textChanged.connect(self.changed)
        self.table = PromptTable(self.model, "Chosen prompts", self)
        self.table.setEditTriggers(
            PromptTable.EditTrigger.DoubleClicked | PromptTable.EditTrigger.EditKeyPressed
        )
        self.table.setToolTip("Double-click a matter or tags to change them")
        self.table.delete_pressed.connect(self._remove)
        self.remove = Button("Take out", parent=self)
        self.remove.clicked.connect(self._remove)
        self.lot = Button(f"Draw {NEWEST} by lot", parent=self)
        self.lot.clicked.connect(self._draw)
        acts = FlowRow(at_end=True)
        acts.addWidget(self.lot)
        acts.addWidget(self.remove)
        top = FoldingRow()
        top.add(self.title, share=1)
        top.add(acts)
        column = right.layout()
        assert isinstance(column, QVBoxLayout)
        column.addWidget(self.name)
        column.addLayout(top)
        column.addWidget(self.told)
        column.addWidget(self.table, 1)
        inner = QWidget()
        cards = FoldingRow(inner, spacing=12)
        for card in (left, right):
            cards.add(card, share=1, least_px=_CARD_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(FittedArea(inner))

    # What others ask

    @property
    def ready(self) -> bool:
        """Return whether the list may be reviewed as it stands."""
        return not Chosen(self.model.entries()).missing()

    def begin(self, name: str) -> None:
        """Start with an empty list under a suggested name."""
        self._of_turn.clear()
        self.name.setText(name)
        self.model.show(())
        self.search("")

    @Slot(str)
    def search(self, words: str) -> None:
        """Look for past prompts; only the latest answer is shown."""
        self._asked += 1
        number = self._asked

        async def find(services: Services) -> tuple[TurnRow, ...]:
            practice = (await services.models.pair()).practice
            page = await services.archive.page(HistoryQuery(words=words, limit=_ROWS))
            return tuple(row for row in page.rows if row.practice == practice)

        self._bridge.run(find, partial(self._found, number), self.went_wrong.emit)

    def _found(self, number: int, rows: tuple[TurnRow, ...]) -> None:
        if number == self._asked:
            self.history.show_rows(rows)
            self._show_ticks()

    @Slot(object)
    def read(self, path: Path) -> None:
        """Read a file or a folder."""
        matter, tags = self.imported.described()

        async def read(services: Services) -> Import:
            return await services.calibrations.read(path)

        self._bridge.run(read, partial(self._take, matter, tags), self._refused)

    # Taking prompts in

    @Slot(str)
    def _take_pasted(self, text: str) -> None:
        matter, tags = self.paste.described()

        async def parse(services: Services) -> Import:
            return services.calibrations.parse(text)

        self._bridge.run(parse, partial(self._take, matter, tags), self._refused)

    @Slot()
    def _take_newest(self) -> None:
        words = self.history.search.text()

        async def newest(services: Services) -> Import:
            return await services.calibrations.newest(NEWEST, words)

        self._bridge.run(newest, partial(self._take, "", ()), self._refused)

    @Slot(int, bool)
    def _tick(self, turn_id: int, wanted: bool) -> None:
        if not wanted:
            self.model.remove_key(self._of_turn.pop(turn_id, ""))
            return

        async def one(services: Services) -> Import:
            return await services.calibrations.of_history([turn_id])

        self._bridge.run(one, partial(self._take, "", ()), self._refused)

    def _take(self, matter: str, tags: tuple[str, ...], imported: Import) -> None:
        before = self.model.entries()
        chosen = choose(imported.found, matter=matter, tags=tags, already=before)
        added = len(chosen.entries) - len(before)
        self.model.show(chosen.entries)
        notes = (f"{counted(added, 'prompt')} added.", *imported.notes, *chosen.notes)
        self._say(" ".join(notes))

    def _refused(self, problem: Problem) -> None:
        self._show_ticks()
        self.went_wrong.emit(problem)

    # The list

    @Slot()
    def _remove(self) -> None:
        self.model.remove(self.table.chosen_rows())

    @Slot()
    def _draw(self) -> None:
        self.model.show(draw(self.model.entries(), NEWEST, secrets.token_hex(8)))

    @Slot()
    def _list_changed(self) -> None:
        count = len(self.model.entries())
        self.title.setText(f"{count:,} chosen · {FEWEST} to {MOST}")
        self.lot.setVisible(count > NEWEST)
        self.remove.setEnabled(bool(count))
        self._say(Chosen(self.model.entries()).missing())
        self._show_ticks()
        self.changed.emit()

    def _say(self, text: str) -> None:
        missing = Chosen(self.model.entries()).missing()
        said = text if text == missing or not missing else f"{text} {missing}"
        self.told.setText(said)
        self.told.setVisible(bool(said))

    def _show_ticks(self) -> None:
        """Tick what is on the list, however it came there."""
        sources = {entry.source: entry.key for entry in self.model.entries()}
        self._of_turn = {
            int(source.removeprefix(_HISTORY)): key
            for source, key in sources.items()
            if source.startswith(_HISTORY)
        }
        self.history.model.set_ticked(set(self._of_turn))

    @Slot(str)
    def _show_source(self, name: str) -> None:
        self.pages.setCurrentIndex([key for key, _ in _SOURCES].index(name))


_HISTORY = "History, no. "


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("card", "true")
    box = QVBoxLayout(card)
    box.setContentsMargins(14, 12, 14, 14)
    box.setSpacing(8)
    return card
