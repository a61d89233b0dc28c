"""Buttons of the design. One filled button a view; everything else is quiet."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from app.ui import theme
from app.ui.theme import icons

ButtonKind = Literal["plain", "strong", "primary", "ghost", "link"]
LINK_RING_PX = 4  # the border and padding of a link in app.qss, at any text size
_ICON_PX = 18
_TINTS = {"primary": "on_accent", "link": "accent"}


class Button(QPushButton):
    """A button with words, and an icon where ``icon`` names one.

    ``primary`` is the filled one, ``strong`` a bold one (votes), ``ghost`` has no border, ``link``
    looks like a link but is reached by Tab and pressed by Space as any button.
    """

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "plain",
        parent: QWidget | None = None,
        *,
        icon: str = "",
    ) -> None:
        # A model's name may hold an ampersand, which would become a keyboard shortcut.
        super().__init__(text.replace("&", "&&"), parent)
        self._icon_name = icon
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        if kind == "link":
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tint()

    def set_icon(self, name: str) -> None:
        """Show another icon; raise ``KeyError`` for an unknown one."""
        self._icon_name = name
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon anew when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_icon_name"):
            self._tint()

    def _tint(self) -> None:
        if self._icon_name:
            tint = _TINTS.get(str(self.property("kind")), "muted")
            self.setIcon(icons.icon(self._icon_name, tint, size=_ICON_PX))
            side = theme.current().px(_ICON_PX)
            self.setIconSize(QSize(side, side))


class IconButton(QToolButton):
    """A button that shows an icon only; ``says`` is its tooltip and its name for screen readers."""

    def __init__(
        self, icon: str, says: str, parent: QWidget | None = None, *, on: str = ""
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._on = on
        self.setProperty("kind", "icon")
        self.setToolTip(says)
        self.setAccessibleName(says)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icon anew when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_on"):
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icons.icon(self._icon_name, "muted", self._on, _ICON_PX))
        side = theme.current().px(_ICON_PX)
        self.setIconSize(QSize(side, side))


def flush_row(link: QPushButton) -> QHBoxLayout:
    """Return a row in which a link's words, not the invisible ring about them, begin at the edge.

    The ring then lies beyond the edge: there must be as much room there within the same widget.
    """
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addSpacing(-LINK_RING_PX)
    row.addWidget(link)
    row.addStretch(1)
    return row
