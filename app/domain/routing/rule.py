"""The personal rule: trained from votes, it decides and says why. Imported lazily (numpy)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.defaults import RuleDefaults, canonical, rule_version
from app.domain.routing.explain import (
    chance_sentence,
    missing_sentence,
    nearest_sentence,
    reasons_sentence,
)
from app.domain.routing.features import FeatureSpace, Matrix, Vector, text_part
from app.domain.routing.groups import Group, GroupKey, group_up, keys_of, most_specific
from app.domain.routing.learner import Chance, Posterior, fit
from app.domain.routing.lesson import Lesson
from app.domain.routing.promise import Promise, calibrates, make_promise
from app.domain.routing.question import Question, question_of


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """What was learned, with what explains it. `scores` are cross-fitted, one for each lesson."""

    space: FeatureSpace
    posterior: Posterior
    rows: Matrix
    typical: Vector
    likeness: Matrix
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A trained rule; `lessons` in canonical order, `learning` None below enough votes."""

    lessons: tuple[Lesson, ...]
    defaults: RuleDefaults
    version: str
    groups: dict[GroupKey, Group]
    promise: Promise
    learning: Learning | None

    @property
    def calibrating(self) -> int:
        """Return how many votes may speak for the promise."""
        return self.promise.votes

    def decide(self, question: Question) -> Decision:
        """Return where a prompt goes, how sure that is, and why; the same question, the same."""
        group = most_specific(self.groups, keys_of(question), self.defaults.group_votes)
        if self.learning is None:
            return self._not_enough(group)
        row = self.learning.space.vector(question)
        chance = self._chance(question, row)
        cheap = self.promise.holds and chance.probability < self.promise.threshold
        near = self._nearest(row)
        counts = group.sentence() if group else ""
        odds, promised = chance_sentence(chance, self.promise), self.promise.sentence()
        rest = (
            self._reasons(row),
            nearest_sentence([self.lessons[place] for place in near]),
        )
        # What the prompt's destination rests on comes first: counts that speak for cheap would
        # puzzle whoever reads them above an answer from the frontier.
        if cheap:
            because = (counts, odds, *rest, promised)
        elif self.promise.holds:
            because = (odds, counts, *rest, promised)
        else:
            because = (promised, counts, odds, *rest)
        return Decision(
            Role.CHEAP if cheap else Role.FRONTIER,
            Basis.LEARNED,
            tuple(sentence for sentence in because if sentence),
            chance.probability,
            chance.low,
            chance.high,
            group.tally if group else None,
            votes_used=len(self.lessons),
            votes_needed=self.defaults.votes_needed,
            rule_version=self.version,
            nearest=tuple(self.lessons[place].turn_id for place in near),
        )

    def chance(self, question: Question) -> Chance | None:
        """Return the chance that the frontier is strictly better; None before it has learned."""
        if self.learning is None:
            return None
        return self._chance(question, self.learning.space.vector(question))

    def _chance(self, question: Question, row: Vector) -> Chance:
        assert self.learning is not None
        unseen = self.learning.space.unseen_variance(question)
        return self.learning.posterior.chance(row, unseen)

    def _not_enough(self, group: Group | None) -> Decision:
        said = [missing_sentence(self.calibrating, self.defaults.votes_needed)]
        if group is not None:
            said.append(group.sentence())
        return Decision(
            None,
            Basis.NOT_ENOUGH_VOTES,
            tuple(said),
            tally=group.tally if group else None,
            votes_used=self.calibrating,
            votes_needed=self.defaults.votes_needed,
            rule_version=self.version,
        )

    def _reasons(self, row: Vector) -> str:
        """Return the main contributions against this user's typical prompt, in words."""
        assert self.learning is not None
        weights, typical = self.learning.posterior.weights, self.learning.typical
        return reasons_sentence(self.learning.space.contributions(row, weights, typical))

    def _nearest(self, row: Vector) -> list[int]:
        """Return the places of the most alike lessons, the nearest first, older before newer."""
        assert self.learning is not None
        alike = self.learning.likeness @ text_part(row)
        order = np.argsort(-np.round(alike, 9), kind="stable")
        return [int(place) for place in order[: self.defaults.neighbours]]


def train(lessons: Sequence[Lesson], defaults: RuleDefaults | None = None) -> Rule:
    """Return the rule that these votes teach; their order does not matter."""
    defaults = defaults or RuleDefaults()
    cast = [item for item in canonical(lessons) if item.choice is not None]
    used = tuple(item for item in cast if _weight(item, defaults) > 0)
    version = rule_version(used, defaults)
    groups = group_up(used, defaults.confidence)
    enough = sum(calibrates(lesson) for lesson in used) >= max(1, defaults.votes_needed)
    learning = _learn(used, defaults) if enough else None
    scores = learning.scores if learning else ()
    if learning:
        judged = [place for place, lesson in enumerate(used) if calibrates(lesson)]
        promise = make_promise(
            [scores[place] for place in judged],
            [used[place].frontier_better for place in judged],
            defaults.limit,
            defaults.confidence,
        )
    else:
        promise = _no_promise(used, defaults)
    return Rule(used, defaults, version, groups, promise, learning)


def _no_promise(lessons: Sequence[Lesson], defaults: RuleDefaults) -> Promise:
    """Return the counts alone: before it has learned, the rule allows nothing."""
    labels = [lesson.frontier_better for lesson in lessons if calibrates(lesson)]
    return Promise(
        votes=len(labels), frontier_better=sum(labels), limit=defaults.limit,
        confidence=defaults.confidence, threshold=0.0, share=0.0, low=0.0, high=1.0,
        errors=0, luck_share=0.0,
    )  # fmt: skip


def _weight(lesson: Lesson, defaults: RuleDefaults) -> float:
    return defaults.weight(lesson.kind) * lesson.severity


def _learn(lessons: Sequence[Lesson], defaults: RuleDefaults) -> Learning:
    questions = [question_of(lesson) for lesson in lessons]
    space = FeatureSpace.over(questions, defaults)
    rows = space.matrix(questions)
    labels = np.array([float(lesson.frontier_better) for lesson in lessons])
    votes = np.array([_weight(lesson, defaults) for lesson in lessons])
    prior = space.prior()
    posterior = fit(rows, labels, votes, prior)
    scores = np.zeros(len(lessons))
    folds = np.array(_folds(lessons, defaults.folds))
    for fold in range(defaults.folds):
        held = folds == fold
        if held.any():
            rest = fit(rows[~held], labels[~held], votes[~held], prior)
            scores[held] = rest.scores(rows[held])
    return Learning(
        space=space,
        posterior=posterior,
        rows=rows,
        typical=rows.mean(axis=0),
        likeness=text_part(rows),
        scores=tuple(float(score) for score in scores),
    )


def _folds(lessons: Sequence[Lesson], folds: int) -> list[int]:
    """Return each lesson's fold. A prompt asked twice stays in one, or it would tell on itself."""
    digests = [hashlib.sha256(item.text.encode("utf-8", "replace")).digest() for item in lessons]
    place = {digest: index for index, digest in enumerate(sorted(set(digests)))}
    return [place[digest] % folds for digest in digests]
