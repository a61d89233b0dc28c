"""The one place where savings are rounded, so that headline, chart and rows always agree."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
FINE = Decimal("0.0001")


def quantum_for(total: Decimal) -> Decimal:
    """Return the smallest amount to show: a cent, or a hundredth of one below one unit."""
    return CENT if abs(total) >= 1 else FINE


def rounded(amount: Decimal, quantum: Decimal) -> Decimal:
    """Return the amount to the quantum, halves to even."""
    return amount.quantize(quantum, ROUND_HALF_EVEN)


def apportion(amounts: Sequence[Decimal], total: Decimal, quantum: Decimal) -> list[Decimal]:
    """Return the amounts (>= 0) rounded so that they add up to `total` exactly.

    `total` is their sum rounded to the quantum, up or down. Largest remainder: all are cut, and
    what is missing goes, one quantum each, to those that lost most; a zero stays zero. ValueError
    if the total is not within reach.
    """
    cut = [amount.quantize(quantum, ROUND_DOWN) for amount in amounts]
    missing = int((total - sum(cut, Decimal(0))) / quantum)
    losses = [
        (part - amount, place)
        for place, (part, amount) in enumerate(zip(cut, amounts, strict=True))
        if part != amount
    ]
    if not 0 <= missing <= len(losses):
        raise ValueError(f"{total} is not the rounded sum of these amounts")
    for _, place in sorted(losses)[:missing]:
        cut[place] += quantum
    return cut
