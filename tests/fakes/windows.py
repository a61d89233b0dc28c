"""Real windows over real services: opened, shown, dressed, and closed again after the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from tests.fakes.scripted import Stage

# Long, for a machine that is busy with something else: what comes sooner is not waited for.
WAIT_MS = 30_000


@contextmanager
def main_window(
    qtbot: QtBot, stage: Stage, size: tuple[int, int] = (1440, 900)
) -> Iterator[MainWindow]:
    """Open the main window over a stage and wait until Compare knows its pair."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    bridge = Bridge(stage.open)
    window = MainWindow(bridge)
    window.resize(*size)
    window.painted.connect(bridge.open)
    try:
        with qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.compare.drafting.outlook is not None, timeout=WAIT_MS)
        yield window
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def wait_until(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    """Wait for something that the engine and the frames bring about."""
    qtbot.waitUntil(condition, timeout=WAIT_MS)


def frames(qtbot: QtBot, seconds: float = 0.25) -> None:
    """Let some frames pass, so that what could happen has happened."""
    until = time.monotonic() + seconds
    qtbot.waitUntil(lambda: time.monotonic() >= until, timeout=WAIT_MS)


def press(
    widget: QWidget,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press one key in a widget."""
    QTest.keyClick(widget, key, modifier)


def type_keys(widget: QWidget, text: str) -> None:
    """Type plain characters (ASCII) in a widget."""
    QTest.keyClicks(widget, text)


def click(widget: QWidget) -> None:
    """Press a widget with the mouse, in its middle."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def words_of(widget: QWidget, *, without: QWidget | None = None) -> list[str]:
    """Return every word that a widget tells: on the screen, in tooltips, to a screen reader.

    What stands in `without`, a part of the widget, is left out.
    """
    told: list[str] = []
    for each in (widget, *widget.findChildren(QWidget)):
        if not each.isVisible():
            continue
        if without is not None and (each is without or without.isAncestorOf(each)):
            continue
        told += [
            each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.statusTip(),
            each.whatsThis(),
        ]  # fmt: skip
        if isinstance(each, QLabel):
            told.append(each.text())
        text = getattr(each, "text", None)
        if callable(text) and not isinstance(each, QLabel):
            said = text()
            told.append(said if isinstance(said, str) else "")
        plain = getattr(each, "toPlainText", None)
        if callable(plain):
            told.append(plain())
    return [word for word in told if word]
