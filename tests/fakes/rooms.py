"""One view by itself over a stage: opened, entered, and closed again after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.services.container import Services
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.views.view import View
from tests.fakes.scripted import Stage
from tests.fakes.windows import words_of

V = TypeVar("V", bound=View)


@contextmanager
def room(
    qtbot: QtBot,
    kind: type[V],
    stage: Stage,
    *,
    size: tuple[int, int] = (1352, 900),
    scale: float = 1.0,
) -> Iterator[V]:
    """Show a view over a stage's services."""
    with room_over(qtbot, kind, stage.open, size=size, scale=scale) as view:
        yield view


@contextmanager
def room_over(
    qtbot: QtBot,
    kind: type[V],
    open_services: Callable[[], Services],
    *,
    size: tuple[int, int] = (1352, 900),
    scale: float = 1.0,
) -> Iterator[V]:
    """Show a view over services that are opened as the window does it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light", scale)
    bridge = Bridge(open_services)
    view = kind(bridge)
    view.resize(*size)
    try:
        with qtbot.waitExposed(view):
            view.show()
        bridge.open()
        view.entered()
        yield view
    finally:
        view.hide()
        bridge.close()
        view.deleteLater()
        QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
        theme.apply(app, "light")


def cells_of(table: QTableView) -> list[list[str]]:
    """Return what a table shows, row by row."""
    model = table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def told_by(widget: QWidget) -> str:
    """Return all words that a widget and its tables tell: shown, in tooltips, to a reader."""
    # What was just put into a layout is on the screen only after its events.
    QCoreApplication.processEvents()
    told = words_of(widget)
    for table in widget.findChildren(QTableView):
        model = table.model()
        for row in range(model.rowCount()):
            for column in range(model.columnCount()):
                index = model.index(row, column)
                # Every role that Qt or a screen reader may show.
                told += [str(index.data(role) or "") for role in range(15)]
    return "\n".join(told)
