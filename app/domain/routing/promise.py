"""The promise: how much may go to cheap while the user's limit holds, and what luck would allow.

"At most `limit` of ALL your next prompts go to cheap and would have been better on the frontier",
at the given confidence, by an exact bound on cross-fitted ranks. The loss only grows with the line,
so the furthest line whose bound holds is valid in one look (risk-controlling prediction sets, Bates
et al. 2021); `looks` splits the confidence over several. Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.routing.counts import interval
from app.domain.routing.looks import Look
from app.domain.words import counted, limit_text, share_text

# Where the frontier is more likely better than not, no certificate makes cheap a sensible choice.
HIGHEST_THRESHOLD = 0.5
_WORTH_HAVING = 0.10  # a share below this is not worth waiting for
_WIDE_GAP = 0.05
_CURVE_POINTS = 20
_BINS = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """What the calibrating votes allow. Shares are 0..1.

    A prompt goes to cheap where its chance lies at or below `threshold`; `share` of the `votes` did
    (with `low`..`high`), `errors` of them were better on the frontier, where `allowed` may be.
    `unvoted` of the votes were asked for and not given, and count as losses. `luck_share` is what
    the same promise would allow if prompts were drawn by lot: only what lies above it was learned.
    `rank` is how far up the user's own prompts, easiest first, cheap may go (about 0..1).
    `next_look` is the number of votes at which the promise is made anew, None after the last;
    `needed` about how many more are likely to be needed before it allows something, None where it
    does, or where no number of votes is likely to suffice.
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
    unvoted: int = 0
    allowed: int = -1
    rank: float = -1.0
    next_look: int | None = None
    needed: int | None = None
    horizon: int = 1_000

    @property
    def holds(self) -> bool:
        """Return whether anything may go to cheap."""
        return self.share > 0.0

    def sentence(self) -> str:
        """Return what the promise says today, or why it says nothing."""
        votes = f"your {counted(self.votes, 'calibrating vote')}"
        limit = limit_text(self.limit)
        if self.holds:
            return (
                f"On {votes} this rule sends {share_text(self.share)} of all prompts to cheap (by "
                f"luck alone {share_text(self.luck_share)}) and keeps those that would have been "
                f"better on the frontier within {limit} of your next {self.horizon:,} prompts, at "
                f"{share_text(self.confidence)} confidence. It speaks for prompts like those it "
                f"was calibrated on.{unvoted_sentence(self.unvoted)}"
            )
        if self.allowed < 0:
            return (
                f"{counted(self.votes, 'calibrating vote')} cannot show that your limit of {limit} "
                f"holds, so prompts go to the frontier.{self._more_sentence()}"
            )
        return (
            f"In {self._better()} of {votes} the frontier was better, and the rule cannot "
            "yet tell which prompts those are: no part of your prompts can be shown to stay within "
            f"your limit of {limit}, so they go to the frontier.{unvoted_sentence(self.unvoted)}"
            f"{self._more_sentence()}"
        )

    def _better(self) -> str:
        return "all" if self.frontier_better == self.votes else f"{self.frontier_better:,}"

    def _more_sentence(self) -> str:
        if self.needed is not None:
            return f" About {self.needed:,} more are likely to be needed."
        return " The frontier was better so often that more votes are unlikely to change this."


def unvoted_sentence(unvoted: int) -> str:
    """Return what becomes of votes that were asked for and not given, or an empty string."""
    if not unvoted:
        return ""
    verb = "counts as a loss" if unvoted == 1 else "count as losses"
    return f" {unvoted:,} of them without your vote {verb}."


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What is given up for what is saved: `share` to cheap, `loss` of all prompts, its bounds."""

    share: float
    loss: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Prompts of like probability: predicted against observed, with the observed one's bounds."""

    predicted: float
    observed: float
    low: float
    high: float
    votes: int


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


def line_of(ranks: Sequence[float], labels: Sequence[bool], allowed: int) -> float | None:
    """Return the highest rank that may go to cheap, or None where none may.

    It is that of the last lesson before one error too many, and not a step further than was seen;
    only where a wide gap follows does the line stand in its middle. Where errors are too few to
    stop at, it is infinite. Equal ranks are never split by their order.
    """
    if allowed < 0:
        return None
    failing = sorted(rank for rank, label in zip(ranks, labels, strict=True) if label)
    if len(failing) <= allowed:
        return math.inf
    last = max((rank for rank in ranks if rank < failing[allowed]), default=None)
    if last is None:
        return None
    return last + max(0.0, failing[allowed] - last - _WIDE_GAP) / 2.0


def make_promise(
    ranks: Sequence[float],
    labels: Sequence[bool],
    look: Look,
    later: Sequence[Look],
    terms: tuple[float, float, int],
    highest: float,
) -> Promise:
    """Return what this look allows, for cross-fitted ranks and whether each was a loss.

    `later` are the looks still to come; `terms` are limit, confidence and horizon. Nothing goes
    above the rank `highest`. `threshold` is left at 0 for whoever knows which chance has the rank.
    """
    limit, confidence, horizon = terms
    line = line_of(ranks, labels, look.allowed)
    line = None if line is None else min(line, highest)
    sent = [label for rank, label in zip(ranks, labels, strict=True) if _goes(rank, line)]
    low, high = interval(len(sent), len(ranks), confidence)
    return Promise(
        votes=len(ranks),
        frontier_better=sum(labels),
        limit=limit,
        confidence=confidence,
        threshold=0.0,
        share=len(sent) / len(ranks) if ranks else 0.0,
        low=low,
        high=high,
        errors=sum(sent),
        luck_share=luck_share(len(ranks), sum(labels), look.allowed),
        allowed=look.allowed,
        rank=-1.0 if line is None else line,
        next_look=later[0].votes if later else None,
        needed=None if sent else needed(ranks, labels, later),
        horizon=horizon,
    )


def _goes(rank: float, line: float | None) -> bool:
    return line is not None and rank <= line


def needed(ranks: Sequence[float], labels: Sequence[bool], later: Sequence[Look]) -> int | None:
    """Return about how many more votes are likely to be needed, if these are typical of them."""
    # Equal ranks go together, so their losses come first.
    order = sorted(zip(ranks, (not label for label in labels), strict=True))
    for look in later:
        errors = 0
        for place, (_, kept) in enumerate(order, 1):
            errors += not kept
            if errors * look.votes / len(order) > look.allowed:
                break
            if place >= _WORTH_HAVING * len(order):
                return look.votes - len(order)
    return None


def trade_off(
    ranks: Sequence[float], labels: Sequence[bool], confidence: float
) -> tuple[CurvePoint, ...]:
    """Return the curve from nothing to everything on cheap, lowest ranks first."""
    order = sorted(zip(ranks, labels, strict=True))
    total = len(order)
    points = []
    for step in range(_CURVE_POINTS + 1) if total else ():
        sent = round(total * step / _CURVE_POINTS)
        lost = sum(label for _, label in order[:sent])
        points.append(CurvePoint(sent / total, lost / total, *interval(lost, total, confidence)))
    return tuple(points)


def calibration(
    chances: Sequence[float], labels: Sequence[bool], confidence: float
) -> tuple[CalibrationPoint, ...]:
    """Return fifths of the votes by probability: predicted against observed."""
    order = sorted(zip(chances, labels, strict=True))
    points = []
    for place in range(_BINS):
        part = order[len(order) * place // _BINS : len(order) * (place + 1) // _BINS]
        if part:
            hits = sum(label for _, label in part)
            mean = sum(chance for chance, _ in part) / len(part)
            bounds = interval(hits, len(part), confidence)
            points.append(CalibrationPoint(mean, hits / len(part), *bounds, len(part)))
    return tuple(points)
