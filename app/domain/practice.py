"""The practice prompts: short texts of our own with an answer key, and the grading by it.

They let a tour vote on the practice pair without a person, and let its two settings be measured.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

WORDS_AT_MOST = 80  # every answer fits in a few words; an essay around it is not the answer


class PracticeKind(StrEnum):
    """What a practice prompt asks for."""

    EXTRACTION = "extraction"
    YES_NO = "yes_no"
    FIGURE = "figure"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class PracticeItem:
    """One prompt with its key.

    A right answer holds one of `accepted` and none of `rejected`, which are the other candidates
    that the prompt's own text offers: who names them all has not answered.
    """

    id: str
    prompt: str
    kind: PracticeKind
    tags: tuple[str, ...]
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]


def grade(answer_text: str, item: PracticeItem) -> bool:
    """Return whether an answer is right by the key.

    Case, punctuation, ordinals and thousands separators do not matter. An answer that holds
    another candidate as well, contradicts itself or buries the answer in an essay is wrong.
    """
    words = _words(answer_text)
    if not 0 < len(words) <= WORDS_AT_MOST:
        return False
    if item.kind is PracticeKind.YES_NO:
        return _verdicts(answer_text) == set(item.accepted)
    return _holds_any(words, item.accepted) and not _holds_any(words, item.rejected)


_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_ZERO_CENTS = re.compile(r"\b(\d+)\.0+\b(?!\.\d)")
_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+")
# "yes" or "no" as a verdict: it opens a sentence, or follows "the answer is".
_VERDICT = re.compile(r"(?:^|[.!?:;\n]|\banswer is\b)\W*(yes|no)\b")
_BOTH = re.compile(
    r"\byes\s*(?:/|\bor\b|\band\b)\s*no\b|\bno\s*(?:/|\bor\b|\band\b)\s*yes\b"
    r"|\byes\W+no\W*$|\bno\W+yes\W*$"
)


def _plain(text: str) -> str:
    """Return the text in lower case, compatible characters folded, numbers written one way."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _THOUSANDS.sub("", text)
    text = _ORDINAL.sub(r"\1", text)
    return _ZERO_CENTS.sub(r"\1", text).replace("&", " and ")


def _words(text: str) -> list[str]:
    return _WORD.findall(_plain(text))


def _holds_any(words: list[str], phrases: tuple[str, ...]) -> bool:
    return any(_holds(words, _words(phrase)) for phrase in phrases)


def _holds(words: list[str], phrase: list[str]) -> bool:
    size = len(phrase)
    return any(words[at : at + size] == phrase for at in range(len(words) - size + 1))


def _verdicts(text: str) -> set[str]:
    """Return every verdict an answer gives: one is an answer, two are none."""
    plain = _plain(text)
    return {"yes", "no"} if _BOTH.search(plain) else set(_VERDICT.findall(plain))
