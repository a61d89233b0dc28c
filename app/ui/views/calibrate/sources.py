"""Where the prompts of a run come from: one's own history, the clipboard, a file or a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.calibration.prompts import split_pasted
from app.domain.turn import TurnRow
from app.domain.words import counted
from app.ui.models.past_prompts import PastPromptsModel
from app.ui.widgets.buttons import Button
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.prompt_table import PromptTable

_DEBOUNCE_MS = 180
_FIELD_PX = 120
NEWEST = 40
_FILES = "Prompts (*.csv *.tsv *.jsonl *.ndjson *.json *.txt *.md);;All files (*)"


class HistorySource(QWidget):
    """Past prompts to tick.

    Signals:
        searched(str): what is looked for now.
        ticked(int, bool): a turn's prompt is wanted, or no longer.
        newest_wanted(): the newest so many, whatever they are.
    """

    searched = Signal(str)
    ticked = Signal(int, bool)
    newest_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search your past prompts")
        self.search.setAccessibleName("Search past prompts")
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_DEBOUNCE_MS)
        self._pause.timeout.connect(self._searched)
        self.search.textChanged.connect(self._pause.start)
        self.newest = Button(f"Take the newest {NEWEST}", parent=self)
        self.newest.clicked.connect(self.newest_wanted)
        self.model = PastPromptsModel(self)
        self.model.ticked.connect(self.ticked)
        self.table = PromptTable(self.model, "Past prompts", self)
        self.table.setEditTriggers(PromptTable.EditTrigger.NoEditTriggers)
        self.table.pressed_on.connect(self.model.toggle)
        self.table.clicked.connect(self._clicked)
        self.empty = QLabel(
            "Your history holds no prompt of this pair's world yet. Paste or import some.", self
        )
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.hide()
        newest = FlowRow()
        newest.addWidget(self.newest)
        head = FoldingRow()
        head.add(self.search, share=1, least_px=_FIELD_PX)
        head.add(newest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.empty)
        column.addWidget(self.table, 1)

    def show_rows(self, rows: Sequence[TurnRow]) -> None:
        """Show what was found."""
        self.model.show(rows)
        nothing = not rows and not self.search.text().strip()
        self.empty.setVisible(nothing)
        self.table.setVisible(not nothing)

    @Slot()
    def _searched(self) -> None:
        self.searched.emit(self.search.text())

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        # The box itself is Qt's own to toggle; anywhere else in the row does as well.
        if index.column() != 0:
            self.model.toggle(index.row())


class DescribedSource(QWidget):
    """A source whose prompts may bring no matter and no tags: two fields say which hold then."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matter = QLineEdit(self)
        self.matter.setPlaceholderText("Matter, for prompts that name none")
        self.matter.setAccessibleName("Matter")
        self.tags = QLineEdit(self)
        self.tags.setPlaceholderText("Tags, with commas between them")
        self.tags.setAccessibleName("Tags")
        self.fields = FoldingRow()
        for field in (self.matter, self.tags):
            self.fields.add(field, share=1, least_px=_FIELD_PX)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def described(self) -> tuple[str, tuple[str, ...]]:
        """Return the matter and the tags typed."""
        tags = (word.strip() for word in self.tags.text().split(","))
        return self.matter.text().strip(), tuple(word for word in tags if word)


class PasteSource(DescribedSource):
    """A field to paste prompts into.

    Signals:
        pasted(str): the text whose prompts are to be added.
    """

    pasted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QPlainTextEdit(self)
        self.edit.setPlaceholderText(
            "Paste prompts here: one a paragraph, or with a line of --- between them."
        )
        self.edit.setAccessibleName("Pasted prompts")
        self.edit.setTabChangesFocus(True)
        self.edit.textChanged.connect(self._count)
        self.add = Button("Add", parent=self)
        self.add.setEnabled(False)
        self.add.clicked.connect(self._add)
        self.column.addWidget(self.edit, 1)
        self.column.addLayout(self.fields)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.add)
        self.column.addLayout(foot)

    @Slot()
    def _count(self) -> None:
        count = len(split_pasted(self.edit.toPlainText()).found)
        self.add.setEnabled(bool(count))
        self.add.setText(f"Add {counted(count, 'prompt')}" if count else "Add")

    @Slot()
    def _add(self) -> None:
        self.pasted.emit(self.edit.toPlainText())
        self.edit.clear()


class ImportSource(DescribedSource):
    """Files and folders.

    Signals:
        chosen(Path): a file or a folder to read.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = Button("Choose a file…", parent=self)
        self.file.clicked.connect(self._choose_file)
        self.folder = Button("Choose a folder…", parent=self)
        self.folder.clicked.connect(self._choose_folder)
        told = QLabel(
            "CSV with a column “prompt” (and “matter”, “tags” where there are any) · JSONL or "
            "JSON with “prompt” or “messages” · a text file, or a folder with one prompt a file · "
            "ChatGPT's export (conversations.json): what opened each conversation.",
            self,
        )
        told.setProperty("role", "muted")
        told.setWordWrap(True)
        buttons = FlowRow()
        buttons.addWidget(self.file)
        buttons.addWidget(self.folder)
        self.column.addLayout(buttons)
        self.column.addWidget(told)
        self.column.addLayout(self.fields)
        self.column.addStretch(1)

    @Slot()
    def _choose_file(self) -> None:
        self._open(QFileDialog.FileMode.ExistingFile, "Import prompts from a file")

    @Slot()
    def _choose_folder(self) -> None:
        self._open(QFileDialog.FileMode.Directory, "Import a folder of text files")

    def _open(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(mode)
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilter(_FILES)
        dialog.fileSelected.connect(self._selected)
        dialog.open()

    @Slot(str)
    def _selected(self, name: str) -> None:
        if name:
            self.chosen.emit(Path(name))
