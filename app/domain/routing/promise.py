"""The promise: how much may go to cheap while the user's limit holds, and what luck would allow.

"At most `limit` of ALL prompts go to cheap and would have been better on the frontier", at the
given confidence, by a Clopper-Pearson bound on cross-fitted scores. The loss only grows with the
threshold, so the largest threshold whose bound holds is valid in one look (risk-controlling
prediction sets, Bates et al. 2021). Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.routing.counts import errors_allowed, interval
from app.domain.routing.lesson import Lesson
from app.domain.vote import VoteKind
from app.domain.words import counted, limit_text, share_text

# Where the frontier is more likely better than not, no certificate makes cheap a sensible choice.
HIGHEST_THRESHOLD = 0.5
_CURVE_POINTS = 20
_BINS = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """What the calibrating votes allow. Shares are 0..1.

    A prompt goes to cheap where its score lies below `threshold`; `share` of the `votes` did
    (with `low`..`high`), `errors` of them were better on the frontier. `luck_share` is what the
    same promise would allow if scores were drawn by lot: only what lies above it was learned.
    """

    votes: int
    frontier_better: int
    limit: float
    confidence: float
    threshold: float
    share: float
    low: float
    high: float
    errors: int
    luck_share: float

    @property
    def holds(self) -> bool:
        """Return whether anything may go to cheap."""
        return self.share > 0.0

    def sentence(self) -> str:
        """Return what the promise says today, or why it says nothing."""
        limit = limit_text(self.limit)
        if self.holds:
            return (
                f"On your {counted(self.votes, 'blind vote')} this rule sends "
                f"{share_text(self.share)} of all prompts to cheap (by luck alone "
                f"{share_text(self.luck_share)}) and keeps those that would have been better on "
                f"the frontier within {limit} of all prompts, at {share_text(self.confidence)} "
                "confidence. It speaks for prompts like those you chose to compare."
            )
        if errors_allowed(self.votes, self.limit, self.confidence) < 0:
            return (
                f"{counted(self.votes, 'blind vote')} cannot show that your limit of {limit} "
                "holds, so prompts go to the frontier."
            )
        return (
            f"In {self.frontier_better:,} of your {counted(self.votes, 'blind vote')} the frontier "
            "was better, and the rule cannot yet tell which prompts those are: no part of your "
            f"prompts can be shown to stay within your limit of {limit}, so they go to the "
            "frontier."
        )


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is given up for what is saved: `share` to cheap, `loss` of all prompts, its bounds."""

    share: float
    loss: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """What was predicted on average in a fifth of the votes, and how often it came true."""

    predicted: float
    observed: float
    low: float
    high: float
    votes: int


def calibrates(lesson: Lesson) -> bool:
    """Return whether a vote may speak for the promise: names, price and speed were hidden."""
    return lesson.kind is VoteKind.BLIND


def luck_share(votes: int, errors: int, allowed: int) -> float:
    """Return the expected share that random scores could send before one error too many.

    With `errors` placed by lot among `votes`, the one after `allowed` stands at place
    (allowed + 1)(votes + 1)/(errors + 1) on average; everything before it could go.
    """
    if votes == 0 or allowed < 0:
        return 0.0
    if errors <= allowed:
        return 1.0
    return ((allowed + 1) * (votes + 1) / (errors + 1) - 1) / votes


def make_promise(
    scores: Sequence[float], labels: Sequence[bool], limit: float, confidence: float
) -> Promise:
    """Return the promise for cross-fitted scores and whether the frontier was better each time."""
    total, wrong = len(scores), sum(labels)
    allowed = errors_allowed(total, limit, confidence)
    threshold = 0.0
    if allowed >= 0:
        failing = sorted(score for score, label in zip(scores, labels, strict=True) if label)
        threshold = failing[allowed] if len(failing) > allowed else 1.0
        threshold = min(threshold, HIGHEST_THRESHOLD)
    sent = [label for score, label in zip(scores, labels, strict=True) if score < threshold]
    low, high = interval(len(sent), total, confidence)
    return Promise(
        votes=total,
        frontier_better=wrong,
        limit=limit,
        confidence=confidence,
        threshold=threshold,
        share=len(sent) / total if total else 0.0,
        low=low,
        high=high,
        errors=sum(sent),
        luck_share=luck_share(total, wrong, allowed),
    )


def trade_off(
    scores: Sequence[float], labels: Sequence[bool], confidence: float
) -> tuple[CurvePoint, ...]:
    """Return the curve from nothing to everything on cheap, lowest scores first."""
    order = sorted(zip(scores, labels, strict=True))
    total = len(order)
    points = []
    for step in range(_CURVE_POINTS + 1) if total else ():
        sent = round(total * step / _CURVE_POINTS)
        lost = sum(label for _, label in order[:sent])
        points.append(CurvePoint(sent / total, lost / total, *interval(lost, total, confidence)))
    return tuple(points)


def calibration(
    scores: Sequence[float], labels: Sequence[bool], confidence: float
) -> tuple[CalibrationPoint, ...]:
    """Return fifths of the votes by score: predicted against observed."""
    order = sorted(zip(scores, labels, strict=True))
    points = []
    for place in range(_BINS):
        part = order[len(order) * place // _BINS : len(order) * (place + 1) // _BINS]
        if part:
            hits = sum(label for _, label in part)
            mean = sum(score for score, _ in part) / len(part)
            bounds = interval(hits, len(part), confidence)
            points.append(CalibrationPoint(mean, hits / len(part), *bounds, len(part)))
    return tuple(points)
