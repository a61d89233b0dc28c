"""What a second look sees, and what votes make of it: when the cheap answer may stand.

With no votes at all an answer stands where two models agree in it. Of three models any two may
agree, and theirs is the answer that stands. Votes teach how far that can be trusted for this user,
and how much refusals, hedges and cut answers mean; the same promise as for the learned rule says
how far it may go. Imported lazily (numpy).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from app.domain.routing.certificate import Pending, promised, schedule
from app.domain.routing.crossfit import Scores, crossfit
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.features import Matrix, Vector
from app.domain.routing.learner import Fitted, fit
from app.domain.routing.looks import Look
from app.domain.routing.pattern import Pattern
from app.domain.routing.promise import Promise

_LEVEL, _PATTERN, _SIGN = 0.5, 0.8, 0.15  # prior scales on the logit scale
_USUAL_CHARS = 6.0  # logarithm of a usual answer's length
_MOST = 4.0


# What was known of each before anybody voted: about how often the frontier is better all the same.
_BEFORE = {Pattern.ALL: 0.03, Pattern.FIRST: 0.10, Pattern.OTHERS: 0.12, Pattern.NONE: 0.33}
_PATTERNS = tuple(Pattern)


@dataclass(frozen=True, slots=True)
class Signs:
    """What can be told of one answer without knowing whether it is right."""

    chars: int
    hedged: bool = False
    refused: bool = False
    cut: bool = False
    empty: bool = False  # it gives no answer that could be compared


@dataclass(frozen=True, slots=True)
class Glance:
    """One second look: who agrees, and the signs of each answer, the first model's first."""

    pattern: Pattern
    answers: tuple[Signs, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GlanceRule:
    """When an answer may stand. `line` is the highest logit that may, None without a promise."""

    promise: Promise | None
    line: float | None
    rows: Matrix
    fitted: Fitted | None

    def logits(self, glances: Sequence[Glance]) -> Vector:
        """Return the logits that the frontier would be strictly better, shape (glances,)."""
        before = _before(glances)
        if self.fitted is None:
            return before
        return np.asarray(before + self.fitted.logit(_features(glances) @ self.rows.T))

    def stand(self, glances: Sequence[Glance]) -> list[bool]:
        """Return for each look whether the answer stands without asking the frontier.

        Before there is a promise it stands by agreement alone.
        """
        if self.promise is None:
            return [glance.pattern.stands is not None for glance in glances]
        if self.line is None or not glances:
            return [False] * len(glances)
        return [bool(logit <= self.line) for logit in self.logits(glances)]


@dataclass(frozen=True, slots=True, eq=False)
class GlanceFit:
    """What votes on second looks taught, before anything is promised of it."""

    rows: Matrix
    fitted: Fitted
    scores: Scores
    losses: tuple[bool, ...]

    def rule(
        self, look: Look, later: Sequence[Look] = (), defaults: RuleDefaults | None = None
    ) -> GlanceRule:
        """Return the rule with the promise of a look at exactly these votes."""
        moment = datetime.min.replace(tzinfo=UTC)  # a look at glances has no time of its own
        taken = Pending(look, tuple(later), (), moment)
        promise, line = promised(
            self.fitted.logits, self.scores.ranks, self.losses, taken, defaults or RuleDefaults()
        )
        return GlanceRule(promise, line, self.rows, self.fitted)


def fit_glances(glances: Sequence[Glance], losses: Sequence[bool], folds: int = 5) -> GlanceFit:
    """Return what these votes teach, cross-fitted over so many folds."""
    rows, offsets = _features(glances), _before(glances)
    labels, weights = np.array(losses, dtype=np.float64), np.ones(len(glances))
    covariance = np.asarray(rows @ rows.T, dtype=np.float64)
    fitted = fit(covariance, labels, weights, 0.0, offsets)
    dealt = [place % folds for place in range(len(glances))]
    scores = crossfit(covariance, labels, weights, dealt, 0.0, offsets)
    return GlanceFit(rows, fitted, scores, tuple(losses))


def train_glances(
    glances: Sequence[Glance], losses: Sequence[bool], defaults: RuleDefaults | None = None
) -> GlanceRule:
    """Return what votes on second looks teach, in the order in which they were asked for.

    `losses` tell where the frontier was strictly better than the answer that stood, or would have.
    """
    defaults = defaults or RuleDefaults()
    planned = schedule(defaults)
    taken = [place for place, look in enumerate(planned) if look.votes <= len(glances)]
    if not taken:
        return GlanceRule(None, None, np.zeros((0, 0)), None)
    place = taken[-1]
    count = planned[place].votes
    found = fit_glances(glances[:count], losses[:count], defaults.folds)
    return found.rule(planned[place], planned[place + 1 :], defaults)


def _before(glances: Sequence[Glance]) -> Vector:
    chances = np.array([_BEFORE[glance.pattern] for glance in glances])
    return np.asarray(np.log(chances) - np.log1p(-chances), dtype=np.float64)


def _features(glances: Sequence[Glance]) -> Matrix:
    """Return the looks as scaled columns: level, pattern, the signs of each answer."""
    rows = [_row(glance) for glance in glances]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 1 + len(_PATTERNS) + 15)


@lru_cache(maxsize=8192)
def _row(glance: Glance) -> tuple[float, ...]:
    row = [_LEVEL, *(_PATTERN * (glance.pattern is pattern) for pattern in _PATTERNS)]
    first = math.log1p(glance.answers[0].chars)
    for place in range(3):
        if place >= len(glance.answers):
            row += [0.0] * 5
            continue
        signs = glance.answers[place]
        length = math.log1p(signs.chars)
        apart = length - _USUAL_CHARS if place == 0 else 2.0 * (length - first)
        marks = (signs.hedged, signs.refused, 3 * signs.cut, 3 * signs.empty)
        row += [_SIGN * mark for mark in (*marks, max(-_MOST, min(apart, _MOST)))]
    return tuple(row)
