"""From process to first paint of Compare, ready to type, against a bare main window.

Pairs of starts, turn by turn, in one run: the bare window, then the app on its two-year sample
history in a folder of its own. Both tell the moment after their first paint; the app tells also
when the history behind it can be shown. A ratio is taken in each pair, and the median over pairs
is the figure, since absolute times drift twofold with the neighbours.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.benchmarks.trace import VARIABLE, read_events

ROOT = Path(__file__).resolve().parents[2]
PAIRS = 9
PAINT_GOAL, MEMORY_GOAL, HISTORY_GOAL = 1.5, 1.4, 5.0
_TIMEOUT_S = 60.0
_POLL_S = 0.005
# Filling the sample history and writing the byte code happen once, before anything is measured.
_WARM_UPS = 1


@dataclass(frozen=True)
class Start:
    """One start: milliseconds from the process to an event, and memory then in MB."""

    paint_ms: float
    paint_mb: float
    history_ms: float


def run() -> list[dict[str, Any]]:
    """Measure and return the three goals of a start."""
    with screen() as environ, tempfile.TemporaryDirectory(prefix="counterpart-bench-") as scratch:
        folder = Path(scratch)
        pairs = []
        for number in range(PAIRS + _WARM_UPS):
            bare = _measure(_bare_command, ("first_paint",), folder, environ)
            app = _measure(_app_command, ("first_paint", "history_ready"), folder, environ)
            if number >= _WARM_UPS:
                pairs.append((bare, app))
    return goals(pairs, environ.get("QT_QPA_PLATFORM", "the desktop's own"))


def goals(pairs: list[tuple[Start, Start]], platform: str) -> list[dict[str, Any]]:
    """Return the goals from pairs of (bare window, app)."""
    paint = [app.paint_ms / bare.paint_ms for bare, app in pairs]
    history = [app.history_ms / bare.paint_ms for bare, app in pairs]
    found = [
        _goal("first paint of Compare / bare window", paint, PAINT_GOAL, pairs),
        _goal("history ready / bare window", history, HISTORY_GOAL, pairs),
    ]
    # Only Linux tells the memory at that moment.
    if all(start.paint_mb > 0 for pair in pairs for start in pair):
        memory = [app.paint_mb / bare.paint_mb for bare, app in pairs]
        found.insert(1, _goal("memory at first paint / bare window", memory, MEMORY_GOAL, pairs))
    return [{**goal, "pairs": len(pairs), "platform": platform} for goal in found]


def _goal(
    name: str, ratios: list[float], limit: float, pairs: list[tuple[Start, Start]]
) -> dict[str, Any]:
    value = statistics.median(ratios)
    bare, app = (statistics.median(pair[side].paint_ms for pair in pairs) for side in (0, 1))
    history = statistics.median(app.history_ms for _, app in pairs)
    bare_mb, app_mb = (statistics.median(pair[side].paint_mb for pair in pairs) for side in (0, 1))
    return {
        "name": name,
        "value": round(value, 3),
        "goal": limit,
        "met": value <= limit,
        "lowest": round(min(ratios), 3),
        "highest": round(max(ratios), 3),
        "medians": {
            "bare_paint_ms": round(bare, 1),
            "app_paint_ms": round(app, 1),
            "history_ready_ms": round(history, 1),
            "bare_mb": round(bare_mb, 1),
            "app_mb": round(app_mb, 1),
        },
    }


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """Give variables under which windows paint: this screen, one in memory, or offscreen."""
    environ = dict(os.environ)
    if environ.get("DISPLAY") or not sys.platform.startswith("linux"):
        yield environ
        return
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        yield {**environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    # Xvfb itself picks a free number and tells it, so that two runs never meet.
    command = [xvfb, "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        number = server.stdout.readline().decode().strip()
        try:
            yield {**environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()


def _bare_command(_folder: Path, trace: Path) -> list[str]:
    return [sys.executable, "-m", "scripts.benchmarks.bare_window", str(trace)]


def _app_command(folder: Path, _trace: Path) -> list[str]:
    return [sys.executable, "-m", "app", "--data-dir", str(folder / "data"), "--sample"]


def _measure(
    command: Callable[[Path, Path], list[str]],
    awaited: tuple[str, ...],
    folder: Path,
    environ: Mapping[str, str],
) -> Start:
    """Start a program, wait for its events, end it."""
    trace = folder / "trace.jsonl"
    trace.unlink(missing_ok=True)
    words = command(folder, trace)
    began = time.monotonic()
    with subprocess.Popen(words, cwd=ROOT, env={**environ, VARIABLE: str(trace)}) as program:
        try:
            events = _wait_for(awaited, trace, program)
        finally:
            program.terminate()
    moments = {name: (read["monotonic"] - began) * 1000 for name, read in events.items()}
    return Start(
        moments["first_paint"],
        events["first_paint"]["rss"] / 1e6,
        moments.get("history_ready", 0.0),
    )


def _wait_for(
    awaited: tuple[str, ...], trace: Path, program: subprocess.Popen[bytes]
) -> dict[str, dict[str, float]]:
    limit = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < limit:
        events = read_events(trace)
        if all(name in events for name in awaited):
            return events
        if program.poll() is not None:
            sys.exit(f"{program.args!r} ended by itself before it had painted.")
        time.sleep(_POLL_S)
    sys.exit(f"{program.args!r} did not tell {', '.join(awaited)} within {_TIMEOUT_S:.0f} s.")
