"""Code in an answer, in a form that blanks, comments on lines of their own and tabs leave alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.substance.plain import Place

_FENCE = re.compile(r"(?m:^ {0,3}(?P<fence>`{3,}|~{3,})(?P<language>[^\n`]{0,40})$)")
_QUOTED = re.compile(r"[\"'`]")
_COMMENT = re.compile(r"(?:#(?!include|define|if|endif|else)|//|--)(?: |$)")


@dataclass(frozen=True, slots=True)
class Code:
    """One fenced block: its language as given, its normal form, and where it stands."""

    language: str
    text: str
    place: Place


def code_blocks(source: str) -> tuple[list[Code], bool]:
    """Return the fenced blocks of a text, and whether the last one was left open."""
    found: list[Code] = []
    opening: re.Match[str] | None = None
    for fence in _FENCE.finditer(source):
        if opening is None:
            opening = fence
        elif fence["fence"].startswith(opening["fence"]) and not fence["language"].strip():
            start, end = opening.end() + 1, fence.start()
            language = opening["language"].strip().casefold()
            found.append(Code(language, normalised(source[start:end]), Place(start, end)))
            opening = None
    return found, opening is not None


def normalised(code: str) -> str:
    """Return code without blank lines, lines that are comments, and needless blanks.

    What lies deeper than the line before stays deeper: indentation is kept as its depth.
    """
    depths = [0]
    kept: list[str] = []
    for line in code.expandtabs(4).splitlines():
        # Blanks inside quotes mean something.
        words = line.strip() if _QUOTED.search(line) else " ".join(line.split())
        if not words or _COMMENT.match(words):
            continue
        indent = len(line) - len(line.lstrip())
        while depths and depths[-1] > indent:
            depths.pop()
        if not depths or depths[-1] < indent:
            depths.append(indent)
        kept.append(f"{'>' * (len(depths) - 1)}{words}")
    return "\n".join(kept)
