"""A selection that runs over several documents, and the text that it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextFormat,
    QTextListFormat,
    QTextTable,
)

from app.ui.widgets.markdown_column import Column
from app.ui.widgets.markdown_document import Dressed

_FIRST_NUMBERED = QTextListFormat.Style.ListDecimal.value


class Position(NamedTuple):
    """A place in the answer: which segment, and which character of it (in Qt's count)."""

    segment: int
    offset: int


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where something is selected, in reading order."""

    start: Position
    end: Position

    @classmethod
    def between(cls, one: Position, other: Position) -> Span:
        """Span of two places in either order."""
        return cls(min(one, other), max(one, other))

    def part_in(self, index: int, length: int) -> tuple[int, int] | None:
        """Characters of one segment that lie in the span, or None where there are none."""
        if not self.start.segment <= index <= self.end.segment:
            return None
        first = self.start.offset if index == self.start.segment else 0
        last = self.end.offset if index == self.end.segment else length
        return (first, last) if first < last else None


def plain_text(column: Column, span: Span | None = None) -> str:
    """Give the words of ``span``, or of everything, as they read, with list numbers and tabs."""
    parts: list[str] = []
    for index, segment in enumerate(column.segments):
        if span is not None and not span.start.segment <= index <= span.end.segment:
            continue
        dressed = column.document(index)
        length = dressed.document.characterCount() - 1
        part = span.part_in(index, length) if span else (0, length)
        words = _words(dressed, *part) if part else ""
        if not words:
            continue
        if parts:
            parts.append("\n" if segment.piece.joins or segment.gap < column.look.gap else "\n\n")
        parts.append(words)
    return "".join(parts)


def markdown(column: Column, span: Span) -> str:
    """Give the Markdown of ``span``: whole segments as they came, parts as Qt writes them."""
    parts: list[str] = []
    for index in range(span.start.segment, min(span.end.segment + 1, len(column.segments))):
        document = column.document(index).document
        length = document.characterCount() - 1
        part = span.part_in(index, length)
        if part == (0, length):
            parts.append(column.segments[index].piece.source)
        elif part:
            cursor = QTextCursor(document)
            cursor.setPosition(part[0])
            cursor.setPosition(part[1], QTextCursor.MoveMode.KeepAnchor)
            parts.append(cursor.selection().toMarkdown())
    return "".join(parts).strip("\n")


def _words(dressed: Dressed, start: int, end: int) -> str:
    lines: list[str] = []
    row_before: tuple[int, int] | None = None
    kind_before = ""
    block = dressed.document.findBlock(start)
    while block.isValid() and block.position() <= end:
        text = _part_of(block, start, end)
        row = _row_of(block, dressed.tables)
        kind = "row" if row is not None else _kind(block)
        if lines and row is not None and row == row_before:
            lines.append("\t" + text)
        elif text or kind == "code":
            if lines:
                lines.append("\n" if kind == kind_before != "text" else "\n\n")
            lines.append(text)
        else:
            # The empty paragraph beside a table.
            kind = kind_before
        row_before, kind_before = row, kind
        block = block.next()
    return "".join(lines)


def _part_of(block: QTextBlock, start: int, end: int) -> str:
    last = block.position() + block.length() - 1
    if start <= block.position() and last <= end:
        return _marker(block) + block.text()
    cursor = QTextCursor(block)
    cursor.setPosition(max(start, block.position()))
    cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
    marker = _marker(block) if start <= block.position() else ""
    return marker + cursor.selectedText()


def _marker(block: QTextBlock) -> str:
    if block.blockFormat().objectIndex() < 0:
        return ""
    items = block.textList()
    margin = "  " * (items.format().indent() - 1)
    match block.blockFormat().marker():
        case QTextBlockFormat.MarkerType.Checked:
            return f"{margin}[x] "
        case QTextBlockFormat.MarkerType.Unchecked:
            return f"{margin}[ ] "
        case _:
            # Qt counts the numbered styles downwards from this one.
            numbered = items.format().style().value <= _FIRST_NUMBERED
            return f"{margin}{items.itemText(block) if numbered else '•'} "


def _row_of(block: QTextBlock, tables: list[QTextTable]) -> tuple[int, int] | None:
    for number, table in enumerate(tables):
        if table.firstPosition() <= block.position() <= table.lastPosition():
            return number, table.cellAt(block.position()).row()
    return None


def _kind(block: QTextBlock) -> str:
    shape = block.blockFormat()
    if shape.objectIndex() >= 0:
        return "item"
    return "code" if shape.hasProperty(QTextFormat.Property.BlockCodeFence) else "text"
