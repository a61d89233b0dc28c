"""Features: what of a prompt the rule sees, as numbers that each have a name.

Everything is fixed in advance: no vocabulary is learned and nothing is centred on the votes, so
one more vote never moves another prompt's features. Imported lazily (numpy).
"""

from __future__ import annotations

import math
import re
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.domain.routing.lexicon import ASKING, COMMON, LISTS, REASONING, SUBJECTS, lists_of
from app.domain.routing.question import QUESTION_START

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_READ_HEAD, _READ_FOOT = 2_000, 500  # an instruction stands at the head or the foot
_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_NUMBER = re.compile(r"\d[\d.,]*")
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_LONG_WORD = 8
_FORMS = (
    re.compile(r"(?:^|\n)\s*\(?[A-Da-d1-4][).:]\s+\S"),  # options to choose from
    re.compile(r"\\[a-zA-Z]+|\$[^$\n]+\$"),  # formulas
    re.compile(r"\bdef |\breturn\b|[{};]\s*\n|=\s*\[|\w\(\w*\)|==|import "),  # code
    re.compile(r"[=+*/^<>]"),
    re.compile(r"[$€£%]"),
    re.compile(r"[\"“”]"),
    re.compile(r"\("),
    re.compile(r":"),
    re.compile(r"\b[A-Z]{2,}\b"),
    re.compile(r"(?<=[a-z,] )[A-Z][a-z]+"),  # names
)


class Aspect(StrEnum):
    """The sides of a prompt that a reason can name."""

    LENGTH = "its length"
    FIGURES = "its figures"
    LAYOUT = "its layout"
    WORDING = "its wording"
    ASKING = "what it asks for"
    REASONING = "its conditions and comparisons"
    SUBJECT = "its subject"
    ATTACHMENT = "its attachment"


_SHAPE_ASPECTS = (
    *(Aspect.LENGTH,) * 4,
    *(Aspect.FIGURES,) * 2,
    *(Aspect.LAYOUT,) * 3,
    *(Aspect.LENGTH,) * 2,
    *(Aspect.WORDING,) * 5,
    *(Aspect.ASKING,) * 2,
    *(Aspect.ATTACHMENT,) * 2,
)
_FORM_ASPECTS = (
    Aspect.LAYOUT,
    *(Aspect.FIGURES,) * 4,
    *(Aspect.LAYOUT,) * 3,
    *(Aspect.WORDING,) * 2,
)
ASPECTS = (
    *_SHAPE_ASPECTS,
    *_FORM_ASPECTS,
    *(Aspect.ASKING for _ in ASKING),
    *(Aspect.REASONING for _ in REASONING),
    *(Aspect.SUBJECT for _ in SUBJECTS),
)
WIDTH = len(ASPECTS)
FIRST_SUBJECT = WIDTH - len(SUBJECTS)


@lru_cache(maxsize=8192)
def features(text: str, attachment_chars: int = 0) -> Vector:
    """Return one prompt's features, shape (WIDTH,), each about -2..3; read-only.

    Kept, since refits see the same prompts again. Only the head and the foot of a long text are
    read: a pasted book adds time, not signal.
    """
    read = text
    if len(text) > _READ_HEAD + _READ_FOOT:
        read = f"{text[:_READ_HEAD]}\n{text[-_READ_FOOT:]}"
    words = _WORD.findall(read)
    letters = [word.casefold() for word in words if word[0].isalpha()]
    vector = np.concatenate(
        (
            _shape(text, read, words, letters),
            _attached(attachment_chars),
            np.log1p([len(pattern.findall(read)) for pattern in _FORMS]),
            _listed(letters),
        )
    )
    vector.setflags(write=False)
    return vector


def _shape(text: str, read: str, words: list[str], letters: list[str]) -> list[float]:
    """Return length, figures, lines, sentences, wording and form of question, in that order."""
    size, count, alpha = max(1, len(read)), max(1, len(words)), max(1, len(letters))
    length = math.log1p(len(text))
    sentences = len(_SENTENCE_END.findall(read))
    signs = sum(not (mark.isalnum() or mark.isspace()) for mark in read)
    return [
        (length - 5.5) / 1.2,
        min(((length - 5.5) / 1.2) ** 2 - 1.0, 3.0),
        max(0.0, length - 6.5),
        max(0.0, 4.5 - length),
        math.log1p(len(_NUMBER.findall(read))) - 1.0,
        10.0 * sum(mark.isdigit() for mark in read) / size - 0.3,
        math.log1p(read.count("\n")) - 1.0,
        8.0 * signs / size - 0.4,
        20.0 * sum(mark.isupper() for mark in read) / size - 0.6,
        math.log1p(sentences) - 1.0,
        math.log1p(count / max(1, sentences)) - 3.0,
        min(size / count, 12.0) - 5.0,
        min(sum(map(len, letters)) / alpha, 10.0) - 4.3,
        2.0 * len(set(letters)) / alpha - 1.5,
        10.0 * sum(word in COMMON for word in letters) / alpha - 4.0,
        math.log1p(sum(len(word) >= _LONG_WORD for word in letters)) - 1.5,
        math.log1p(read.count("?")) - 0.7,
        1.0 if QUESTION_START.match(read.casefold()) else 0.0,
    ]


def _attached(chars: int) -> tuple[float, float]:
    return (1.0, (math.log1p(chars) - 9.0) / 2.0) if chars else (0.0, 0.0)


def _listed(letters: list[str]) -> Vector:
    """Return for each word list how often its words occur, damped."""
    counts = np.zeros(len(LISTS))
    for word in letters:
        for place in lists_of(word):
            counts[place] += 1.0
    return np.log1p(counts)
