"""What a piece of code puts out, as an answer gives it: order and case mean something."""

from __future__ import annotations

import re

from app.domain.substance.reading import Reading

_INLINE = re.compile(r"(?<!`)`([^`\n]{1,4000})`(?!`)")
_LEAD = re.compile(
    r"^(?i:\**(?:the )?(?:final |correct )?(?:output|answer|result)(?: is| will be| would be)?\**"
    r"[: ]+\**)"
)
_TOKEN = re.compile(r"'(?:[^'\\\n]|\\.)*+'|\"(?:[^\"\\\n]|\\.)*+\"|[\w.+-]+|[^\s\w]")
_CLOSES = (")", "]", "}", "'", '"')


def output_of(read: Reading) -> str:
    """Return the output that an answer gives, in a normal form; empty where it gives none.

    A list or another literal is written one way, whatever its quotes and blanks, and a text
    without its quotes. [1, 2] and [2, 1] are not the same, nor are 7 and 7.0.
    """
    said = _said(read)
    if said[:1] in ("[", "(", "{"):
        return " ".join(_token(match.group()) for match in _TOKEN.finditer(said))
    text = _TOKEN.fullmatch(said)
    return said[1:-1] if text is not None and said[:1] in ("'", '"') else said


def _token(token: str) -> str:
    return f"'{token[1:-1]}'" if token[:1] in ("'", '"') and len(token) > 1 else token


def _said(read: Reading) -> str:
    """Return the words that are the output: the last code block, inline code, or the last line."""
    source = read.plain.source
    if read.code:
        span = read.code[-1].place
        said = _last_line(source[span.start : span.end])
    elif read.where.marked is not None and read.where.marked.start < read.where.marked.end:
        place = read.plain.place(read.where.marked.start, read.where.marked.end)
        end = source.find("\n", place.end)
        start = source.rfind("\n", 0, place.start) + 1
        said = source[start : end if end >= 0 else len(source)]
    else:
        said = _last_line(source)
    inline = _INLINE.findall(said)
    said = inline[-1] if inline else _LEAD.sub("", said.strip("*` ").rpartition("== ")[2])
    said = said.strip("*` ")
    return said[:-1] if said[-1:] == "." and said[-2:-1] in _CLOSES else said


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
