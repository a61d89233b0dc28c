"""The second look: two cheap models answer at once, and whether they agree decides.

It needs no votes. What it knows of a prompt before asking is that its answer can be checked; what
it knows afterwards is whether the two say the same. That is no verification, and the words here
never call it one.
"""

from __future__ import annotations

from dataclasses import replace

from app.domain.answer import Answer, AnswerState
from app.domain.budget import KIND as BUDGET_REACHED
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.second_look_ends import GOES_ON, UNFINISHED, UNSENT
from app.domain.substance import Agreement, Check, Kind, Obstacle, Outcome, agreement
from app.domain.words import seconds_text

ORIGIN = (
    "How often this is right was measured on mathematics, word problems and code: there, of the "
    "answers kept because two models agreed, about 1 in 25 would have been better on the frontier. "
    "For work like yours that is not known until your own calibration and spot checks say more."
)
_ENDED = {
    AnswerState.STREAMING: "had not ended",
    AnswerState.INCOMPLETE: "was cut off",
    AnswerState.FAILED: "failed",
    AnswerState.STOPPED: "was stopped",
    AnswerState.REFUSED: "declined to answer",
    AnswerState.FILTERED: "was withheld by a content filter",
    AnswerState.TRUNCATED: "ended at its length limit",
    AnswerState.TOO_LONG: "cannot read so long a prompt",
    AnswerState.EMPTY: "wrote nothing",
    AnswerState.REASONING_ONLY: "wrote no answer",
    AnswerState.BLOCKED: "was not asked",
}
_OBSTACLES = {
    Obstacle.EMPTY: "wrote nothing",
    Obstacle.REFUSED: "declined to answer",
    Obstacle.CUT: "broke off",
    Obstacle.MALFORMED: "wrote what cannot be read",
    Obstacle.UNSURE: "is not sure",
}


def planned(check: Check, cheap: ModelRef, second: ModelRef) -> Decision:
    """Return the decision to take a second look: where the two agree, the cheap answer stands."""
    asks = (
        f"This prompt asks for {check.kind.in_words()}, which can be checked: {cheap.name} and "
        f"{second.name} answer at once. Where they agree the answer stands; where they do not, "
        "the frontier model is asked."
    )
    return Decision(Role.CHEAP, Basis.SECOND_LOOK, (asks, ORIGIN))


def looked(decision: Decision, cheap: Answer, second: Answer, check: Check) -> Decision:
    """Return the decision once both have ended: cheap where they agree, else the frontier.

    Its first sentence says what was found, in words of its own. An answer that did not end well
    is never compared. A look that the user stopped or the budget forbade was not taken, and leaves
    the role as it is.
    """
    if any(_over_budget(answer) for answer in (cheap, second)):
        return replace(decision, because=(UNSENT, *decision.because[-1:]))
    if AnswerState.STOPPED in (cheap.state, second.state):
        return replace(decision, because=(UNFINISHED, *decision.because[-1:]))
    found = _compared(cheap, second, check)
    if found is not None and found.agrees:
        role, sentence = Role.CHEAP, _agree_sentence(found)
    else:
        role, sentence = (
            Role.FRONTIER,
            f"{_why_not(found, cheap, second)}{GOES_ON}",
        )
    rests = _rests_sentence(cheap, second, check)
    because = (sentence, rests, *decision.because[-1:])
    return replace(decision, role=role, because=because, looked=True)


def _over_budget(answer: Answer) -> bool:
    return answer.problem is not None and answer.problem.kind == BUDGET_REACHED


def _compared(cheap: Answer, second: Answer, check: Check) -> Agreement | None:
    """Return how the two compare, or None where one of them did not end well."""
    if not (cheap.complete and second.complete):
        return None
    return agreement(cheap.text, second.text, check.kind, check.labels, check.asks)


def _agree_sentence(found: Agreement) -> str:
    shared = found.shared_words() or "the same answer"
    if found.kind is Kind.CHOICE:
        shared = f"option {shared}"
    return f"Two models agree on {shared}; agreement is not verification."


def _why_not(found: Agreement | None, cheap: Answer, second: Answer) -> str:
    """Return why the frontier is needed, without the end of the sentence."""
    if found is not None and found.outcome is Outcome.DIFFER:
        return f"The two cheap models differ ({found.difference()})"
    said = [
        f"{answer.model.name} {words}"
        for answer, words in zip((cheap, second), _troubles(found, cheap, second), strict=True)
        if words
    ]
    return " and ".join(said)


def _troubles(found: Agreement | None, cheap: Answer, second: Answer) -> tuple[str, str]:
    """Return what is wrong with each answer, in words; empty where nothing is."""
    if found is None:
        ours, theirs = ("" if each.complete else _ENDED[each.state] for each in (cheap, second))
        return ours, theirs
    nothing = found.kind.missing_words()
    ours, theirs = (
        "" if obstacle is None else _OBSTACLES.get(obstacle, nothing)
        for obstacle in found.obstacles
    )
    return ours, theirs


def _rests_sentence(cheap: Answer, second: Answer, check: Check) -> str:
    """Return what was compared, between whom, and how long both took."""
    times = [answer.total_ms for answer in (cheap, second) if answer.total_ms is not None]
    waited = f"; both had ended after {seconds_text(max(times))}" if times else ""
    return (
        f"Asked at once: {cheap.model.name} and {second.model.name}, for "
        f"{check.kind.in_words()}{waited}."
    )
