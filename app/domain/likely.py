"""What asking is likely to cost, before it is sent: a middle and a range, always an estimate."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.model import ModelRef
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.domain.words import counted, tokens_text

OWN_AT_LEAST = 5  # fewer answers say less than the stated default does
TASK_AT_LEAST = 10
# Until the user's own answers tell better: from a short paragraph to some pages.
DEFAULT_LOW, DEFAULT_MIDDLE, DEFAULT_HIGH = 100, 500, 2_000


@dataclass(frozen=True, slots=True)
class PastLength:
    """How many tokens one complete answer had, and for what kind of work."""

    task: str
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long an answer is likely to be, tokens: the 10th, 50th and 90th percentile.

    `answers` tells from how many of the user's own answers that is, 0 for the stated default;
    `task` names the kind of work they were all for, where enough were.
    """

    low: int = DEFAULT_LOW
    middle: int = DEFAULT_MIDDLE
    high: int = DEFAULT_HIGH
    answers: int = 0
    task: str = ""

    def in_words(self) -> str:
        """Return what the range goes by."""
        low, high = tokens_text(self.low), tokens_text(self.high)
        span = f"{high} tokens an answer" if low == high else f"{low} to {high} tokens an answer"
        if not self.answers:
            return f"{span}, until {OWN_AT_LEAST} answers of yours tell better"
        kind = f" to {self.task}" if self.task else ""
        return f"{span}, as 8 in 10 of your last {counted(self.answers, 'answer')}{kind}"


def lengths_of(past: Sequence[PastLength], task: str, most: int | None = None) -> Lengths:
    """Return the likely length from past ones: of the same task where there are enough.

    `most` is the longest that the model may write, None without a limit.
    """
    same = [item.output_tokens for item in past if item.task == task]
    if len(same) >= TASK_AT_LEAST:
        found = _percentiles(same, task)
    elif len(past) >= OWN_AT_LEAST:
        found = _percentiles([item.output_tokens for item in past], "")
    else:
        found = Lengths()
    if most is None:
        return found
    return Lengths(
        min(found.low, most), min(found.middle, most), min(found.high, most),
        found.answers, found.task,
    )  # fmt: skip


def _percentiles(tokens: Sequence[int], task: str) -> Lengths:
    cuts = statistics.quantiles(tokens, n=10, method="inclusive")
    return Lengths(round(cuts[0]), round(cuts[4]), round(cuts[8]), len(tokens), task)


@dataclass(frozen=True, slots=True)
class Likely:
    """What one model is likely to cost for one prompt.

    `cost` is the middle, `low` and `high` the range; both are None where the price is not known.
    What is free has a range of nothing.
    """

    model: ModelRef
    input_tokens: int
    lengths: Lengths
    cost: Cost
    low: Money | None = None
    high: Money | None = None
    price: Price | None = None


def likely(model: ModelRef, input_tokens: int, lengths: Lengths, price: Price | None) -> Likely:
    """Return the likely cost; `price` may still have its tiers, None is an unknown one."""
    if model.practice or model.local:
        free = Cost.free()
        return Likely(model, input_tokens, lengths, free, free.money, free.money)
    if price is None:
        return Likely(model, input_tokens, lengths, Cost.unknown())
    low, middle, high = (
        price.cost(Usage(input_tokens, tokens))
        for tokens in (lengths.low, lengths.middle, lengths.high)
    )
    cost = Cost.unknown() if middle is None else Cost(middle, Certainty.ESTIMATED)
    return Likely(model, input_tokens, lengths, cost, low, high, price.resolved(input_tokens))


def perhaps_asked(likely: Likely) -> Likely:
    """Return what a model costs that may be asked or not: nothing, or up to the same as before."""
    if likely.low is None:
        return likely
    return replace(likely, low=Money(Decimal(0), likely.low.currency))
