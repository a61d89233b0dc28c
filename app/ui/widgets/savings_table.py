"""A table of savings with its total always in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.domain.savings.values import CurrencySavings
from app.ui.models.savings_table import ESTIMATED, Grouping, SavingsTableModel
from app.ui.theme import current

_ROW_PX = 26


class SavingsTable(QWidget):
    """Rows that scroll, and under them the total that the headline shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = SavingsTableModel(self)
        self.total = SavingsTableModel(self)
        self._body = self._table(self.rows, "Savings, row by row")
        self._foot = self._table(self.total, "Total")
        self._foot.horizontalHeader().hide()
        self._foot.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line = QFrame(self)
        line.setProperty("line", "true")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._body, 1)
        layout.addWidget(line)
        layout.addWidget(self._foot)
        self._body.horizontalHeader().sectionResized.connect(self._follow)
        self._dress()

    def _table(self, model: SavingsTableModel, name: str) -> QTableView:
        table = QTableView(self)
        table.setModel(model)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setProperty("plain", "true")
        table.setStyleSheet("QTableView { border: none; border-radius: 0; }")
        table.setAccessibleName(name)
        table.setShowGrid(False)
        table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setMinimumSectionSize(20)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        return table

    def show_report(self, part: CurrencySavings, grouping: Grouping) -> None:
        """Show a report's rows by matter, month or model, and its total."""
        self.rows.show(part, grouping)
        self.total.show(part, grouping, total=True)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Give the rows another height when the text grows."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        height = current().px(_ROW_PX)
        for table in (self._body, self._foot):
            table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            table.verticalHeader().setDefaultSectionSize(height)
        self._foot.setFixedHeight(height + 2)
        # The head, two rows, and the total: less is no table.
        self.setMinimumHeight(height * 4)
        self._fit()

    def _fit(self) -> None:
        """Give each figure the width its longest amount needs; the name has the rest."""
        if not self.rows.columnCount():
            return
        metrics = self._body.fontMetrics()
        header = self._body.horizontalHeader()
        guessed = any(row.exact.paid_estimated for row in self.total.rows())
        for table in (self._body, self._foot):
            table.setColumnHidden(ESTIMATED, not guessed)
        for column in range(1, self.rows.columnCount()):
            texts = [str(self.rows.headerData(column, Qt.Orientation.Horizontal) or "")]
            for model in (self.rows, self.total):
                texts += [
                    str(model.data(model.index(row, column)) or "")
                    for row in range(model.rowCount())
                ]
            # Strong figures are a little wider than the plain font measures.
            width = max(metrics.horizontalAdvance(text) for text in texts) * 1.06
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, round(width) + current().px(30))
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(self.rows.columnCount()):
            self._foot.setColumnWidth(column, header.sectionSize(column))

    @Slot(int, int, int)
    def _follow(self, column: int, _old: int, width: int) -> None:
        self._foot.setColumnWidth(column, width)
