"""Time as the computer tells it."""

import time
from datetime import UTC, datetime

import pytest

from app.adapters.clock import SystemClock


def test_the_wall_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs((datetime.now(UTC) - now).total_seconds()) < 60


@pytest.mark.parametrize(
    ("zone", "month", "minutes"),
    [("UTC", 1, 0), ("CET-1CEST,M3.5.0,M10.5.0/3", 1, 60), ("CET-1CEST,M3.5.0,M10.5.0/3", 7, 120),
     ("NST3:30", 1, -210)],
)  # fmt: skip
def test_a_month_is_the_users_own_even_across_summer_time(
    monkeypatch: pytest.MonkeyPatch, zone: str, month: int, minutes: int
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        at = datetime(2026, month, 15, 12, tzinfo=UTC)
        assert SystemClock().utc_offset_min(at) == minutes
    finally:
        monkeypatch.undo()
        time.tzset()


def test_latency_is_measured_on_a_clock_that_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
