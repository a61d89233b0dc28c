"""Scores to compare: the product's learner, and what anybody could have done without it.

Each says how likely the frontier is strictly better, from so many votes; and each gets the same
promise, made by the product's own functions.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.domain.routing.certificate import Pending, promised, schedule
from app.domain.routing.crossfit import crossfit, deal
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.learner import fit, sigmoid
from app.domain.routing.learning import learn, material_of
from app.domain.routing.lesson import Lesson
from app.domain.routing.looks import Look, errors_within
from app.domain.routing.promise import line_of
from scripts.benchmarks.routing_data import BEGAN, User, Vector

_BUCKETS, _READ = 2_048, 2_500
_LEVEL = 10.0  # the plain logistic's level is as good as free


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Scores of the held-out prompts, with the cross-fitted ranks of the votes.

    `fixed` scores were there before any vote: they are their own ranks. `logits` are those of the
    votes under the whole fit; `chances` of the held-out ones, None where the score is none.
    """

    held_out: Vector
    ranks: Sequence[float]
    labels: Sequence[bool]
    logits: Vector | None = None
    chances: Vector | None = None

    def sent(self, look: Look, defaults: RuleDefaults) -> np.ndarray:
        """Return which held-out prompts go to cheap after one look."""
        if self.logits is None:
            line = line_of(self.ranks, self.labels, look.allowed)
        else:
            pending = Pending(look, (), (), BEGAN)
            _, line = promised(self.logits, self.ranks, self.labels, pending, defaults)
        if line is None:
            return np.zeros(len(self.held_out), dtype=bool)
        return np.asarray(self.held_out <= line)


def one_look(votes: int, defaults: RuleDefaults) -> Look:
    """Return a look that spends all the confidence leaves open."""
    risk = 1.0 - defaults.confidence
    return Look(votes, errors_within(votes, defaults.limit, risk, defaults.horizon), risk)


def product_look(votes: int, defaults: RuleDefaults) -> Look | None:
    """Return the product's own latest look at so many votes, None before its first."""
    taken = [look for look in schedule(defaults) if look.votes <= votes]
    return taken[-1] if taken else None


def learned(lessons: Sequence[Lesson], user: User, *, tagged: bool) -> Scored:
    """Return the product's scores from these votes."""
    defaults = RuleDefaults()
    material = material_of(lessons, [False] * len(lessons), defaults)
    learning = learn(lessons, material)
    assert learning is not None
    scores = crossfit(
        material.covariance, material.labels, material.weights,
        deal([lesson.text for lesson in lessons], defaults.folds), defaults.intercept_mean,
    )  # fmt: skip
    logits = learning.logits([user.pool.question(place, tagged=tagged) for place in user.held_out])
    labels = [lesson.counts_as_loss for lesson in lessons]
    return Scored(logits, scores.ranks, labels, learning.fitted.logits, sigmoid(logits))


def plain(lessons: Sequence[Lesson], user: User) -> Scored:
    """Return an ordinary logistic regression on hashed n-grams (L2, C = 1), with the same promise.

    Linear weights with a normal prior are a process whose covariance is the product of features.
    """
    rows = np.stack([grams(lesson.text) for lesson in lessons])
    covariance = (rows @ rows.T).astype(np.float64) + _LEVEL
    labels = np.array([float(lesson.frontier_better) for lesson in lessons])
    ones, defaults = np.ones(len(lessons)), RuleDefaults()
    fitted = fit(covariance, labels, ones, defaults.intercept_mean)
    folds = deal([lesson.text for lesson in lessons], defaults.folds)
    scores = crossfit(covariance, labels, ones, folds, defaults.intercept_mean)
    held = np.stack([grams(user.pool.texts[place]) for place in user.held_out])
    logits = fitted.logit((held @ rows.T).astype(np.float64) + _LEVEL)
    losses = [lesson.counts_as_loss for lesson in lessons]
    return Scored(logits, scores.ranks, losses, fitted.logits, sigmoid(logits))


def fixed(values: Vector, stream: Vector, labels: Sequence[bool]) -> Scored:
    """Return scores that no vote has taught: by lot, or by length."""
    return Scored(values, stream.tolist(), labels)


@lru_cache(maxsize=30_000)
def grams(text: str) -> NDArray[np.float32]:
    """Return hashed words, pairs of words and letters in threes and fives, of unit length."""
    words = text[:_READ].casefold().split()
    body = " ".join(words)
    parts = [*words, *(f"{a} {b}" for a, b in pairwise(words))]
    for size in (3, 5):
        parts += [body[at : at + size] for at in range(len(body) - size + 1)]
    places = [zlib.crc32(part.encode("utf-8", "replace")) % _BUCKETS for part in parts]
    counts = np.log1p(np.bincount(places, minlength=_BUCKETS).astype(np.float64))
    return np.asarray(counts / (np.linalg.norm(counts) or 1.0), dtype=np.float32)


def area(scores: Vector, labels: np.ndarray) -> float:
    """Return the area under the ROC curve, ties counted half; NaN without both labels."""
    ones, zeros = int(labels.sum()), int((~labels).sum())
    if not ones or not zeros:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    places = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    return float((places[labels].sum() - ones * (ones + 1) / 2.0) / (ones * zeros))


def recovered(scores: Vector, cheap: Vector, frontier: Vector) -> float:
    """Return the average performance gap recovered, from no frontier call to all (random: 0.5)."""
    gain = (frontier - cheap)[np.argsort(-scores, kind="stable")]
    whole = float(gain.sum())
    if abs(whole) < 1e-12:
        return float("nan")
    return float(np.mean(np.concatenate(([0.0], np.cumsum(gain)))) / whole)
