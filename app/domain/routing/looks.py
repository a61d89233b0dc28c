"""When the promise is looked at, and how many errors it may then find.

Looking again and again until it holds would break it, so it is made anew only at numbers of votes
that are fixed beforehand, and what the confidence leaves open (1 in 10 at 90%) is split over those
looks. Errors come in whole numbers, so a look rarely spends all of its part; the rest goes to the
next. Whatever is spent sums to no more than the whole, so by the union bound all looks hold
together. Standard library only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Look:
    """One look: at `votes` calibrating votes, `allowed` errors at most, -1 where none prove it.

    `spent` is the chance that it holds although the limit does not.
    """

    votes: int
    allowed: int
    spent: float


@lru_cache(maxsize=64)
def looks(
    votes: tuple[int, ...], shares: tuple[float, ...], limit: float, confidence: float, horizon: int
) -> tuple[Look, ...]:
    """Return the looks at these numbers of votes, with these shares of what may go wrong."""
    if sum(shares) > 1.0 + 1e-9:
        raise ValueError(f"the looks spend {sum(shares):.3f} of 1")
    found, left = [], 0.0
    for count, share in zip(votes, shares, strict=True):
        left += (1.0 - confidence) * share
        allowed = errors_within(count, limit, left, horizon)
        spent = lapse(count, allowed, limit, horizon)
        left -= spent
        found.append(Look(count, allowed, spent))
    return tuple(found)


@lru_cache(maxsize=4096)
def errors_within(votes: int, limit: float, risk: float, horizon: int) -> int:
    """Return how many errors among `votes` still leave a lapse of at most `risk`; -1 if none do."""
    low, high = -1, votes
    while low < high:
        middle = (low + high + 1) // 2
        if lapse(votes, middle, limit, horizon) <= risk:
            low = middle
        else:
            high = middle - 1
    return low


@lru_cache(maxsize=4096)
def lapse(votes: int, errors: int, limit: float, horizon: int) -> float:
    """Return the greatest chance to see so few errors although the promise will be broken.

    Broken means more than `limit` of the next `horizon` prompts lost. Given how many losses fall
    on both together, which of them fall among the votes is a draw without replacement, whatever
    the true rate is; the worst total is the smallest that breaks the promise. Source: Thatcher
    (1964), on predicting one sample from another.
    """
    if errors < 0:
        return 0.0
    losses = errors + math.floor(limit * horizon + 1e-9) + 1
    if losses > votes + horizon:
        return 0.0
    whole = _log_ways(votes + horizon, votes)
    first = max(0, losses - horizon)
    return min(1.0, math.fsum(
        math.exp(
            _log_ways(losses, seen) + _log_ways(votes + horizon - losses, votes - seen) - whole
        )
        for seen in range(first, min(errors, votes, losses) + 1)
        if votes - seen <= votes + horizon - losses
    ))  # fmt: skip


def _log_ways(total: int, chosen: int) -> float:
    return math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)
