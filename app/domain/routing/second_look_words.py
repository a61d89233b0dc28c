"""What a second look found, in one sentence: in what models agree, who says otherwise, or why not.

Pairs of answers are told by their places (0 is the first model's); None stands for a pair of which
one did not end well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.answer import Answer, AnswerState
from app.domain.routing.pattern import Pattern
from app.domain.substance import Agreement, Kind, Obstacle
from app.domain.substance.outcome import said
from app.domain.words import listed

Found = Mapping[tuple[int, int], Agreement | None]
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
_MANY = ("", "", "two", "three")


def agree_sentence(answers: Sequence[Answer], found: Found, pattern: Pattern) -> str:
    """Return in what models agree and, of three, who says otherwise."""
    agreeing = next(places for places, each in found.items() if each is not None and each.agrees)
    shared = _shared(found[agreeing])
    if pattern is Pattern.ALL:
        return f"Three models agree on {shared}; agreement is not verification."
    odd = next((place for place in range(len(answers)) if place not in agreeing), None)
    otherwise = "" if odd is None else f", while {_otherwise(answers, found, agreeing[0], odd)}"
    return f"Two models agree on {shared}{otherwise}; agreement is not verification."


def why_not(answers: Sequence[Answer], found: Found) -> str:
    """Return why the frontier is needed, without the end of the sentence."""
    troubles = [_trouble(answers, found, place) for place in range(len(answers))]
    told = [
        f"{answer.model.name} {words}"
        for answer, words in zip(answers, troubles, strict=True)
        if words
    ]
    good = [place for place, words in enumerate(troubles) if not words]
    if len(good) > 1:
        which = "the " if len(good) == len(answers) else ""
        differ = f"{which}{_MANY[len(good)]} cheap models differ ({_each(found, good)})"
        told.insert(0, f"{differ[0].upper()}{differ[1:]}")
    return listed(told)


def _shared(agreed: Agreement | None) -> str:
    shared = (agreed.shared_words() if agreed is not None else "") or "the same answer"
    return f"option {shared}" if agreed is not None and agreed.kind is Kind.CHOICE else shared


def _otherwise(answers: Sequence[Answer], found: Found, one: int, odd: int) -> str:
    """Return what the answer of three says that agrees with nobody, against one that does."""
    name = answers[odd].model.name
    trouble = _trouble(answers, found, odd)
    if trouble:
        return f"{name} {trouble}"
    ours, theirs = _alone(found, one, odd)
    if theirs:
        return f"{name} says {theirs}"
    return f"{name} leaves out {ours}" if ours else f"{name} says otherwise"


def _alone(found: Found, one: int, other: int) -> tuple[str, str]:
    """Return what each of two answers says that the other does not."""
    compared = found[min(one, other), max(one, other)]
    if compared is None:
        return "", ""
    ours, theirs = said(compared.ours), said(compared.theirs)
    return (ours, theirs) if one < other else (theirs, ours)


def _each(found: Found, places: Sequence[int]) -> str:
    """Return what each of two or three answers says alone; one of three, against the first."""
    first, *rest = places
    values = [_alone(found, first, rest[0])[0], *(_alone(found, first, place)[1] for place in rest)]
    return ", ".join(value or "nothing more" for value in values)


def _trouble(answers: Sequence[Answer], found: Found, place: int) -> str:
    """Return in words why an answer cannot be compared; empty where it can, as far as is known."""
    answer = answers[place]
    if not answer.complete:
        return _ENDED[answer.state]
    for places, compared in found.items():
        if place in places and compared is not None:
            obstacle = compared.obstacles[places.index(place)]
            if obstacle is not None:
                return _OBSTACLES.get(obstacle, compared.kind.missing_words())
    return ""
