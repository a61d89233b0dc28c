"""The forms of answer that a prompt itself demands: yes or no, lettered options, given labels."""

from __future__ import annotations

import re

from app.domain.substance.choices import label_key
from app.domain.substance.kind import Check, Kind

_LABEL_CHARS, _LABEL_WORDS, _LABELS = 60, 6, 24
_LETTERS = "ABCDEFGHIJKLMNOP"
# Either a colon or words such as "one of" introduce a list of labels.
_OFFER = re.compile(
    r"(?i:\b(?:reply|answer|respond|choose|select|pick|classify|label|categori[sz]e|output|return"
    r"|say)\b"
    r"[^.?!\n:]{0,60}?"
    r"(?P<intro>:|(?:\b(?:with|either|one|or more|of|between|as|only|exactly|just|using|from"
    r"|the following)\b ?){1,6}:?) ?"
    r"(?P<list>[^\n.?!:]{3,600}))"
)
_NAMED_LIST = re.compile(
    r"(?i:\b(?:options|categories|labels|classes|choices|types)(?: are"
    r"| below)?: ?(?P<list>[^\n.?!:]{3,600}))"
)
_EXPLICIT = re.compile(r"(?i:\beither\b|\bone(?: or more)? of\b|\bonly\b|\bexactly\b)|:")
_LOOSE = re.compile(r"(?i:\b(?:with|as|between|just)\b)")
_YES_OR_NO = re.compile(
    r"(?i:(?<![\w])[\"'(]?yes[\"')]?(?:,? or |/| / |, )[\"'(]?no(?![\w-])|\btrue[\"']?(?:,? or |/"
    r"| / )[\"']?false\b)"
)
_ANSWERING = re.compile(r"(?i:\b(?:answer|reply|respond|say(?:ing)?|state|output|return|label)\b)")
_OPTION = re.compile(
    r"(?:(?<=\n)|\A|(?<=[\[;] )|(?<=\[))"
    r" {0,4}(?:[Oo]ption ){0,2}\(?(?P<letter>[A-Pa-p])[):.] {0,2}(?P<text>[^\n;\]]{1,300})"
)
_CHOOSING = re.compile(
    r"(?i:\b(?:choose|choosing|select|pick|which of|multiple[- ]choice|options?|correct answer)\b)"
)
_SPLIT = re.compile(r",? or |, and |[,;/|]| and (?=[A-Z\"'])")
_TRUTHS = frozenset(("yes", "no", "true", "false"))


def demanded(words: str) -> Check | None:
    """Return the form that a prompt demands of its answer, or None where it leaves it open."""
    options = _options(words)
    if options:
        return Check(Kind.CHOICE, options)
    at, labels = _offered(words)
    truth = -1
    for match in _YES_OR_NO.finditer(words):
        if _ANSWERING.search(words[max(0, match.start() - 100) : match.end() + 40]):
            truth = match.start()
    # What is demanded last is demanded of the answer; the rest may be the text it is about.
    if truth >= 0 and truth >= at:
        return Check(Kind.YES_NO)
    if labels and {label_key(text) for text in labels} <= _TRUTHS:
        return Check(Kind.YES_NO)
    return Check(Kind.LABEL, labels) if labels else None


def _options(words: str) -> tuple[str, ...]:
    """Return the texts of the options A, B, C …, the first run of at least two in that order."""
    choosing = _CHOOSING.search(words) is not None
    run: list[str] = []
    for match in _OPTION.finditer(words):
        letter = match["letter"]
        if letter.islower() and not choosing:
            continue
        if letter.upper() == _LETTERS[len(run)]:
            run.append(match["text"].strip(" ;,]"))
        elif len(run) > 1:
            break
        else:
            run = [match["text"].strip(" ;,]")] if letter.upper() == "A" else []
        if len(run) == len(_LETTERS):
            break
    return tuple(run) if len(run) > 1 else ()


def _offered(words: str) -> tuple[int, tuple[str, ...]]:
    """Return the labels that are offered last, and where: they follow the text they are for."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for match in _OFFER.finditer(words):
        listed, intro = match["list"], match["intro"]
        loose = _LOOSE.search(intro) and re.search(r"\bor\b", listed)
        if _EXPLICIT.search(intro) or loose:
            found.append((match.start(), _labels(listed)))
    found += [(match.start(), _labels(match["list"])) for match in _NAMED_LIST.finditer(words)]
    offers = [(at, labels) for at, labels in found if labels]
    return max(offers, default=(-1, ()))


def _labels(listed: str) -> tuple[str, ...]:
    """Return the items of a list such as "generic, descriptive or arbitrary"; prose has none."""
    items = [item.strip(" \"'[]()*.") for item in _SPLIT.split(listed)]
    kept = [re.sub(r"^(?i:either|one of|or|the) ", "", item) for item in items if item]
    short = all(len(item) <= _LABEL_CHARS and len(item.split()) <= _LABEL_WORDS for item in kept)
    return tuple(dict.fromkeys(kept)) if short and 2 <= len(kept) <= _LABELS else ()
