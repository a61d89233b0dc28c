"""Figures in a text: amounts with their currency, percentages, lengths of time, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.domain.substance.numbers import (
    NUMBER,
    NUMBER_WORD,
    NUMBER_WORDS,
    european,
    value_of,
    value_of_words,
)
from app.domain.substance.plain import Place, Plain
from app.domain.substance.units import AFTER, BEFORE, currency_of, scale_of, unit_of
from app.domain.substance.values import Figure, denied, denies, on_one_line

_BEFORE_CHARS, _AFTER_CHARS, _CLAUSE_CHARS, _LINE_CHARS = 28, 36, 90, 40
_DAY_MINUTES, _NOON = 60, 12
_GLUED = re.compile(r"-?[A-Za-z_]")  # 10-K, 3rd
_REFERENCE = re.compile(
    r"(?i:\b(?:notes?|pages?|pp?\.|steps?|items?|tables?|exhibits?|appendix|annex|chapters?|lines?"
    r"|rows?|columns?|versions?|numbers?|nos?\.|figures?|figs?\.|footnotes?|questions?|answers?"
    r"|options?|parts?|tiers?|levels?|forms?|phases?|volumes?|vols?\.|tranches?|lots?|rooms?"
    r"|floors?|suites?|documents?|docs?\.))[ ]?\(?$|[#&]$"
)
_IN_WORDS_TOO = re.compile(rf"(?i:\b(?:{NUMBER_WORD}))[ ]?\($")
_ENUMERATES = re.compile(r"[0-9]{1,2}\) *[^\s|,;.)]")
_RANGE = re.compile(r" ?(?:-|to|bis|à) ?")
_TIME = re.compile(
    r"(?<![0-9:.,])(?:(?P<hour>[01]?[0-9]|2[0-3])(?:[:.](?P<minute>[0-5][0-9]))?"
    r" ?(?P<half>(?i:a\.m\.|p\.m\.|am\b|pm\b|uhr\b))"
    r"|(?P<hour24>[01]?[0-9]|2[0-3]):(?P<minute24>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:]))"
)
_FALLING = re.compile(
    r"(?i:\b(?:decreas\w{1,4}|declin\w{1,4}|fell|fall(?:en|s|ing)?|drop(?:ped|s)?|reduc\w{2,5}"
    r"|lower(?:ed)?|down|loss(?:es)?|shrank|deficit|shortfall|negative|minus)\b)"
)
_RISING = re.compile(
    r"(?i:\b(?:increas\w{1,4}|rose|risen|rises?|grew|grow\w{0,3}|up|gains?|gained|profits?"
    r"|higher)\b)"
)
_FALL_AFTER = re.compile(
    r"(?i: (?:[\w-]{1,20} ){0,2}(?:decrease|decline|drop|reduction|loss|shortfall|deficit)\b)"
)
_CLAUSE_END = re.compile(r"[.;\n](?=\s|$)|, (?:from|compared|while|but|and)\b")


def figures(plain: Plain, taken: Sequence[Place] = ()) -> tuple[list[Figure], list[Place]]:
    """Return the figures of a text in its order, and the places in the plain text they take.

    What stands in `taken` (places of the plain text, in order) belongs to other readers.
    """
    found = [*_times(plain, taken)]
    taken = merged(taken, (span for span, _ in found))
    about = _About(
        european(plain.text),
        _FALLING.search(plain.text) is not None or _FALL_AFTER.search(plain.text) is not None,
        denies(plain.text),
    )
    in_digits = [
        read
        for match in free(NUMBER.finditer(plain.text), taken)
        if (read := _in_digits(plain, match, about)) is not None
    ]
    found += _with_units(plain, in_digits)
    taken = merged(taken, (span for span, _ in in_digits))
    found += [
        read
        for match in free(NUMBER_WORDS.finditer(plain.text), taken)
        if (read := _in_words(plain, match, about)) is not None
    ]
    found.sort(key=lambda item: item[0].start)
    return [figure for _, figure in found], [span for span, _ in found]


@dataclass(frozen=True, slots=True)
class _About:
    """What holds for a whole text, so that it need not be found out for every figure."""

    comma_decimals: bool
    may_fall: bool
    may_deny: bool


def merged(taken: Iterable[Place], more: Iterable[Place]) -> list[Place]:
    """Return both in the text's order."""
    return sorted((*taken, *more), key=lambda span: span.start)


def free(matches: Iterator[re.Match[str]], taken: Sequence[Place]) -> Iterator[re.Match[str]]:
    """Yield the matches that touch nothing taken; both are in the text's order."""
    at = 0
    for match in matches:
        while at < len(taken) and taken[at].end <= match.start():
            at += 1
        if at == len(taken) or taken[at].start >= match.end():
            yield match


def _times(plain: Plain, taken: Sequence[Place]) -> Iterator[tuple[Place, Figure]]:
    for match in free(_TIME.finditer(plain.text), taken):
        hour = int(match["hour"] or match["hour24"])
        minute = int(match["minute"] or match["minute24"] or 0)
        half = (match["half"] or "").casefold()
        if half.startswith("p") and hour < _NOON:
            hour += _NOON
        elif half.startswith("a") and hour == _NOON:
            hour = 0
        amount = Decimal(_DAY_MINUTES * hour + minute)
        place = plain.place(*match.span())
        yield Place(*match.span()), Figure(on_one_line(match.group()), place, amount, "minute")


def _in_digits(plain: Plain, match: re.Match[str], about: _About) -> tuple[Place, Figure] | None:
    """Return the figure around a number, or None where it is a reference or part of a word."""
    text = plain.text
    head = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
    before, after = BEFORE.search(head), AFTER.match(text, match.end(), match.end() + _AFTER_CHARS)
    assert after is not None
    if before is None or (not after.group() and _GLUED.match(text, match.end())):
        return None
    if not before["currency"] and _REFERENCE.search(head):
        return None
    scale = scale_of(after["scale"], after["scale2"])
    currency = currency_of(before["currency"], after["unit"])
    # "1.234 €" is written where the comma comes before the decimals; "1.234 million €" is not.
    continental = currency in ("EUR", "CHF") and scale == 1
    amount = value_of(match.group(), comma_decimals=about.comma_decimals or continental)
    if amount is None:
        return None
    unit, factor = unit_of(after["unit"])
    negative = "-" in (before["sign"], before["sign2"]) or _in_brackets(text, match, before, after)
    start = match.start() - len(before.group().lstrip())
    span = Place(start, after.end() if after.group() else match.end())
    shown = text[span.start : span.end]
    return span, Figure(
        on_one_line(shown if negative else shown.replace("(", "").replace(")", "")),
        plain.place(span.start, span.end),
        amount * factor * scale * (-1 if negative else 1),
        currency or unit,
        _step(amount) * factor * scale,
        factor,
        falls=about.may_fall and _falls(text, span),
        negated=about.may_deny and denied(text, span.start),
    )


def _step(amount: Decimal) -> Decimal:
    """Return the worth of the last digit written."""
    exponent = amount.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _in_brackets(
    text: str, number: re.Match[str], before: re.Match[str], after: re.Match[str]
) -> bool:
    """Return whether brackets make a figure negative, and do not only set it apart.

    "(1,234)" and "$(5.2)" do; "thirty (30) days" and "(2) the tenant" do not.
    """
    opened = before["open"] or before["open2"]
    closed = after["close"] or after["close2"]
    start = number.start()
    if not (opened and closed) or _IN_WORDS_TOO.search(text, max(0, start - 24), start):
        return False
    line = text[max(0, start - _LINE_CHARS) : start].rpartition("\n")[2]
    return bool(line.strip(" ($€£|-")) or _ENUMERATES.match(text, start) is None


def _falls(text: str, span: Place) -> bool:
    """Return whether the words around a figure call it a decrease."""
    if _FALL_AFTER.match(text, span.end):
        return True
    clause = _CLAUSE_END.split(text[max(0, span.start - _CLAUSE_CHARS) : span.start])[-1]
    falling = [match.start() for match in _FALLING.finditer(clause)]
    rising = [match.start() for match in _RISING.finditer(clause)]
    return bool(falling) and (not rising or falling[-1] > rising[-1])


def _with_units(plain: Plain, found: list[tuple[Place, Figure]]) -> Iterator[tuple[Place, Figure]]:
    """Give the first figure of "10-12 days" the unit that is written once."""
    for at, (span, figure) in enumerate(found):
        if not (figure.unit or figure.year_like) and at + 1 < len(found):
            next_span, following = found[at + 1]
            between = plain.text[span.end : next_span.start]
            if following.unit and len(between) < 6 and _RANGE.fullmatch(between):
                factor = following.one
                yield span, replace(
                    figure, amount=figure.amount * factor, unit=following.unit,
                    step=figure.step * factor, one=factor,
                )  # fmt: skip
                continue
        yield span, figure


def _in_words(plain: Plain, match: re.Match[str], about: _About) -> tuple[Place, Figure] | None:
    """Return a figure in words, where a unit or nothing else beside it says that it is one."""
    text, (start, end) = plain.text, match.span()
    after = AFTER.match(text, end, end + _AFTER_CHARS)
    assert after is not None
    if text[end : end + 2] == " (" and text[end + 2 : end + 3].isdigit():
        return None  # the same figure follows in digits
    currency = currency_of(None, after["unit"])
    unit, factor = unit_of(after["unit"])
    if not (currency or unit) and len(text) > len(match.group()) + 8:
        return None
    span = Place(start, after.end() if after["unit"] else end)
    amount = Decimal(value_of_words(match.group())) * factor
    return span, Figure(
        on_one_line(text[span.start : span.end]),
        plain.place(span.start, span.end),
        amount,
        currency or unit,
        factor,
        factor,
        falls=about.may_fall and _falls(text, span),
        negated=about.may_deny and denied(text, start),
    )
