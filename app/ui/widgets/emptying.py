"""Rows that are shown anew: the old ones are taken out before the new ones come."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLayout, QWidget


def empty(layout: QLayout, keep: Callable[[QWidget], bool] | None = None) -> None:
    """Take all widgets out of a layout and let them go, but those to keep."""
    place = 0
    while place < layout.count():
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        if widget is None or (keep is not None and keep(widget)):
            place += 1
            continue
        layout.takeAt(place)
        # Hidden at once: it is deleted only when Qt has told it all that is still to come.
        widget.hide()
        widget.deleteLater()
