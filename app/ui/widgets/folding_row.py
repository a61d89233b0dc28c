"""A row whose parts go under each other where they would be squeezed beside each other."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QLayout, QWidget

from app.ui.theme import current
from app.ui.widgets.item_layout import ItemLayout


class FoldingRow(ItemLayout):
    """Lays its parts side by side while each has the room that it needs, else in a column.

    A part with a share takes of the room that is left; it needs what it would like to have, or
    `least_px` (at the text's usual size) where that is less. Any other part has the width that it
    would like. Unlike a box layout that is turned, it never asks for the width of the row.
    """

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent, spacing)
        self._shares: dict[int, tuple[int, int]] = {}  # by an item's place: share, least_px

    def add(self, part: QWidget | QLayout, *, share: int = 0, least_px: int = 0) -> None:
        """Add a part at the end."""
        if isinstance(part, QLayout):
            self.addChildLayout(part)
            self.addItem(part)
        else:
            self.addWidget(part)
        self.set_share(len(self._items) - 1, share, least_px=least_px)

    def set_share(self, place: int, share: int, *, least_px: int = 0) -> None:
        """Let a part take of the room that is left, or no more than it would like."""
        self._shares[place] = share, least_px
        self.invalidate()

    def folded(self, width: int) -> bool:
        """Return whether the parts stand under each other at that width."""
        places = self._shown()
        needed = sum(self._need(place) for place in places)
        return needed + self.spacing() * max(0, len(places) - 1) > self._inner(width)

    # What a layout is asked

    def heightForWidth(self, width: int) -> int:
        """Return the height at that width."""
        return max((rect.bottom() + 1 for _, rect in self._rects(width)), default=0) + (
            self.contentsMargins().bottom()
        )

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's own name
        """Place every part."""
        super().setGeometry(rect)
        beside = not self.folded(rect.width())
        for place, own in self._rects(rect.width()):
            if beside:
                margins = self.contentsMargins()
                own.setHeight(rect.height() - margins.top() - margins.bottom())
            self._items[place].setGeometry(own.translated(rect.topLeft()))

    def sizeHint(self) -> QSize:
        """Return the size of one single row."""
        sizes = [self._items[place].sizeHint() for place in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return self._outer(QSize(width, max((size.height() for size in sizes), default=0)))

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's own name
        """Return the size of the largest part: the height follows from the width."""
        sizes = [self._items[place].minimumSize() for place in self._shown()]
        width = max((size.width() for size in sizes), default=0)
        return self._outer(QSize(width, max((size.height() for size in sizes), default=0)))

    # Reckoning

    def _shown(self) -> list[int]:
        return [place for place, item in enumerate(self._items) if not item.isEmpty()]

    def _inner(self, width: int) -> int:
        margins = self.contentsMargins()
        return width - margins.left() - margins.right()

    def _outer(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    def _need(self, place: int) -> int:
        wanted = self._items[place].sizeHint().width()
        least = self._shares.get(place, (0, 0))[1]
        return min(wanted, current().px(least)) if least else wanted

    def _widths(self, places: list[int], room: int) -> dict[int, int]:
        """Return each part's width beside the others, `room` pixels in all."""
        widths = {place: self._need(place) for place in places}
        sharing = [place for place in places if self._shares.get(place, (0, 0))[0]]
        free = room - sum(widths[place] for place in places if place not in sharing)
        # Whoever needs more than its share has what it needs, and the others share the rest.
        while sharing:
            whole = sum(self._shares[place][0] for place in sharing)
            parts = {place: free * self._shares[place][0] // whole for place in sharing}
            needy = [place for place in sharing if widths[place] > parts[place]]
            if not needy:
                return widths | parts
            free -= sum(widths[place] for place in needy)
            sharing = [place for place in sharing if place not in needy]
        return widths

    def _rects(self, width: int) -> list[tuple[int, QRect]]:
        margins, places, room = self.contentsMargins(), self._shown(), self._inner(width)
        x, y = margins.left(), margins.top()
        found: list[tuple[int, QRect]] = []
        if self.folded(width):
            for place in places:
                if not self._need(place):
                    continue  # without words it takes no line
                height = self._height(place, room)
                found.append((place, QRect(x, y, room, height)))
                y += height + self.spacing()
            return found
        widths = self._widths(places, room - self.spacing() * max(0, len(places) - 1))
        for place in places:
            found.append((place, QRect(x, y, widths[place], self._height(place, widths[place]))))
            x += widths[place] + self.spacing()
        return found

    def _height(self, place: int, width: int) -> int:
        item = self._items[place]
        return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
