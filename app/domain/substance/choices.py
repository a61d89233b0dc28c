"""The option or the class that an answer chooses out of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.substance.passages import Passages, last_sentence, sentence_at
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import Label, denied, on_one_line

_LETTERS = "ABCDEFGHIJKLMNOP"
_SEVERAL = r"(?:(?:,| and| &| or|/|, and) ?\(?[A-P]\)?(?![A-Za-z'])){0,8}"
_NAMED = re.compile(
    rf"(?i:\b(?:option|answer|choice|letter)s?(?: (?:is|are"
    rf"|would be))?)[: ]{{1,2}}[\"'(]?(?P<letters>[A-P]\)?{_SEVERAL})(?![A-Za-z'])"
)
_OPENING = re.compile(
    rf"[\"'(\[ ]{{0,3}}(?P<letters>[A-P]\)?{_SEVERAL})"
    r"(?=[\"']?(?:[.):,;\]]|\s{0,3}$|\n| ?[-—]| (?:because|since|as|is)\b))"
)
_BRACKETED = re.compile(r"\((?P<letters>[A-Pa-p])\)")
# "A" is an article unless it ends the sentence.
_ALONE = re.compile(r"(?<![A-Za-z'.])(?P<letters>[A-P])(?![A-Za-z'])(?=[.)\"']?\s*$)")
_NUMBERED = re.compile(
    r"(?i:\A\W{0,4}(?:(?:option|answer|choice)[ :]{1,2})?)(?P<number>[1-9]|1[0-6])"
    r"(?:[.):](?![0-9])|\s*\Z)"
)
_COPULA = re.compile(
    r"(?i:\b(?:is|are|was|were|as|be|by|under|type|label|category|classification)\b|:)"
)
_MORE_WORDS = re.compile(r"[^\W_]+")


def choice(plain: Plain, where: Passages, labels: Sequence[str] = ()) -> tuple[Label, ...]:
    """Return the options chosen, by letter; empty where the answer chooses none.

    `labels` are the options' texts in the order of their letters: an answer that gives the text
    alone has chosen it too.
    """
    for span in _spans(plain, where):
        text, bounds = plain.text, (span.start, span.end)
        for found in (
            _OPENING.match(text, *bounds),
            *(pattern.search(text, *bounds) for pattern in (_NAMED, _BRACKETED, _ALONE)),
        ):
            if found is not None and not denied(plain.text, found.start("letters")):
                return _lettered(plain, found, len(labels))
    number = _NUMBERED.match(plain.source)
    if number is not None and (not labels or int(number["number"]) <= len(labels)):
        letter = _LETTERS[int(number["number"]) - 1]
        return (Label(number["number"], Place(*number.span("number")), letter),)
    named = label(plain, where, labels) if labels else ()
    keys = [label_key(text) for text in labels]
    return tuple(
        Label(each.shown, each.place, _LETTERS[keys.index(each.key)])
        for each in named
        if keys.index(each.key) < len(_LETTERS)
    )


def _lettered(plain: Plain, found: re.Match[str], known: int) -> tuple[Label, ...]:
    start = found.start("letters")
    place = plain.place(*found.span("letters"))
    letters = sorted(set(re.findall(r"(?<![A-Za-z])[A-Pa-p](?![A-Za-z])", found["letters"])))
    chosen = [letter.upper() for letter in letters]
    if known and any(_LETTERS.index(letter) >= known for letter in chosen):
        return ()
    shown = on_one_line(plain.text[start : found.end("letters")])
    return tuple(Label(shown if len(chosen) == 1 else letter, place, letter) for letter in chosen)


def label(plain: Plain, where: Passages, labels: Sequence[str]) -> tuple[Label, ...]:
    """Return the classes that an answer chooses among those it was offered, in their order."""
    pattern = _pattern_of(labels)
    if pattern is None:
        return ()
    keys = {label_key(text): text for text in labels}
    for span in _spans(plain, where):
        found = _mentions(plain, pattern, span, keys)
        if found:
            return found
    return ()


def _mentions(
    plain: Plain, pattern: re.Pattern[str], span: Place, keys: dict[str, str]
) -> tuple[Label, ...]:
    """Return the labels that a span names and does not deny, after its verb where there is one."""
    matches = [
        match
        for match in pattern.finditer(plain.text, span.start, span.end)
        if not denied(plain.text, match.start())
    ]
    copula = _COPULA.search(plain.text, span.start, span.end)
    after = [match for match in matches if copula and match.start() >= copula.end()]
    found: dict[str, Label] = {}
    for match in after or matches:
        key = label_key(match.group())
        if key in keys:
            place = plain.place(*match.span())
            found.setdefault(key, Label(on_one_line(match.group()), place, key))
    return tuple(found[key] for key in sorted(found))


def _pattern_of(labels: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the labels as whole words, the longest first."""
    texts = sorted({text for text in labels if label_key(text)}, key=len, reverse=True)
    if not texts:
        return None
    words = ("[^\\w]{1,3}".join(map(re.escape, _MORE_WORDS.findall(text))) for text in texts)
    return re.compile(rf"(?i:(?<!\w)(?:{'|'.join(words)})(?!\w))")


def label_key(text: str) -> str:
    """Return a label's normal form: its words in lower case."""
    return " ".join(_MORE_WORDS.findall(text.casefold()))


def _spans(plain: Plain, where: Passages) -> list[Place]:
    """Return where a choice may stand, the most telling place first."""
    spans = [span for span in (where.marked, where.cued) if span is not None]
    if not where.lines:
        return spans
    first, last = where.lines[0], where.lines[-1]
    opening = sentence_at(plain.text, first.start)
    spans.append(opening)
    if len(where.lines) > 1:
        spans += [last_sentence(plain.text, last), first, last]
    elif opening.end < first.end:
        spans += [last_sentence(plain.text, first), first]
    return spans
