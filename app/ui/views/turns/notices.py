"""The sentence above the answers: where a prompt goes or went, and what it costs to ask both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.check import check_found
from app.domain.model import Role
from app.domain.money import Certainty
from app.domain.reveal import reveal
from app.domain.routing.decision import Basis, Decision, Tally
from app.domain.routing.why import check_chance
from app.domain.turn import Turn, TurnMode
from app.domain.words import limit_text, price_text, tokens_text
from app.ui.models.likely_words import likely_text, range_of
from app.ui.views.turns.second_look import headline as second_look_words
from app.ui.views.turns.second_look import is_second_look, why_headline

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
    if decision.role is None and decision.basis is Basis.BLOCKED:
        return Notice("Not sent.", " ".join(decision.because[1:]), icon="warning")
    if is_second_look(decision) and not decision.spot_check:
        return _second_look(decision, sent=sent)
    if decision.role is None:
        return _not_enough(decision, estimate, practice=practice)
    if decision.spot_check:
        return Notice(
            "A spot check.",
            f"Drawn by lot{_one_in(decision)}: both models are asked, blind. Your vote measures "
            "whether your limit holds.",
        )
    told = headline(decision, TurnMode.ROUTED if sent else None)
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
    return Notice(told, because, tuple(actions))


def headline(decision: Decision, mode: TurnMode | None) -> str:
    """Return where a prompt went, asked in that mode, or would go (None), as a sentence."""
    role = decision.role
    if decision.basis is Basis.BLOCKED:
        return "Not sent."
    if is_second_look(decision) and mode in (None, TurnMode.ROUTED):
        return why_headline(decision, sent=mode is not None)
    if mode is TurnMode.BLIND or role is None:
        if decision.spot_check and role is not None:
            return "A spot check: both models were asked."
        return "Both models are asked." if mode is None else "Both models were asked."
    if mode is None:
        return f"Goes to the {role.value} model."
    where = f"{'You sent it' if decision.basis is Basis.CHOSEN else 'Sent'} to the {role} model"
    then = f", then to the {role.other()} model too" if mode is TurnMode.OPEN else ""
    return f"{where}{then}."


def revealed(turn: Turn, tally: Tally | None = None) -> Notice:
    """Return what a comparison's vote reveals; of a spot check also whether the rule was right."""
    said = reveal(turn, tally)
    found = check_found(turn)
    if found is None:
        return Notice(said.headline, said.text, icon="")
    why = (("why", "Why?"),) if found.role is not None else ()
    return Notice(said.headline, f"{found.sentence} {said.text}".strip(), why, icon="")


def check_note(decision: Decision | None) -> str:
    """Return that routed answers are checked by lot, where this one could have been."""
    chance = check_chance(decision) if decision is not None else None
    if chance is None:
        return ""
    return f"No answer needed; {limit_text(chance)} is checked blind against the other model"


def _one_in(decision: Decision) -> str:
    chance = check_chance(decision)
    return "" if chance is None else f" ({limit_text(chance)})"


def _second_look(decision: Decision, *, sent: bool) -> Notice:
    headline, text = second_look_words(decision, sent=sent)
    actions = [("why", "Why?")]
    if decision.looked and decision.role is Role.CHEAP:
        actions.append(("other", "Ask the frontier model too"))
    return Notice(headline, text, tuple(actions))


def _not_enough(decision: Decision, estimate: Estimate | None, *, practice: bool) -> Notice:
    missing = f"Not enough votes yet: {decision.votes_used:,} of about {decision.votes_needed:,}."
    if practice:
        text = "Until then both are asked; on this computer that costs nothing."
    else:
        both = both_range(estimate)
        price = f": {both} for this prompt" if both else ""
        text = f"Until then both models are asked, and you pay both{price}."
    text = f"{text} A calibration run gets there in one sitting."
    if decision.basis is Basis.PAIR_CHANGED:
        text = f"{decision.because[0]} {text}"
        missing = "A model has changed."
    actions = (("calibrate", "Start a calibration run"), ("frontier", "Use frontier only"))
    return Notice(missing, text, actions, icon="")


def both_range(estimate: Estimate | None) -> str:
    """Return what asking both is likely to cost; empty where a price is missing, or no prompt."""
    if estimate is None or not estimate.input_tokens:
        return ""
    return range_of([estimate.side(side) for side in Role])


def basis_of(estimate: Estimate, role: Role | None) -> str:
    """Return what the ranges go by, a line for each side that is asked; empty where all is free."""
    return basis_of_each([estimate.side(side) for side in Role if role in (None, side)])


def basis_of_all(estimate: Estimate, others: Sequence[Likely]) -> str:
    """Return what the ranges of a second look go by, the cheap models first."""
    return basis_of_each((estimate.likely_cheap, *others, estimate.likely_frontier))


def basis_of_each(several: Sequence[Likely]) -> str:
    """Return what the ranges of these models go by, a line each; empty where all is free."""
    return "\n".join(
        f"{likely.model.name}: {likely.lengths.in_words()}; {price_text(likely.price)}."
        for likely in several
        if likely.cost.certainty is not Certainty.FREE
    )


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
