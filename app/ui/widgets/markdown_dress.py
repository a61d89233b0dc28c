"""The dress of a parsed document: distances and fonts of its blocks, hairlines of its tables."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import (
    QBrush,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)

from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_split import Piece

# Quotations and lists go no deeper on the screen.
DEEPEST = 6
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value
_SOLID = QTextFrameFormat.BorderStyle.BorderStyle_Solid
_P = QTextFormat.Property


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring blocks of one kind (text, item, heading, code, quote, rule), by block number."""

    kind: str
    first: int
    last: int


def block_numbers(run: Run) -> range:
    """Numbers of the blocks in ``run``."""
    return range(run.first, run.last + 1)


def dress_everything(cursor: QTextCursor, has_tables: bool, look: Look) -> None:
    """Give the whole document what most of it needs: little is left to do block by block."""
    cursor.select(QTextCursor.SelectionType.Document)
    block = QTextBlockFormat()
    block.setLineHeight(look.text_line, _PROPORTIONAL)
    block.setTopMargin(look.gap)
    block.setBottomMargin(0)
    block.setNonBreakableLines(False)
    cursor.mergeBlockFormat(block)
    if has_tables:
        # Cells keep their format in a character of the text, so one merge reaches all of them.
        cell = QTextCharFormat()
        cell.setProperty(_P.TableCellBottomBorder, 1.0)
        cell.setProperty(_P.TableCellBottomBorderStyle, _SOLID.value)
        cell.setProperty(_P.TableCellBottomBorderBrush, QBrush(look.line))
        for side, distance in (
            (_P.TableCellTopPadding, look.tight),
            (_P.TableCellBottomPadding, look.tight),
            (_P.TableCellLeftPadding, look.tight * 1.5),
            (_P.TableCellRightPadding, look.tight * 2.5),
        ):
            cell.setProperty(side, float(distance))
        cursor.mergeCharFormat(cell)


def quote_depth(block: QTextBlock) -> int:
    """How many quotations ``block`` stands in; 0 outside any, and no more than can be drawn."""
    return min(block.blockFormat().intProperty(_P.BlockQuoteLevel), DEEPEST)


def collapse(block: QTextBlock) -> None:
    """Make an empty paragraph as low as it can be."""
    shape = QTextBlockFormat()
    shape.setLineHeight(1, _FIXED)
    small = QTextCharFormat()
    small.setProperty(_P.FontPixelSize, 1)
    cursor = QTextCursor(block)
    cursor.setBlockFormat(shape)
    cursor.setBlockCharFormat(small)


def dress_runs(document: QTextDocument, runs: list[Run], piece: Piece, look: Look) -> None:
    """Give each run its distances, and its words their look, in as few changes as possible."""
    above = "same" if piece.joins else ""
    for run in runs:
        if run.kind != "table":
            first = document.findBlockByNumber(run.first)
            _dress_run(document, run, look)
            gap = _gap(run.kind, above, look)
            # What has no rule of its own stands at the common distance already.
            if gap != look.gap or run.kind in ("item", "code"):
                shape = QTextBlockFormat()
                shape.setTopMargin(gap)
                QTextCursor(first).mergeBlockFormat(shape)
        above = run.kind


def _dress_run(document: QTextDocument, run: Run, look: Look) -> None:
    shape, words = QTextBlockFormat(), QTextCharFormat()
    match run.kind:
        case "item":
            # The first of them is given its own distance afterwards.
            shape.setTopMargin(look.tight // 2)
        case "code":
            shape.setTopMargin(0)
            shape.setLineHeight(look.code_line, _PROPORTIONAL)
            shape.setLeftMargin(look.pad)
            shape.setRightMargin(look.pad)
            words.setFont(look.code)
        case "heading":
            _dress_headings(document, run, look)
            return
        case "quote":
            words.setForeground(look.muted)
            _indent_quotes(document, run, look)
        case "rule":
            # The line is drawn as a hairline by the view; Qt's own is a groove.
            for number in block_numbers(run):
                plain = QTextBlockFormat()
                plain.setLineHeight(look.gap, _FIXED)
                plain.setTopMargin(look.gap)
                QTextCursor(document.findBlockByNumber(number)).setBlockFormat(plain)
            return
        case _:
            return
    cursor = _selected(document, run)
    cursor.mergeBlockFormat(shape)
    if words.propertyCount():
        cursor.mergeCharFormat(words)


def _selected(document: QTextDocument, run: Run) -> QTextCursor:
    cursor = QTextCursor(document.findBlockByNumber(run.first))
    last = document.findBlockByNumber(run.last)
    end = last.position() + last.length() - 1
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _dress_headings(document: QTextDocument, run: Run, look: Look) -> None:
    for number in block_numbers(run):
        words = QTextCharFormat()
        words.setFontWeight(QFont.Weight.DemiBold)
        words.setProperty(_P.FontSizeAdjustment, 0)
        if document.findBlockByNumber(number).blockFormat().headingLevel() == 1:
            words.setProperty(_P.FontPixelSize, round(look.text.pixelSize() * 1.2))
        _selected(document, Run("heading", number, number)).mergeCharFormat(words)


def _indent_quotes(document: QTextDocument, run: Run, look: Look) -> None:
    for number in block_numbers(run):
        block = document.findBlockByNumber(number)
        shape = QTextBlockFormat()
        shape.setLeftMargin(quote_depth(block) * look.quote)
        shape.setRightMargin(0)
        QTextCursor(block).mergeBlockFormat(shape)


def _gap(kind: str, above: str, look: Look) -> int:
    """Pixels between a run and what is above it, the padding of boxes of code included."""
    if above == "same":
        return 0
    padding = look.pad * ((kind == "code") + (above == "code"))
    return look.gap + padding if above else padding


def dress_table(table: QTextTable, look: Look, *, headless: bool) -> None:
    """Take the frame from a table and make its header bold; ``headless`` ones have none."""
    shape = table.format()
    shape.setBorder(0)
    shape.setCellSpacing(0)
    shape.setCellPadding(0)
    shape.setMargin(0)
    shape.setTopMargin(0 if headless or table.firstPosition() <= 1 else look.gap // 2)
    table.setFormat(shape)
    first = table.cellAt(0, 0).firstCursorPosition()
    if first.block().length() == 1 and table.cellAt(0, 0).lastPosition() > first.position():
        # The reader leaves an empty line in the first cell of a table that follows a quotation.
        first.deleteChar()
    cursor = table.cellAt(0, 0).firstCursorPosition()
    cursor.setPosition(table.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    no_gap = QTextBlockFormat()
    no_gap.setTopMargin(0)
    cursor.mergeBlockFormat(no_gap)
    if headless:
        return
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.DemiBold)
    last = table.cellAt(0, table.columns() - 1)
    cursor = table.cellAt(0, 0).firstCursorPosition()
    cursor.setPosition(last.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    cursor.mergeCharFormat(bold)
