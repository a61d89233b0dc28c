"""A decision's figures in sentences, for whoever asks why: alike in the window and in a terminal.

Only what was stored with the decision is told, so that an old one reads as it did.
"""

from __future__ import annotations

from app.domain.routing.decision import Basis, Decision
from app.domain.routing.pins import Pin
from app.domain.words import counted, interval_text, limit_text, money_text, share_text

# What is decided before any learning, and never overridden by it.
HARD_RULES = frozenset({Basis.POLICY, Basis.PIN, Basis.BUDGET, Basis.BLOCKED})
_STRONG, _CLEAR = 0.7, 0.25  # on the logit scale: about 17 and 6 percentage points at even odds
# These sentences of a decision are told better by its parts, where it has them.
_REASONS, _NEAREST = "Against your typical prompt", "The most alike prompt"


def decided_by(decision: Decision) -> str:
    """Return in a few words what decided: a hard rule, the votes, or the user."""
    return _DECIDED_BY[decision.basis]


_DECIDED_BY = {
    Basis.LEARNED: "what your votes taught the rule",
    Basis.NOT_ENOUGH_VOTES: "the number of votes: there are not enough yet",
    Basis.FRONTIER_PREFERRED: "your choice for as long as there are too few votes",
    Basis.POLICY: "a hard rule: the matter's policy",
    Basis.CHOSEN: "your own choice for this prompt",
    Basis.PIN: "a hard rule: your pin",
    Basis.BUDGET: "a hard rule: your budget",
    Basis.BLOCKED: "hard rules that leave no model",
    Basis.SECOND_LOOK: "a second look: whether cheap models agree",
    Basis.DRIFT: "spot checks: the promise was withdrawn",
    Basis.PAIR_CHANGED: "a changed model: your votes were about another one",
}


def reasons(decision: Decision) -> tuple[str, ...]:
    """Return its sentences without those that its contributions and nearest votes tell.

    Pins that both models meet stand at the end: they decided nothing, and were kept to.
    """
    told = [
        *([_REASONS] if decision.contributions else []),
        *([_NEAREST] if decision.nearest else []),
    ]
    kept = tuple(
        sentence
        for sentence in decision.because
        if not any(sentence.startswith(opening) for opening in told)
    )
    return (*kept, *decision.met)


def strength(value: float) -> str:
    """Return how much a contribution (logit scale, > 0 for the frontier) speaks, and for whom."""
    size = abs(value)
    how = "strongly" if size >= _STRONG else "clearly" if size >= _CLEAR else "slightly"
    return f"{how} for {'the frontier' if value > 0 else 'cheap'}"


def figures(decision: Decision) -> tuple[str, ...]:
    """Return what it counted, both prices and its lot, in sentences that it does not hold yet."""
    said = (
        _chance(decision), _tally(decision), _prices(decision), lot_sentence(decision),
        _learned(decision),
    )  # fmt: skip
    return tuple(sentence for sentence in said if sentence)


def _chance(decision: Decision) -> str:
    if decision.probability is None or any("chance" in said for said in decision.because):
        return ""
    said = f"Chance that the frontier would be better: {share_text(decision.probability)}"
    if decision.low is not None and decision.high is not None:
        said += f" ({interval_text(decision.low, decision.high)})"
    if decision.threshold:
        said += f"; prompts below {share_text(decision.threshold)} go to cheap"
    return f"{said}."


def _tally(decision: Decision) -> str:
    tally = decision.tally
    if tally is None or any(f" {tally.total:,} comparison" in said for said in decision.because):
        return ""
    return (
        f"Your count for {tally.label}: good enough in {tally.good:,} of "
        f"{counted(tally.total, 'comparison')} ({interval_text(tally.low, tally.high)})."
    )


def _prices(decision: Decision) -> str:
    if decision.cheap_cost is None or decision.frontier_cost is None:
        return ""
    return (
        f"Estimated before sending: cheap {money_text(decision.cheap_cost)}, "
        f"frontier {money_text(decision.frontier_cost)}."
    )


def check_chance(decision: Decision) -> float | None:
    """Return the chance (0..1) of a spot check that its lot was held against; None without one."""
    if decision.draw is None:
        return None
    return decision.propensity if decision.spot_check else 1.0 - decision.propensity


def lot_sentence(decision: Decision) -> str:
    """Return how the lot for a spot check fell; empty where nothing was noted of one."""
    chance = check_chance(decision)
    if chance is None or decision.draw is None:
        if decision.spot_check:
            return "Both models were asked, blind: while the rule learns, each such vote counts."
        if decision.basis in (Basis.PIN, Basis.POLICY, Basis.BUDGET, Basis.CHOSEN):
            return "No lot for a spot check was drawn: the rule did not decide here."
        return ""
    bar = f"{chance:.4f}".rstrip("0")
    drawn = f"The lot drawn was {decision.draw:.4f}"
    if decision.spot_check:
        return f"{drawn}, below {bar} ({limit_text(chance)}): both models were asked, blind."
    return (
        f"{drawn}; below {bar} ({limit_text(chance)}) both models would have been asked, blind, "
        "as a spot check."
    )


def _learned(decision: Decision) -> str:
    if not decision.votes_used or decision.basis is Basis.NOT_ENOUGH_VOTES:
        return ""
    return (
        f"The rule had learned from {counted(decision.votes_used, 'vote')} when it decided"
        f"{f' (version {decision.rule_version[:8]})' if decision.rule_version else ''}."
    )


def pin_condition(pin: Pin) -> str:
    """Return about which prompts a pin speaks, as a row begins: 'Mentions “privilege”'."""
    words = pin.sentence().removeprefix("A prompt ")
    for opening in ("whose ", "that is ", "that "):
        words = words.removeprefix(opening)
    words = words.removesuffix(f" {pin.to.in_words()}.")
    return words[:1].upper() + words[1:]
