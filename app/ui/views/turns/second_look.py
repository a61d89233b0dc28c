"""A second look on the screen: one answer, one sentence, and what the others said, folded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.answer import Answer, AnswerState
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.second_look_ends import never_taken, nothing_sent
from app.domain.turn import Turn, TurnMode, wait_ms
from app.domain.words import amount_text, costs_text, listed, seconds_text, tokens_text
from app.ui.models.likely_words import likely_text, range_of

if TYPE_CHECKING:
    from app.domain.likely import Likely
    from app.services.estimate import Estimate

Figures = tuple[tuple[str, str, str], ...]
_WHERE = "Where they agree the answer stands; where they do not, the frontier model is asked."
_WHERE_OF_THREE = (
    "Where any two of them agree the answer stands; where none do, the frontier model is asked."
)
_SO_MANY = {1: ("Two", _WHERE), 2: ("Three", _WHERE_OF_THREE)}


def is_second_look(decision: Decision | None) -> bool:
    """Return whether cheap models answer first."""
    return decision is not None and decision.basis is Basis.SECOND_LOOK


def headline(decision: Decision, *, sent: bool) -> tuple[str, str]:
    """Return the one sentence as its bold beginning and its rest."""
    if decision.looked:
        sentence = decision.because[0] if decision.because else ""
        for sign in ("; ", ", so "):
            begin, found, rest = sentence.rpartition(sign)
            if found:
                return f"{begin}{sign[0]}", f"{sign[1:].strip()} {rest}".strip()
        return sentence, ""
    if never_taken(decision):
        return left_off(decision)
    many, where = _many(decision)
    if sent:
        return f"{many} cheap models answer at once.", where
    return f"Goes to {many.casefold()} cheap models first.", where


def _many(decision: Decision) -> tuple[str, str]:
    """Return how many cheap models look, and what comes of it."""
    return _SO_MANY[max(1, len(decision.others))]


def left_off(decision: Decision) -> tuple[str, str]:
    """Return what is said of a look that never came to its end."""
    why = " ".join(decision.because[:1])
    if nothing_sent(decision):
        return "Not sent.", why
    return f"{_many(decision)[0]} cheap models were asked and never compared.", why


def why_headline(decision: Decision, *, sent: bool) -> str:
    """Return what the reasons of a second look stand under."""
    many, _ = _many(decision)
    if not sent:
        return f"Goes to {many.casefold()} cheap models first."
    return "Not sent." if nothing_sent(decision) else f"{many} cheap models were asked first."


def beside(turn: Turn, answer: Answer) -> list[tuple[str, str]]:
    """Return what other models said to the prompt, for the pane of an answer: (title, Markdown).

    Nothing is told of an answer that still arrives.
    """
    others = [each for each in (*turn.answers, *turn.beside) if each not in turn.shown]
    if turn.mode is not TurnMode.ROUTED and answer.role is not Role.CHEAP:
        others = []
    return [
        (_said_title(other), other.text.strip() or "*No text came.*")
        for other in others
        if other.state is not AnswerState.STREAMING
    ]


def _said_title(answer: Answer) -> str:
    ended = "" if answer.complete else f" · {answer.state_in_words()}"
    return f"What {answer.model.name} said{ended} · {amount_text(answer.cost)}"


def whole_turn(turn: Turn) -> list[tuple[str, str]]:
    """Return the figures of all calls together, (name, figure): how long it took, what it cost."""
    if not turn.beside or turn.mode is not TurnMode.ROUTED:
        return []
    every = (*turn.answers, *turn.beside)
    if any(answer.state is AnswerState.STREAMING for answer in every):
        return []
    sides = {answer.role: answer.total_ms for answer in turn.answers}
    waited = wait_ms(turn.mode, sides, [answer.total_ms for answer in turn.beside])
    called = [answer for answer in every if answer.state is not AnswerState.BLOCKED]
    calls = f"all {len(called)} calls"
    return [
        ("waited in all", seconds_text(waited)),
        (calls, costs_text(answer.cost for answer in called)),
    ]


def estimate_figures(estimate: Estimate, others: Sequence[Likely]) -> Figures:
    """Return the composer's estimate as (name, figure, role): the cheap, and perhaps frontier."""
    cheap = (estimate.likely_cheap, *others)
    middles = costs_text(likely.cost for likely in cheap)
    return (
        (f"{tokens_text(estimate.input_tokens, approximate=True)} tokens in", "", "muted"),
        (f"{_SO_MANY[len(others)][0].casefold()} cheap", range_of(cheap) or middles, "cheap"),
        (
            "frontier if they differ" if len(others) == 1 else "frontier if none agree",
            likely_text(estimate.likely_frontier),
            "frontier",
        ),
    )


def offer(others: Sequence[ModelRef], cheap: ModelRef | None) -> str:
    """Return what auto-route does on the first day, for the empty page."""
    if not others or cheap is None:
        return (
            "With a second cheap model, chosen in Settings, it serves from the first day: for "
            "prompts whose answer can be checked."
        )
    agree = "they agree it" if len(others) == 1 else "any two agree, their answer"
    names = listed([model.name for model in (cheap, *others)])
    return (
        f"Where an answer can be checked, {names} are asked at once; if {agree} stands, if not "
        "the frontier is asked. That needs no votes."
    )
