"""Streams two answers into one design of a view, in its own process, and prints the cost."""

from __future__ import annotations

import argparse
import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QTextBrowser, QWidget

from app.ui import theme
from app.ui.widgets.markdown_view import MarkdownView
from scripts.benchmarks.render_text import KINDS, tokens

TOKENS_A_SECOND = 1000
# The app's own: each pane 30 times a second, one pane a turn.
_FRAME_MS = 16.5
_PROBE_MS = 5
_SETTLING_S = 8.0


class Design(ABC):
    """One way of showing text that grows."""

    widget: QWidget

    @abstractmethod
    def show(self, new: str) -> None:
        """Show more text."""

    def is_idle(self) -> bool:
        """Whether nothing is left to do for what was shown."""
        return True


class Segmented(Design):
    """The product's view."""

    def __init__(self) -> None:
        self.view = MarkdownView()
        self.widget = self.view

    def show(self, new: str) -> None:
        """Append."""
        self.view.append(new)

    def is_idle(self) -> bool:
        """Whether all heights are measured."""
        return not self.view.is_measuring()


class SetMarkdown(Design):
    """What a plain app does: the whole text is parsed again each time."""

    def __init__(self) -> None:
        self._browser = QTextBrowser()
        self._text: list[str] = []
        self.widget = self._browser

    def show(self, new: str) -> None:
        """Parse everything again, and go to the end."""
        self._text.append(new)
        self._browser.setMarkdown("".join(self._text))
        bar = self._browser.verticalScrollBar()
        bar.setValue(bar.maximum())


class Plain(Design):
    """The floor: text without any form."""

    def __init__(self) -> None:
        self._edit = QPlainTextEdit()
        self._edit.setReadOnly(True)
        self._edit.setUndoRedoEnabled(False)
        self.widget = self._edit

    def show(self, new: str) -> None:
        """Insert at the end, and go there."""
        cursor = QTextCursor(self._edit.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(new)
        bar = self._edit.verticalScrollBar()
        bar.setValue(bar.maximum())


DESIGNS: dict[str, type[Design]] = {
    "segmented": Segmented,
    "set-markdown": SetMarkdown,
    "plain": Plain,
}


class Stream:
    """Feeds both panes at a steady rate by the clock, and watches the event loop meanwhile."""

    def __init__(self, panes: list[Design], texts: list[list[str]], app: QApplication) -> None:
        self._panes, self._texts, self._app = panes, texts, app
        self._shown = [0] * len(panes)
        self._turn = 0
        self.gaps_ms: list[float] = []
        self.busy_ms: list[float] = []
        self.cpu_s = 0.0
        self._timers = [self._timer(_FRAME_MS, self._frame), self._timer(_PROBE_MS, self._probe)]

    def _timer(self, interval_ms: float, slot: Callable[[], None]) -> QTimer:
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(round(interval_ms))
        timer.timeout.connect(slot)
        return timer

    def run(self) -> None:
        """Stream everything."""
        self._start = self._last = time.perf_counter()
        cpu = self._last_cpu = time.thread_time()
        for timer in self._timers:
            timer.start()
        self._app.exec()
        self.cpu_s = time.thread_time() - cpu

    def _frame(self) -> None:
        side = self._turn % len(self._panes)
        self._turn += 1
        text, shown = self._texts[side], self._shown[side]
        due = min(len(text), int((time.perf_counter() - self._start) * TOKENS_A_SECOND))
        if due > shown:
            self._shown[side] = due
            self._panes[side].show("".join(text[shown:due]))
        if all(s == len(t) for s, t in zip(self._shown, self._texts, strict=True)):
            self._timers[0].stop()
            QTimer.singleShot(60, self._app.quit)

    def _probe(self) -> None:
        now = time.perf_counter()
        self.gaps_ms.append(max(0.0, (now - self._last) * 1000 - _PROBE_MS))
        self._last = now
        cpu = time.thread_time()
        self.busy_ms.append((cpu - self._last_cpu) * 1000)
        self._last_cpu = cpu


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> None:
    """Measure one design and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("design", choices=list(DESIGNS))
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("before", type=int, help="tokens shown before the stream begins")
    parser.add_argument("count", type=int, help="tokens streamed into each pane")
    options = parser.parse_args()
    app = QApplication([])
    theme.apply(app, theme.Choice.LIGHT)
    window = QWidget()
    row = QHBoxLayout(window)
    panes = [DESIGNS[options.design]() for _ in range(2)]
    for pane in panes:
        row.addWidget(pane.widget)
    window.resize(1400, 900)
    window.show()
    texts = []
    for seed, pane in enumerate(panes, start=1):
        text = list(tokens(options.kind, options.before + options.count, seed))
        if options.before:
            pane.show("".join(text[: options.before]))
        texts.append(text[options.before :])
    waited = time.perf_counter()
    app.processEvents()
    while not all(p.is_idle() for p in panes) and time.perf_counter() - waited < _SETTLING_S:
        app.processEvents()
    stream = Stream(panes, texts, app)
    stream.run()
    print(
        json.dumps(
            {
                "gap_p99_ms": _quantile(stream.gaps_ms, 0.99),
                "gap_max_ms": max(stream.gaps_ms),
                "busy_p99_ms": _quantile(stream.busy_ms, 0.99),
                "busy_max_ms": max(stream.busy_ms),
                "cpu_s": stream.cpu_s,
            }
        ),
        flush=True,
    )
    # Nothing is kept, and taking a window apart is not what is measured.
    os._exit(0)


if __name__ == "__main__":
    main()
