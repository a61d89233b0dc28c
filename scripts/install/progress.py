"""What pip is doing, said line by line as a person can follow it."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path
from types import TracebackType

from scripts.install.errors import say

_COLLECTING = re.compile(r"Collecting (?P<name>[\w.\-]+)==(?P<version>[\w.]+)")
_ALREADY = re.compile(r"Requirement already satisfied: (?P<name>[\w.\-]+)")
_PROCESSING = re.compile(r"Processing .*/(?P<name>[\w.]+)-(?P<version>[\w.]+)-\S+\.whl")
_ARRIVING = re.compile(r"\s*(Downloading|Using cached) (?P<file>\S+)( \((?P<size>[^)]+)\))?")
_METER_PERIOD_S = 0.5


class Progress:
    """Turns pip's own lines into a count, a name, a version and a size each."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._count = 0
        self._pending = ""

    def hear(self, line: str) -> list[str]:
        """Take one line of pip's output and return the lines to show, usually none or one."""
        if line.startswith("Ignoring "):
            self._total -= 1  # a package for another system
            return []
        if _ALREADY.match(line):
            self._count += 1
            return self._flush()
        if collecting := _COLLECTING.match(line):
            earlier = self._flush()
            self._count += 1
            self._pending = f"{collecting['name']} {collecting['version']}"
            return earlier
        if found := _PROCESSING.match(line.replace("\\", "/")):  # from a folder of wheels
            earlier = self._flush()
            self._count += 1
            self._pending = f"{found['name'].replace('_', '-')} {found['version']}"
            return [*earlier, *self._flush()]
        if arriving := _ARRIVING.match(line):
            if arriving["file"].endswith(".metadata") or not self._pending:
                return []
            return self._flush(arriving["size"] or "")
        if line.startswith("Installing collected packages"):
            return [*self._flush(), *(["  Unpacking ..."] if self._total else [])]
        return []

    def _flush(self, size: str = "") -> list[str]:
        if not self._pending:
            return []
        shown = f"  [{self._count}/{self._total}] {self._pending}" + (f", {size}" if size else "")
        self._pending = ""
        return [shown]


class Meter:
    """On a terminal, shows how much of the current file has arrived; elsewhere, nothing.

    It measures the folder that pip downloads into, since pip hides its own bar from a pipe.
    """

    def __init__(self, folder: Path, shown: bool | None = None) -> None:
        self._folder = folder
        self._shown = sys.stderr.isatty() if shown is None else shown
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Meter:
        if self._shown:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._shown:
            self._thread.join()

    def say(self, line: str) -> None:
        """Show a line, in place of the meter's."""
        say(("\r\x1b[K" if self._shown else "") + line)

    def _run(self) -> None:
        while not self._over.wait(_METER_PERIOD_S):
            megabytes = folder_mb(self._folder)
            if megabytes >= 1:
                sys.stderr.write(f"\r\x1b[K      {megabytes:.0f} MB of this file are here")
                sys.stderr.flush()
        sys.stderr.write("\r\x1b[K")


def folder_mb(folder: Path) -> float:
    """Return the size of all files in a folder in MB; files may come and go meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total / 1e6
