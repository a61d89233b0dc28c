"""Shares with honest intervals: Clopper-Pearson bounds from counts alone.

Source: Clopper and Pearson (1934); the incomplete beta by Lentz's continued fraction. Standard
library only, so that every floor may use it.
"""

from __future__ import annotations

import math
from functools import lru_cache

from app.domain.routing.decision import Tally

CONFIDENCE = 0.90
_TINY = 1e-300
_PRECISION = 1e-15
_BISECTIONS = 60  # halves [0, 1] to below 1e-18


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the chance that a Beta(a, b) variable is at most x (a, b > 0; x in 0..1)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    # The fraction converges fast only on this side of the mean; the other side mirrors it.
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - beta_cdf(1.0 - x, b, a)
    log_front = (
        math.lgamma(a + b)
        - math.lgamma(a)
        - math.lgamma(b)
        + a * math.log(x)
        + b * math.log1p(-x)
        - math.log(a)
    )
    return math.exp(log_front) * _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta (modified Lentz)."""
    numerator, denominator = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    denominator = 1.0 / (denominator or _TINY)
    value = denominator
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            denominator = 1.0 / ((1.0 + term * denominator) or _TINY)
            numerator = (1.0 + term / numerator) or _TINY
            step = numerator * denominator
            value *= step
        if abs(step - 1.0) < _PRECISION:
            break
    return value


def beta_quantile(q: float, a: float, b: float) -> float:
    """Return x such that Beta(a, b) lies at or below it with chance q (0..1)."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2.0
        if beta_cdf(middle, a, b) < q:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _check(hits: int, total: int) -> None:
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is not a count")


@lru_cache(maxsize=8192)
def upper_bound(hits: int, total: int, confidence: float = CONFIDENCE) -> float:
    """Return the one-sided upper bound of a share; 1 where nothing was counted."""
    _check(hits, total)
    if hits == total:
        return 1.0
    return beta_quantile(confidence, hits + 1, total - hits)


@lru_cache(maxsize=8192)
def interval(hits: int, total: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the two-sided bounds (low, high) of a share; (0, 1) where nothing was counted."""
    _check(hits, total)
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if hits == 0 else beta_quantile(tail, hits, total - hits + 1)
    high = 1.0 if hits == total else beta_quantile(1.0 - tail, hits + 1, total - hits)
    return low, high


def tally(label: str, good: int, total: int, confidence: float = CONFIDENCE) -> Tally:
    """Return the counts with their interval."""
    low, high = interval(good, total, confidence)
    return Tally(label, good, total, low, high)


@lru_cache(maxsize=256)
def errors_allowed(total: int, limit: float, confidence: float = CONFIDENCE) -> int:
    """Return how many errors in `total` still prove a rate of at most `limit`; -1 if even 0 do not.

    At a limit of 1 in 10 and 90% confidence, 22 faultless votes are the fewest that prove it.
    """
    low, high = -1, total  # the bound rises with the errors, so halving finds the last allowed
    while low < high:
        middle = (low + high + 1) // 2
        if upper_bound(middle, total, confidence) <= limit:
            low = middle
        else:
            high = middle - 1
    return low
