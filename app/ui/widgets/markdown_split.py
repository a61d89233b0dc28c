"""Cuts growing Markdown into pieces that will not change any more, and an open tail.

A view lays each finished piece out once. So the cost of new text is that of the tail, whose size
is capped whatever arrives: an endless paragraph or line, a huge fence or table is cut as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.ui.widgets.markdown_text import neutralise

# A piece is closed at the first boundary after this many characters.
PIECE_CHARS = 700
# A block without a boundary is cut at a line or sentence end when it reaches this.
BLOCK_CHARS = 1400
# In code the seam of two pieces cannot be seen, and a line of code costs more than one of prose.
FENCE_CHARS = 800
# Laying a cell out costs as much as a line of text.
TABLE_CELLS = 24
# Text is taken in slices of this size, so that bulk text does not become one huge tail first.
_SLICE_CHARS = 4096

_FENCE = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])?[ \t]*(`{3,}|~{3,})(.*)$")
_DELIMITER = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_ITEM = re.compile(r"^(?:[-*+]|\d{1,9}[.)])[ \t]+\S")
_HEADING = re.compile(r"^#{1,6}[ \t]")
_QUOTE = re.compile(r"^ {0,3}>[ \t]?")
_DEFINITION = re.compile(r"^ {0,3}\[([^\]^][^\]]*)\]:[ \t]*\S")
_SENTENCE_END = re.compile(r"[.!?。！？؟][\"'”’)\]]*\s*(?=[^\W\d_])|[.!?]\s+(?=[^\W\d_])")
_SPACE = re.compile(r"\s+(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of whole blocks, or a part of a block too large to be laid out at once."""

    source: str
    """The slice of the text as it came, made safe; all sources add up to the text."""
    markdown: str
    """What to parse: ``source`` with the fence or table around it mended."""
    joins: bool = False
    """It goes on with the block in which the piece above ends: no space between the two."""
    goes_on: bool = False
    """Its last block goes on in the next piece."""
    headless: bool = False
    """Its first table has a made-up header row, and the columns of the table above."""


@dataclass(slots=True)
class _Fence:
    mark: str
    info: str

    @property
    def opening(self) -> str:
        return f"{self.mark}{self.info}\n"

    def closed_by(self, line: str) -> bool:
        bare = line.strip()
        return len(bare) >= len(self.mark) and not bare.strip(self.mark[0])


class MarkdownSplitter:
    """Feed it text: it gives closed pieces and keeps the open tail, at the new text's cost."""

    def __init__(self) -> None:
        self.definitions: dict[str, str] = {}
        """Link definitions seen so far, the whole line by its label in lower case."""
        self._tail = ""
        self._scanned = 0
        self._boundary = 0
        self._after_blank = True
        self._fence: _Fence | None = None
        self._header: tuple[str, str] | None = None
        self._line_before = ""
        self._cells = 0
        self._prefix = ""
        self._joins = False
        self._headless = False
        self._in_list = False
        self._closed: list[Piece] = []

    @property
    def tail(self) -> Piece:
        """The part that may still change."""
        closing = f"\n{self._fence.mark}" if self._fence and not self._tail.endswith("\n") else ""
        markdown = self._prefix + self._tail + closing
        return Piece(self._tail, markdown, self._joins, headless=self._headless)

    def feed(self, text: str) -> list[Piece]:
        """Take more text; return the pieces that it closed, oldest first."""
        self._closed = []
        safe = neutralise(text)
        for start in range(0, len(safe), _SLICE_CHARS):
            self._tail += safe[start : start + _SLICE_CHARS]
            self._advance()
        return self._closed

    def finish(self) -> list[Piece]:
        """Close the tail, if there is any, because no more text will come."""
        self._closed = []
        if self._tail:
            # The last line has no line end, but may still be a link's definition or close a fence.
            self._read_line(self._tail[self._scanned :], self._scanned)
            self._close(len(self._tail))
        self._fence, self._header, self._after_blank = None, None, True
        return self._closed

    def _advance(self) -> None:
        while (end := self._tail.find("\n", self._scanned)) >= 0:
            self._read_line(self._tail[self._scanned : end], self._scanned)
            self._scanned = end + 1
            self._close_what_is_full()
        while len(self._tail) >= BLOCK_CHARS + PIECE_CHARS // 2:
            self._cut_inside_line()

    # One line

    def _read_line(self, line: str, start: int) -> None:
        if self._fence:
            if self._fence.closed_by(line):
                self._fence = None
                self._after_blank = False
            return
        bare = line.strip()
        if not bare:
            self._after_blank, self._header, self._line_before = True, None, ""
            return
        if self._may_start_piece(line):
            self._boundary = start
        self._in_list = bool(_ITEM.match(line)) or (self._in_list and line[0] in " \t")
        self._after_blank = False
        if fence := _FENCE.match(line):
            if "`" not in fence[2] or fence[1][0] == "~":
                self._fence = _Fence(fence[1], fence[2])
        elif found := _DEFINITION.match(line):
            self.definitions[found[1].strip().lower()] = line
        self._read_table_line(line)

    def _may_start_piece(self, line: str) -> bool:
        if line[0] in " \t":
            # It may belong to the list item above.
            return self._after_blank and not self._in_list and not line.startswith(("    ", "\t"))
        if self._after_blank or _HEADING.match(line) or line.startswith(("```", "~~~")):
            return True
        return self._in_list and bool(_ITEM.match(line))

    def _read_table_line(self, line: str) -> None:
        if self._header:
            self._cells += self._header[1].strip().strip("|").count("|") + 1
        elif "|" in self._line_before and _DELIMITER.match(line):
            self._header = (self._line_before, line)
            self._cells = 0
        self._line_before = line

    # Closing

    def _close_what_is_full(self) -> None:
        table_is_large = self._header is not None and self._cells >= TABLE_CELLS
        boundary_is_due = self._boundary >= PIECE_CHARS or self._scanned >= PIECE_CHARS * 3 // 2
        if self._boundary and (boundary_is_due or table_is_large):
            self._close(self._boundary)
        elif table_is_large:
            self._cut_table()
        elif self._scanned >= (FENCE_CHARS if self._fence else BLOCK_CHARS):
            self._cut_block(self._scanned)

    def _cut_table(self) -> None:
        assert self._header is not None
        columns = self._header[1].strip().strip("|").count("|") + 1
        header = self._header
        self._close(self._scanned, goes_on=True)
        self._prefix = "|" + "x|" * columns + f"\n{header[1].strip()}\n"
        self._joins = self._headless = True
        self._header, self._cells = header, 0

    def _cut_block(self, end: int) -> None:
        """Close the tail at ``end`` although its last block is not over."""
        fence, in_list = self._fence, self._in_list
        quote = _QUOTE.match(self._tail) if not fence else None
        inside_line = not self._tail[:end].endswith("\n")
        self._close(end, goes_on=True)
        self._joins = True
        self._in_list = in_list
        if fence:
            self._prefix = fence.opening
        elif quote and inside_line:
            self._prefix = quote[0]

    def _cut_inside_line(self) -> None:
        if self._boundary:
            self._close(self._boundary)
            return
        if self._fence:
            self._cut_block(BLOCK_CHARS)
            return
        # A table row that long is no table any more.
        self._header = None
        self._cut_block(self._best_break())

    def _best_break(self) -> int:
        window = self._tail[BLOCK_CHARS // 2 : BLOCK_CHARS]
        for pattern in (_SENTENCE_END, _SPACE):
            ends = [m.end() + BLOCK_CHARS // 2 for m in pattern.finditer(window)]
            for end in reversed(ends[-12:]):
                before = self._tail[:end]
                # A cut inside bold or code would leave the marks on the screen.
                if before.count("`") % 2 == 0 and before.count("**") % 2 == 0:
                    return end
            if ends:
                return ends[-1]
        return BLOCK_CHARS

    def _close(self, end: int, *, goes_on: bool = False) -> None:
        source = self._tail[:end]
        fence = self._fence if end >= self._scanned else None
        closing = f"{'' if source.endswith(chr(10)) else chr(10)}{fence.mark}\n" if fence else ""
        markdown = self._prefix + source + closing
        self._closed.append(Piece(source, markdown, self._joins, goes_on, self._headless))
        self._tail = self._tail[end:]
        self._scanned = max(0, self._scanned - end)
        self._boundary = 0
        self._prefix, self._joins, self._headless = "", False, False
