"""Features: a prompt as numbers, the same in every process and on every machine.

Everything is fixed in advance: no vocabulary of words is learned and nothing is centred on the
votes, so one more vote never moves another prompt's features. Imported lazily (numpy).
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.question import (
    QUESTION_START,
    Question,
    Task,
    instruction,
    task_of,
    task_positions,
)

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

PROJECTED = 64
_BUCKETS = 2048
_SEED = 0x5DEECE66D
_GRAM_SIZES = (3, 5)
_READ_HEAD, _READ_FOOT = 2_000, 500  # a pasted book adds time, not signal
_NUMBER = re.compile(r"\d[\d.,/]*")
_WORD = re.compile(r"\w+")
_TASKS = tuple(Task)

SIMPLE_NAMES = (
    "its length",
    "its figures",
    "its question mark",
    "its form as a question",
    "its attachment",
    "the attachment's size",
    "its number of lines",
    *(f"its words of {task.in_words()}" for task in _TASKS),
    *(f"being {task.in_words()}" for task in _TASKS),
)
SIMPLE = len(SIMPLE_NAMES)
_MARKS = len(_TASKS) * 2  # the last of the plain features are there or not, like a tag
WORDING = "its wording"


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well-mixed 64-bit hashes (the splitmix64 finaliser)."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)), dtype=np.uint64)


@lru_cache(maxsize=1)
def _projection() -> Matrix:
    """Return the fixed matrix of signs, shape (buckets, projected).

    Signs come from hashes and not from a random generator, whose stream another numpy may change.
    """
    cells = np.arange(_BUCKETS * PROJECTED, dtype=np.uint64) + np.uint64(_SEED)
    signs = (_mix(cells) >> np.uint64(63)).astype(np.float64) * 2.0 - 1.0
    return signs.reshape(_BUCKETS, PROJECTED)


def _gram_hashes(text: str) -> NDArray[np.uint64]:
    """Return one hash for each character n-gram and each word and pair of words."""
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), dtype=np.uint32)
    letters = _mix(codes.astype(np.uint64))
    hashes = []
    for size in _GRAM_SIZES:
        count = len(letters) - size + 1
        if count <= 0:
            continue
        gram = np.full(count, size, dtype=np.uint64)
        for offset in range(size):
            gram = gram * np.uint64(0x100000001B3) + letters[offset : offset + count]
        hashes.append(_mix(gram))
    # crc32 and not hash(): Python salts its own hash anew in each process.
    words = np.array(
        [zlib.crc32(word.encode("utf-8", "replace")) for word in _WORD.findall(text)],
        dtype=np.uint64,
    )
    if len(words):
        hashes.append(_mix(words + np.uint64(1 << 40)))
        hashes.append(_mix(words[:-1] * np.uint64(0x100000001B3) + words[1:]))
    return np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint64)


def _project(text: str) -> Vector:
    """Return the hashed n-grams of a text projected to `PROJECTED` numbers of about unit size."""
    if len(text) > _READ_HEAD + _READ_FOOT:
        text = f"{text[:_READ_HEAD]}\n{text[-_READ_FOOT:]}"
    buckets = (_gram_hashes(text.casefold()) % np.uint64(_BUCKETS)).astype(np.intp)
    counts = np.bincount(buckets, minlength=_BUCKETS).astype(np.float64)
    damped = np.log1p(counts)
    length = math.sqrt(float(damped @ damped)) or 1.0
    return np.asarray((damped / length) @ _projection(), dtype=np.float64)


def _simple(text: str, attachment_chars: int) -> Vector:
    """Return the plain features, each about -1..1 with fixed centres and spreads."""
    words = instruction(text)
    named, task = task_positions(text), task_of(text)
    plain = (
        (math.log1p(len(text)) - 5.5) / 1.5,
        math.log1p(len(_NUMBER.findall(words))) - 1.0,
        1.0 if "?" in words else -1.0,
        1.0 if QUESTION_START.match(words) else -1.0,
        1.0 if attachment_chars else 0.0,
        (math.log1p(attachment_chars) - 9.0) / 2.0 if attachment_chars else 0.0,
        math.log1p(text.count("\n")) - 1.0,
    )
    mentions = (1.0 if kind in named else 0.0 for kind in _TASKS)
    kinds = (1.0 if kind is task else 0.0 for kind in _TASKS)
    return np.array((*plain, *mentions, *kinds), dtype=np.float64)


@lru_cache(maxsize=4096)
def _base(text: str, attachment_chars: int) -> Vector:
    """Return the plain and projected features; kept, since refits see the same prompts again."""
    vector = np.concatenate((_simple(text, attachment_chars), _project(text)))
    vector.setflags(write=False)
    return vector


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """The columns of one rule: intercept, plain, projected, then the user's tags and matters."""

    tags: tuple[str, ...]
    matters: tuple[str, ...]
    defaults: RuleDefaults

    @staticmethod
    def over(questions: Sequence[Question], defaults: RuleDefaults) -> FeatureSpace:
        """Return the columns for these prompts, in an order that does not depend on theirs."""
        tags = sorted({tag for question in questions for tag in question.tags})
        matters = sorted({question.matter for question in questions})
        return FeatureSpace(tuple(tags), tuple(matters), defaults)

    @property
    def own(self) -> int:
        """Return where the columns of the user's own words begin."""
        return 1 + SIMPLE + PROJECTED

    def vector(self, question: Question) -> Vector:
        """Return one prompt's features, shape (columns,)."""
        row = np.zeros(self.own + len(self.tags) + len(self.matters))
        row[0] = 1.0
        row[1 : self.own] = _base(question.text, question.attachment_chars)
        for place, tag in enumerate(self.tags, self.own):
            row[place] = 1.0 if tag in question.tags else 0.0
        for place, matter in enumerate(self.matters, self.own + len(self.tags)):
            row[place] = 1.0 if matter == question.matter else 0.0
        return row

    def matrix(self, questions: Sequence[Question]) -> Matrix:
        """Return the prompts' features, shape (prompts, columns)."""
        if not questions:
            return np.zeros((0, self.own + len(self.tags) + len(self.matters)))
        return np.stack([self.vector(question) for question in questions])

    def prior(self) -> tuple[Vector, Vector]:
        """Return the prior means and variances of the weights, shape (columns,) each."""
        numbers = self.defaults
        scales = np.concatenate(
            (
                [numbers.intercept_scale],
                np.full(SIMPLE, numbers.simple_scale),
                np.full(PROJECTED, numbers.projected_scale),
                np.full(len(self.tags), numbers.tag_scale),
                np.full(len(self.matters), numbers.matter_scale),
            )
        )
        means = np.zeros(len(scales))
        means[0] = numbers.intercept_mean
        return means, scales**2

    def unseen_variance(self, question: Question) -> float:
        """Return what tags and a matter without any vote add to the doubt, on the logit scale."""
        new_tags = sum(tag not in self.tags for tag in question.tags)
        new_matter = question.matter not in self.matters
        return new_tags * self.defaults.tag_scale**2 + new_matter * self.defaults.matter_scale**2

    def contributions(self, row: Vector, weights: Vector, typical: Vector) -> dict[str, float]:
        """Return what a prompt's features add to the logit against a typical one, in words.

        The projected columns speak together, as the prompt's wording; the intercept says nothing,
        and neither does a mark that the prompt does not have.
        """
        parts = weights * (row - typical)
        marks = np.r_[1 + SIMPLE - _MARKS : 1 + SIMPLE, self.own : len(row)]
        parts[marks[row[marks] == 0.0]] = 0.0
        own_names = (
            *(f"the tag {tag}" for tag in self.tags),
            *(f"the matter {matter}" for matter in self.matters),
        )
        said = dict(zip(SIMPLE_NAMES, parts[1 : 1 + SIMPLE].tolist(), strict=True))
        said[WORDING] = float(parts[1 + SIMPLE : self.own].sum())
        said.update(zip(own_names, parts[self.own :].tolist(), strict=True))
        return said


def text_part(rows: Matrix) -> Matrix:
    """Return the projected columns of feature rows, scaled to unit length, for likeness."""
    part = rows[..., 1 + SIMPLE : 1 + SIMPLE + PROJECTED]
    lengths = np.linalg.norm(part, axis=-1, keepdims=True)
    return np.asarray(part / np.where(lengths == 0.0, 1.0, lengths), dtype=np.float64)
