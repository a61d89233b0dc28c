"""Laying a dressed document out, and what is painted under its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextBlock, QTextDocument, QTextLength, QTextTable

from app.ui.widgets.markdown_document import Dressed
from app.ui.widgets.markdown_dress import quote_depth
from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_split import Piece

_BAR_PX = 3


@dataclass(frozen=True, slots=True)
class Box:
    """Something painted under the text: ``code`` ground, ``quote`` bar or ``rule`` line."""

    kind: str
    area: QRectF


@dataclass(slots=True)
class Laid:
    """A document laid out at one width; all lengths in pixels."""

    document: QTextDocument
    width: float
    """What it was given."""
    height: float = 0.0
    needed: float = 0.0
    """What it needs; more than its width where a table has too many columns."""
    boxes: list[Box] = field(default_factory=list)
    columns: list[float] = field(default_factory=list)
    """Widths of the columns of its last table, for the part of that table below."""


def lay_out(dressed: Dressed, piece: Piece, look: Look, width: float, columns: list[float]) -> Laid:
    """Lay ``dressed`` out at ``width``; ``columns`` are those of the table that it continues."""
    document, tables = dressed.document, dressed.tables
    continues = bool(piece.headless and tables and tables[0].columns() == len(columns))
    if continues:
        shape = tables[0].format()
        fixed = QTextLength.Type.FixedLength
        shape.setColumnWidthConstraints([QTextLength(fixed, column) for column in columns])
        tables[0].setFormat(shape)
    # Otherwise Qt throws the glyphs away after the layout and shapes them again to paint.
    block = document.begin()
    while block.isValid():
        block.layout().setCacheEnabled(True)
        block = block.next()
    document.setTextWidth(width)
    if document.isEmpty():
        return Laid(document, width)
    size = document.size()
    laid = Laid(document, width, size.height(), size.width())
    laid.boxes = _boxes(dressed, piece, look, width)
    if laid.boxes and laid.boxes[-1].kind == "code":
        # The document ends with its last line; the box around it goes a little further.
        laid.height = max(laid.height, laid.boxes[-1].area.bottom())
    if tables and piece.goes_on:
        laid.columns = columns if continues else _column_widths(tables[-1])
    return laid


def _column_widths(table: QTextTable) -> list[float]:
    layout = table.document().documentLayout()
    frame = layout.frameBoundingRect(table)
    lefts = [
        layout.blockBoundingRect(table.cellAt(0, column).firstCursorPosition().block()).left()
        for column in range(table.columns())
    ]
    edges = [frame.left() + left - lefts[0] for left in lefts] + [frame.right()]
    return [max(1.0, b - a) for a, b in pairwise(edges)]


def _boxes(dressed: Dressed, piece: Piece, look: Look, width: float) -> list[Box]:
    boxes: list[Box] = []
    document = dressed.document
    for run in dressed.runs:
        if run.kind not in ("code", "quote", "rule"):
            continue
        first = document.findBlockByNumber(run.first)
        last = document.findBlockByNumber(run.last)
        match run.kind:
            case "code":
                boxes.append(_code_box(first, last, piece, look, width))
            case "quote":
                boxes.extend(_bars(first, last, document, look))
            case _:
                place = document.documentLayout().blockBoundingRect
                for number in range(run.first, run.last + 1):
                    middle = place(document.findBlockByNumber(number)).center().y()
                    boxes.append(Box("rule", QRectF(0, middle, width, 1)))
    return boxes


def _code_box(first: QTextBlock, last: QTextBlock, piece: Piece, look: Look, width: float) -> Box:
    place = first.document().documentLayout().blockBoundingRect
    top, bottom = place(first).top(), place(last).bottom()
    top = 0.0 if piece.joins and not first.previous().isValid() else top - look.pad
    if not (piece.goes_on and not last.next().isValid()):
        bottom += look.pad
    return Box("code", QRectF(0, top, width, bottom - top))


def _bars(first: QTextBlock, last: QTextBlock, document: QTextDocument, look: Look) -> list[Box]:
    place = document.documentLayout().blockBoundingRect
    whole = QRectF(0, place(first).top(), _BAR_PX, place(last).bottom() - place(first).top())
    bars = [Box("quote", whole)]
    block = first
    while block.isValid() and block.position() <= last.position():
        area = place(block)
        for depth in range(1, quote_depth(block)):
            inner = QRectF(depth * look.quote, area.top(), _BAR_PX, area.height())
            bars.append(Box("quote", inner))
        block = block.next()
    return bars
