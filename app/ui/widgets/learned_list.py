"""What a rule learned, line by line: the counts, the interval drawn, and where prompts go now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
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
_ONE_LINE_PX = 520


class LearnedList(QScrollArea):
    """Groups of comparisons, each with how often the cheap answer was good enough."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What the rule learned")
        self.setProperty("ring", "true")  # it is scrolled by keys, and shows that it has them
        self._groups: tuple[Learned, ...] = ()
        self._narrow = False

    def show_groups(self, groups: Sequence[Learned]) -> None:
        """Show other groups."""
        self._groups = tuple(groups)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each group two lines where one would be cut."""
        super().resizeEvent(event)
        if self._is_narrow() != self._narrow:
            QTimer.singleShot(0, self, self._fill)

    def _is_narrow(self) -> bool:
        return self.viewport().width() < current().px(_ONE_LINE_PX)

    @Slot()
    def _fill(self) -> None:
        self._narrow = self._is_narrow()
        page = QWidget()
        page.setProperty("page", "true")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(0 if not self._narrow else 1, 3)
        grid.setColumnStretch(2 if not self._narrow else 1, 4)
        for line, item in enumerate(self._groups):
            parts = self._parts(item)
            if self._narrow:
                name, count, bar, likely, badge = parts
                grid.addWidget(name, 2 * line, 0, 1, 2)
                grid.addWidget(badge, 2 * line, 2)
                for column, widget in enumerate((count, bar, likely)):
                    grid.addWidget(widget, 2 * line + 1, column)
            else:
                grid.setColumnMinimumWidth(2, current().px(_BAR_PX))
                for column, widget in enumerate(parts):
                    grid.addWidget(widget, line, column)
        grid.setRowStretch(2 * len(self._groups), 1)
        # Qt would delete the old lines at once, and may be in the middle of telling them something.
        old = self.takeWidget()
        if old is not None:
            old.deleteLater()
        self.setWidget(page)

    def sizeHint(self) -> QSize:
        """Ask for the same room however many groups there are: the list scrolls, charts do not."""
        theme = current()
        return QSize(theme.px(_HINT_PX[0]), theme.px(_HINT_PX[1]))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's size, once Qt has told every line of it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_narrow"):
            QTimer.singleShot(0, self, self._fill)

    @staticmethod
    def _parts(item: Learned) -> tuple[QWidget, QWidget, QWidget, QWidget, QWidget]:
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
        return name, count, bar, likely, badge


def verdict(item: Learned) -> tuple[str, str]:
    """Return where a group's prompts go, as (text, kind) of a badge."""
    if item.goes_to is None or not item.enough:
        return "cannot tell yet", "neutral"
    if item.goes_to is Role.CHEAP:
        return "to cheap" if item.to_cheap == item.routed else "mostly to cheap", "cheap"
    return "to frontier" if not item.to_cheap else "mostly to frontier", "frontier"
