"""Scores that no vote has helped to make of itself: the ground on which the promise stands.

The lessons are dealt into folds; each fold is scored by a rule that never saw it. Leaving votes out
shifts the level of what is learned from the rest (without one vote for the frontier all else looks
easier), which would make hard prompts look easy. So a score is not a probability but a rank: which
share of that rule's own lessons lies below. A little of the distance in logits is added, so that a
wide gap between two sorts of prompts stays a gap, however many of each a fold holds.
Imported lazily (numpy).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.routing.features import Matrix, Vector
from app.domain.routing.learner import fit, sigmoid

_SLOPE = 0.05  # rank for each unit on the logit scale
_DIGITS = 9


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Ranks among logits: about 0 for the easiest of the lessons, about 1 for the hardest."""

    logits: Vector  # ascending
    places: Vector

    @staticmethod
    def of(logits: Vector) -> Scale:
        """Return the scale of these lessons; at least one."""
        # Like prompts have like logits: they share one place, whatever the last digit says.
        ordered, counts = np.unique(np.round(logits, _DIGITS), return_counts=True)
        places = (np.cumsum(counts) - counts / 2.0) / len(logits)
        mean = float(logits.mean())
        return Scale(ordered, places + _SLOPE * (ordered - mean))

    def rank(self, logits: Vector) -> Vector:
        """Return the ranks of these logits; always rising with the logit."""
        below = np.minimum(logits - self.logits[0], 0.0)
        above = np.maximum(logits - self.logits[-1], 0.0)
        inside = np.interp(logits, self.logits, self.places)
        return np.asarray(inside + _SLOPE * (below + above), dtype=np.float64)

    def logit(self, rank: float) -> float:
        """Return the logit that has this rank."""
        low, high = float(self.places[0]), float(self.places[-1])
        if rank < low:
            return float(self.logits[0]) + (rank - low) / _SLOPE
        if rank > high:
            return float(self.logits[-1]) + (rank - high) / _SLOPE
        return float(np.interp(rank, self.places, self.logits))


@dataclass(frozen=True, slots=True)
class Scores:
    """One a lesson: its rank, and the chance that the frontier is better, both cross-fitted."""

    ranks: tuple[float, ...]
    chances: tuple[float, ...]


def crossfit(
    covariance: Matrix,
    labels: Vector,
    votes: Vector,
    folds: Sequence[int],
    mean: float,
    offsets: Vector | None = None,
) -> Scores:
    """Return the cross-fitted scores; arguments as `fit` takes them, with each lesson's fold.

    A lesson of weight 0 is scored and teaches nothing.
    """
    dealt = np.array(folds)
    known = np.zeros(len(labels)) if offsets is None else offsets
    ranks, chances = np.zeros(len(labels)), np.zeros(len(labels))
    for fold in sorted(set(folds)):
        held = np.flatnonzero(dealt == fold)
        kept = np.flatnonzero((dealt != fold) & (votes > 0))
        if len(kept) == 0:
            ranks[held], chances[held] = 0.5, sigmoid(mean + known[held])
            continue
        learned = fit(covariance[np.ix_(kept, kept)], labels[kept], votes[kept], mean, known[kept])
        logits = learned.logit(covariance[np.ix_(held, kept)]) + known[held]
        ranks[held], chances[held] = Scale.of(learned.logits).rank(logits), sigmoid(logits)
    return Scores(tuple(ranks.tolist()), tuple(chances.tolist()))


def deal(texts: Sequence[str], folds: int) -> list[int]:
    """Return each text's fold. A prompt asked twice stays in one, or it would tell on itself."""
    digests = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
    place = {digest: index for index, digest in enumerate(sorted(set(digests)))}
    return [place[digest] % folds for digest in digests]
