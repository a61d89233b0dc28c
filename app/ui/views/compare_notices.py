"""The sentence above the answers: where a prompt goes or went, and what it costs to ask both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.model import Role
from app.domain.money import Certainty, Cost, totals
from app.domain.routing.decision import Basis, Decision
from app.domain.words import amount_text, price_text, range_text, tokens_text

if TYPE_CHECKING:
    from app.domain.likely import Likely
    from app.services.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Notice:
    """A bold beginning, the rest, and buttons as (name, label)."""

    headline: str
    text: str
    actions: tuple[tuple[str, str], ...] = ()
    icon: str = "rule"


def decided(decision: Decision, *, sent: bool, estimate: Estimate | None, practice: bool) -> Notice:
    """Return the notice for a decision: before sending, or once it was `sent`."""
    if decision.role is None:
        return _not_enough(decision, estimate, practice=practice)
    where = "cheap" if decision.role is Role.CHEAP else "frontier"
    headline = f"Sent to the {where} model." if sent else f"Goes to the {where} model."
    because = decision.because[0] if decision.because else ""
    actions: list[tuple[str, str]] = []
    if decision.basis is Basis.FRONTIER_PREFERRED:
        # Its last sentence is the one that decided; the first only says how many votes miss.
        because = decision.because[-1]
        actions.append(("both", "Ask both until then"))
    actions.append(("why", "Why?"))
    if sent:
        other = decision.role.other()
        actions.append(("other", f"Ask the {other.value} model too"))
    return Notice(headline, because, tuple(actions))


def _not_enough(decision: Decision, estimate: Estimate | None, *, practice: bool) -> Notice:
    headline = f"Not enough votes yet: {decision.votes_used:,} of about {decision.votes_needed:,}."
    if practice:
        text = "Until then both are asked; on this computer that costs nothing."
    else:
        both = both_range(estimate)
        price = f": {both} for this prompt" if both else ""
        text = f"Until then both models are asked, and you pay both{price}."
    text = f"{text} A calibration run gets there in one sitting."
    actions = (("calibrate", "Start a calibration run"), ("frontier", "Use frontier only"))
    return Notice(headline, text, actions, icon="")


def both_range(estimate: Estimate | None) -> str:
    """Return what asking both is likely to cost; empty where a price is missing, or no prompt."""
    if estimate is None or not estimate.input_tokens:
        return ""
    lows, highs = [], []
    for side in Role:
        likely = estimate.side(side)
        if likely.low is None or likely.high is None:
            return ""
        lows.append(Cost(likely.low, likely.cost.certainty))
        highs.append(Cost(likely.high, likely.cost.certainty))
    low, high = totals(lows), totals(highs)
    if len(low) != 1 or len(high) != 1 or low[0].money is None or high[0].money is None:
        return ""
    return range_text(low[0].money, high[0].money)


def likely_text(likely: Likely) -> str:
    """Return what one side is likely to cost: '≈ $0.15–$0.62', 'price not known', 'free'."""
    if likely.low is None or likely.high is None or likely.cost.certainty is Certainty.FREE:
        return amount_text(likely.cost)
    return range_text(likely.low, likely.high)


def basis_of(estimate: Estimate, role: Role | None) -> str:
    """Return what the ranges go by, a line for each side that is asked; empty where all is free."""
    lines = []
    for side in Role:
        likely = estimate.side(side)
        if role in (None, side) and likely.cost.certainty is not Certainty.FREE:
            told = likely.lengths.in_words()
            lines.append(f"{likely.model.name}: {told}; {price_text(likely.price)}.")
    return "\n".join(lines)


def estimate_figures(
    estimate: Estimate, role: Role | None, *, practice: bool
) -> tuple[tuple[str, str, str], ...]:
    """Return the composer's estimate as (name, figure, role); one side if one is asked."""
    said = [(f"{tokens_text(estimate.input_tokens, approximate=True)} tokens in", "", "muted")]
    if practice:
        return (*said, ("free", "$0.00", "muted"))
    for side in Role:
        if role in (None, side):
            said.append((side.value, likely_text(estimate.side(side)), side.value))
    return tuple(said)
