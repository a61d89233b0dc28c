"""Names in a text: parties, people and companies."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.substance.figures import free
from app.domain.substance.plain import Place, Plain
from app.domain.substance.values import Name, on_one_line

_FORMS = (
    "inc|incorporated|llc|llp|lp|ltd|limited|plc|corp|corporation|company|gmbh|ag|kg|se|sa|sas"
    "|sarl|spa|srl"
    "|bv|nv|ab|as|oy|pty|pte|kk|co"
)
_FORM = re.compile(rf"(?:,? +(?:{_FORMS})\.?)+$", re.IGNORECASE)
_DOTTED = re.compile(r"\b((?:[A-Za-z]\.){2,})")
# A full stop belongs to short words only: initials, "Inc.", "Educ."; others end a sentence.
_WORD = r"(?:(?:[A-Z][A-Za-z]{0,3}\.)++(?=[ ,A-Z&]|$)|[A-Z\u00c0-\u00de][\w'&-]*+)"
_LINK = r"(?:of the|of|de la|de|del|della|van der|van|von|der|zu|da|di|du|al|bin|&)"
_NAME = re.compile(
    rf"(?<![\w])(?:{_WORD})(?:(?:,(?= (?i:inc(?:orporated)?|llc|llp|ltd|limited|l\.p|s\.a"
    rf"|corp(?:oration)?|gmbh|plc"
    rf"|n\.a)\b))? (?:{_LINK} )?{_WORD}){{0,9}}+(?:(?<=\b[A-Za-z])\.)?"
)
_TITLES = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|sir|hon|messrs|judge|justice|the|a|an)\.? )+", re.IGNORECASE
)
# Words that open a sentence or stand for a role, not for somebody.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "a according accordingly after agreement all also although an and answer any appellant as "
        "at based because before borrower both but buyer by clause clauses client companies "
        "company "
        "complaint conclusion consequently contract court date defendant defendants description "
        "each either employee employer every excerpt explanation final finally first following for "
        "from given he hence here however i if in individual individuals it its landlord later "
        "lender lessee lessor licensee licensor list may my name named names no none not note "
        "of on "
        "only or other our overall parties party per plaintiff plaintiffs please question reason "
        "respondent result second section seller she short since so some statement step supplier "
        "tenant text that the their there therefore these they this those three thus to two under "
        "unlike we what when where whether which while who with would yes yet you your",
    )
)


def names(plain: Plain, taken: Sequence[Place] = ()) -> tuple[list[Name], list[Place]]:
    """Return the names of a text in its order, and their places in the plain text."""
    found: list[Name] = []
    places: list[Place] = []
    for match in free(_NAME.finditer(plain.text), taken):
        start, end = _trimmed(plain.text, *match.span())
        if start < end:
            found.append(name_of(plain.text[start:end], plain.place(start, end)))
            places.append(Place(start, end))
    return found, places


def name_of(words: str, place: Place) -> Name:
    """Return a name in its normal form: no title, no legal form in the key, one way of writing."""
    shown = on_one_line(words.strip(" ,.;:\"'()"))
    plainly = _DOTTED.sub(lambda match: match.group().replace(".", ""), words.strip(" ,;:\"'()"))
    plainly = _TITLES.sub("", plainly)
    form = _FORM.search(plainly)
    # A legal form alone is somebody's name: "The Limited".
    body = plainly[: form.start()] if form and form.start() else plainly
    kind = re.sub(r"[^a-z]", "", form.group().casefold()) if form and form.start() else ""
    return Name(shown, place, name_words(body), _SAME_FORM.get(kind, kind))


def name_words(text: str) -> str:
    """Return a text's words as names are compared: in lower case, initials drawn together."""
    together = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    return " ".join(re.findall(r"[^\W_]+", together.casefold().replace("&", " and ")))


_SAME_FORM = {
    "incorporated": "inc", "limited": "ltd", "corporation": "corp", "company": "co",
    "companylimited": "coltd", "companyinc": "coinc",
}  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out common words at the beginning, and full stops and links at the end."""
    words = list(re.finditer(r"[^ ]+", text[start:end]))
    first = 0
    while first < len(words) and words[first].group().casefold().strip(".,'") in _COMMON:
        first += 1
    if first == len(words):
        return end, end
    kept = text[start + words[first].start() : end].rstrip(" ,&'")
    if kept.endswith(".") and not _FORM.search(kept) and not re.search(r"\b[A-Z]\.$", kept):
        kept = kept[:-1]
    kept = kept.removesuffix("'s")
    begin = start + words[first].start()
    return begin, begin + len(kept)
