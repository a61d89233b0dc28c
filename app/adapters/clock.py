"""The computer's own clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Tells the time of this computer and the offset of the user's time zone."""

    def now(self) -> datetime:
        """Return the wall clock, UTC and aware."""
        return datetime.now(UTC)

    def utc_offset_min(self, at: datetime) -> int:
        """Return the local offset from UTC at that moment (summer time included), minutes."""
        offset = at.astimezone().utcoffset()
        assert offset is not None
        return round(offset.total_seconds() / 60)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()
