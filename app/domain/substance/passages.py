"""Where an answer says what it comes to: a box, a marked line, its first or its last sentence."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from app.domain.substance.plain import Place, Plain

_REACH_CHARS = 600
_MARK_WORDS = (
    r"(?:(?:final|short|correct|direct|best|right) )?"
    r"(?:answer|conclusion|result|verdict|label|classification|category|output|choice|decision"
    r"|bottom line|holding|exception|solution|ergebnis|antwort|fazit|réponse|respuesta)"
)
_MARK = re.compile(
    r"(?im:^[ ]{0,4}(?:(?:so|therefore|thus|hence),? )?(?:(?:the|my|our) )?" + _MARK_WORDS
    + r"(?: (?:is|was|would be))?[ ]?(?:[:=]|\.(?= )|(?<=is) |(?<=be) |(?=\n))[ ]?)"
    r"|(?i:\b(?:the|my) (?:(?:final|correct|right|best|short) )?answer (?:is|would be)[: ]{1,2})"
    r"|(?m:^\#{4} ?)|\"(?:final_)?answer\" ?: ?"
)  # fmt: skip
_CUE = re.compile(
    r"(?:(?<=[.!?:] )|(?<=\n)|\A)(?i:therefore|thus|hence|accordingly|consequently|in conclusion"
    r"|to conclude|overall|in total|altogether|in sum|as a result|so|that gives|this gives"
    r"|which gives|this means)\b,? ?"
)
_WORKING = re.compile(
    r"(?i:(?:to (?:find|calculate|determine|compute|get|answer|solve|work out)|first(?:ly)?\b"
    r"|step\b"
    r"|let\b|let's|we (?:need|have|can|know|are|must|will|first)|given\b|start|begin))"
)
_STOP = re.compile(r"[.!?][\"')\]]{0,2}\s{1,2}(?=[A-Z0-9\"'(\[$€£-])")
_ABBREVIATION = re.compile(
    r"(?:(?<![A-Za-z])[A-Za-z]|\b(?:vs|[Nn]os?|[Nn]r|[Ii]nc|[Ll]td|[Cc]orp|[Cc]o|[Mm]rs?|[Mm]s"
    r"|[Dd]r"
    r"|[Ss]t|[Cc]ls?|[Ss]ecs?|[Aa]rts?|[Ss]chs?|[Pp]aras?|[Aa]bs|[Cc]f|[Aa]pprox|[Jj]an|[Ff]eb"
    r"|[Mm]ar"
    r"|[Aa]pr|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ept?|[Oo]ct|[Nn]ov|[Dd]ec|[Rr]eg|[Ii]d|pp?|etc)"
    r"|(?<![0-9])[0-9]{1,2})$"
)


@dataclass(frozen=True, slots=True)
class Passages:
    """Spans of the plain text that may hold the answer.

    `marked` is where the text itself says "Answer:" or sets a box; `cued` is the last sentence that
    begins with "therefore" or the like. `lines` are the lines that are not blank. `working` tells
    that the text opens with the steps of a calculation and not with its result.
    """

    marked: Place | None
    cued: Place | None
    lines: tuple[Place, ...]
    working: bool

    @property
    def one_line(self) -> bool:
        """Return whether the whole text is one line."""
        return len(self.lines) == 1


def passages(plain: Plain) -> Passages:
    """Return where a text may say what it comes to."""
    text = plain.text
    lines = tuple(
        Place(match.start(), match.end()) for match in re.finditer(r"[^\s](?:[^\n]*[^\s])?", text)
    )
    cue = _last(_CUE, text)
    cued = None if cue is None else sentence_at(text, cue.end())
    working = bool(lines) and _WORKING.match(text, lines[0].start) is not None
    return Passages(_boxed(text) or _marked(text), cued, lines, working)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last match, or None; no list is made of the others."""
    matches = deque(pattern.finditer(text), maxlen=1)
    return matches[0] if matches else None


def _boxed(text: str) -> Place | None:
    """Return the inside of the last box, its braces balanced."""
    at = text.rfind("\\boxed{")
    if at < 0:
        return None
    start = at + len("\\boxed{")
    depth = 1
    for match in re.compile(r"[{}]").finditer(text, start, start + _REACH_CHARS):
        depth += 1 if match.group() == "{" else -1
        if not depth:
            return Place(start, match.start())
    return None


def _marked(text: str) -> Place | None:
    """Return what follows the last mark: the rest of its line, or the paragraph below it."""
    mark = _last(_MARK, text)
    if mark is None:
        return None
    start = mark.end()
    end = _line_end(text, start)
    if text[start:end].strip(" \"'"):
        return sentence_at(text, start)
    below = re.compile(r"\s*").match(text, end)
    start = below.end() if below else end
    if start >= len(text):
        return None
    blank = re.compile(r"\n\s*\n").search(text, start, start + 4 * _REACH_CHARS)
    end = blank.start() if blank else min(len(text), start + 4 * _REACH_CHARS)
    return Place(start, end) if "\n" in text[start:end] else sentence_at(text, start)


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def sentence_at(text: str, start: int) -> Place:
    """Return the sentence that begins there, at most to the end of its line."""
    end = min(_line_end(text, start), start + _REACH_CHARS)
    for stop in _STOP.finditer(text, start, end):
        if not _ABBREVIATION.search(text[max(start, stop.start() - 12) : stop.start()]):
            return Place(start, stop.start() + 1)
    return Place(start, end)


def last_sentence(text: str, line: Place) -> Place:
    """Return the last sentence of a line."""
    start = max(line.start, line.end - _REACH_CHARS)
    for stop in _STOP.finditer(text, start, line.end):
        if not _ABBREVIATION.search(text[max(line.start, stop.start() - 12) : stop.start()]):
            start = stop.end()
    return Place(start, line.end)
