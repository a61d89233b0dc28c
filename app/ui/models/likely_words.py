"""What asking is likely to cost, as the windows write it: a range, or that it is not known."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.likely import Likely
from app.domain.money import Certainty, Cost, totals
from app.domain.words import amount_text, range_text


def likely_text(likely: Likely) -> str:
    """Return what one model is likely to cost: '≈ $0.15–$0.62', 'price not known', 'free'."""
    if likely.low is None or likely.high is None or likely.cost.certainty is Certainty.FREE:
        return amount_text(likely.cost)
    return range_text(likely.low, likely.high)


def range_of(several: Sequence[Likely]) -> str:
    """Return what asking all of these is likely to cost; empty where a price is missing."""
    lows, highs = [], []
    for likely in several:
        if likely.low is None or likely.high is None:
            return ""
        lows.append(Cost(likely.low, likely.cost.certainty))
        highs.append(Cost(likely.high, likely.cost.certainty))
    low, high = totals(lows), totals(highs)
    if len(low) != 1 or len(high) != 1 or low[0].money is None or high[0].money is None:
        return ""
    return range_text(low[0].money, high[0].money)
