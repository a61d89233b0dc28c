"""The history as a table model: pages are handed in, never fetched from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtCore import Signal as QtSignal

from app.domain.turn import TurnRow
from app.ui.models import turn_words as words
from app.ui.models.moments import local_now, when_text, whole_moment
from app.ui.models.titled_table import NOWHERE, Index, TitledTableModel
from app.ui.theme import current

COLUMNS = ("When", "Prompt", "Matter", "Sent to", "Your vote", "Cost", "Wait")
WHEN, PROMPT, MATTER, SENT_TO, VOTE, COST, WAIT = range(7)


class HistoryTableModel(TitledTableModel):
    """Turns, newest first, as far as they were paged in.

    Signals:
        more_wanted(int): the next page is needed, of turns before this id.
    """

    more_wanted = QtSignal(int)

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], datetime] = local_now
    ) -> None:
        super().__init__(COLUMNS, parent)
        self._now = now
        self._rows: list[TurnRow] = []
        self._matching = 0
        self._waiting = False

    @property
    def matching(self) -> int:
        """Return how many turns match in all, loaded or not."""
        return self._matching

    def restart(self, rows: Sequence[TurnRow], matching: int) -> None:
        """Show the first page of another query."""
        self.beginResetModel()
        self._rows = list(rows)
        self._matching = matching
        self._waiting = False
        self.endResetModel()

    def append(self, rows: Sequence[TurnRow]) -> None:
        """Add the page that `more_wanted` asked for; an empty one ends the list."""
        self._waiting = False
        if not rows:
            self._matching = len(self._rows)
            return
        first = len(self._rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._rows.extend(rows)
        self.endInsertRows()

    def page_failed(self) -> None:
        """Let the page be asked for again."""
        self._waiting = False

    def put(self, row: TurnRow) -> None:
        """Show a turn's new state in its place; silent when it is not in the list."""
        place = self.place_of(row.id)
        if place is None:
            return
        self._rows[place] = row
        self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def drop(self, turn_id: int) -> None:
        """Take a deleted turn out of the list."""
        place = self.place_of(turn_id)
        if place is None:
            return
        self.beginRemoveRows(QModelIndex(), place, place)
        del self._rows[place]
        self._matching -= 1
        self.endRemoveRows()

    def place_of(self, turn_id: int) -> int | None:
        """Return the row at which a turn stands, or None."""
        return next((at for at, row in enumerate(self._rows) if row.id == turn_id), None)

    def row_at(self, place: int) -> TurnRow | None:
        """Return the turn of a row, or None."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many turns are loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        """Return whether turns match that are not loaded yet."""
        return not parent.isValid() and not self._waiting and len(self._rows) < self._matching

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page; it arrives through `append`."""
        if self.canFetchMore(parent) and self._rows:
            self._waiting = True
            self.more_wanted.emit(self._rows[-1].id)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows, its colour, its tooltip, and what a screen reader says."""
        row = self.row_at(index.row())
        if row is None:
            return None
        text, token = self._cell(row, index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.ForegroundRole:
                return current().colour(token)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row, index.column(), text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{COLUMNS[index.column()]}: {text}"
            case Qt.ItemDataRole.UserRole:
                return row.id
            case _:
                return None

    def _cell(self, row: TurnRow, column: int) -> tuple[str, str]:
        hidden = "text" if row.revealed else "faint"
        match column:
            case 0:
                return when_text(row.asked_at, row.utc_offset_min, self._now()), "muted"
            case 1:
                return " ".join(row.prompt_start.split()), "text"
            case 2:
                return row.matter, "muted"
            case 3:
                return words.sent_to(row)
            case 4:
                return words.vote_text(row)
            case 5:
                return words.cost_text(row), hidden
            case _:
                return words.wait_text(row), hidden

    def _tip(self, row: TurnRow, column: int, text: str) -> str:
        match column:
            case 0:
                return whole_moment(row.asked_at, row.utc_offset_min)
            case 1:
                return row.prompt_start
            case 5:
                return words.cost_tip(row)
            case _:
                return text
