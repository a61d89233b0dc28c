"""The learner: Bayesian logistic regression by Newton's method, with Laplace's approximation.

The label is "the frontier's answer was strictly better". Imported lazily (numpy).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.domain.routing.features import Matrix, Vector

_STEPS = 50
_CLOSE = 1e-10
_NORMAL_95 = 1.6448536269514722  # both tails of 5% leave the middle 90%


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability (0..1) with its 90% interval."""

    probability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What was learned: the most likely weights, shape (columns,), and their covariance."""

    weights: Vector
    covariance: Matrix

    def scores(self, rows: Matrix) -> Vector:
        """Return the probability that the frontier is better for each row, shape (rows,)."""
        return sigmoid(rows @ self.weights)

    def chance(self, row: Vector, unseen_variance: float = 0.0) -> Chance:
        """Return one prompt's probability and interval.

        The probability is that of the most likely weights and is not averaged over their doubt:
        only so can one more vote for cheap never raise it on its own prompt.
        """
        logit = float(row @ self.weights)
        spread = math.sqrt(max(0.0, float(row @ self.covariance @ row)) + unseen_variance)
        ends = np.array([logit, logit - _NORMAL_95 * spread, logit + _NORMAL_95 * spread])
        probability, low, high = (float(value) for value in sigmoid(ends))
        return Chance(probability, low, high)


def sigmoid(logits: Vector) -> Vector:
    """Return 1 / (1 + e^-x), without overflow at either end."""
    tame = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1.0, tame) / (1.0 + tame), dtype=np.float64)


def _loss(weights: Vector, rows: Matrix, labels: Vector, votes: Vector,
          prior: tuple[Vector, Vector]) -> float:  # fmt: skip
    """Return the negative log posterior, up to a constant."""
    logits = rows @ weights
    fit = float(votes @ (np.logaddexp(0.0, logits) - labels * logits))
    return fit + 0.5 * float(((weights - prior[0]) ** 2 / prior[1]).sum())


def fit(rows: Matrix, labels: Vector, votes: Vector, prior: tuple[Vector, Vector]) -> Posterior:
    """Return the posterior over the weights.

    `rows` has shape (votes, columns); `labels` (votes,) are 1 where the frontier was better;
    `votes` (votes,) are weights >= 0; `prior` holds means and variances, shape (columns,) each.
    """
    means, variances = prior
    weights = means.copy()
    loss = _loss(weights, rows, labels, votes, prior)
    for _ in range(_STEPS):
        chances = sigmoid(rows @ weights)
        slope = rows.T @ (votes * (chances - labels)) + (weights - means) / variances
        step = np.linalg.solve(_curvature(rows, chances, votes, variances), slope)
        if float(np.abs(step).max()) < _CLOSE:
            break
        size = 1.0
        tried = _loss(weights - step, rows, labels, votes, prior)
        # Far from the answer a full Newton step can overshoot; half of it then cannot for long.
        while tried > loss and size > _CLOSE:
            size /= 2.0
            tried = _loss(weights - size * step, rows, labels, votes, prior)
        weights = weights - size * step
        loss = tried
    chances = sigmoid(rows @ weights)
    covariance = np.linalg.inv(_curvature(rows, chances, votes, variances))
    return Posterior(weights, np.asarray(covariance, dtype=np.float64))


def _curvature(rows: Matrix, chances: Vector, votes: Vector, variances: Vector) -> Matrix:
    weighted = rows * (votes * chances * (1.0 - chances))[:, None]
    curvature = rows.T @ weighted
    curvature.flat[:: len(variances) + 1] += 1.0 / variances
    return np.asarray(curvature, dtype=np.float64)
