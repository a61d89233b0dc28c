"""Citations in a text: cases, statutes, numbered provisions of a contract, docket numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.substance.figures import free, merged
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import Citation, denied, on_one_line

_PARTY_CHARS = 90
_SORTS = {
    "section": r"§§?|sections?|secs?\.|ss?\.(?= ?[0-9])|subsections?|clauses?|sub-clauses?|cls?\.|"
    r"paragraphs?|paras?\.?|provisions?",
    "article": r"articles?|arts?\.|artikel",
    "rule": r"rules?|regulations?|regs?\.",
    "schedule": r"schedules?|schs?\.|annex(?:es)?|appendix|appendices|exhibits?|attachments?",
    "recital": r"recitals?",
}
_NUMBER = (
    r"(?:[0-9]{1,5}[A-Za-z]{0,2}(?![A-Za-z])|[IVXLC]{1,7}(?![A-Za-z])|[A-Z](?![A-Za-z]))"
    r"(?:[.:-][0-9]{1,4}[A-Za-z]?(?![A-Za-z0-9]))*+(?:\([0-9A-Za-z]{1,5}\))*+"
)
_WORDS = "|".join(f"(?P<{sort}>{words})" for sort, words in _SORTS.items())
_ACT = (
    r"(?:,? (?:of|in|under|der|des|du|de la) (?:the )?|,? )"
    r"(?P<act>(?:[A-Z][A-Za-z'&-]{1,24} ){0,6}?(?:Act|Code|Regulation|Directive|Rules|Law|Order"
    r"|Constitution"
    r"|Convention|Treaty|Statute|Agreement|Contract|Lease|Deed)\b(?: [0-9]{4}\b)?"
    r"|(?!(?:USD|EUR|GBP|CHF|AND|OR|THE|NOT|YES|NO)\b)[A-Z][A-Za-z]{0,5}[A-Z]{1,3}\b(?:-[A-Z]\b)?)"
)
_PROVISION = re.compile(
    r"(?:(?P<before>\b[A-Z]{2,6}|\b[A-Z][A-Za-z]+ (?:Act|Code|Rules)),? )?"
    rf"(?<![A-Za-z])(?i:{_WORDS})\.?\s{{0,2}}(?P<number>{_NUMBER})"
    rf"(?P<more>(?:(?:, | and | or | & | to |-|, and )(?:§ ?)?{_NUMBER}(?![A-Za-z]))" + r"{0,12})"
    rf"(?:{_ACT})?"
)
_EACH = re.compile(_NUMBER)
_FEDERAL = re.compile(
    r"(?<![0-9])(?P<title>[0-9]{1,3}) (?P<code>U\.? ?S\.? ?C\.?(?:A\.)?|C\.? ?F\.? ?R\.?)"
    r",? ?(?:§{1,2} ?|[Ss]ec(?:tion|\.)s? ?"
    r"|[Pp]art )?(?P<section>[0-9]{1,5}[a-z]{0,2}(?:[.-][0-9]{1,4}[a-z]?)*+"
    r"(?:\([0-9A-Za-z]{1,5}\))*+)"
)
_REPORTER = re.compile(
    r"(?<![0-9])(?P<volume>[0-9]{1,4}) "
    r"(?P<reporter>(?:[A-Z][A-Za-z]{0,8}['.]{1,2}(?: ?[A-Za-z0-9]{1,6}[.'][a-z]?){0,4}|F\.[234]d"
    r"|F\.4th|US)(?: ?[234]d|4th)?)"
    r" (?P<page>[0-9]{1,5})(?![0-9])"
)
_NEUTRAL = re.compile(
    r"\[(?P<year>[0-9]{4})\] (?:[0-9]{1,2} )?(?P<court>[A-Z][A-Za-z]{1,8})"
    r"(?: (?P<division>Civ|Crim|Ch|QB|KB|Admin|Comm|Fam|Pat|TCC|IPEC))? (?P<number>[0-9]{1,5})"
    r"(?: \((?:Civ|Crim|Ch|QB|KB|Admin|Comm|Fam|Pat|TCC|IPEC)\))?"
)
_EUROPEAN_COURT = re.compile(
    r"(?<![A-Za-z0-9])(?:ECLI:[A-Z]{2}:[A-Z]{1,6}:[0-9]{4}:[A-Z0-9.]{1,20}"
    r"|[CTF]-[0-9]{1,4}/[0-9]{2})(?![0-9])"
)
_DOCKET = re.compile(
    r"(?:(?i:case|docket|civil action|index|claim)\s(?i:nos?\.?|number)|\bNos?\.) ?"
    r"(?P<docket>(?=[A-Z:-]{0,12}[0-9])[0-9A-Za-z][0-9A-Za-z:/-]{2,30})"
    r"|(?<![0-9A-Za-z])(?P<federal>[0-9]:[0-9]{2}-[a-z]{2}-[0-9]{3,6}(?:-[A-Z]{2,4}){0,3})"
)
_VERSUS = re.compile(r"(?<=[A-Za-z.)'])\s(?:v|vs|V|versus)\.?\s(?=[A-Z])")
_LEFT_PARTY = re.compile(
    r"(?:(?:[A-Z][A-Za-z.'-]*|&|of|the|and|de|for|ex|rel\.|In|re),? ){0,8}[A-Z][A-Za-z.'-]*\)?$"
)
_RIGHT_PARTY = re.compile(
    r"[A-Z][A-Za-z'-]*\.?(?: (?:&|of|the|and|de|for|ex|rel\.|[A-Z][A-Za-z'-]*\.?)){0,7}+"
)
_LEAD = re.compile(r"\A(?:(?:See|In|Under|As|Cf|The|Accord|Also|And|But)[.,]? )+")
_SMALL = frozenset(
    ("of", "the", "and", "de", "for", "in", "see", "under", "as", "cf", "accord", "also")
)


def citations(plain: Plain) -> tuple[list[Citation], list[Place]]:
    """Return the citations of a text in its order, and the places in the plain text they take."""
    found: list[tuple[Place, Citation]] = []
    for read in (_cases, _reported, _provisions, _dockets):
        taken = merged([], (span for span, _ in found))
        found += [item for item in read(plain, taken) if item is not None]
    found.sort(key=lambda item: item[0].start)
    return [citation for _, citation in found], [span for span, _ in found]


def _citation(
    plain: Plain, start: int, end: int, sort: str, key: str, act: str = ""
) -> tuple[Place, Citation]:
    start += len(plain.text[start:end]) - len(_LEAD.sub("", plain.text[start:end]))
    shown = on_one_line(plain.text[start:end].strip(" ,;"))
    negated = denied(plain.text, start)
    return Place(start, end), Citation(shown, plain.place(start, end), sort, key, act, negated)


def _cases(plain: Plain, _taken: list[Place]) -> Iterator[tuple[Place, Citation]]:
    """Find "Smith v. Jones": by the v, then as many capitalised words as stand beside it."""
    text = plain.text
    for versus in _VERSUS.finditer(text):
        begin = max(0, versus.start() - _PARTY_CHARS)
        left = _LEFT_PARTY.search(text[begin : versus.start()].rpartition("\n")[2])
        right = _RIGHT_PARTY.match(text, versus.end(), versus.end() + _PARTY_CHARS)
        if left is None or right is None:
            continue
        first, second = _party(left.group()), _party(right.group())
        if first and second:
            start = versus.start() - len(left.group())
            end = versus.end() + len(right.group().rstrip(" ."))
            yield _citation(plain, start, end, "case", f"{first} v {second}")


def _party(words: str) -> str:
    """Return a party's name without what only leads to it or stands between its words."""
    names = [re.sub(r"[^a-z0-9]", "", word.casefold()) for word in words.split()]
    return " ".join(name for name in names if name and name not in _SMALL)


def _reported(plain: Plain, taken: list[Place]) -> Iterator[tuple[Place, Citation]]:
    text = plain.text
    for match in free(_FEDERAL.finditer(text), taken):
        code = re.sub(r"[^A-Z]", "", match["code"])[:3]
        number = match["section"].casefold()
        yield _citation(
            plain, *match.span(), "statute", f"{match['title']} {code} {number}".casefold()
        )
    for match in free(_NEUTRAL.finditer(text), taken):
        parts = (match["year"], match["court"], match["division"] or "", match["number"])
        yield _citation(plain, *match.span(), "case", " ".join(filter(None, parts)).casefold())
    for match in free(_EUROPEAN_COURT.finditer(text), taken):
        yield _citation(plain, *match.span(), "case", match.group().casefold())
    for match in free(_REPORTER.finditer(text), taken):
        reporter = re.sub(r"[^a-z0-9]", "", match["reporter"].casefold())
        if reporter not in ("usc", "cfr"):
            key = f"{match['volume']} {reporter} {match['page']}"
            yield _citation(plain, *match.span(), "report", key)


def _provisions(plain: Plain, taken: list[Place]) -> Iterator[tuple[Place, Citation]]:
    for match in free(_PROVISION.finditer(plain.text), taken):
        sort = next(name for name in _SORTS if match[name])
        act = _plainly(match["act"] or match["before"] or "")
        start = match.start() if match["before"] else match.start(sort)
        first_end = match.end("number")
        if not match["more"]:
            first_end = match.end() if match["act"] else first_end
        if re.fullmatch(r"[A-Z]|[IVXLC]{1,7}", match["number"]) and sort == "section":
            continue  # "Section A" of a form, not of a statute
        yield _citation(plain, start, first_end, sort, _key(match["number"]), act)
        for more in _EACH.finditer(match["more"] or ""):
            at = match.start("more")
            span = (at + more.start(), at + more.end())
            yield _citation(plain, *span, sort, _key(more.group()), act)


def _key(number: str) -> str:
    return number.casefold().rstrip(".:-")


def _plainly(act: str) -> str:
    return re.sub(r"[^a-z0-9]", "", act.casefold())


def _dockets(plain: Plain, taken: list[Place]) -> Iterator[tuple[Place, Citation]]:
    for match in free(_DOCKET.finditer(plain.text), taken):
        number = (match["docket"] or match["federal"]).casefold().strip("-:/")
        yield _citation(plain, *match.span(), "docket", number)
