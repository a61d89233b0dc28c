"""One comparison for each kind of answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.domain.substance.choices import choice, label
from app.domain.substance.kind import Kind
from app.domain.substance.names import name_words
from app.domain.substance.outcome import Agreement, Obstacle, Outcome
from app.domain.substance.output import output_of
from app.domain.substance.reading import Found, Reading, V
from app.domain.substance.same import apart, same_citation, same_date, same_figure, same_name
from app.domain.substance.values import Citation, Figure, Label, on_one_line
from app.domain.substance.verdicts import ruling, says_none
from app.domain.substance.wording import (
    opposite_words,
    same_words,
    says_words,
    shown,
    telling_words,
)

_SHORT_WORDS = 20
_NONE = "none"

# What both say, what only the first says, what only the second says; as written.
_Parts = tuple[Sequence[str], Sequence[str], Sequence[str]]
_NOTHING: _Parts = ((), (), ())


def compared(first: Reading, second: Reading, kind: Kind, labels: tuple[str, ...]) -> Agreement:
    """Return how two answers compare that nothing stands in the way of."""
    return _COMPARED[kind](first, second, labels)


def _settled(kind: Kind, *parts: _Parts) -> Agreement:
    shared, ours, theirs = (
        tuple(dict.fromkeys(item for part in parts for item in part[place])) for place in range(3)
    )
    outcome = Outcome.DIFFER if ours or theirs else Outcome.AGREE
    return Agreement(outcome, kind, shared, ours, theirs)


def _impossible(
    kind: Kind, ours: object, theirs: object, why: Obstacle = Obstacle.NO_SUBSTANCE
) -> Agreement:
    """Return that one or both say nothing that could be compared."""
    obstacles = (None if ours else why, None if theirs else why)
    return Agreement(Outcome.CANNOT_COMPARE, kind, obstacles=obstacles)


def _none_said(kind: Kind, first: Reading, second: Reading) -> Agreement | None:
    """Return the comparison where one answer, or both, say that there is none."""
    ours, theirs = (says_none(read.plain, read.where) for read in (first, second))
    if ours and theirs:
        return Agreement(Outcome.AGREE, kind, (_NONE,))
    if not ours and not theirs:
        return None
    return Agreement(
        Outcome.DIFFER,
        kind,
        ours=(_NONE,) if ours else (shown(first),),
        theirs=(_NONE,) if theirs else (shown(second),),
    )


def _by_words(
    kind: Kind, first: Reading, second: Reading, ours: object, theirs: object
) -> Agreement:
    """Return the last resort: the same words are the same answer, whatever they are."""
    if not ours and not theirs:
        if same_words(first, second):
            return Agreement(Outcome.AGREE, kind, (shown(first),))
        if opposite_words(first, second):
            return Agreement(Outcome.DIFFER, kind, (), (shown(first),), (shown(second),))
    return _impossible(kind, ours, theirs)


def _figures(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    ours, theirs = first.figure(), second.figure()
    if _is_zero(first, ours) and _is_zero(second, theirs):
        return Agreement(Outcome.AGREE, Kind.FIGURE, (shown(first),))
    none = None if ours and theirs else _none_said(Kind.FIGURE, first, second)
    if none is not None:
        return none
    if not ours or not theirs:
        return _by_words(Kind.FIGURE, first, second, ours, theirs)
    return _settled(Kind.FIGURE, _shown(apart(ours, theirs, same_figure)))


def _is_zero(read: Reading, figures: tuple[Figure, ...]) -> bool:
    """Return whether an answer says 0, or that there is none."""
    if not figures:
        return says_none(read.plain, read.where)
    return all(not figure.amount for figure in figures)


def _dates(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    """Compare dates; the times of day too where both give one; else lengths of time."""
    ours, theirs = first.point(first.dates), second.point(second.dates)
    if not ours and not theirs and (first.figure() or second.figure()):
        # "within 10 Business Days of notice" is a date that runs from another one.
        return _extraction(first, second, ())
    none = None if ours and theirs else _none_said(Kind.DATE, first, second)
    if none is not None:
        return none
    if not ours or not theirs:
        return _by_words(Kind.DATE, first, second, ours, theirs)
    ours_at, theirs_at = _times(first), _times(second)
    times = _shown(apart(ours_at, theirs_at, same_figure)) if ours_at and theirs_at else _NOTHING
    return _settled(Kind.DATE, _shown(apart(ours, theirs, same_date)), times)


def _times(read: Reading) -> tuple[Figure, ...]:
    return tuple(figure for figure in read.figures.values if figure.unit == "minute")


def _citations(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    ours, theirs = _cited(first), _cited(second)
    none = None if ours and theirs else _none_said(Kind.CITATION, first, second)
    if none is not None:
        return none
    if not ours or not theirs:
        return _by_words(Kind.CITATION, first, second, ours, theirs)
    ours, theirs = _comparable(ours, theirs)
    return _settled(Kind.CITATION, _shown(apart(ours, theirs, same_citation)))


_BARE_CLAUSE = re.compile(
    r"(?<![0-9A-Za-z.$€£])(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}[A-Za-z]?)*+(?:\([0-9A-Za-z]{1,4}\))*+)(?![0-9A-Za-z%])"
)


def _cited(read: Reading) -> tuple[Citation, ...]:
    """Return the citations that are the answer; a bare "14.2(a)" stands for its clause."""
    found = read.point(read.citations)
    if found or read.citations.values:
        return found
    span = read.conclusion
    bare = _BARE_CLAUSE.match(read.plain.text, span.start)
    if bare is None or read.plain.text[bare.end() : span.end].strip(" .\"'"):
        return ()
    place = read.plain.place(*bare.span("number"))
    return (Citation(bare["number"], place, "section", bare["number"].casefold()),)


def _comparable(
    ours: tuple[Citation, ...], theirs: tuple[Citation, ...]
) -> tuple[tuple[Citation, ...], tuple[Citation, ...]]:
    """Leave out where a case is reported, if only one answer says so; its name is compared."""
    sorts = [{citation.sort for citation in side} for side in (ours, theirs)]
    if all("case" in side for side in sorts) and not all("report" in side for side in sorts):
        ours, theirs = (
            tuple(citation for citation in side if citation.sort != "report")
            for side in (ours, theirs)
        )
    return ours, theirs


def _names(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    none = _none_said(Kind.NAME, first, second)
    if none is not None:
        return none
    ours, theirs = first.point(first.names), second.point(second.names)
    if not ours or not theirs:
        return _by_words(Kind.NAME, first, second, ours, theirs)
    return _settled(Kind.NAME, _shown(apart(ours, theirs, same_name)))


def _yes_no(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    ours, theirs = (ruling(read.plain, read.where) for read in (first, second))
    if ours is None or theirs is None:
        return _by_words(Kind.YES_NO, first, second, ours, theirs)
    if ours.hedged or theirs.hedged:
        return _impossible(Kind.YES_NO, not ours.hedged, not theirs.hedged, Obstacle.UNSURE)
    words = (ours.verdict.value,), (theirs.verdict.value,)
    return _settled(Kind.YES_NO, (words[0], (), ()) if words[0] == words[1] else ((), *words))


def _choices(first: Reading, second: Reading, labels: tuple[str, ...]) -> Agreement:
    ours, theirs = (choice(read.plain, read.where, labels) for read in (first, second))
    if not ours or not theirs:
        return _by_words(Kind.CHOICE, first, second, ours, theirs)
    return _settled(Kind.CHOICE, _chosen(ours, theirs))


def _labelled(first: Reading, second: Reading, labels: tuple[str, ...]) -> Agreement:
    if not labels:
        return _in_words_alone(Kind.LABEL, first, second)
    ours, theirs = (label(read.plain, read.where, labels) for read in (first, second))
    if not ours or not theirs:
        return _impossible(Kind.LABEL, ours, theirs)
    return _settled(Kind.LABEL, _chosen(ours, theirs))


def _chosen(ours: Sequence[Label], theirs: Sequence[Label]) -> _Parts:
    our_keys, their_keys = ({each.key for each in side} for side in (ours, theirs))
    return (
        [_label_words(each) for each in ours if each.key in their_keys],
        [_label_words(each) for each in ours if each.key not in their_keys],
        [_label_words(each) for each in theirs if each.key not in our_keys],
    )


def _label_words(chosen: Label) -> str:
    """Return the letter of an option, or the label as written."""
    return chosen.key if len(chosen.key) == 1 else chosen.shown


def _code(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    ours, theirs = ("\n".join(block.text for block in read.code) for read in (first, second))
    if not ours or not theirs:
        return _impossible(Kind.CODE, ours, theirs)
    if ours == theirs:
        return Agreement(Outcome.AGREE, Kind.CODE, ("the same code",))
    return Agreement(Outcome.DIFFER, Kind.CODE, (), ("other code",), ("other code",))


def _outputs(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    ours, theirs = output_of(first), output_of(second)
    if not ours or not theirs:
        return _impossible(Kind.OUTPUT, ours, theirs)
    words = (on_one_line(ours),), (on_one_line(theirs),)
    return _settled(Kind.OUTPUT, (words[0], (), ()) if ours == theirs else ((), *words))


def _extraction(first: Reading, second: Reading, _labels: tuple[str, ...]) -> Agreement:
    """Compare all that two answers took from a text: figures, dates, citations, parties, words."""
    none = _none_said(Kind.EXTRACTION, first, second)
    if none is not None:
        return none
    ours, theirs = _comparable(_all(first, first.citations), _all(second, second.citations))
    parts = (
        _shown(apart(_counted(first), _counted(second), same_figure)),
        _shown(apart(_all(first, first.dates), _all(second, second.dates), same_date)),
        _shown(apart(ours, theirs, same_citation)),
    )
    if not any(each for part in parts for each in part):
        return _in_words_alone(Kind.EXTRACTION, first, second)
    return _settled(Kind.EXTRACTION, *parts, _parties(first, second), _other_words(first, second))


def _all(read: Reading, found: Found[V]) -> tuple[V, ...]:
    """Return every value that counts: in the marked answer where there is one, else anywhere."""
    return found.values if read.where.marked is None else found.inside(read.where.marked)


def _counted(read: Reading) -> tuple[Figure, ...]:
    """Return the figures; a bare year is a date and not a figure as well."""
    return tuple(figure for figure in _all(read, read.figures) if not figure.year_like)


def _in_words_alone(kind: Kind, first: Reading, second: Reading) -> Agreement:
    ours, theirs = says_words(first), says_words(second)
    if not ours or not theirs:
        return _impossible(kind, ours, theirs)
    if same_words(first, second):
        return Agreement(Outcome.AGREE, kind, (shown(first),))
    return Agreement(Outcome.DIFFER, kind, (), (shown(first),), (shown(second),))


def _parties(first: Reading, second: Reading) -> _Parts:
    """Return the names that one answer holds and the other does not mention at all."""
    ours, theirs = (_absent(read, other) for read, other in ((first, second), (second, first)))
    return (), ours, theirs


def _absent(read: Reading, other: Reading) -> list[str]:
    text = f" {name_words(other.plain.text)} "
    names = _all(read, read.names)
    return [
        name.shown
        for name in names
        if (" " in name.key or name.form) and f" {name.key} " not in text
    ]


def _other_words(first: Reading, second: Reading) -> _Parts:
    """Return the answers themselves where both are short and neither's words hold the other's.

    "30 days for the tenant" and "30 days for the landlord" have the same figure.
    """
    ours, theirs = telling_words(first), telling_words(second)
    if max(len(ours), len(theirs)) > _SHORT_WORDS or ours <= theirs or theirs <= ours:
        return _NOTHING
    return (), (shown(first),), (shown(second),)


def _shown(parts: tuple[Sequence[V], Sequence[V], Sequence[V]]) -> _Parts:
    shared, ours, theirs = ([value.shown for value in part] for part in parts)
    return shared, ours, theirs


_COMPARED: dict[Kind, Callable[[Reading, Reading, tuple[str, ...]], Agreement]] = {
    Kind.FIGURE: _figures,
    Kind.DATE: _dates,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choices,
    Kind.LABEL: _labelled,
    Kind.CITATION: _citations,
    Kind.NAME: _names,
    Kind.EXTRACTION: _extraction,
    Kind.CODE: _code,
    Kind.OUTPUT: _outputs,
}
