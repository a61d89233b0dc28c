"""Finding words in an answer, across all its segments."""

from __future__ import annotations

import re
from typing import NamedTuple

from app.ui.widgets.markdown_column import Column
from app.ui.widgets.markdown_text import utf16_length


class Match(NamedTuple):
    """Where words were found: a segment, and characters of it in Qt's count."""

    segment: int
    start: int
    end: int


class Finder:
    """Looks for words, whatever their case, and remembers which hit is the present one."""

    def __init__(self, column: Column) -> None:
        self._column = column
        self._pattern: re.Pattern[str] | None = None
        self.current: Match | None = None

    def look_for(self, words: str) -> int:
        """Look for ``words``; return how often they occur. Empty words end the search."""
        self._pattern = re.compile(re.escape(words), re.IGNORECASE) if words else None
        self.current = None
        return len(self.matches())

    def clear(self) -> None:
        """End the search."""
        self._pattern = self.current = None

    def matches(self) -> list[Match]:
        """All hits, in reading order."""
        count = len(self._column.segments) if self._pattern else 0
        return [match for index in range(count) for match in self.matches_in(index)]

    def matches_in(self, index: int) -> list[Match]:
        """Hits in one segment."""
        if self._pattern is None:
            return []
        text = self._column.flat(index)
        return [
            Match(index, utf16_length(text[: m.start()]), utf16_length(text[: m.end()]))
            for m in self._pattern.finditer(text)
        ]

    def step(self, forwards: bool, start: Match) -> Match | None:
        """Move to the next hit after ``start``, or the one before it, going round at the ends."""
        found = self.matches()
        if not found:
            self.current = None
        elif forwards:
            self.current = next((m for m in found if m > start), found[0])
        else:
            self.current = next((m for m in reversed(found) if m < start), found[-1])
        return self.current
