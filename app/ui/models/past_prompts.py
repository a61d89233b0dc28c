"""One's own past prompts to tick, newest first, each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.turn import TurnRow
from app.ui.models.moments import local_now, when_text
from app.ui.models.titled_table import NOWHERE, Index, TitledTableModel

COLUMNS = ("Prompt", "Matter", "When")
PROMPT, MATTER, WHEN = range(3)


class PastPromptsModel(TitledTableModel):
    """History's rows with a tick each.

    Signals:
        ticked(int, bool): the turn's id, and whether its prompt is wanted now.
    """

    ticked = Signal(int, bool)

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = local_now
    ) -> None:
        super().__init__(COLUMNS, parent)
        self._now = now
        self._rows: list[TurnRow] = []
        self._ticked: set[int] = set()

    def show(self, rows: Sequence[TurnRow]) -> None:
        """Show other rows; of prompts that begin alike only the newest. Ticks stay."""
        self.beginResetModel()
        known: set[str] = set()
        self._rows = []
        for row in rows:
            words = " ".join(row.prompt_start.casefold().split())
            if words not in known:
                known.add(words)
                self._rows.append(row)
        self.endResetModel()

    def rows(self) -> tuple[TurnRow, ...]:
        """Return the rows shown."""
        return tuple(self._rows)

    def set_ticked(self, turn_ids: set[int]) -> None:
        """Show which are chosen, without a signal."""
        self._ticked = set(turn_ids)
        if self._rows:
            last = self.index(len(self._rows) - 1, PROMPT)
            self.dataChanged.emit(self.index(0, PROMPT), last, [Qt.ItemDataRole.CheckStateRole])

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let the first column be ticked."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == PROMPT else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text and tick."""
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                if index.column() == MATTER:
                    return row.matter
                if index.column() == WHEN:
                    return when_text(row.asked_at, row.utc_offset_min, self._now())
                return row.prompt_start
            case Qt.ItemDataRole.CheckStateRole if index.column() == PROMPT:
                ticked = row.id in self._ticked
                return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole:
                return row.prompt_start
            case _:
                return None

    def setData(  # noqa: N802 - Qt's own name
        self,
        index: Index,
        value: object,  # noqa: ARG002 - a tick is turned, whatever is said
        role: int = Qt.ItemDataRole.EditRole,
    ) -> bool:
        """Tick or untick."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.toggle(index.row())
        return True

    def toggle(self, place: int) -> None:
        """Tick a row, or untick it."""
        row = self._rows[place]
        wanted = row.id not in self._ticked
        (self._ticked.add if wanted else self._ticked.discard)(row.id)
        at = self.index(place, PROMPT)
        self.dataChanged.emit(at, at, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit(row.id, wanted)
