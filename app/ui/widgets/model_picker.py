"""A vendor's model list: loaded when asked for, searched as one types."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.vendor import ListedModel
from app.domain.words import counted
from app.ui.models import listed_models as columns
from app.ui.models.listed_models import ListedModels
from app.ui.theme import current
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.folding_row import FoldingRow
from app.ui.widgets.labels import Label, LabelRole
from app.ui.widgets.row_table import RowTable

_ROW_PX = 28
_ROWS = 8
_FIGURES = (columns.READS, columns.GIVEN, columns.WRITTEN)
_PRICES = (columns.GIVEN, columns.WRITTEN)
_PAD_PX = 24
_SAID_PX = 120
_LEAST_TABLE_PX = 280  # ids and prices, legible


class ModelPicker(QWidget):
    """Asks for the list and shows it; a chosen row is a chosen model.

    Signals:
        list_wanted(): the user wants the vendor's list.
        chosen(ListedModel): a row was selected.
    """

    list_wanted = Signal()
    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.load = QPushButton("Load the vendor's list", self)
        self.load.clicked.connect(self.list_wanted)
        self.said = Label("", "muted", self, wrap=True)
        self.words = QLineEdit(self)
        self.words.setPlaceholderText("Search ids and names")
        self.words.setAccessibleName("Search the list")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._search)
        self.models = ListedModels(self)
        self.table = _Table(self.models, self)
        self.table.picked.connect(self._pick)
        button = FlowRow()
        button.addWidget(self.load)
        top = FoldingRow()
        top.add(button)
        top.add(self.said, share=1, least_px=_SAID_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.words)
        layout.addWidget(self.table)
        self.forget()

    def forget(self, why: str = "") -> None:
        """Show no list; `why` says why none can be loaded, and takes the button away."""
        self.models.show(())
        self.words.clear()
        for widget in (self.words, self.table):
            widget.hide()
        self.load.setVisible(not why)
        self.load.setEnabled(True)
        self._say(why)

    def show_loading(self) -> None:
        """Say that the list is on its way."""
        self.load.setEnabled(False)
        self._say("Loading …")

    def show_fault(self, sentence: str) -> None:
        """Say why no list came; one that is shown already stays."""
        self.load.setEnabled(True)
        self._say(sentence, "bad")

    def show_models(self, models: tuple[ListedModel, ...], *, here: bool = False) -> None:
        """Show the list; of a server on this computer without prices, where it has none."""
        self.load.setEnabled(True)
        self.words.clear()
        self.models.show(models)
        self.table.fit(priced=any(model.price is not None for model in models) or not here)
        for widget in (self.words, self.table):
            widget.setVisible(bool(models))
        self._count()

    def mark(self, model_id: str) -> None:
        """Bring the row of an id into sight, if it is shown."""
        row = self.models.row_of(model_id)
        if row >= 0:
            self.table.scrollTo(self.models.index(row, 0))

    @Slot(str)
    def _search(self, words: str) -> None:
        self.models.search(words)
        if self.models.listed:
            self._count()

    @Slot(int)
    def _pick(self, row: int) -> None:
        model = self.models.model_at(row)
        if model is not None:
            self.chosen.emit(model)

    def _count(self) -> None:
        shown, listed = self.models.rowCount(), self.models.listed
        if not listed:
            self._say("The list is empty: type the model's id.")
        elif shown == listed:
            self._say(f"{counted(listed, 'model')}.")
        else:
            self._say(f"{shown:,} of {counted(listed, 'model')}.")

    def _say(self, sentence: str, role: LabelRole = "muted") -> None:
        self.said.set_role(role)
        self.said.setText(sentence)


class _Table(RowTable):
    """Signals: picked(int), the row that was selected."""

    picked = Signal(int)

    def __init__(self, models: ListedModels, parent: QWidget | None = None) -> None:
        name = "Models that the vendor lists"
        super().__init__(models, name, row_px=_ROW_PX, roomy=columns.MODEL, parent=parent)
        self._listed = models
        self._rows = _ROWS
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.choose_one()
        self.dress()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Tell which row was selected."""
        super().selectionChanged(selected, deselected)
        indexes = selected.indexes()
        if indexes:
            self.picked.emit(indexes[0].row())

    def dress(self) -> None:
        """Take the text's size, in height too."""
        super().dress()
        self._fit_height()

    def fit(self, *, priced: bool) -> None:
        """Be as high as the list needs, up to some rows; hide prices where there are none."""
        self._rows = min(self._listed.listed, _ROWS)
        for column in _PRICES:
            self.setColumnHidden(column, not priced)
        self._fit_height()

    def _fit_height(self) -> None:
        self.setMinimumWidth(current().px(_LEAST_TABLE_PX))
        head = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(current().px(_ROW_PX) * self._rows + head + 2)

    def share_width(self) -> None:
        """Give each figure what its title needs, while there is room."""
        metrics = self.horizontalHeader().fontMetrics()
        most = max(current().px(60), round(self.width() * 0.27))
        for column in _FIGURES:
            wanted = metrics.horizontalAdvance(columns.COLUMNS[column]) + current().px(_PAD_PX)
            self.setColumnWidth(column, min(wanted, most))
