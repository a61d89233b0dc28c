"""What a run means for the next hundred prompts like its own: in money, and in prompts lost.

The kinds of work that are "probably enough" go to the cheap model, the rest to the frontier. They
were picked on the very votes that would judge them, so losses are counted with each prompt left
out in its turn: it is lost if, judged by the others alone, it would have gone to cheap and its own
vote was against it. The bounds are Clopper-Pearson at 90% over all prompts that count.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.calibration.counting import Verdict, task_name, verdict
from app.domain.calibration.item import Item, ItemState
from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.counts import CONFIDENCE, beta_quantile, interval

HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Hundred:
    """A hundred prompts like these.

    `to_cheap` are the kinds of work that would go to the cheap model, `sent` how many of the
    hundred that is. `lost_low`..`lost_high` of the hundred would have been better on the frontier.
    Money is None where a price is not known, where two currencies meet, or where nothing costs.
    `saved_low`..`saved_high` bound what would be saved (90%); `estimated` marks an ≈.
    """

    to_cheap: tuple[str, ...]
    sent: int
    lost_low: int
    lost_high: int
    frontier: Money | None = None
    routed: Money | None = None
    saved_low: Money | None = None
    saved_high: Money | None = None
    estimated: bool = False
    free: bool = False


def next_hundred(items: Sequence[Item]) -> Hundred | None:
    """Return what these items mean for a hundred like them; None where there are none."""
    if not items:
        return None
    known = [item for item in items if item.state is not ItemState.DELETED]
    totals = Counter(task_name(item) for item in known)
    goods = Counter(task_name(item) for item in known if item.good_enough)
    enough = [task for task in totals if verdict(goods[task], totals[task]) is Verdict.ENOUGH]
    lost = 0
    for item in known:
        task = task_name(item)
        rest = verdict(goods[task] - item.good_enough, totals[task] - 1)
        lost += item.frontier_better and rest is Verdict.ENOUGH
    if enough:
        lost += len(items) - len(known)  # where a deleted prompt would have gone nobody knows
    low, high = interval(lost, len(items)) if enough or lost else (0.0, 0.0)
    sent = round(HUNDRED * sum(totals[task] for task in enough) / len(items))
    hundred = Hundred(
        tuple(sorted(enough, key=lambda task: (-totals[task], task))),
        sent,
        math.floor(low * HUNDRED),
        math.ceil(high * HUNDRED),
    )
    return _with_money(hundred, known, frozenset(enough))


def _with_money(hundred: Hundred, items: Sequence[Item], enough: frozenset[str]) -> Hundred:
    pairs = [pair for item in items if (pair := _costs(item)) is not None]
    if not pairs or len(pairs) < len([item for item in items if item.vote is not None]):
        return hundred
    costs = [cost for _, cheap, frontier in pairs for cost in (cheap, frontier)]
    if all(cost.certainty is Certainty.FREE for cost in costs):
        return replace(hundred, free=True)
    charged = [cost.money for cost in costs if cost.certainty is not Certainty.FREE]
    currencies = {money.currency for money in charged if money is not None}
    if len(currencies) > 1 or any(cost.money is None for cost in costs):
        return hundred
    currency = currencies.pop()
    frontier = [_amount(dear) for _, _, dear in pairs]
    saved = [
        _amount(dear) - _amount(cheap) if task_name(item) in enough else Decimal(0)
        for item, cheap, dear in pairs
    ]
    low, high = _mean_bounds([float(amount) for amount in saved])
    all_frontier, all_saved = _hundredfold(frontier), _hundredfold(saved)
    return replace(
        hundred,
        frontier=Money(all_frontier, currency),
        routed=Money(all_frontier - all_saved, currency),
        saved_low=Money(Decimal(low * HUNDRED), currency),
        saved_high=Money(min(Decimal(high * HUNDRED), all_frontier), currency),
        estimated=any(cost.certainty is Certainty.ESTIMATED for cost in costs),
    )


def _costs(item: Item) -> tuple[Item, Cost, Cost] | None:
    """Return what the two answers that count have cost, where both are whole."""
    cheap, frontier = item.side(Role.CHEAP), item.side(Role.FRONTIER)
    if cheap is None or frontier is None or item.state not in (ItemState.ANSWERED, ItemState.VOTED):
        return None
    return item, cheap.cost, frontier.cost


def _amount(cost: Cost) -> Decimal:
    assert cost.money is not None
    return cost.money.amount


def _hundredfold(amounts: Sequence[Decimal]) -> Decimal:
    return HUNDRED * sum(amounts, Decimal(0)) / len(amounts)


def _mean_bounds(values: Sequence[float]) -> tuple[float, float]:
    """Return 90% bounds of the mean (Student's t), never below 0 where no value is."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return 0.0, mean * 2
    half = _student(len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    low = mean - half
    return (max(0.0, low) if min(values) >= 0 else low), mean + half


def _student(freedom: int) -> float:
    """Return t such that |T| <= t with 90% chance, from the beta quantile."""
    x = beta_quantile(CONFIDENCE, 0.5, freedom / 2)
    return math.sqrt(freedom * x / (1 - x))
