"""A plain table of rows: each is chosen as a whole, and one column has the room."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from app.ui.theme import current

_LEAST_COLUMN_PX = 24


class RowTable(QTableView):
    """Rows of one height, which follows the text's size; no grid, no frame, no scroll sideways.

    Who derives from it says in `share_width` how wide the other columns are, and may hold more of
    it to the text's size in `dress`, which it calls when it is made. `row_px` is a row's height at
    the text's usual size, `roomy` the column that has the room.
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        name: str,
        *,
        row_px: int,
        roomy: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row_px = row_px
        self.setModel(model)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(_LEAST_COLUMN_PX)
        header.setSectionResizeMode(roomy, QHeaderView.ResizeMode.Stretch)

    def choose_one(self) -> None:
        """Let one row be chosen at a time, and nothing be typed over."""
        self.setMouseTracking(True)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width again."""
        super().resizeEvent(event)
        self.share_width()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.dress()

    def dress(self) -> None:
        """Take the text's size."""
        self.verticalHeader().setDefaultSectionSize(current().px(self._row_px))
        self.share_width()

    def share_width(self) -> None:
        """Give each column but the roomy one its width."""
        raise NotImplementedError
