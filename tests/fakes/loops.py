"""Event loops whose time a test rules: one that runs fast, and one that can jump.

with hasty(200) …            200 seconds of the loop pass in one
loop = JumpingLoop(); loop.jump(3600)     as after a sleep of the machine
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Mapping
from typing import Any


class _Hasty(selectors.DefaultSelector):
    """Waits for as many seconds as really pass meanwhile."""

    pace = 1.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / self.pace if timeout else timeout)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return super().get_map()


class HastyLoop(asyncio.SelectorEventLoop):
    """A loop whose seconds are shorter: time-outs of minutes can be tried as they are."""

    def __init__(self, pace: float) -> None:
        selector = _Hasty()
        selector.pace = pace
        self._pace = pace
        self._began = time.monotonic()
        super().__init__(selector)

    def time(self) -> float:
        """Return the loop's time, seconds."""
        return self._began + (time.monotonic() - self._began) * self._pace


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop whose time jumps when told, as where the monotonic clock counts sleep."""

    def __init__(self) -> None:
        self._ahead_s = 0.0
        super().__init__()

    def time(self) -> float:
        """Return the loop's time, seconds."""
        return super().time() + self._ahead_s

    def jump(self, seconds: float) -> None:
        """Let that much time have passed at once."""
        self._ahead_s += seconds
