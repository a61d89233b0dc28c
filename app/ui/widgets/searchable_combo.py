"""A list to choose from in which one can type a part of the name instead of scrolling."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget


class SearchableCombo(QComboBox):
    """Holds one of its items, always: what was typed and is none of them goes away again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        line = self.lineEdit()
        assert line is not None
        line.setPlaceholderText("Type to search")
        line.editingFinished.connect(self._settle)

    @Slot()
    def _settle(self) -> None:
        """Take the item that was typed, whole or in part; else show again the one that is held."""
        typed = self.currentText().strip()
        place = self.findText(typed, Qt.MatchFlag.MatchFixedString)
        if place < 0 and typed:
            place = self.findText(typed, Qt.MatchFlag.MatchContains)
        if place >= 0 and place != self.currentIndex():
            self.setCurrentIndex(place)
        self.setEditText(self.itemText(self.currentIndex()))
