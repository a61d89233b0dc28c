"""How alike prompts are: what a vote on one says of another.

Two prompts are alike by their features (a Gaussian of their distance), more so under a shared tag
or in the same matter; a tag and a matter also have a level of their own. This sum of products is
a covariance, so the learner is a Gaussian process. Imported lazily (numpy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.features import WIDTH, Matrix, Vector, features
from app.domain.routing.question import Question


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Prompts as the rule sees them, one a row.

    `looks` (prompts, WIDTH) are features; `tags` (prompts, tags known) and `matters` (prompts,
    matters known) are 1 where they apply; `own_tags` counts all of a prompt's tags; `old` is 1
    where the pair was another version.
    """

    looks: Matrix
    tags: Matrix
    matters: Matrix
    own_tags: Vector
    old: Vector

    def rows(self, places: Sequence[int] | np.ndarray) -> Encoded:
        """Return some of the rows, in that order."""
        keep = np.asarray(places, dtype=np.intp)
        return Encoded(
            self.looks[keep], self.tags[keep], self.matters[keep], self.own_tags[keep],
            self.old[keep],
        )  # fmt: skip

    def __len__(self) -> int:
        """Return how many prompts there are."""
        return len(self.own_tags)


@dataclass(frozen=True, slots=True)
class Space:
    """The user's own tags and matters, and the scales between prompts."""

    tags: tuple[str, ...]
    matters: tuple[str, ...]
    defaults: RuleDefaults

    @staticmethod
    def over(questions: Sequence[Question], defaults: RuleDefaults) -> Space:
        """Return the space of these prompts; their order does not matter."""
        tags = sorted({tag for question in questions for tag in question.tags})
        matters = sorted({question.matter for question in questions})
        return Space(tuple(tags), tuple(matters), defaults)

    def encode(self, questions: Sequence[Question], old: Sequence[bool] = ()) -> Encoded:
        """Return the prompts as rows."""
        count = len(questions)
        looks = np.zeros((count, WIDTH))
        tags, matters = np.zeros((count, len(self.tags))), np.zeros((count, len(self.matters)))
        tag_places = {tag: place for place, tag in enumerate(self.tags)}
        matter_places = {matter: place for place, matter in enumerate(self.matters)}
        for row, question in enumerate(questions):
            looks[row] = features(question.text, question.attachment_chars)
            for tag in question.tags:
                if tag in tag_places:
                    tags[row, tag_places[tag]] = 1.0
            if question.matter in matter_places:
                matters[row, matter_places[question.matter]] = 1.0
        own = np.array([float(len(set(question.tags))) for question in questions])
        marks = np.array(old, dtype=np.float64) if len(old) else np.zeros(count)
        return Encoded(looks, tags, matters, own, marks)

    def alike(self, ones: Encoded, others: Encoded) -> Matrix:
        """Return how alike the features are (0..1), shape (ones, others)."""
        # With its size as two more columns, one product gives all distances at once.
        scale = np.sqrt(0.5) / self.defaults.reach
        left, right = ones.looks * scale, others.looks * scale
        left_sizes = (left**2).sum(axis=1)[:, None]
        right_sizes = (right**2).sum(axis=1)[:, None]
        ending = np.concatenate((2.0 * left, -left_sizes, -np.ones_like(left_sizes)), axis=1)
        beginning = np.concatenate((right, np.ones_like(right_sizes), right_sizes), axis=1)
        nearness = ending @ beginning.T  # minus half the squared distance, in reaches
        np.minimum(nearness, 0.0, out=nearness)
        return np.asarray(np.exp(nearness, out=nearness), dtype=np.float64)

    def covariance(self, ones: Encoded, others: Encoded) -> Matrix:
        """Return the covariance of the logits, shape (ones, others).

        What is shared whatever the prompts are like, and what is the more shared the more alike
        they are.
        """
        total = self.alike(ones, others)
        total *= self._shared_alike(ones) @ self._shared_alike(others).T
        total += self._shared(ones) @ self._shared(others).T
        return total

    def _shared(self, prompts: Encoded) -> Matrix:
        own = self.defaults
        level = np.full((len(prompts), 1), own.intercept_scale)
        old = own.old_pair_scale * prompts.old[:, None]
        parts = (level, own.tag_scale * prompts.tags, own.matter_scale * prompts.matters, old)
        return np.concatenate(parts, axis=1)

    def _shared_alike(self, prompts: Encoded) -> Matrix:
        own = self.defaults
        level = np.full((len(prompts), 1), own.like_scale)
        parts = (
            level,
            own.tag_like_scale * prompts.tags,
            own.matter_like_scale * prompts.matters,
        )
        return np.concatenate(parts, axis=1)

    def variance(self, prompts: Encoded) -> Vector:
        """Return each prompt's own variance, tags and matters never seen included."""
        own = self.defaults
        tag, matter = own.tag_scale**2 + own.tag_like_scale**2, own.matter_scale**2
        return np.asarray(
            own.intercept_scale**2
            + own.like_scale**2
            + tag * prompts.own_tags
            + matter
            + own.matter_like_scale**2
            + own.old_pair_scale**2 * prompts.old,
            dtype=np.float64,
        )
