"""What the votes teach about prompts, and what explains it. Imported lazily (numpy)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.features import ASPECTS, FIRST_SUBJECT, Aspect, Matrix, Vector
from app.domain.routing.learner import Chance, Fitted, fit
from app.domain.routing.lesson import Lesson
from app.domain.routing.lexicon import SUBJECTS
from app.domain.routing.question import Question, question_of
from app.domain.routing.space import Encoded, Space

_SUBJECT_NAMES = tuple(SUBJECTS)
_NAMED_SUBJECTS = {
    "life": "biology", "matter": "physics and chemistry", "shapes": "geometry",
    "errands": "everyday sums", "programs": "programming", "belief": "belief and morals",
    "mind": "mind and society", "home": "everyday things", "chance": "chances and averages",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """A fitted learner over `lessons`, one row each; `typical` are the features of their mean."""

    space: Space
    lessons: tuple[Lesson, ...]
    rows: Encoded
    fitted: Fitted
    typical: Vector

    def logits(self, questions: Sequence[Question]) -> Vector:
        """Return the logits that the frontier is strictly better, shape (questions,)."""
        prompts = self.space.encode(questions)
        return self.fitted.logit(self.space.covariance(prompts, self.rows))

    def chance(self, question: Question) -> Chance:
        """Return the chance that the frontier is strictly better, with its interval."""
        prompt = self.space.encode([question])
        covariance = self.space.covariance(prompt, self.rows)[0]
        return self.fitted.chance(covariance, float(self.space.variance(prompt)[0]))

    def nearest(self, question: Question, count: int) -> list[Lesson]:
        """Return the most alike lessons that were voted on, nearest first, older before newer."""
        prompt = self.space.encode([question])
        alike = np.round(self.space.covariance(prompt, self.rows)[0], 9)
        order = np.argsort(-alike, kind="stable")
        return [self.lessons[place] for place in order[:count]]

    def contributions(self, question: Question) -> tuple[tuple[str, float], ...]:
        """Return in words what speaks for the frontier (above 0) and for cheap, weightiest first.

        Each is the change of the logit against the same prompt with that side of it as in the
        user's typical prompt: one side of its features, a tag, the matter.
        """
        prompt = self.space.encode([question])
        said = {**self._by_aspect(prompt), **self._by_own_words(prompt)}
        found = [(words, round(value, 6)) for words, value in said.items() if value]
        return tuple(sorted(found, key=lambda item: (-abs(item[1]), item[0])))

    def _by_aspect(self, prompt: Encoded) -> dict[str, float]:
        aspects = [*Aspect]
        looks = np.repeat(prompt.looks, 1 + len(aspects), axis=0)
        for row, aspect in enumerate(aspects, 1):
            side = np.array([item is aspect for item in ASPECTS])
            looks[row, side] = self.typical[side]
        logits = self._logits(_like(prompt, looks))
        parts = logits[0] - logits[1:]
        return {
            _subject_words(prompt.looks[0]) if aspect is Aspect.SUBJECT else aspect.value: float(p)
            for aspect, p in zip(aspects, parts, strict=True)
            if aspect is not Aspect.ATTACHMENT
            or prompt.looks[0, [a is aspect for a in ASPECTS]].any()
        }

    def _by_own_words(self, prompt: Encoded) -> dict[str, float]:
        """Return what the tags and the matter add, each against being without it."""
        whole = float(self._logits(prompt)[0])
        said = {}
        for place in np.flatnonzero(prompt.tags[0]):
            tags = prompt.tags.copy()
            tags[0, place] = 0.0
            rest = float(self._logits(replace(prompt, tags=tags))[0])
            said[f"the tag {self.space.tags[place]}"] = whole - rest
        for place in np.flatnonzero(prompt.matters[0]):
            matters = np.zeros_like(prompt.matters)
            rest = float(self._logits(replace(prompt, matters=matters))[0])
            said[f"the matter {self.space.matters[place]}"] = whole - rest
        return said

    def _logits(self, prompts: Encoded) -> Vector:
        return self.fitted.logit(self.space.covariance(prompts, self.rows))


def _like(prompt: Encoded, looks: Matrix) -> Encoded:
    """Return the prompt once for each row of features."""
    repeated = prompt.rows([0] * len(looks))
    return replace(repeated, looks=looks)


def _subject_words(looks: Vector) -> str:
    """Return what the prompt is about, by the list whose words occur most."""
    counts = looks[FIRST_SUBJECT:]
    if not counts.any():
        return Aspect.SUBJECT.value
    name = _SUBJECT_NAMES[int(np.argmax(counts))]
    return f"its subject ({_NAMED_SUBJECTS.get(name, name)})"


def weight_of(lesson: Lesson, defaults: RuleDefaults) -> float:
    """Return how much a lesson teaches; 0 where nobody has voted, or not on the pair's answers."""
    if lesson.choice is None or not lesson.of_pair:
        return 0.0
    return defaults.weight(lesson.kind) * lesson.severity


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Lessons as arrays: `weights` and `labels` (lessons,), and how their logits go together."""

    space: Space
    rows: Encoded
    covariance: Matrix
    labels: Vector
    weights: Vector


def material_of(lessons: Sequence[Lesson], old: Sequence[bool], defaults: RuleDefaults) -> Material:
    """Return the arrays of these lessons; `old` marks those about an earlier version of the pair.

    Only the newest teach where there are more than `most_lessons`.
    """
    questions = [question_of(lesson) for lesson in lessons]
    space = Space.over(questions, defaults)
    rows = space.encode(questions, old)
    weights = np.array([weight_of(lesson, defaults) for lesson in lessons])
    weights *= np.where(rows.old > 0, defaults.old_pair_weight, 1.0)
    teaching = np.flatnonzero(weights)
    weights[teaching[: max(0, len(teaching) - defaults.most_lessons)]] = 0.0
    labels = np.array([float(lesson.frontier_better) for lesson in lessons])
    return Material(space, rows, space.covariance(rows, rows), labels, weights)


def learn(lessons: Sequence[Lesson], material: Material) -> Learning | None:
    """Return what these lessons teach, or None where none of them teaches."""
    kept = np.flatnonzero(material.weights > 0)
    if len(kept) == 0:
        return None
    covariance = material.covariance
    if len(kept) < len(lessons):
        covariance = covariance[np.ix_(kept, kept)]
    fitted = fit(
        covariance,
        material.labels[kept],
        material.weights[kept],
        material.space.defaults.intercept_mean,
    )
    rows = material.rows.rows(kept)
    return Learning(
        material.space,
        tuple(lessons[place] for place in kept.tolist()),
        rows,
        fitted,
        rows.looks.mean(axis=0),
    )
