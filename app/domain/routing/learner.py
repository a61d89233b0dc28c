"""The learner: a Gaussian process with a logistic likelihood, by Laplace's approximation.

The label is "the frontier's answer was strictly better". Each vote pulls at the prompts like its
own, the harder the more it surprised; their pulls add up to a prompt's logit, so that every
probability can be traced to votes. Source: Rasmussen and Williams (2006), chapter 3.
Imported lazily (numpy).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.domain.routing.features import Matrix, Vector

_STEPS = 100
_GUESSES, _GRADIENTS = 2, 10
_CLOSE = 1e-9
_BLOCK = 64
_NORMAL_95 = 1.6448536269514722  # both tails of 5% leave the middle 90%


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability (0..1) with its 90% interval."""

    probability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What votes have taught.

    `mean` is the logit before any vote; `pull` (votes,) is how hard each vote pulls; `logits`
    (votes,) are the votes' own; `root` (votes, votes) turns covariances into what the votes
    explain of them.
    """

    mean: float
    pull: Vector
    logits: Vector
    root: Matrix

    def logit(self, covariance: Matrix) -> Vector:
        """Return the logits of prompts from their covariance with the votes, (prompts, votes)."""
        return np.asarray(self.mean + covariance @ self.pull, dtype=np.float64)

    def chance(self, covariance: Vector, variance: float) -> Chance:
        """Return one prompt's probability and interval.

        The probability is that of the most likely logit and is not averaged over its doubt: only
        so can one more vote for cheap never raise it on its own prompt.
        """
        logit = self.mean + float(covariance @ self.pull)
        explained = self.root @ covariance
        spread = max(0.0, variance - float(explained @ explained)) ** 0.5
        ends = np.array([logit, logit - _NORMAL_95 * spread, logit + _NORMAL_95 * spread])
        probability, low, high = (float(value) for value in sigmoid(ends))
        return Chance(probability, low, high)


def sigmoid(logits: Vector) -> Vector:
    """Return 1 / (1 + e^-x), without overflow at either end."""
    tame = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1.0, tame) / (1.0 + tame), dtype=np.float64)


def fit(
    covariance: Matrix, labels: Vector, votes: Vector, mean: float, offsets: Vector | None = None
) -> Fitted:
    """Return what the votes teach.

    `covariance` (votes, votes) says how alike their prompts are; `labels` (votes,) are 1 where the
    frontier was better; `votes` (votes,) are weights >= 0; `mean` is the logit before any vote,
    to which `offsets` (votes,) add what is known of each prompt beforehand.
    """
    before = mean + (np.zeros(len(labels)) if offsets is None else offsets)
    pull = _first_guess(covariance, labels, votes, before)
    logits = before + covariance @ pull
    loss = _loss(pull, logits, labels, votes, before)
    # Factored once, near the answer: from there steps are many and cheap.
    chances = sigmoid(logits)
    curve = np.sqrt(votes * chances * (1.0 - chances))
    root = _inverse_root(_curved(covariance, curve))
    for _ in range(_STEPS if len(labels) else 0):
        aim = curve**2 * (logits - before) + votes * (labels - sigmoid(logits))
        aim -= curve * (root.T @ (root @ (curve * (covariance @ aim))))
        step, size = aim - pull, 1.0
        rise = covariance @ step
        tried = _loss(pull + step, logits + rise, labels, votes, before)
        # Far from the answer a full step can overshoot; half of it then cannot for long.
        while tried > loss + _CLOSE and size > _CLOSE:
            size /= 2.0
            tried = _loss(pull + size * step, logits + size * rise, labels, votes, before)
        pull, logits, loss = pull + size * step, logits + size * rise, tried
        if float(np.abs(rise).max()) < _CLOSE:
            break
    root *= curve
    return Fitted(mean, pull, logits, root)


def _first_guess(covariance: Matrix, labels: Vector, votes: Vector, before: Vector) -> Vector:
    """Return about where the first Newton steps from what was known lead."""
    pull, logits = np.zeros(len(labels)), before
    for _ in range(_GUESSES):
        chances = sigmoid(logits)
        curve = np.sqrt(votes * chances * (1.0 - chances))
        aim = curve**2 * (logits - before) + votes * (labels - chances)
        pull = aim - curve * _solved(covariance, curve, curve * (covariance @ aim))
        logits = before + covariance @ pull
    return np.asarray(pull, dtype=np.float64)


def _solved(covariance: Matrix, curve: Vector, wanted: Vector) -> Vector:
    """Return about what times the curved covariance is wanted, by conjugate gradients."""
    solved, along, rest = np.zeros(len(wanted)), wanted, wanted
    size = float(rest @ rest)
    for _ in range(_GRADIENTS):
        if size < _CLOSE:
            break
        spread = along + curve * (covariance @ (curve * along))
        step = size / float(along @ spread)
        solved, rest = solved + step * along, rest - step * spread
        size, last = float(rest @ rest), size
        along = rest + (size / last) * along
    return solved


def _curved(covariance: Matrix, curve: Vector) -> Matrix:
    """Return the covariance scaled by the curve on both sides, plus one on the diagonal."""
    curved = covariance * curve
    curved *= curve[:, None]
    curved.flat[:: len(curve) + 1] += 1.0
    return np.asarray(curved, dtype=np.float64)


def _loss(pull: Vector, logits: Vector, labels: Vector, votes: Vector, before: Vector) -> float:
    """Return the negative log posterior, up to a constant."""
    doubt = 0.5 * float(pull @ (logits - before))
    return doubt + float(votes @ (np.logaddexp(0.0, logits) - labels * logits))


def _inverse_root(matrix: Matrix) -> Matrix:
    """Return R, lower triangular, with RᵀR the inverse of a positive definite matrix."""
    return _triangular_inverse(np.asarray(np.linalg.cholesky(matrix), dtype=np.float64))


def _triangular_inverse(lower: Matrix) -> Matrix:
    size = len(lower)
    if size <= _BLOCK:
        return np.asarray(np.linalg.inv(lower), dtype=np.float64)
    half = size // 2
    inverse = np.zeros_like(lower)
    inverse[:half, :half] = _triangular_inverse(lower[:half, :half])
    inverse[half:, half:] = _triangular_inverse(lower[half:, half:])
    inverse[half:, :half] = -inverse[half:, half:] @ (lower[half:, :half] @ inverse[:half, :half])
    return inverse
