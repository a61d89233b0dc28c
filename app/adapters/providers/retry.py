"""When to ask again, and how long to wait first. Pure: the clock and the dice are handed in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LONGEST_S = 366 * 86_400.0  # whatever is longer is nonsense, and past what a calendar can hold
_TRANSIENT = frozenset({408, 409, 429})
# Reached but not let in: asking again cannot help, and may lock the account.
_FINAL_KINDS = frozenset({"payment", "key_refused", "too_long", "model_not_found", "proxy"})


@dataclass(frozen=True, slots=True)
class Advice:
    """What the server says about asking again: None where it says nothing."""

    wait_s: float | None = None
    again: bool | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """At most `most` retries; waits double from `first_s` to `longest_s`, shortened at random.

    A server's own wait is obeyed up to `patience_s`; beyond that the user is told when.
    """

    most: int = 2
    first_s: float = 0.5
    longest_s: float = 8.0
    patience_s: float = 60.0

    def backoff_s(self, retry: int, dice: float) -> float:
        """Return how long to wait before retry 1, 2, …; `dice` is in [0, 1)."""
        full = min(self.longest_s, self.first_s * 2.0 ** (retry - 1))
        return full * (1 - 0.25 * dice)

    def wait_s(self, retry: int, advice: Advice, dice: float) -> float:
        """Return the server's wait, or our own where it names none."""
        return self.backoff_s(retry, dice) if advice.wait_s is None else advice.wait_s

    def too_patient(self, advice: Advice) -> bool:
        """Return whether the server asks for more patience than we have."""
        return advice.wait_s is not None and advice.wait_s > self.patience_s


def worth_retrying(status: int, kind: str, advice: Advice, *, forwards_402: bool) -> bool:
    """Return whether a status may be asked again, before the number of retries is looked at.

    `forwards_402` marks OpenRouter, whose 402 is passing when, and only when, it names a wait.
    """
    if status == 402 and forwards_402 and advice.wait_s is not None:
        return advice.again is not False
    if kind in _FINAL_KINDS or advice.again is False:
        return False
    return advice.again is True or status in _TRANSIENT or status >= 500


def advice_in(headers: Mapping[str, str], now: datetime) -> Advice:
    """Return what the headers (any case) say; `now` is aware.

    A date is read against the server's own `Date`, where it gives one: this computer's clock may
    be wrong, or be put right while the request is under way.
    """
    again = {"true": True, "false": False}.get(headers.get("x-should-retry", "").strip().lower())
    wait = _number(headers.get("retry-after-ms"))
    if wait is not None:
        return Advice(wait / 1000, again)
    told = headers.get("retry-after")
    wait = _number(told)
    if wait is None:
        wait = _until(told, _moment(headers.get("date")) or now)
    return Advice(wait, again)


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return min(value, _LONGEST_S) if math.isfinite(value) and value >= 0 else None


def _until(text: str | None, now: datetime) -> float | None:
    moment = _moment(text)
    return None if moment is None else min(_LONGEST_S, max(0.0, (moment - now).total_seconds()))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
