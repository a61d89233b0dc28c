"""What a window cuts: words without room, buttons narrower than they ask, parts out of sight."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QScrollArea,
    QWidget,
)

from app.ui.widgets.elided_label import ElidedLabel


def cut_in(widget: QWidget) -> list[str]:
    """Return a line for each part of a widget whose words are cut, or that lies beyond its edge.

    What ends in an ellipsis and tells the whole in its tooltip is not cut.
    """
    found: list[str] = []
    for each in widget.findChildren(QWidget):
        if not each.isVisibleTo(widget):
            continue
        if isinstance(each, QLabel):
            found += _cut_label(each)
        elif isinstance(each, QAbstractButton):
            found += _cut_button(each)
        elif isinstance(each, QScrollArea):
            found += _scrolling(each)
        if not isinstance(each, QScrollArea):
            found += _beyond(each, widget)
    return found


def _cut_label(label: QLabel) -> list[str]:
    words = label.text()
    if not words:
        return []
    needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    found = []
    if label.height() < needed:
        found.append(f"{label.height()} of {needed} px high: {words!r}")
    if not label.wordWrap() and not isinstance(label, ElidedLabel):
        needed = label.sizeHint().width()
        if label.width() < needed:
            found.append(f"{label.width()} of {needed} px wide: {words!r}")
    return found


def _cut_button(button: QAbstractButton) -> list[str]:
    needed, has = button.minimumSizeHint(), button.size()
    if not button.text() or (has.width() >= needed.width() and has.height() >= needed.height()):
        return []
    return [f"{has.toTuple()} of {needed.toTuple()} px: button {button.text()!r}"]


def _scrolling(area: QScrollArea) -> list[str]:
    sideways = area.horizontalScrollBar().maximum()
    content = area.widget()
    wider = content.width() - area.viewport().width() if content is not None else 0
    most = max(sideways, wider)
    return [f"scrolls {most} px sideways: {area.accessibleName() or area!r}"] if most > 0 else []


def _beyond(each: QWidget, widget: QWidget) -> list[str]:
    parent = each.parentWidget()
    if parent is None or each.isWindow():
        return []
    if isinstance(parent, (QComboBox, QAbstractScrollArea)):
        return []
    if isinstance(parent.parentWidget(), QAbstractScrollArea):
        return []  # what scrolls shows the rest when it is scrolled; sideways is told above
    words = getattr(each, "text", None)
    said = words() if callable(words) else each.accessibleName()
    name = f"{type(each).__name__} {said!r}"
    found = []
    if (right := each.x() + each.width() - parent.width()) > 0:
        found.append(f"{right} px beyond the right edge: {name}")
    if (bottom := each.y() + each.height() - parent.height()) > 0:
        found.append(f"{bottom} px beyond the lower edge: {name}")
    return found
