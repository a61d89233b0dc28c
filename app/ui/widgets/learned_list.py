"""What a rule learned, line by line: the counts, the interval drawn, and where prompts go now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from app.domain.model import Role
from app.domain.routing.groups import GroupKind, label_of
from app.domain.routing.overview import Learned
from app.domain.words import interval_text
from app.ui.theme import current
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.interval_bar import IntervalBar

_NAME_PX = 170
_BAR_PX = 90
_HINT_PX = (400, 150)


class LearnedList(QScrollArea):
    """Groups of comparisons, each with how often the cheap answer was good enough."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What the rule learned")
        self._groups: tuple[Learned, ...] = ()

    def show_groups(self, groups: Sequence[Learned]) -> None:
        """Show other groups."""
        self._groups = tuple(groups)
        page = QWidget()
        page.setProperty("page", "true")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(2, 4)
        grid.setColumnMinimumWidth(2, current().px(_BAR_PX))
        for line, item in enumerate(self._groups):
            self._add(grid, line, item)
        grid.setRowStretch(len(self._groups), 1)
        self.setWidget(page)

    def sizeHint(self) -> QSize:
        """Ask for the same room however many groups there are: the list scrolls, charts do not."""
        theme = current()
        return QSize(theme.px(_HINT_PX[0]), theme.px(_HINT_PX[1]))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_groups"):
            page = self.widget()
            layout = page.layout() if page is not None else None
            if isinstance(layout, QGridLayout):
                layout.setColumnMinimumWidth(2, current().px(_BAR_PX))

    def _add(self, grid: QGridLayout, line: int, item: Learned) -> None:
        group = item.group
        named = label_of(group.kind, group.name)
        name = ElidedLabel(named[:1].upper() + named[1:])
        name.setMinimumWidth(current().px(70))
        if group.kind is GroupKind.ALL:
            name.setProperty("role", "strong")
        count = QLabel(f"{group.good:,} of {group.total:,}")
        count.setProperty("role", "muted")
        count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        count.setToolTip(group.sentence())
        token = "frontier" if item.enough and item.goes_to is Role.FRONTIER else "cheap"
        bar = IntervalBar(colour=token)
        bar.show_interval(group.good / group.total, group.tally.low, group.tally.high)
        bar.setToolTip(group.sentence())
        likely = QLabel(interval_text(group.tally.low, group.tally.high))
        likely.setProperty("role", "muted")
        text, kind = verdict(item)
        badge = QLabel(text)
        badge.setProperty("badge", kind)
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setToolTip(f"{item.to_cheap:,} of {item.routed:,} would go to cheap")
        for column, widget in enumerate((name, count, bar, likely, badge)):
            grid.addWidget(widget, line, column)


def verdict(item: Learned) -> tuple[str, str]:
    """Return where a group's prompts go, as (text, kind) of a badge."""
    if item.goes_to is None or not item.enough:
        return "cannot tell yet", "neutral"
    if item.goes_to is Role.CHEAP:
        return "to cheap" if item.to_cheap == item.routed else "mostly to cheap", "cheap"
    return "to frontier" if not item.to_cheap else "mostly to frontier", "frontier"
