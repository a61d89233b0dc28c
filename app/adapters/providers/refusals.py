"""Fields that a server or a model does not take: learned from its refusal, remembered, not sent.

What is known beforehand is data in `quirks.py`; this is for the rest. A refusal names the field
(`unsupported_parameter`, `unsupported_value`, "extra inputs are not permitted", …). It is answered
by one change, which is remembered for that address and model. A limit that is higher than the
model allows is lowered to what the refusal says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.adapters.providers.json_text import loads
from app.adapters.providers.wire_error import Meaning, WireError

Amendments = frozenset[str]
NONE: Amendments = frozenset()
Path = tuple[str, ...]

# A prompt that is too long is often told by naming the length limit too.
_ABOUT_SOMETHING_ELSE = (Meaning.TOO_LONG, Meaning.FILTERED, Meaning.SPENT)
_AT_MOST = "at most "
_ALLOWED = re.compile(
    r"(?:at most|maximum|up to|less than or equal to|must be under|<=|>|,)\D{0,60}?(\d[\d,]{2,})"
)


@dataclass(frozen=True, slots=True)
class Refusable:
    """One field of a request that may be refused.

    `path` leads to it from the top of the body. `instead` is the name under which it is sent
    then; empty leaves it out. `also` are further words by which a refusal speaks of it.
    """

    path: Path
    instead: str = ""
    also: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return how an amendment calls it."""
        return ".".join(self.path)

    def named_in(self, error: WireError) -> bool:
        """Return whether a refusal speaks of this field."""
        return any(error.names(word) for word in (self.path[-1], self.name, *self.also))


def refusal(
    error: WireError,
    sent: bytes,
    refusable: Iterable[Refusable],
    limits: Iterable[Path],
    used: Amendments,
) -> str:
    """Return the one change that answers this refusal, or an empty string."""
    if error.meaning in _ABOUT_SOMETHING_ELSE:
        return ""
    body = loads(sent)
    for path in limits:
        lower = _allowed(error, path, _at(body, path))
        if lower and f"{_AT_MOST}{lower}" not in used:
            return f"{_AT_MOST}{lower}"
    for field in refusable:
        if field.name not in used and _at(body, field.path) is not None and field.named_in(error):
            return field.name
    return ""


def amended(
    body: dict[str, object],
    refusable: Iterable[Refusable],
    limits: Iterable[Path],
    amendments: Amendments,
) -> dict[str, object]:
    """Return the body with what was learned."""
    if not amendments:
        return body
    most = min((int(word[len(_AT_MOST) :]) for word in amendments if word.startswith(_AT_MOST)),
               default=0)  # fmt: skip
    for path in limits:
        known = _at(body, path)
        if most and isinstance(known, int) and known > most:
            body = _with(body, path, most)
    for field in refusable:
        value = _at(body, field.path)
        if field.name in amendments and value is not None:
            body = _with(body, field.path, None)
            if field.instead:
                body = _with(body, (*field.path[:-1], field.instead), value)
    return body


def _allowed(error: WireError, path: Path, sent: object) -> int:
    """Return the highest limit that a refusal of this limit allows, or 0."""
    if not isinstance(sent, int) or not error.names(path[-1]):
        return 0
    told = (int(found.replace(",", "")) for found in _ALLOWED.findall(error.words))
    return max((number for number in told if 0 < number < sent), default=0)


def _at(body: object, path: Path) -> object:
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def _with(body: Mapping[str, object], path: Path, value: object) -> dict[str, object]:
    """Return a copy with this value at the path, or, for None, without what stands there."""
    name, rest = path[0], path[1:]
    copy = dict(body)
    if rest:
        inner = copy.get(name)
        value = _with(inner if isinstance(inner, Mapping) else {}, rest, value) or None
    if value is None:
        copy.pop(name, None)
    else:
        copy[name] = value
    return copy
