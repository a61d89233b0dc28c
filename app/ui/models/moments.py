"""Days, hours and months as a list shows them, in English whatever the system's language is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local_now() -> datetime:
    """Return the user's wall clock, aware; the default where a view is handed no other clock."""
    return datetime.now(UTC).astimezone()


def local_time(at: datetime, utc_offset_min: int) -> datetime:
    """Return a moment in the local time that held when it was recorded (naive, for showing)."""
    return at.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=utc_offset_min)


def when_text(at: datetime, utc_offset_min: int, now: datetime) -> str:
    """Return 'Today 14:02', 'Yesterday 09:15', '12 Nov' or '12 Nov 2024'."""
    local = local_time(at, utc_offset_min)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"Today {local:%H:%M}"
    if days == 1:
        return f"Yesterday {local:%H:%M}"
    day = f"{local.day} {_MONTHS[local.month - 1]}"
    return day if local.year == now.year else f"{day} {local.year}"


def whole_moment(at: datetime, utc_offset_min: int) -> str:
    """Return the whole date and time, for a tooltip and for a screen reader."""
    local = local_time(at, utc_offset_min)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def month_text(month: str, *, with_year: bool = True) -> str:
    """Return 'Mar 2026' (or 'Mar') for an ISO month such as 2026-03; the text itself otherwise."""
    year, _, number = month[:7].partition("-")
    if not number.isdigit() or not 1 <= int(number) <= 12:
        return month
    name = _MONTHS[int(number) - 1]
    return f"{name} {year}" if with_year else name
