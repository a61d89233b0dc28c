"""The second look: cheap models answer at once, and whether they agree decides.

It needs no votes. What it knows of a prompt before asking is that its answer can be checked; what
it knows afterwards is whether models say the same: both of two, or any two of three. That is no
verification, and the words here never call it one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from app.domain.answer import Answer, AnswerState
from app.domain.budget import KIND as BUDGET_REACHED
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.pattern import Pattern, pattern_of
from app.domain.routing.second_look_ends import (
    GOES_ON,
    UNFINISHED,
    UNFINISHED_OF_THREE,
    UNSENT,
)
from app.domain.routing.second_look_words import agree_sentence, why_not
from app.domain.substance import Agreement, Check, agreement
from app.domain.words import listed, seconds_text

_UNKNOWN_HERE = (
    "For work like yours that is not known until your own calibration and spot checks say more."
)
ORIGIN = (
    "How often this is right was measured on mathematics, word problems and code: there, of the "
    "answers kept because two models agreed, about 1 in 28 would have been better on the frontier. "
    f"{_UNKNOWN_HERE}"
)
ORIGIN_OF_THREE = (
    "How often this is right was measured on mathematics, word problems and code: there, of the "
    "answers kept because two of three models agreed, about 1 in 16 would have been better on the "
    f"frontier. {_UNKNOWN_HERE}"
)
_MOST = 3  # cheap models that look


def origin(models: int) -> str:
    """Return where the figures for a look of so many models come from, and what is not known."""
    return ORIGIN_OF_THREE if models == _MOST else ORIGIN


def planned(check: Check, cheap: ModelRef, others: Sequence[ModelRef]) -> Decision:
    """Return the decision to take a second look: where models agree, a cheap answer stands."""
    names = [model.name for model in (cheap, *others)]
    agree = "any two of them" if len(names) == _MOST else "they"
    asks = (
        f"This prompt asks for {check.kind.in_words()}, which can be checked: {listed(names)} "
        f"answer at once. Where {agree} agree the answer stands; where they do not, the frontier "
        "model is asked."
    )
    return Decision(
        Role.CHEAP, Basis.SECOND_LOOK, (asks, origin(len(names))), others=tuple(names[1:])
    )


def looked(decision: Decision, answers: Sequence[Answer], check: Check) -> Decision:
    """Return the decision once two or three answers have ended, the first model's first.

    The first answer stands where another agrees with it, the second where the two others agree
    against the first, and else the frontier is asked. The first sentence says what was found, in
    words of its own. An answer that did not end well agrees with nobody. A look that the user
    stopped or the budget forbade was not taken, and leaves the role as it is.
    """
    three = len(answers) == _MOST
    if any(_over_budget(answer) for answer in answers):
        return replace(decision, because=(UNSENT, *decision.because[-1:]))
    if any(answer.state is AnswerState.STOPPED for answer in answers):
        unfinished = UNFINISHED_OF_THREE if three else UNFINISHED
        return replace(decision, because=(unfinished, *decision.because[-1:]))
    found = {
        (one, other): _compared(answers[one], answers[other], check)
        for one, other in combinations(range(len(answers)), 2)
    }
    pattern = pattern_of([each is not None and each.agrees for each in found.values()])
    if pattern is Pattern.NONE:
        role, sentence = Role.FRONTIER, f"{why_not(answers, found)}{GOES_ON}"
    else:
        role, sentence = Role.CHEAP, agree_sentence(answers, found, pattern)
    rests = _rests_sentence(answers, check, pattern.stands or 0)
    because = (sentence, rests, origin(len(answers)))
    return replace(decision, role=role, because=because, looked=True, stands=pattern.stands or 0)


def _over_budget(answer: Answer) -> bool:
    return answer.problem is not None and answer.problem.kind == BUDGET_REACHED


def _compared(one: Answer, other: Answer, check: Check) -> Agreement | None:
    """Return how two answers compare, or None where one of them did not end well."""
    if not (one.complete and other.complete):
        return None
    return agreement(one.text, other.text, check.kind, check.labels, check.asks)


def _rests_sentence(answers: Sequence[Answer], check: Check, stands: int) -> str:
    """Return what was compared, between whom, whose answer stands, and how long it took."""
    times = [answer.total_ms for answer in answers if answer.total_ms is not None]
    all_of_them = "all" if len(answers) == _MOST else "both"
    waited = f"; {all_of_them} had ended after {seconds_text(max(times))}" if times else ""
    names = listed([answer.model.name for answer in answers])
    told = f"Asked at once: {names}, for {check.kind.in_words()}{waited}."
    if stands:
        told += f" The answer that stands is {answers[stands].model.name}’s."
    return told
