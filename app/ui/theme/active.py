"""The theme in force: chosen by the user or by the system, and changed live.

Widgets need no signal: Qt sends each of them a ``StyleChange`` event after ``apply``, and whoever
draws by itself asks ``current()`` again then.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from app.ui.theme import fonts
from app.ui.theme.palette import build_palette
from app.ui.theme.stylesheet import build_stylesheet
from app.ui.theme.tokens import DARK, LIGHT, Tokens

SMALLEST_SCALE, LARGEST_SCALE = 0.8, 2.0


class Choice(StrEnum):
    """What the user asked for in Settings."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a widget needs to draw itself: colours, and sizes in pixels at the text scale."""

    tokens: Tokens = LIGHT
    scale: float = 1.0

    @property
    def is_dark(self) -> bool:
        """Whether the grounds are dark."""
        return self.tokens is DARK

    def px(self, length: float) -> int:
        """Pixels for a length of the design, which is drawn at a scale of 1."""
        return round(length * self.scale)

    def colour(self, name: str) -> QColor:
        """Colour of the token called ``name``; raise ``KeyError`` for an unknown one."""
        return QColor(self.tokens.colour(name))

    def interface_font(self, *, strong: bool = False) -> QFont:
        """Font of labels and controls, 13 px at a scale of 1."""
        return fonts.interface_font(self.scale, strong=strong)

    def answer_font(self) -> QFont:
        """Font of an answer's text, 15 px at a scale of 1."""
        return fonts.interface_font(self.scale, fonts.ANSWER_PX)

    def code_font(self) -> QFont:
        """Fixed-pitch font of code in an answer."""
        return fonts.code_font(self.scale)


class _SystemFollower(QObject):
    """Applies the theme again when the system turns light or dark, if the user follows it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme-follower")
        self.choice = Choice.SYSTEM
        self.theme = Theme()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    @Slot(Qt.ColorScheme)
    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        app = QApplication.instance()
        if self.choice is Choice.SYSTEM and isinstance(app, QApplication):
            _dress(app, self, _tokens_for(Choice.SYSTEM, scheme), self.theme.scale)


def _follower(app: QApplication) -> _SystemFollower | None:
    return app.findChild(
        _SystemFollower, "theme-follower", Qt.FindChildOption.FindDirectChildrenOnly
    )


def _tokens_for(choice: Choice, scheme: Qt.ColorScheme) -> Tokens:
    match choice:
        case Choice.LIGHT:
            return LIGHT
        case Choice.DARK:
            return DARK
        case Choice.SYSTEM:
            return DARK if scheme is Qt.ColorScheme.Dark else LIGHT


def _dress(app: QApplication, follower: _SystemFollower, tokens: Tokens, scale: float) -> None:
    theme = Theme(tokens, scale)
    if theme == follower.theme and app.styleSheet():
        return
    follower.theme = theme
    app.setPalette(build_palette(tokens))
    app.setFont(theme.interface_font())
    app.setStyleSheet(build_stylesheet(tokens, scale))


def apply(app: QApplication, choice: Choice | str = Choice.SYSTEM, scale: float = 1.0) -> Theme:
    """Dress the whole application and keep following the system where ``choice`` says so.

    ``scale`` enlarges text and the space around it, 0.8 to 2 (200%); outside that it is brought to
    the nearest end. Raise ``ValueError`` for a choice that is none of system, light and dark.
    """
    wanted = Choice(choice)
    follower = _follower(app) or _SystemFollower(app)
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    # The follower must not answer the change of scheme that is made here.
    follower.choice = Choice.LIGHT
    match wanted:
        case Choice.SYSTEM:
            app.styleHints().unsetColorScheme()
        case Choice.LIGHT:
            app.styleHints().setColorScheme(Qt.ColorScheme.Light)
        case Choice.DARK:
            app.styleHints().setColorScheme(Qt.ColorScheme.Dark)
    follower.choice = wanted
    bounded = min(max(scale, SMALLEST_SCALE), LARGEST_SCALE)
    _dress(app, follower, _tokens_for(wanted, app.styleHints().colorScheme()), bounded)
    return follower.theme


def current() -> Theme:
    """Theme in force, or the light one before ``apply`` was ever called."""
    app = QApplication.instance()
    follower = _follower(app) if isinstance(app, QApplication) else None
    return follower.theme if follower else Theme()
