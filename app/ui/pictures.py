"""Takes pictures of the real window, view by view, where there may be no screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QEvent, QIODevice
from PySide6.QtWidgets import QApplication

from app.domain.picture import Picture
from app.services.container import Services
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.garbage import MainThreadGarbage
from app.ui.main_window import MainWindow
from app.ui.views.compare.page import AUTO_ROUTE, COMPARE

SIZE = (1440, 900)
PATIENCE_S = 120.0
STILL_S = 0.35  # nothing asked, nothing delivered for this long: the view has settled
SAMPLE_VIEWS = (
    ("Savings", "savings"),
    ("My rule", "rule"),
    ("Calibrate", "calibrate"),
    ("History", "history"),
)
LIVE_VIEWS = (*SAMPLE_VIEWS, ("Settings", "settings"), ("Welcome", "welcome"))


class Photographer:
    """Drives one window and takes pictures of it."""

    def __init__(self, window: MainWindow, app: QApplication) -> None:
        self.window = window
        self._app = app

    def until(self, condition: Callable[[], bool]) -> bool:
        """Let the window live until something holds; False when it never does."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                return False
            self._app.processEvents()
            time.sleep(0.005)
        return True

    def settle(self) -> None:
        """Let the window live until nothing has happened for a moment."""
        still_since = time.monotonic()
        end = still_since + PATIENCE_S
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.005)
            if not self.window.bridge.idle:
                still_since = time.monotonic()
            elif time.monotonic() - still_since > STILL_S:
                return

    def png(self, *, still: bool = True) -> bytes:
        """Return the window as it is, once it is still, or as it is just now."""
        if still:
            self.settle()
        else:
            # What was just told is laid out by the events that follow.
            for _ in range(3):
                self._app.processEvents()
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.window.grab().save(buffer, "PNG")
        buffer.close()
        return bytes(data.data())

    def go(self, view: str) -> None:
        """Open a view and let it settle."""
        self.window.show_view(view)
        self.settle()

    def dress(self, *, dark: bool) -> None:
        """Turn the window light or dark."""
        theme.apply(self._app, "dark" if dark else "light")

    def ask(self, text: str, *, auto_route: bool = False) -> bool:
        """Ask a prompt in Compare and wait until it is answered and shown."""
        compare = self.window.compare
        self.go("compare")
        mode = AUTO_ROUTE if auto_route else COMPARE
        compare.page.mode.choose(mode)
        compare.page.mode.chosen.emit(mode)
        compare.fill(text)
        self.settle()
        before = compare.live.turn
        compare.ask()
        asked = self.until(lambda: compare.live.turn not in (None, before) and not compare.busy)
        self.settle()
        return asked

    def vote(self, place: int) -> None:
        """Vote by the key 1 to 4."""
        self.window.compare.page.votes.press(place)
        self.settle()


@contextmanager
def photographed(
    open_services: Callable[[], Services], *, sample: bool, size: tuple[int, int] = SIZE
) -> Iterator[Photographer]:
    """Open the window for pictures, and close it with everything behind it."""
    app = QApplication.instance() or QApplication(["counterpart"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Counterpart")
    app.setStyle("Fusion")
    theme.apply(app, "light")
    garbage = MainThreadGarbage()
    bridge = Bridge(open_services)
    window = MainWindow(bridge, sample=sample)
    window.resize(*size)
    window.painted.connect(bridge.open)
    photographer = Photographer(window, app)
    try:
        window.show()
        photographer.settle()
        yield photographer
    finally:
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
        garbage.give_back()


def take_pictures(open_services: Callable[[bool], Services], prompt: str) -> list[Picture]:
    """Return each view in light and dark: live where the tour has data, else of the sample.

    `prompt` is asked live for the pictures of Compare and of auto-route.
    """
    pictures: list[Picture] = []

    def both(title: str, photographer: Photographer, *, live: bool) -> None:
        for dark in (False, True):
            photographer.dress(dark=dark)
            pictures.append(Picture(title, live, dark, photographer.png()))

    with photographed(lambda: open_services(False), sample=False) as live:
        if live.ask(prompt):
            both("Compare, blind", live, live=True)
            live.vote(1)
            both("Compare, after the vote", live, live=True)
        if live.ask(prompt, auto_route=True):
            both("Auto-route", live, live=True)
        for title, name in LIVE_VIEWS:
            live.go(name)
            both(f"{title}, practice pair" if name in ("savings", "rule") else title, live,
                 live=True)  # fmt: skip
    with photographed(lambda: open_services(True), sample=True) as sample:
        for title, name in SAMPLE_VIEWS:
            sample.go(name)
            both(f"{title}, sample", sample, live=False)
    return pictures
