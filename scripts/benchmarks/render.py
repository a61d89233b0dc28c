"""Markdown that streams into two panes: the product's view, what a plain app does, and plain text.

Each design runs in a process of its own, in turns, two panes at 1,000 tokens a second each. Ratios
are taken within a turn, and the median over turns is the figure. The gaps of the event loop for the
shapes of text are in milliseconds, so they are counted in the interface thread's own time: what the
neighbours take from it on a shared machine is not the view's.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TURNS = 2
STREAMED = 1500
# A p99 needs more samples than a sum.
SHAPE_STREAMED = 3000
LATE = 50_000 - STREAMED
# Enough that the text is many screens long, and short enough to be shown soon.
SHAPE_BEFORE = 6_000
SHAPES = ("code", "table", "paragraph", "cjk", "right-to-left")
GAP_GOAL, LATE_GOAL, PLAIN_GOAL, SHAPE_GOAL_MS = 1 / 25, 1.25, 2.0, 16.0
_TIMEOUT_S = 60.0

Figures = dict[str, float]


def run() -> list[dict[str, Any]]:
    """Measure, and return the goals; values are ratios, and milliseconds for the shapes of text."""
    turns = []
    for _ in range(TURNS):
        turns.append(
            {
                "late": _measure("segmented", "mixed", LATE),
                "early": _measure("segmented", "mixed", 0),
                "plain": _measure("plain", "mixed", LATE),
                "naive": _measure("set-markdown", "mixed", LATE),
            }
        )
    shapes = {
        kind: _measure("segmented", kind, SHAPE_BEFORE, SHAPE_STREAMED)["busy_p99_ms"]
        for kind in SHAPES
    }
    return goals(turns, shapes)


def goals(turns: list[dict[str, Figures]], shapes: dict[str, float]) -> list[dict[str, Any]]:
    """Return the goals from the figures of each turn, and the gap in ms of each shape of text."""

    def ratio(figure: str, one: str, other: str) -> float:
        return statistics.median(turn[one][figure] / turn[other][figure] for turn in turns)

    found = [
        _goal("gap p99 / setMarkdown at 30 Hz", ratio("gap_p99_ms", "late", "naive"), GAP_GOAL),
        _goal("GUI CPU at 48.5-50k tokens / at 0-1.5k", ratio("cpu_s", "late", "early"), LATE_GOAL),
        _goal("GUI CPU / plain text without Markdown", ratio("cpu_s", "late", "plain"), PLAIN_GOAL),
    ]
    found += [
        _goal(f"gap p99 in ms of thread time, all {kind}", gap, SHAPE_GOAL_MS)
        for kind, gap in shapes.items()
    ]
    return found


def _goal(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 4), "goal": goal, "met": value <= goal}


def _measure(design: str, kind: str, before: int, streamed: int = STREAMED) -> Figures:
    command = [sys.executable, "-m", "scripts.benchmarks.render_design"]
    environ = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ)
    done = subprocess.run(
        [*command, design, kind, str(before), str(streamed)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=True,
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures
