"""Whether two answers agree in substance, in what, and what differs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

from app.domain.substance.comparing import compared
from app.domain.substance.kind import Kind
from app.domain.substance.outcome import Agreement, Obstacle, Outcome
from app.domain.substance.passages import Passages
from app.domain.substance.reading import Reading, reading
from app.domain.substance.verdicts import refuses, says_none, unsure

_LOOP_LINES, _LOOP_CHARS = 20, 10
_UNREADABLE = 10  # one character in so many that cannot be read makes a text unreadable
_UNFINISHED = (",", ";", ":", "(", "…")
_CHOOSES = (Kind.CHOICE, Kind.LABEL, Kind.CODE, Kind.YES_NO)


def agreement(
    one: str, other: str, kind: Kind, labels: Sequence[str] = (), asks: str = ""
) -> Agreement:
    """Compare two answers to a prompt that asks for `kind`; `labels` are those it offers.

    What `asks` names, the question itself, is no answer where more is said. Where in doubt two
    answers do not agree: a false disagreement costs one more answer, a false agreement lets a
    wrong one stand.
    """
    first, second = reading(one), reading(other)
    obstacles = _obstacle(first, kind), _obstacle(second, kind)
    if any(obstacles):
        return Agreement(Outcome.CANNOT_COMPARE, kind, obstacles=obstacles)
    if asks:
        named = reading(asks)
        first, second = first.without(named), second.without(named)
    return compared(first, second, kind, tuple(labels))


def _obstacle(read: Reading, kind: Kind) -> Obstacle | None:
    text = read.plain.text
    if kind is Kind.OUTPUT:  # where "[]" says something, and so does a bracket at the end
        return None if text.strip() else Obstacle.EMPTY
    if not any(character.isalnum() for character in text):
        return Obstacle.EMPTY
    if read.code_open or _box_open(text) or text.rstrip()[-1:] in _UNFINISHED:
        return Obstacle.CUT
    if _malformed(text, read.where):
        return Obstacle.MALFORMED
    if refuses(read.plain) and read.where.marked is None:
        return Obstacle.REFUSED
    if kind in _CHOOSES or says_none(read.plain, read.where):
        return None
    return Obstacle.UNSURE if unsure(read.plain, read.where) else None


def _box_open(text: str) -> bool:
    at = text.rfind("\\boxed{")
    return at >= 0 and "}" not in text[at:]


def _malformed(text: str, where: Passages) -> bool:
    """Return whether a text is broken JSON, mostly unreadable, or a loop of one line."""
    if text.count("\ufffd") * _UNREADABLE > len(text):
        return True
    body = text.strip()
    if re.match(r"\{\s*\"", body):
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            return True
    if len(where.lines) < _LOOP_LINES:
        return False
    lines = Counter(text[line.start : line.end] for line in where.lines)
    most, times = lines.most_common(1)[0]
    return len(most) >= _LOOP_CHARS and 2 * times > len(where.lines)
