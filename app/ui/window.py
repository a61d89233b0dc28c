"""Opens the window: the application, its theme, the engine, and a clean end whoever asks for it."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.bridge import UNEXPECTED, Bridge
from app.ui.garbage import MainThreadGarbage
from app.ui.main_window import MainWindow
from app.ui.theme.icons import icon

if TYPE_CHECKING:
    from app.services.container import Services
    from app.services.preferences import Preferences

TRACE_VARIABLE = "COUNTERPART_TRACE_START"
_log = logging.getLogger(__name__)


def open_window(open_services: Callable[[], Services], *, sample: bool) -> int:
    """Show the main window until it is closed; return the exit status."""
    app = _application()
    garbage = MainThreadGarbage(app)
    bridge = Bridge(open_services)
    window = MainWindow(bridge, sample=sample)
    starting = Starting(app, window, bridge)
    ending = Ending(window)
    sys.excepthook = starting.unexpected
    window.show()
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        ending.restore()
        garbage.give_back()


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("counterpart")
    app.setApplicationDisplayName("Counterpart")
    app.setDesktopFileName("counterpart")
    theme.apply(app)
    app.setWindowIcon(icon("scales", "accent", size=64))
    return app


class Starting(QObject):
    """What happens between the first paint and a history that can be shown."""

    def __init__(self, app: QApplication, window: MainWindow, bridge: Bridge) -> None:
        super().__init__(window)
        self._app = app
        self._window = window
        self._bridge = bridge
        window.painted.connect(self._painted)

    @Slot()
    def _painted(self) -> None:
        trace("first_paint")
        self._bridge.run(_preferences, self._dress, self._window.show_problem)
        self._bridge.run(_first_page, self._history_ready, self._window.show_problem)
        self._bridge.open()

    def _dress(self, preferences: Preferences) -> None:
        if (preferences.scheme, preferences.text_scale) != ("system", 1.0):
            theme.apply(self._app, preferences.scheme, preferences.text_scale)

    def _history_ready(self, _nothing: None) -> None:
        trace("history_ready")

    def unexpected(
        self, kind: type[BaseException], _error: BaseException, where: TracebackType | None
    ) -> None:
        """Tell of a fault of our own: what kind and where, never its message, which may quote."""
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = "nowhere"
        if where is not None:
            code = where.tb_frame.f_code
            place = f"{Path(code.co_filename).name}:{where.tb_lineno} in {code.co_name}"
        _log.error("unexpected %s at %s", kind.__name__, place)
        self._window.show_problem(UNEXPECTED)


async def _preferences(services: Services) -> Preferences:
    return await services.preferences.load()


async def _first_page(services: Services) -> None:
    from app.domain.turn import HistoryQuery

    await services.archive.page(HistoryQuery())


class Ending(QObject):
    """Turns SIGINT and SIGTERM into closing the window, so that nothing is lost.

    Python runs its handlers only between its own instructions, which never come while Qt waits:
    the signal's number arrives on a socket that Qt listens to.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._ours, self._wakes = socket.socketpair()
        for end in (self._ours, self._wakes):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._wakes.fileno(), warn_on_full_buffer=False)
        self._handlers = {
            number: signal.signal(number, _handled) for number in (signal.SIGINT, signal.SIGTERM)
        }
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._close)

    @Slot()
    def _close(self) -> None:
        with suppress(BlockingIOError):
            self._ours.recv(64)
        self._window.close()

    def restore(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._ours.close()
        self._wakes.close()


def _handled(_number: int, _frame: FrameType | None) -> None:
    """Let the socket tell: doing more inside a handler is not safe."""


def trace(event: str) -> None:
    """Note a moment of the start, for the benchmark that asked for it by a variable."""
    name = os.environ.get(TRACE_VARIABLE)
    if not name:
        return
    told = {"event": event, "monotonic": time.monotonic(), "rss": _resident_bytes()}
    with Path(name).open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


def _resident_bytes() -> int:
    """Return this process's resident memory, or 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
