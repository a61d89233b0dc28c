"""What a savings report says in words."""

from __future__ import annotations

from decimal import Decimal

from app.domain.money import Money
from app.domain.savings.values import (
    Besides,
    CurrencySavings,
    EstimateCheck,
    LeftOut,
    Savings,
)
from app.domain.words import counted, money_text, share_text


def amount_text(part: CurrencySavings, amount: Decimal, *, approximate: bool = False) -> str:
    """Return an amount of this report, with as many digits as its tables have."""
    return money_text(Money(amount, part.currency), quantum=part.quantum, approximate=approximate)


def headline(report: Savings) -> str:
    """Return the one sentence above the chart."""
    part = report.main
    if report.practice:
        return "The practice models run on this computer: nothing is paid and nothing is saved."
    if not part.turns:
        return "Nothing has been counted yet. Compare a few prompts, and this fills by itself."
    about = "about " if part.shown.instead else ""
    # By the exact sums: an estimate that rounds to nothing is still one.
    rough = part.exact.frontier_estimated and not about
    frontier = about + amount_text(part, part.shown.frontier, approximate=rough)
    said = (
        f"You paid {_paid(part)}; asking the frontier model every time would have cost {frontier}"
    )
    if part.shown.saved < 0:
        return f"{said}. While comparing you pay both; auto-route is what saves."
    return f"{said}."


def notes(report: Savings) -> tuple[str, ...]:
    """Return what else must be said: comparing, the estimate's error, what is left out."""
    said = [
        _comparing(report.main),
        _check(report),
        _besides(report.besides),
        *map(_left_out, report.left_out),
    ]
    said.extend(
        f"In {other.currency}, apart: paid {_paid(other)}, saved "
        f"{amount_text(other, other.shown.saved, approximate=other.shown.approximate)}."
        for other in report.others
    )
    return tuple(sentence for sentence in said if sentence)


def _comparing(part: CurrencySavings) -> str:
    if not part.shown.comparing:
        return ""
    about = bool(part.exact.comparing_estimated)
    cost = amount_text(part, part.shown.comparing, approximate=about)
    return f"Comparing cost {cost}, already taken off."


def _paid(part: CurrencySavings) -> str:
    return amount_text(part, part.shown.paid, approximate=bool(part.exact.paid_estimated))


def _besides(besides: Besides) -> str:
    if not besides.attempts:
        return ""
    said = f"{counted(besides.attempts, 'attempt')} that broke may have been billed besides"
    if besides.costs:
        known = " and ".join(money_text(cost) for cost in besides.costs)
        said = f"{said}: {known}, in none of these figures"
    if besides.unknown:
        said = f"{said}, {besides.unknown:,} of them at a price that is not known"
    return f"{said}."


def _check(report: Savings) -> str:
    check: EstimateCheck = report.check
    if report.practice or not report.main.shown.instead:
        return ""
    if check.median_error is None or check.bias is None:
        return (
            "What the frontier would have cost is an estimate that no comparison of yours has "
            "tested yet."
        )
    direction = "too high" if check.bias > 0 else "too low"
    return (
        f"Tested on {counted(check.turns, 'comparison')} where both costs are known, the estimate "
        f"was typically {share_text(check.median_error)} off, and {share_text(abs(check.bias))} "
        f"{direction} in all."
    )


def _left_out(item: LeftOut) -> str:
    verb = "is" if item.turns == 1 else "are"
    said = f"{counted(item.turns, 'prompt')} {verb} left out: {item.reason}"
    if item.paid:
        known = " and ".join(money_text(cost) for cost in item.paid)
        return f"{said} (known to be paid for them: {known})."
    return f"{said}."
