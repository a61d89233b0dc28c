"""Our own icons: strokes on a 24 px grid, tinted by meaning, drawn crisply for each screen."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache

from app.ui.theme.active import Theme, current
from app.ui.theme.resources import resource

NAMES = frozenset(
    {
        "add",
        "again",
        "arrow-right",
        "attach",
        "blind",
        "calibrate",
        "check",
        "close",
        "compare",
        "copy",
        "differences",
        "export",
        "folded",
        "history",
        "info",
        "key",
        "laptop",
        "library",
        "matter",
        "moon",
        "more",
        "rule",
        "savings",
        "scales",
        "search",
        "settings",
        "shield",
        "stop",
        "sun",
        "tag",
        "trash",
        "unfolded",
        "warning",
    }
)
_GRID_PX = 20


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    if name not in NAMES:
        raise KeyError(f"There is no icon called {name!r}.")
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _drawn(name: str, colour: str, side_px: int, ratio: float) -> QPixmap:
    # Qt's own cache goes away with the application; pixmaps that outlive it crash at exit.
    key = f"icon/{name}/{colour}/{side_px}/{ratio}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    # QtSvg is asked for here, not at the top: a window without icons should not pay for it.
    from PySide6.QtSvg import QSvgRenderer

    drawing = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    picture = QPixmap(round(side_px * ratio), round(side_px * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, picture)
    return picture


def _ratios() -> set[float]:
    return {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}


def pixmap(name: str, tint: str = "muted", size: float = _GRID_PX, ratio: float = 0.0) -> QPixmap:
    """Picture of ``name`` in the colour of token ``tint``, ``size`` design pixels a side.

    ``ratio`` is the device's pixels for each of ours; 0 takes the sharpest screen's. Raise
    ``KeyError`` for an unknown icon or token.
    """
    theme = current()
    return _drawn(name, theme.tokens.colour(tint), theme.px(size), ratio or max(_ratios()))


def icon(name: str, tint: str = "muted", on: str = "", size: float = _GRID_PX) -> QIcon:
    """Icon of ``name``; ``on`` tints its checked state. Make it again when the theme changes.

    ``size`` is in design pixels, the icon size of the button: another one is scaled, and blurs.
    """
    theme: Theme = current()
    made = QIcon()
    for ratio in sorted(_ratios()):
        side = theme.px(size)
        for mode, colour in ((QIcon.Mode.Normal, tint), (QIcon.Mode.Disabled, "faint")):
            drawn = _drawn(name, theme.tokens.colour(colour), side, ratio)
            made.addPixmap(drawn, mode, QIcon.State.Off)
            if on and mode is QIcon.Mode.Normal:
                drawn = _drawn(name, theme.tokens.colour(on), side, ratio)
            made.addPixmap(drawn, mode, QIcon.State.On)
    return made
