"""Answers in words alone: whether two say the same without a figure, a date or a citation."""

from __future__ import annotations

import re

from app.domain.substance.plain import Place
from app.domain.substance.reading import Reading
from app.domain.substance.values import on_one_line

_MOST_CHARS = 4_000
_COPULA = re.compile(r"(?i:\b(?:is|are|was|were)\b)|: ?(?=\S)|:\n")
_BETWEEN = re.compile(r"[,;|\n•]|(?i:\b(?:and|or|und|et)\b)|(?<=[a-z])[.] (?=[A-Z])")
# Words, and the signs without which "x - 1" would read as "x + 1".
_WORD = re.compile(r"[^\W_]+(?:'[a-z]+)?|[+*/^<>=≤≥≠]|(?<![A-Za-z])-|-(?![A-Za-z])")
_ARTICLES = frozenset(("the", "a", "an"))
_SMALL = frozenset(
    re.findall(
        r"\w+",
        "the a an of to in on at by for and or is are was were be been it its this that as with "
        "from under which",
    )
)

_NOT = frozenset(("not", "no", "never", "isn't", "aren't", "doesn't", "cannot", "can't", "nor"))

Phrases = frozenset[str]


def phrases(read: Reading) -> tuple[Phrases, Phrases]:
    """Return the phrases of an answer as a set, in whole and after its verb: "The plan is X": X."""
    span = read.conclusion
    if not (read.where.marked or read.where.cued) and len(read.where.lines) > 1:
        span = Place(read.where.lines[0].start, read.where.lines[-1].end)
    said = read.plain.text[span.start : min(span.end, span.start + _MOST_CHARS)]
    verb = _COPULA.search(said)
    return _split(said), _split(said[verb.end() :]) if verb else frozenset()


def _split(said: str) -> Phrases:
    found = (phrase_key(piece) for piece in _BETWEEN.split(said))
    return frozenset(key for key in found if key)


def phrase_key(words: str) -> str:
    """Return the words in lower case, without articles and punctuation."""
    found = _WORD.findall(words.casefold())
    return " ".join(word for word in found if word not in _ARTICLES) or " ".join(found)


def says_words(read: Reading) -> bool:
    """Return whether the answer proper holds a word at all."""
    return bool(phrases(read)[0])


def same_words(one: Reading, other: Reading) -> bool:
    """Return whether two answers say the same words, one of them perhaps in a whole sentence.

    Two whole sentences must be the same throughout: "the buyer is liable" and "the seller is
    liable" have one ending and two meanings.
    """
    whole, ending = phrases(one)
    other_whole, other_ending = phrases(other)
    if not whole or not other_whole:
        return False
    return whole in (other_whole, other_ending) or ending == other_whole


def opposite_words(one: Reading, other: Reading) -> bool:
    """Return whether two answers are the same but for a "not" in one of them."""
    words, others = telling_words(one), telling_words(other)
    return words != others and words - _NOT == others - _NOT


def telling_words(read: Reading) -> frozenset[str]:
    """Return the words of a short answer that carry its meaning beside its values."""
    said, done = [], 0
    for span in sorted(
        (*read.dates.spans, *read.citations.spans, *read.figures.spans), key=lambda at: at.start
    ):
        said.append(read.plain.text[done : max(done, span.start)])
        done = max(done, span.end)
    said.append(read.plain.text[done : done + _MOST_CHARS])
    words = _WORD.findall(" ".join(said)[:_MOST_CHARS].casefold())
    return frozenset(word for word in words if word not in _SMALL)


def shown(read: Reading) -> str:
    """Return the answer proper in its own words."""
    return on_one_line(read.plain.text[read.conclusion.start : read.conclusion.end].strip(" .\"'"))
