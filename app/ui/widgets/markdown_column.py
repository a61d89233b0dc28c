"""The pieces of an answer stacked in a column: where each lies, and which of them are laid out.

Only pieces that are looked at are laid out; the height of the others is an estimate or a memory.
So a resize or a bulk of text costs what is on the screen; the rest is measured little by little.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from PySide6.QtGui import QFontMetricsF

from app.ui.widgets.markdown_document import Dressed, build
from app.ui.widgets.markdown_layout import Laid, lay_out
from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_split import Piece

_ITEM_START = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")


@dataclass(slots=True, eq=False)
class Segment:
    """One piece of the column; lengths in pixels."""

    piece: Piece
    gap: float
    """Space above it, part of its height."""
    height: float
    measured_at: float = 0.0
    """Width at which ``height`` was measured; 0 while it is an estimate."""
    definitions: str = ""
    dressed: Dressed | None = None
    laid: Laid | None = None
    columns: list[float] = field(default_factory=list)
    flat: str | None = None
    """Its characters as Qt counts them, for searching; kept when the document is let go."""

    def release(self) -> None:
        """Let the document go; height and text stay."""
        self.dressed = self.laid = None


class Column:
    """Segments from the top, the last of them perhaps still open."""

    def __init__(self, look: Look, width: float) -> None:
        self.segments: list[Segment] = []
        self.look = look
        self.width = width
        self._open = False
        self._tops = [0.0]
        self._dirty_from = 0
        self._characters_a_line = 1.0
        self._line_px = 1.0
        self._measure_font()

    # Contents

    def take(self, closed: list[Piece], tail: Piece | None) -> int:
        """Replace the open segment by ``closed`` pieces and ``tail``; return its old index."""
        if self._open:
            self.segments.pop()
        first = len(self.segments)
        for piece in closed:
            self._push(piece)
        self._open = bool(tail and tail.source.strip())
        if tail and self._open:
            self._push(tail)
        self._dirty_from = min(self._dirty_from, first)
        return first

    def clear(self) -> None:
        """Forget all segments."""
        self.segments.clear()
        self._open = False
        self._tops = [0.0]
        self._dirty_from = 0

    def _push(self, piece: Piece) -> None:
        above = self.segments[-1].piece if self.segments else None
        gap = self._gap(above, piece)
        self.segments.append(Segment(piece, gap, gap + self._estimate(piece)))

    def _gap(self, above: Piece | None, piece: Piece) -> float:
        if above is None or piece.joins:
            return 0.0
        if _ITEM_START.match(piece.source):
            last = above.source.rstrip().rpartition("\n")[2]
            if _ITEM_START.match(last) or last.startswith((" ", "\t")):
                return self.look.tight // 2
        return float(self.look.gap)

    def _measure_font(self) -> None:
        metrics = QFontMetricsF(self.look.text)
        self._line_px = metrics.height() * self.look.text_line / 100
        self._characters_a_line = max(1.0, self.width / max(1.0, metrics.averageCharWidth()))

    def _estimate(self, piece: Piece) -> float:
        lines = piece.source.count("\n") + len(piece.source) / self._characters_a_line
        return lines * self._line_px

    def define(self, definitions: dict[str, str]) -> None:
        """Hand link definitions to the segments that use a label defined elsewhere."""
        for segment in self.segments:
            source = segment.piece.source.lower()
            lines = [line for label, line in definitions.items() if f"[{label}]" in source]
            if lines and segment.definitions != "\n".join(lines):
                segment.definitions = "\n".join(lines)
                segment.release()
                segment.measured_at = 0.0
                segment.flat = None

    # Geometry

    def restyle(self, look: Look) -> None:
        """Take another look; everything is built again when it is looked at."""
        bigger = look.text.pixelSize() / max(1, self.look.text.pixelSize())
        self.look = look
        above: Piece | None = None
        for segment in self.segments:
            segment.release()
            segment.gap = self._gap(above, segment.piece)
            segment.height *= bigger
            segment.measured_at = 0.0
            above = segment.piece
        self._dirty_from = 0
        self._measure_font()

    def set_width(self, width: float) -> None:
        """Lay out at ``width`` from now on; heights known so far serve as estimates."""
        self.width = max(1.0, width)
        self._measure_font()

    def is_measured(self, index: int) -> bool:
        """Whether the height of a segment is known at the present width."""
        return self.segments[index].measured_at == self.width

    def ensure(self, index: int) -> bool:
        """Lay a segment out if it is not; say whether that changed its height."""
        segment = self.segments[index]
        if segment.laid and segment.laid.width == self.width:
            return False
        columns = self._columns_above(index) if segment.piece.headless else []
        if segment.dressed is None:
            segment.dressed = build(segment.piece, self.look, segment.definitions)
        segment.laid = lay_out(segment.dressed, segment.piece, self.look, self.width, columns)
        segment.columns = segment.laid.columns
        if segment.flat is None:
            segment.flat = segment.dressed.document.toPlainText()
        height = segment.laid.height + segment.gap if segment.laid.height else 0.0
        segment.measured_at = self.width
        if height == segment.height:
            return False
        segment.height = height
        self._dirty_from = min(self._dirty_from, index)
        return True

    def _columns_above(self, index: int) -> list[float]:
        """Columns of the first part of the table that goes on in segment ``index``."""
        while index > 0 and self.segments[index].piece.headless:
            index -= 1
        if not self.is_measured(index):
            self.ensure(index)
        return self.segments[index].columns

    def document(self, index: int) -> Dressed:
        """Dressed document of a segment, built for the asking where it was let go."""
        segment = self.segments[index]
        return segment.dressed or build(segment.piece, self.look, segment.definitions)

    def flat(self, index: int) -> str:
        """Characters of a segment as Qt counts them, paragraphs parted by line ends."""
        segment = self.segments[index]
        if segment.flat is None:
            segment.flat = self.document(index).document.toPlainText()
        return segment.flat

    def tops(self) -> list[float]:
        """Upper edges of all segments, and at the end the height of the column."""
        if self._dirty_from < len(self.segments) or len(self._tops) != len(self.segments) + 1:
            start = min(self._dirty_from, len(self._tops) - 1)
            heights = (segment.height for segment in self.segments[start:])
            self._tops[start:] = accumulate(heights, initial=self._tops[start])
            self._dirty_from = len(self.segments)
        return self._tops

    @property
    def height(self) -> float:
        """Height of everything, partly estimated while not all is measured."""
        return self.tops()[-1]

    def index_at(self, y: float) -> int:
        """Segment at ``y``; the nearest one above or below all, and -1 where there is none."""
        found = bisect_right(self.tops(), y, hi=len(self.segments)) - 1
        return min(max(0, found), len(self.segments) - 1)

    def between(self, top: float, bottom: float) -> range:
        """Segments that show anything between two heights."""
        if not self.segments:
            return range(0)
        return range(self.index_at(top), self.index_at(bottom) + 1)

    @property
    def needed_width(self) -> float:
        """Width of the widest segment laid out so far."""
        return max((s.laid.needed for s in self.segments if s.laid), default=0.0)
