"""What a run's votes say: counts with intervals, a verdict, and how many more votes it would take.

Intervals are Clopper-Pearson at 90%, so each end is wrong in at most 1 of 20 such counts.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from app.domain.calibration.item import Item, ItemState
from app.domain.calibration.run import Run
from app.domain.routing.counts import interval
from app.domain.routing.groups import GroupKind, label_of
from app.domain.routing.question import task_of
from app.domain.vote import Choice

OTHER_WORK = "other"
# At least 4 in 5 were good enough, and even the pessimistic end is more often than not.
_ENOUGH_SHARE, _ENOUGH_LOW = 0.8, 0.5
# Even the optimistic end leaves more than 1 in 5 prompts that the cheap model does not do.
_LEANS_HIGH = 0.8
_FEWEST_TO_LEAN = 4
_AHEAD: tuple[int, ...] = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
_AS_LIKELY_AS_NOT = 0.5


class Verdict(StrEnum):
    """What a count allows to say."""

    ENOUGH = "probably enough"
    CANNOT_TELL = "cannot tell yet"
    FRONTIER = "leans to the frontier"


@dataclass(frozen=True, slots=True)
class Row:
    """Prompts that share a kind of work or a tag: the cheap answer was `good` of `total` times.

    `low` and `high` bound the share (0..1). `neither` had no answer that would do; `unvoted` are
    counted against the cheap model. `more` is about how many further votes would settle it as
    likely as not: None where it is settled, or where 100 would not.
    """

    kind: GroupKind
    name: str
    good: int
    total: int
    neither: int
    unvoted: int
    low: float
    high: float
    verdict: Verdict
    more: int | None = None

    @property
    def label(self) -> str:
        """Return the group's name as a row shows it."""
        named = "other work" if self.name == OTHER_WORK else label_of(self.kind, self.name)
        return named[:1].upper() + named[1:]

    def verdict_words(self) -> str:
        """Return the verdict, and for an open one how far it is from being settled."""
        if self.verdict is not Verdict.CANNOT_TELL:
            return self.verdict.value
        if self.more is None:
            return f"{self.verdict}: more than {_AHEAD[-1]} more"
        return f"{self.verdict}: about {self.more:,} more"


def verdict(good: int, total: int) -> Verdict:
    """Return what `good` of `total` allows to say."""
    if not total:
        return Verdict.CANNOT_TELL
    low, high = interval(good, total)
    if good / total >= _ENOUGH_SHARE and low >= _ENOUGH_LOW:
        return Verdict.ENOUGH
    leans = high < _LEANS_HIGH and total >= _FEWEST_TO_LEAN
    return Verdict.FRONTIER if leans else Verdict.CANNOT_TELL


@lru_cache(maxsize=1024)
def votes_to_settle(good: int, total: int) -> int | None:
    """Return about how many more votes settle the verdict as likely as not; None beyond 100.

    The votes to come are predicted from those there are (beta-binomial, uniform prior).
    """
    for more in _AHEAD:
        enough, leans = _borders(total + more)
        chance = sum(
            _predicted(found, more, good, total)
            for found in range(more + 1)
            if good + found >= enough or good + found <= leans
        )
        if chance >= _AS_LIKELY_AS_NOT:
            return more
    return None


@lru_cache(maxsize=1024)
def _borders(total: int) -> tuple[int, int]:
    """Return the fewest good ones that are enough and the most that lean to the frontier."""
    counts = range(total + 1)
    enough = bisect_left(counts, True, key=lambda good: verdict(good, total) is Verdict.ENOUGH)
    leans = bisect_left(counts, True, key=lambda good: verdict(good, total) is not Verdict.FRONTIER)
    return enough, leans - 1


def _predicted(found: int, more: int, good: int, total: int) -> float:
    """Return the chance of `found` good ones among `more`, after `good` of `total`."""
    a, b = good + 1, total - good + 1
    log = (
        math.lgamma(more + 1) - math.lgamma(found + 1) - math.lgamma(more - found + 1)
        + math.lgamma(a + found) + math.lgamma(b + more - found) - math.lgamma(a + b + more)
        + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    )  # fmt: skip
    return math.exp(log)


def counted_items(run: Run) -> tuple[Item, ...]:
    """Return the items that count so far.

    Once the voting is ended all of them do, and what has no vote is a loss. While it is open,
    those that the lot has not reached yet are left out, which favours no model; what was skipped,
    deleted or did not bring two whole answers is a loss already.
    """
    if run.closed_at is not None:
        return run.by_lot
    lost = (ItemState.INCOMPLETE, ItemState.DELETED)
    return tuple(
        item for item in run.by_lot if item.vote is not None or item.skipped or item.state in lost
    )


def overall(items: Sequence[Item]) -> Row:
    """Return the count over all items."""
    return _row(GroupKind.ALL, "", items)


def rows(items: Sequence[Item]) -> tuple[Row, ...]:
    """Return the counts by kind of work, then by tag; the best share first in each.

    A deleted prompt has no words left that would tell where it belongs.
    """
    items = [item for item in items if item.state is not ItemState.DELETED]
    tasks: dict[str, list[Item]] = defaultdict(list)
    tags: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        tasks[task_name(item)].append(item)
        for tag in item.prompt.tags:
            tags[tag].append(item)
    return (
        *_sorted([_row(GroupKind.TASK, name, held) for name, held in tasks.items()]),
        *_sorted([_row(GroupKind.TAG, name, held) for name, held in tags.items()]),
    )


def task_name(item: Item) -> str:
    """Return the kind of work that an item's words name; `other` where they name none."""
    task = task_of(item.prompt.text)
    return task.value if task else OTHER_WORK


def _row(kind: GroupKind, name: str, items: Sequence[Item]) -> Row:
    good, total = sum(item.good_enough for item in items), len(items)
    said = verdict(good, total)
    neither = sum(item.vote is not None and item.vote.choice is Choice.NEITHER for item in items)
    more = votes_to_settle(good, total) if said is Verdict.CANNOT_TELL else None
    unvoted = sum(item.vote is None for item in items)
    return Row(kind, name, good, total, neither, unvoted, *interval(good, total), said, more)


def _sorted(found: Sequence[Row]) -> list[Row]:
    return sorted(found, key=lambda row: (-row.good / row.total, -row.total, row.name))
