"""The trace of a start: JSON lines that a window appends and the benchmark reads.

The app writes the same lines to the file named by COUNTERPART_TRACE_START.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

VARIABLE = "COUNTERPART_TRACE_START"


def write_event(trace: str, event: str) -> None:
    """Append one event with its moment (seconds of the monotonic clock) and memory (bytes)."""
    line = json.dumps({"event": event, "monotonic": time.monotonic(), "rss": _resident_bytes()})
    with Path(trace).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def read_events(trace: Path) -> dict[str, dict[str, float]]:
    """Return the first line of each event; a line still being written is left for later."""
    if not trace.exists():
        return {}
    events: dict[str, dict[str, float]] = {}
    for line in trace.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            read = json.loads(line)
            events.setdefault(read["event"], read)
    return events


def _resident_bytes() -> int:
    """Return this process's resident memory, or 0 where the system has no such file."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
