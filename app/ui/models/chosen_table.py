"""The list of a calibration run while it is chosen: prompts, with matters and tags to edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Qt, Signal

from app.domain.calibration.prompts import Entry, described
from app.ui.models.titled_table import NOWHERE, Index, TitledTableModel

COLUMNS = ("Prompt", "Matter", "Tags")
PROMPT, MATTER, TAGS = range(3)
_LINE_CHARS = 300


class ChosenTableModel(TitledTableModel):
    """Entries in the order they were chosen; matter and tags can be typed over.

    Signals:
        changed(): the list is another one now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent)
        self._entries: list[Entry] = []

    def entries(self) -> tuple[Entry, ...]:
        """Return the list."""
        return tuple(self._entries)

    def show(self, entries: Sequence[Entry]) -> None:
        """Hold another list."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()
        self.changed.emit()

    def remove(self, places: Iterable[int]) -> None:
        """Take entries out."""
        gone = set(places)
        self.show([entry for at, entry in enumerate(self._entries) if at not in gone])

    def remove_key(self, key: str) -> None:
        """Take the entry with that key out; silent when there is none."""
        self.show([entry for entry in self._entries if entry.key != key])

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many are chosen."""
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let matter and tags be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() != PROMPT else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text, and the whole prompt with its source as a tooltip."""
        entry = self._entries[index.row()]
        prompt = entry.prompt
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                if index.column() == MATTER:
                    return prompt.matter
                if index.column() == TAGS:
                    return ", ".join(prompt.tags)
                return " ".join(prompt.text[:_LINE_CHARS].split())
            case Qt.ItemDataRole.ToolTipRole:
                documents = "".join(f"\n[{item.name}]" for item in prompt.attachments)
                return f"{entry.source}\n\n{prompt.text[:2000]}{documents}".strip()
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take another matter, or tags with commas between them."""
        if role != Qt.ItemDataRole.EditRole or index.column() == PROMPT:
            return False
        entry, typed = self._entries[index.row()], str(value)
        if index.column() == MATTER:
            self._entries[index.row()] = described(entry, matter=typed)
        else:
            self._entries[index.row()] = described(entry, tags=typed.split(","))
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True
