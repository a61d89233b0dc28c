"""Whether an answer can be checked, known from the prompt alone, before it is asked."""

from __future__ import annotations

import re
from dataclasses import replace

from app.domain.substance import asks
from app.domain.substance.kind import Check, Kind
from app.domain.substance.offers import demanded
from app.domain.substance.plain import plain

_HEAD_CHARS, _FOOT_CHARS = 1_800, 900  # where instructions stand, around a pasted document
_SUPPLIED_CHARS = 400  # a prompt so long brings a text of its own
_EDGE = 2  # sentences at the beginning that may ask something; at the end one more
_SENTENCE_END = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[\"'(]?[A-Z0-9])|\n+")
_MARKED = re.compile(r"^(?i:(?:q|question|task|instructions?|prompt|request|frage)\s?[:.]\s?)")
_HEADED = re.compile(r"^(?:[A-Z][a-z]+ ?){1,2}: (?=[A-Z])")  # "Details: Is consent needed?"
_FIELD = re.compile(r"^[\w ]{1,40}:$")  # "Answer:", left open for the answer
_CONTRACTED = re.compile(r"(?i:\b(what|who|when|where|which|how)'s\b)")


def checkable(text: str, *, attached: bool = False) -> Check | None:
    """Return how the answer to a prompt can be checked, or None where it cannot.

    A form of answer that the prompt demands counts most ("Reply with Yes or No"). A memo, a draft,
    a summary or an opinion cannot be checked, nor what asks for one of them besides. `attached`
    tells that a document goes with the prompt: then a plain "what …?" asks what it says.
    """
    said = _CONTRACTED.sub(r"\1 is", plain(text).text.strip())
    head, foot = said[:_HEAD_CHARS], said[_HEAD_CHARS:][-_FOOT_CHARS:]
    form, asked = demanded(f"{head}\n{foot}"), _asked(head, foot)
    # "A. Definitions" and "B. Term" may as well be the headings of what is to be summarised.
    if form is not None and not (form.kind is Kind.CHOICE and any(map(_orders_writing, asked))):
        return replace(form, asks="\n".join(asked))
    if any(asks.OUTPUT_OF_CODE.search(sentence) for sentence in (*asked, foot or head)):
        return Check(Kind.OUTPUT)
    if any(asks.CODE.search(sentence) for sentence in asked):
        return Check(Kind.CODE)
    supplied = attached or len(said) > _SUPPLIED_CHARS
    if any(_is_writing(sentence, supplied=supplied) for sentence in asked):
        return None
    kinds = {_kind_of(sentence, supplied=supplied) for sentence in asked}
    if not kinds or None in kinds:
        return None  # one part that cannot be checked is enough
    kind = kinds.pop() if len(kinds) == 1 else Kind.EXTRACTION
    return Check(kind or Kind.EXTRACTION, asks="\n".join(asked))


def _asked(head: str, foot: str) -> list[str]:
    """Return the sentences that ask or order something; a pasted document's are left out.

    They are marked ("Question: …"), or stand at the beginning or at the end.
    """
    sentences = [*_sentences(head), *_sentences(foot)]
    marked = [at for at, sentence in enumerate(sentences) if _MARKED.match(sentence)]
    if marked:
        candidates = sentences[marked[-1] :][: _EDGE + 1]
    elif len(sentences) <= 2 * _EDGE + 1:
        candidates = sentences
    else:
        candidates = [*sentences[:_EDGE], *sentences[-_EDGE - 1 :]]
    plainly = [
        asks.WORKING.sub("", _HEADED.sub("", _MARKED.sub("", sentence)))
        for sentence in candidates
        if not _FIELD.match(sentence)
    ]
    asking = [each for each in plainly if _is_question(each) or asks.ORDER.match(each)]
    told = [each for each in asking if not asks.LAYOUT.search(each)]
    return told or asking


def _sentences(text: str) -> list[str]:
    return [piece.strip() for piece in _SENTENCE_END.split(text) if piece and piece.strip()]


def _is_question(sentence: str) -> bool:
    return "?" in sentence[-3:] or asks.WHAT.match(sentence) is not None


def _is_writing(sentence: str, *, supplied: bool) -> bool:
    """Return whether a sentence asks for something to be written or judged."""
    if asks.DIFFERENCE.search(sentence) and not (supplied or re.search(r"[0-9]", sentence)):
        return True  # between two ideas, not between two figures
    if _orders_writing(sentence):
        return True
    return bool(asks.ALSO_WRITES.search(sentence) or asks.OPINION.search(sentence))


def _orders_writing(sentence: str) -> bool:
    order = asks.ORDER.match(sentence)
    if order is None or not order["writes"] or asks.WHETHER.search(sentence):
        return False
    return not (asks.CHECKED_ALL_THE_SAME.match(sentence) or asks.WHICH_CLASS.search(sentence))


def _kind_of(sentence: str, *, supplied: bool) -> Kind | None:
    """Return what one sentence asks for; None where it asks for nothing that can be checked."""
    order = asks.ORDER.match(sentence)
    question = _is_question(sentence)
    if asks.WHETHER.search(sentence):
        return Kind.YES_NO
    if asks.WHICH_CLASS.search(sentence) or (question and asks.EITHER.search(sentence)):
        return Kind.LABEL
    if question and order is None and asks.AUXILIARY.match(sentence):
        return Kind.YES_NO
    if order is not None and order["finds"]:
        return _found(sentence)
    if supplied and question and asks.IN_WORDS.search(sentence):
        return Kind.EXTRACTION
    for kind, wanted in asks.WANTED:
        if wanted.search(sentence):
            return kind
    if order is not None and not (order["sorts"] and question):
        return _ordered(order, sentence)
    return Kind.EXTRACTION if supplied and question and asks.WHAT.search(sentence) else None


def _ordered(order: re.Match[str], sentence: str) -> Kind | None:
    """Return what an order is after whose words name nothing that could be checked."""
    if order["reckons"]:
        return Kind.FIGURE
    if order["sorts"]:
        return Kind.LABEL if asks.SORTING.match(sentence) else None
    return Kind.EXTRACTION


def _found(sentence: str) -> Kind:
    """Return what an order to find something is after: a figure, names, or what the text says."""
    if (
        asks.COUNTS.search(sentence)
        or asks.FINDS_FIGURE.match(sentence)
        or (asks.GIVES_FIGURE.match(sentence))
    ):
        return Kind.FIGURE
    if asks.CITES.search(sentence):
        return Kind.CITATION
    return Kind.NAME if asks.NAMES_OF.search(sentence) else Kind.EXTRACTION
