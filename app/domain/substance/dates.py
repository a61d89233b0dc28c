"""Dates in a text: the many ways of writing one, as ISO, as exact as they were written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain.substance.figures import free, merged
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import WrittenDate, denied, on_one_line

# English first; then German, French, Spanish, Italian and Dutch where they differ.
_MONTHS = {
    1: "january jan januar janvier enero ene gennaio januari jänner",
    2: "february feb februar février febrero febbraio februari",
    3: "march mar märz mars marzo maart mrz",
    4: "april apr avril abril aprile avr",
    5: "may mai mayo maggio mei",
    6: "june jun juni juin junio giugno",
    7: "july jul juli juillet julio luglio juil",
    8: "august aug août agosto augustus",
    9: "september sept sep septembre septiembre settembre",
    10: "october oct oktober okt octobre octubre ottobre",
    11: "november nov novembre noviembre",
    12: "december dec dezember dez décembre diciembre dicembre déc dic",
}
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split()}
_MONTH = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_NAMED = rf"(?i:{_MONTH})\b\.?"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|2100)"
_TH = r"(?:(?i:st|nd|rd|th|er)|º|\.)?"
_TO = r" ?(?:-|—|to|through|until|till|bis|au|al) ?"
_AND = r" (?:and|&|und|et|y|e|en) "
_GAP = r"(?:,?\s{1,2}|-|\.)"
_YEAR_TAIL = rf"(?:(?:,?\s{{1,2}}|-|/)(?:(?:of|de|del)\s)?(?P<%s>{_YEAR})(?![0-9]))?"
_START = r"(?<![0-9A-Za-z_])(?<![0-9][.,/:-])"
_END = r"(?![0-9])(?![.,/:][0-9])"

_FORMS = (
    # 2026-03-18  2026/3/18
    (rf"{_START}(?P<y1>{_YEAR})(?P<s1>[-/.])(?P<m1>0?[1-9]|1[0-2])(?P=s1)(?P<d1>{_DAY})"
     r"(?:T[0-9:.]{4,15}Z?)?" + _END),
    # 18.03.2026  03/18/2026  18-3-26
    rf"{_START}(?P<n2>{_DAY})(?P<s2>[./-])(?P<o2>{_DAY})(?P=s2)(?P<y2>{_YEAR}|[0-9]{{2}}){_END}",
    # 18 March 2026  the 18th day of March, 2026  1-15 March 2026  18-Mar-2026
    (rf"{_START}(?P<d3>{_DAY}){_TH}(?:(?:{_TO}"
        rf"|(?P<j3>{_AND}))(?P<e3>{_DAY}){_TH})?(?:\sday)?(?:\s(?:of|de))?{_GAP}"
     rf"(?P<m3>{_NAMED})" + _YEAR_TAIL % "y3"),
    # March 18, 2026  Mar. 1-15, 2026
    (rf"(?<![A-Za-z])(?P<m4>{_NAMED})\s{{1,2}}(?P<d4>{_DAY}){_TH}(?![0-9])"
     rf"(?:(?:{_TO}|(?P<j4>{_AND}))(?P<e4>{_DAY}){_TH}(?![0-9A-Za-z]))?" + _YEAR_TAIL % "y4"),
    # March 2026
    rf"(?<![A-Za-z])(?P<m5>{_NAMED}),?(?:\s{{1,2}}|-)(?:(?:of|de)\s)?(?P<y5>{_YEAR})(?![0-9])",
    # Q3 2026  third quarter of 2026
    (rf"(?<![A-Za-z0-9])(?:Q(?P<q6>[1-4])|(?P<w6>(?i:first|second|third|fourth)) quarter(?: of)?)"
     rf"[ /-]?(?:FY ?|fiscal )?(?P<y6>{_YEAR})(?![0-9])"),
    # FY2019  fiscal year 2019  FY19
    (rf"(?<![A-Za-z])(?:FY ?'?|(?i:fiscal|financial|calendar) (?:year )?)"
     rf"(?P<y7>{_YEAR}|[0-9]{{2}})(?![0-9,.%-])"),
    # 2017-2019
    rf"{_START}(?P<y8>{_YEAR}){_TO}(?P<z8>{_YEAR})(?![0-9A-Za-z%])(?![.,'/-][0-9])",
    # 2026
    rf"{_START}(?<![$€£¥])(?<![$€£¥] )(?P<y9>{_YEAR})(?![0-9A-Za-z%])(?![.,'/:-][0-9])(?! ?(?:%|€"
    rf"|£))",
)  # fmt: skip
_DATE = re.compile("|".join(f"(?:{form})" for form in _FORMS))
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_COUNTED = re.compile(
    r" ?(?i:shares?|units?|employees?|dollars?|euros?|pounds?|days?|people|persons?|words?|percent"
    r"|million|thousand|USD|EUR|GBP)\b"
)
_BETWEEN = re.compile(
    r"(?: ?[-—] ?|,? (?:to|through|until|till|up to|and ending on|ending on|bis"
    r"|au)(?: and including)? )"
    r"(?:the )?"
)
_CENTURY, _PIVOT = 100, 70


@dataclass(frozen=True, slots=True)
class _Read:
    """One date as read: its ISO form, and the second reading where there are two."""

    iso: str
    other: str = ""


def dates(plain: Plain, taken: Sequence[Place] = ()) -> tuple[list[WrittenDate], list[Place]]:
    """Return the dates of a text in its order, and the places in the plain text they take.

    A number such as 2026 counts as a year here; whoever looks for a figure asks for it again.
    """
    found: list[tuple[Place, WrittenDate]] = []
    for match in free(_DATE.finditer(plain.text), taken):
        read = _read(match, plain.text)
        if read is None:
            continue
        span = Place(*match.span())
        shown = on_one_line(match.group().strip(" ,."))
        negated = denied(plain.text, span.start)
        date = WrittenDate(shown, plain.place(*match.span()), read.iso, read.other, negated)
        found.append((span, date))
    joined = list(_ranges(plain, found))
    return [date for _, date in joined], merged([], (span for span, _ in joined))


def _read(match: re.Match[str], text: str) -> _Read | None:
    """Return what the form that matched says, or None where no calendar has such a day."""
    part = match.groupdict()
    if part["y1"]:
        return _day(part["y1"], int(part["m1"]), part["d1"])
    if part["y2"]:
        return _numeric(part["n2"], part["o2"], _full(part["y2"]), part["s2"])
    for form in ("3", "4"):
        if part[f"d{form}"]:
            return _named(part, form)
    if part["y5"]:
        return _Read(f"{part['y5']}-{_month(part['m5']):02d}")
    if part["y6"]:
        quarter = part["q6"] or _ORDINALS[part["w6"].casefold()]
        return _Read(f"{part['y6']}-Q{quarter}")
    if part["y7"]:
        return _Read(_full(part["y7"]))
    if part["y8"]:
        return _Read("/".join(sorted((part["y8"], part["z8"] or ""))))
    return None if _COUNTED.match(text, match.end()) else _Read(part["y9"])


def _named(part: dict[str, str | None], form: str) -> _Read | None:
    """Return a day or a span of days beside a month's name, with its year if there is one."""
    name, first, last, year = (part[f"{letter}{form}"] for letter in "mdey")
    assert name is not None
    if form == "4" and name == "may" and not year:
        return None  # "the tenant may 30 days later"
    begin, end = _day(year, _month(name), first), _day(year, _month(name), last or first)
    if begin is None or end is None or last is None:
        return begin
    return _Read(f"{begin.iso}{'&' if part[f'j{form}'] else '/'}{end.iso}")


def _month(name: str) -> int:
    return _MONTH_OF[name.rstrip(".").casefold()]


def _day(year: str | None, month: int, day: str | None) -> _Read | None:
    number = int(day or 0)
    longest = calendar.monthrange(int(year) if year else 2024, month)[1]
    if not 1 <= number <= longest:
        return None
    return _Read(f"{year or '-'}-{month:02d}-{number:02d}")


def _numeric(first: str, second: str, year: str, separator: str) -> _Read | None:
    """Return a date in numbers: day first after a full stop, else both readings where both fit."""
    european = _day(year, int(second), first) if int(second) <= 12 else None
    american = _day(year, int(first), second) if int(first) <= 12 else None
    if separator == ".":
        return european
    if european is None or american is None or european == american:
        return european or american
    return _Read(american.iso, european.iso)


def _full(year: str) -> str:
    """Return four digits of a year: 26 is 2026, 98 is 1998."""
    if len(year) > 2:
        return year
    return f"{'20' if int(year) < _PIVOT else '19'}{year}"


def _ranges(
    plain: Plain, found: list[tuple[Place, WrittenDate]]
) -> Iterator[tuple[Place, WrittenDate]]:
    """Join two days with a "to" between them; the first takes over a year written once."""
    at = 0
    while at < len(found):
        span, date = found[at]
        if at + 1 < len(found):
            next_span, following = found[at + 1]
            between = plain.text[span.end : next_span.start]
            if _joins(between, date, following):
                whole = Place(span.start, next_span.end)
                iso = f"{_with_year(date.iso, following.iso)}/{following.iso}"
                shown = on_one_line(plain.text[whole.start : whole.end].strip(" ,."))
                place = plain.place(whole.start, whole.end)
                yield whole, replace(date, shown=shown, place=place, iso=iso)
                at += 2
                continue
        yield span, date
        at += 1


def _joins(between: str, first: WrittenDate, second: WrittenDate) -> bool:
    plainly = not any({"/", "&"} & set(date.iso) or date.other for date in (first, second))
    return plainly and len(between) < 40 and _BETWEEN.fullmatch(between) is not None


def _with_year(iso: str, other: str) -> str:
    if iso.startswith("--") and not other.startswith("--"):
        return f"{other[:4]}-{iso[2:]}"
    return iso
