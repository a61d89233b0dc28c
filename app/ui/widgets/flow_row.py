"""A row of controls that breaks into more rows where there is no room, so that nothing is cut."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLayoutItem, QWidget

from app.ui.widgets.item_layout import ItemLayout


class FlowRow(ItemLayout):
    """Lays its items out from left to right, each at its own size, and wraps.

    ``at_end`` pushes the rows to the right edge.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, at_end: bool = False
    ) -> None:
        super().__init__(parent, spacing)
        self._at_end = at_end

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at that width."""
        return self._lay_out(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's own name
        """Place every item."""
        super().setGeometry(rect)
        self._lay_out(rect, apply=True)

    def sizeHint(self) -> QSize:
        """Return the size of one single row."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's own name
        """Return the size of the widest item."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if rows and used + self.spacing() + needed <= width:
                rows[-1].append(item)
                used += self.spacing() + needed
            else:
                rows.append([item])
                used = needed
        return rows

    @staticmethod
    def _size(item: QLayoutItem, width: int) -> QSize:
        """Return an item's own size; one that is wider than the row breaks its words, if it can."""
        size = item.sizeHint()
        if size.width() <= width or not item.hasHeightForWidth():
            return size
        return QSize(width, item.heightForWidth(width))

    def _lay_out(self, rect: QRect, *, apply: bool) -> int:
        y = rect.y()
        if apply:
            # More height than needed is shared above and below.
            y += max(0, rect.height() - self._lay_out(rect, apply=False)) // 2
        for row in self._rows(rect.width()):
            height = max(self._size(item, rect.width()).height() for item in row)
            length = sum(item.sizeHint().width() for item in row) + self.spacing() * (len(row) - 1)
            x = rect.x() + (max(0, rect.width() - length) if self._at_end else 0)
            for item in row:
                size = self._size(item, rect.width())
                if apply:
                    top = y + (height - size.height()) // 2
                    width = min(size.width(), rect.width())
                    item.setGeometry(QRect(QPoint(x, top), QSize(width, size.height())))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return max(0, y - self.spacing() - rect.y())
