"""A text in one plain form, with the way back: where each part of it stands in the original.

Every reader here works on the plain form, so that Markdown, LaTeX, Word's quotes and blanks, full
width digits, and accents written in one character or in two never make a difference.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the original text: characters `start` up to, not with, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Way:
    """One rewriting: `here[i]` is where a piece begins in the new text, `there[i]` in the old."""

    here: tuple[int, ...]
    there: tuple[int, ...]
    old_length: int

    def back(self, at: int) -> int:
        """Return the place in the old text; inside a replaced piece, no further than its end."""
        piece = bisect_right(self.here, at) - 1
        end = self.there[piece + 1] if piece + 1 < len(self.there) else self.old_length
        return min(self.there[piece] + at - self.here[piece], end)


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text. `bold` are the spans, in the plain text, that were set in bold."""

    text: str
    source: str
    bold: tuple[Place, ...] = ()
    ways: tuple[_Way, ...] = field(default=(), repr=False)

    def place(self, start: int, end: int) -> Place:
        """Return where a span of the plain text stands in the original."""
        last = max(start, end - 1)
        for way in reversed(self.ways):
            start, last = way.back(start), way.back(last)
        return Place(start, min(last + 1, len(self.source)))


# Blanks, quotes and dashes of word processors, digits and letters of full width: one for one.
_BLANKS = (
    "\t\v\f\x00\x1c\x1d\x1e\x1f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u202f\u205f\u3000"
)
_BREAKS = "\r\x85\u2028\u2029"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
# A dash between words keeps its own sign: it is no minus.
_DASHES = "\u2010\u2011\u2012\u2013\u2212\ufe63"
_ONE_FOR_ONE: dict[int, str] = {
    **dict.fromkeys(map(ord, _BLANKS), " "),
    **dict.fromkeys(map(ord, _BREAKS), "\n"),
    **dict.fromkeys(map(ord, _SINGLE), "'"),
    **dict.fromkeys(map(ord, _DOUBLE), '"'),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **{first + digit: str(digit) for first in (0x660, 0x6F0, 0x966) for digit in range(10)},
    0x66A: "%",
    0x66B: ".",
    0x66C: ",",
    0x2015: "\u2014",
    0xFE58: "\u2014",
    0x2022: "-",  # bullets
    0x25E6: "-",
    0x25AA: "-",
}
_INNER = {"escape": "escaped", "word": "inner", "math": "formula"}
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}

# A letter with the marks that follow it, where they are written as characters of their own.
_DECOMPOSED = re.compile(
    r"[^\x00-\x1f][\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    r"\u0900-\u0903\u093c\u3099\u309a]+"
)
_MONTH_AHEAD = (
    r"(?![ ]*(?:[Jj]an|[Ff]e|[Mm]är|[Mm]ar|[Aa]p|[Mm]a[iy]|[Jj]u|[Aa]u|[Ss]ep|[Oo][ck]t|[Nn]ov"
    r"|[Dd]e))"
)
# Signs that are not seen: joiners, marks of order, direction and soft hyphens.
_UNSEEN = r"\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad"
# What opens a line and is not said: a bullet, a heading, a number in a list.
_OPENING = (
    r"[-+](?: \[[ xX]\])? {1,4}(?=\S)|\#{1,6} {1,4}|[0-9]{1,2}[.)] {1,4}(?=\S)" + _MONTH_AHEAD
)
# What carries no meaning for a reader of values; each alternative is bounded, so time is linear.
_DRESS = re.compile(
    r"(?P<drop>(?m:^(?:[ >" + _UNSEEN + r"]{1,24}(?:" + _OPENING + r")?|" + _OPENING + r"))"
    r"|(?<= ) +|[" + _UNSEEN + r"]"
    r"|(?m:^ {0,3}(?:`{3}|~{3})[\w+-]{0,20} {0,3}$)"
    r"|~~|`{1,3}|\\[()\[\]]|\\[,;:! ]"
    r"|</?(?:b|i|em|strong|u|p|div|span|sub|sup|code)(?: [^<>\n]{0,200})?>"
    r"|\[(?=[^\[\]\n]{1,300}\]\([^()\s]{1,300}\))"
    r"|\]\([^()\s]{1,300}\))"
    r"|(?P<strong>(?<![0-9*])\*{1,3}(?!\*)|\*{1,3}(?![0-9*])|(?<![\w])_{1,3}(?=[^\s_])"
    r"|(?<=[^\s_])_{1,3}(?![\w]))"
    r"|(?P<escape>\\(?P<escaped>[$%&\#_*+.\-!|>]))"
    r"|(?P<group>\{,\})"
    r"|(?P<word>\\(?:text|textbf|mathrm|mathbf)\{(?P<inner>[^{}\n]{0,200})\})"
    r"|(?P<math>\$(?=[^\s$])(?P<formula>[^$\n]{1,80})(?<=[^\s])\$(?![0-9A-Za-z]))"
    r"|(?P<line><br {0,2}/?>)"
    r"|(?P<fraction>(?<=[0-9]) ?[½¼¾])"
)


def plain(source: str) -> Plain:
    """Return a text's plain form; in time that grows with its length and no faster."""
    text, ways = source, []
    if not unicodedata.is_normalized("NFC", text):
        text, way = _rewritten(text, _DECOMPOSED, _composed)
        ways.append(way)
    text = text.translate(_ONE_FOR_ONE)
    marks: list[tuple[int, int]] = []
    text, way = _rewritten(text, _DRESS, _undressed, marks)
    ways.append(way)
    return Plain(text, source, _bold(marks), tuple(ways))


def _rewritten(
    text: str,
    pattern: re.Pattern[str],
    replacement: Callable[[re.Match[str]], str],
    marks: list[tuple[int, int]] | None = None,
) -> tuple[str, _Way]:
    """Return the text with every match replaced, and the way back.

    `marks` collects where emphasis begins or ends, as (place in the new text, signs).
    """
    parts: list[str] = []
    here, there = [0], [0]
    length = done = 0
    for match in pattern.finditer(text):
        kept, new = text[done : match.start()], replacement(match)
        length += len(kept)
        if marks is not None and match.lastgroup == "strong":
            marks.append((length, len(match.group())))
        parts += (kept, new)
        here.append(length)
        there.append(match.start(_INNER.get(match.lastgroup or "", 0)))
        length += len(new)
        here.append(length)
        there.append(match.end())
        done = match.end()
    parts.append(text[done:])
    return "".join(parts), _Way(tuple(here), tuple(there), len(text))


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match.group())


def _undressed(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "escape":
            return match["escaped"]
        case "group":
            return ","
        case "word":
            return match["inner"]
        case "math":
            return match["formula"].replace("{,}", ",").replace("\\%", "%").replace("\\$", "$")
        case "line":
            return "\n"
        case "fraction":
            return _FRACTIONS[match.group().strip()]
        case _:
            return ""


def _bold(marks: list[tuple[int, int]]) -> tuple[Place, ...]:
    """Return the spans between marks of two or three signs, taken in pairs."""
    strong = [at for at, signs in marks if signs > 1]
    pairs = zip(strong[::2], strong[1::2], strict=False)
    return tuple(Place(start, end) for start, end in pairs if end > start)
