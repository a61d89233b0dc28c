"""Which of the values in an answer are the answer, and which only lead to it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from app.domain.substance.passages import Passages, last_sentence, sentence_at
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import Citation, Figure, Name, WrittenDate

V = TypeVar("V", bound=Figure | WrittenDate | Citation | Name)

_LOOKED_AT = 3  # lines from the beginning and from the end
_LISTED = 0.6
_COPULA = re.compile(
    r"(?i:\b(?:is|was|are|were|be|equals?|equalled|totals?|totall?ed|amount(?:s|ed)? to|com(?:es"
    r"|e) to"
    r"|came to|ist|war|sind|est)\b)|:"
)
_ASIDE = re.compile(
    r"\(|(?i:,? (?:from|up from|down from|compared|versus|vs\.?|against|based on|because|since"
    r"|calculated|derived|i\.e\.|assuming|using|which (?:is|was)|according to|as (?:stated|set out"
    r"|defined|provided)|given (?:that|in)|under|pursuant to|per)\b)"
)


def principal(
    plain: Plain, where: Passages, values: Sequence[V], spans: Sequence[Place]
) -> tuple[V, ...]:
    """Return the values that are the answer; empty where the text names none of that kind.

    What the text marks as its answer is taken at its word. Without a mark both its first and its
    last sentence count: that two answers begin alike says nothing where they end differently.
    `spans` are the places of `values` in the plain text.
    """
    chosen: _Chooser[V] = _Chooser(plain, values, spans)
    for span in (where.marked, where.cued):
        if span is not None and (told := chosen.within(span)):
            return told
    with_values = [line for line in where.lines if chosen.any_in(line)]
    if not with_values:
        return ()
    several = len(where.lines) > 1 and "=" not in plain.text
    if several and len(with_values) >= _LISTED * len(where.lines):
        return distinct([value for line in with_values for value in chosen.within(line)])
    return _first_and_last(plain.text, where, chosen, with_values[-1])


def _first_and_last(
    text: str, where: Passages, chosen: _Chooser[V], last_line: Place
) -> tuple[V, ...]:
    """Return what the first and the last sentence with values say; the steps of a sum count not."""
    last = chosen.within(_last_with_values(text, last_line, chosen))
    first_line = next((line for line in where.lines[:_LOOKED_AT] if chosen.any_in(line)), None)
    if first_line is None or where.working:
        return last
    first = _first_with_values(text, first_line, chosen)
    if "=" in text[first.start : first.end]:
        return last
    return distinct([*chosen.within(first), *last])


class _Chooser(Generic[V]):
    """Knows which values stand in a span, and which of those are more than asides."""

    def __init__(self, plain: Plain, values: Sequence[V], spans: Sequence[Place]) -> None:
        self._text = plain.text
        self._bold = plain.bold
        self._bold_starts = [bold.start for bold in plain.bold]
        self._values: Sequence[V] = values
        self._spans = spans
        self._starts = [span.start for span in spans]

    def any_in(self, span: Place) -> bool:
        """Return whether a value begins in a span."""
        at = bisect_left(self._starts, span.start)
        return at < len(self._starts) and self._starts[at] < span.end

    def first_in(self, span: Place) -> int:
        """Return where the first value of a span begins; there must be one."""
        return self._starts[bisect_left(self._starts, span.start)]

    def within(self, span: Place) -> tuple[V, ...]:
        """Return the values of a span that are its point."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        places = list(range(first, last))
        places = _unless_empty(places, lambda at: not self._values[at].negated)
        places = _unless_empty(places, self._is_bold)
        places = self._after(places, self._text.rfind("=", span.start, span.end))
        copula = _COPULA.search(self._text, span.start, span.end)
        if copula is not None:
            places = self._after(places, copula.start())
        if places:
            end = self._aside(self._spans[places[0]].end, span.end)
            places = [at for at in places if self._starts[at] < end]
        return distinct(self._values[at] for at in places)

    def _aside(self, start: int, end: int) -> int:
        """Return where a span goes on to something beside its point; its end where it does not.

        A bracket in which a value itself stands is none: (114) is a figure.
        """
        for aside in _ASIDE.finditer(self._text, start, end):
            at = bisect_left(self._starts, aside.start())
            if at == len(self._starts) or self._starts[at] != aside.start():
                return aside.start()
        return end

    def _is_bold(self, at: int) -> bool:
        place = self._spans[at]
        before = bisect_right(self._bold_starts, place.start) - 1
        return before >= 0 and place.end <= self._bold[before].end + 1

    def _after(self, places: list[int], mark: int) -> list[int]:
        return _unless_empty(places, lambda at: self._starts[at] > mark)


def distinct(values: Iterable[V]) -> tuple[V, ...]:
    """Return the values without repetition, in their order."""
    return tuple({value.identity: value for value in values}.values())


def _unless_empty(places: list[int], wanted: Callable[[int], bool]) -> list[int]:
    """Return the places that are wanted, or all where none is."""
    kept = [at for at in places if wanted(at)]
    return kept or places


def _first_with_values(text: str, line: Place, chosen: _Chooser[V]) -> Place:
    """Return the first sentence of a line that holds a value, from where it begins."""
    first = chosen.first_in(line)
    return sentence_at(text, last_sentence(text, Place(line.start, first)).start)


def _last_with_values(text: str, line: Place, chosen: _Chooser[V]) -> Place:
    """Return the last sentence of a line, or the whole line where that one holds no value."""
    sentence = last_sentence(text, line)
    return sentence if chosen.any_in(sentence) else line
