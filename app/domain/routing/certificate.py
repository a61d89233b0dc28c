"""A certificate: the rule as it stood at one look, with the line its promise was made for.

A promise is about the very rule that was tested. So that rule is kept as it was until the next
look; votes that come later may hold a prompt back from cheap, and never send one there.
Imported lazily (numpy).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from app.domain.routing.crossfit import Scale, Scores, crossfit, deal
from app.domain.routing.defaults import RuleDefaults, rule_version
from app.domain.routing.features import Vector
from app.domain.routing.learner import sigmoid
from app.domain.routing.learning import Learning, learn, material_of
from app.domain.routing.lesson import Lesson
from app.domain.routing.looks import Look, looks
from app.domain.routing.promise import HIGHEST_THRESHOLD, Promise, make_promise
from app.domain.routing.question import Question


@dataclass(frozen=True, slots=True, eq=False)
class Certificate:
    """What one look found. `cohort` are its calibrating lessons, with their `scores`.

    A prompt may go to cheap where its logit lies at or below `line`, None where none may.
    `since` is when the last vote of the cohort was settled; `key` tells it from any other.
    """

    key: str
    since: datetime
    cohort: tuple[Lesson, ...]
    scores: Scores
    learning: Learning
    promise: Promise
    line: float | None

    def sends(self, questions: Sequence[Question]) -> list[bool]:
        """Return which of these prompts this certificate lets go to cheap."""
        if self.line is None or not questions:
            return [False] * len(questions)
        return [bool(logit <= self.line) for logit in self.learning.logits(questions)]


@dataclass(frozen=True, slots=True)
class Pending:
    """A look that can be taken: its cohort is complete and every vote of it is settled."""

    look: Look
    later: tuple[Look, ...]
    cohort: tuple[Lesson, ...]
    since: datetime


def schedule(defaults: RuleDefaults) -> tuple[Look, ...]:
    """Return the looks that these defaults take."""
    return looks(
        defaults.looks, defaults.look_shares, defaults.limit, defaults.confidence, defaults.horizon
    )


def pending(line: Sequence[Lesson], defaults: RuleDefaults) -> Iterator[Pending]:
    """Yield the looks that this line of calibrating lessons allows, the earliest first.

    A look takes exactly the first so many in line, so that nobody can choose when it is taken. It
    waits until each of them is voted on or given up; the promise before it stands till then.
    """
    planned = schedule(defaults)
    for place, look in enumerate(planned):
        cohort = tuple(line[: look.votes])
        settled = [lesson.settled for lesson in cohort]
        if len(cohort) < look.votes or None in settled:
            return
        since = max(moment for moment in settled if moment is not None)
        yield Pending(look, planned[place + 1 :], cohort, since)


def certify(
    taken: Pending,
    lessons: Sequence[Lesson],
    old: Sequence[bool],
    defaults: RuleDefaults,
    kept: Sequence[Certificate] = (),
) -> Certificate | None:
    """Return what a look finds, from all `lessons` settled by then; None where none teaches.

    `kept` are certificates made before: the same one is not made twice.
    """
    known = [
        (lesson, was_old)
        for lesson, was_old in zip(lessons, old, strict=True)
        if lesson.settled is not None and lesson.settled <= taken.since
    ]
    known_lessons = [lesson for lesson, _ in known]
    earlier = sum(was_old for _, was_old in known)
    key = f"{taken.look.votes}-{earlier}-{rule_version(known_lessons, defaults)}"
    for certificate in kept:
        if certificate.key == key:
            return certificate
    material = material_of(known_lessons, [was_old for _, was_old in known], defaults)
    learning = learn(known_lessons, material)
    if learning is None:
        return None
    scores = _scored(taken.cohort, known_lessons, crossfit(
        material.covariance,
        material.labels,
        material.weights,
        deal([lesson.text for lesson in known_lessons], defaults.folds),
        defaults.intercept_mean,
    ))  # fmt: skip
    labels = [lesson.counts_as_loss for lesson in taken.cohort]
    promise, line = promised(learning.fitted.logits, scores.ranks, labels, taken, defaults)
    promise = replace(promise, unvoted=sum(item.choice is None for item in taken.cohort))
    return Certificate(key, taken.since, taken.cohort, scores, learning, promise, line)


def promised(
    logits: Vector,
    ranks: Sequence[float],
    labels: Sequence[bool],
    taken: Pending,
    defaults: RuleDefaults,
) -> tuple[Promise, float | None]:
    """Return the promise of a look and its line; `logits` are those of all that was fitted to."""
    scale = Scale.of(logits)
    highest = float(scale.rank(np.array([_logit(HIGHEST_THRESHOLD)]))[0])
    terms = (defaults.limit, defaults.confidence, defaults.horizon)
    promise = make_promise(ranks, labels, taken.look, taken.later, terms, highest)
    if not promise.holds:
        return promise, None
    line = scale.logit(promise.rank)
    return replace(promise, threshold=float(sigmoid(np.array([line]))[0])), line


def _scored(cohort: Sequence[Lesson], lessons: Sequence[Lesson], scores: Scores) -> Scores:
    """Return the scores of the cohort alone, in its order."""
    places: dict[int, list[int]] = {}
    for place, lesson in enumerate(lessons):
        places.setdefault(id(lesson), []).append(place)
    found = [places[id(lesson)].pop(0) for lesson in cohort]
    return Scores(
        tuple(scores.ranks[place] for place in found),
        tuple(scores.chances[place] for place in found),
    )


def _logit(chance: float) -> float:
    return float(np.log(chance) - np.log1p(-chance))
