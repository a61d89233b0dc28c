"""The sentence above the answers: where a prompt goes or went, and what it costs to ask both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.model import Role
from app.domain.money import Certainty, Cost, Money
from app.domain.routing.decision import Basis, Decision
from app.domain.words import money_text, tokens_text
from app.ui.views.compare_second_look import headline as second_look_words
from app.ui.views.compare_second_look import is_second_look

if TYPE_CHECKING:
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
    if decision.role is None and decision.basis is Basis.BLOCKED:
        return Notice("Not sent.", " ".join(decision.because[1:]), icon="warning")
    if is_second_look(decision) and not decision.spot_check:
        return _second_look(decision, sent=sent)
    if decision.role is None:
        return _not_enough(decision, estimate, practice=practice)
    if decision.spot_check:
        return Notice(
            "A spot check.",
            "Drawn by lot: both models are asked, blind. Your vote measures whether your limit "
            "holds.",
        )
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


def _second_look(decision: Decision, *, sent: bool) -> Notice:
    headline, text = second_look_words(decision, sent=sent)
    actions = [("why", "Why?")]
    if decision.looked and decision.role is Role.CHEAP:
        actions.append(("other", "Ask the frontier model too"))
    return Notice(headline, text, tuple(actions))


def _not_enough(decision: Decision, estimate: Estimate | None, *, practice: bool) -> Notice:
    headline = f"Not enough votes yet: {decision.votes_used:,} of about {decision.votes_needed:,}."
    if practice:
        text = "Until then both are asked; on this computer that costs nothing."
    else:
        both = both_cost(estimate)
        price = f": {money_text(both)} for this prompt" if both is not None else ""
        text = f"Until then both models are asked, and you pay both{price}."
    return Notice(headline, text, (("frontier", "Use frontier only"),), icon="")


def both_cost(estimate: Estimate | None) -> Cost | None:
    """Return what asking both costs, or None where a price is missing or nothing is typed."""
    if estimate is None or not estimate.input_tokens:
        return None
    cheap, frontier = estimate.cheap.money, estimate.frontier.money
    if cheap is None or frontier is None or cheap.currency != frontier.currency:
        return None
    total = Money(cheap.amount + frontier.amount, cheap.currency)
    return Cost(total, Certainty.ESTIMATED)


def estimate_figures(
    estimate: Estimate, role: Role | None, *, practice: bool
) -> tuple[tuple[str, str, str], ...]:
    """Return the composer's estimate as (name, figure, role); one side if one is asked."""
    said = [(f"{tokens_text(estimate.input_tokens, approximate=True)} tokens in", "", "muted")]
    if practice:
        return (*said, ("free", "$0.00", "muted"))
    sides = ((Role.CHEAP, estimate.cheap), (Role.FRONTIER, estimate.frontier))
    for side, cost in sides:
        if role in (None, side):
            said.append((side.value, money_text(cost), side.value))
    return tuple(said)
