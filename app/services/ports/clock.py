"""Time, as the services ask for it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time is asked for."""

    def now(self) -> datetime:
        """Return the wall clock, UTC and aware."""
        ...

    def utc_offset_min(self, at: datetime) -> int:
        """Return the user's local offset from UTC at that moment, minutes."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for latency."""
        ...
