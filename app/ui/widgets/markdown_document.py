"""One piece of Markdown, parsed into a small document and dressed in the look of the design."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
    QTextTable,
)

from app.ui.theme.fonts import covering
from app.ui.widgets.markdown_dress import (
    DEEPEST,
    Run,
    block_numbers,
    collapse,
    dress_everything,
    dress_runs,
    dress_table,
)
from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_split import Piece
from app.ui.widgets.markdown_words import mend_words

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_P = QTextFormat.Property
# Without any of these there is no picture, link or inline code.
_MAY_NEED_MENDING = re.compile(r"[`\]<@]|://|www\.")


class _TextOnly(QTextDocument):
    """A document that fetches nothing, whatever the text asks for."""

    def loadResource(self, _type: int, _name: QUrl | str) -> None:
        """Answer every request for a picture or a sheet with nothing."""


@dataclass(frozen=True, slots=True)
class Dressed:
    """A document that looks right but is not laid out yet, and what it consists of."""

    document: QTextDocument
    tables: list[QTextTable]
    runs: list[Run]


def build(piece: Piece, look: Look, definitions: str = "") -> Dressed:
    """Parse ``piece`` and dress it in ``look``, without laying it out.

    ``definitions`` are link definitions from elsewhere in the text, one a line.
    """
    document = _TextOnly()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setIndentWidth(look.indent)
    document.setDefaultFont(covering(look.text, piece.source))
    option = document.defaultTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    source = f"{piece.markdown}\n\n{definitions}" if definitions else piece.markdown
    document.setMarkdown(source, _FEATURES)
    tables = _tables_of(document)
    if piece.headless and tables:
        tables[0].removeRows(0, 1)
        tables = _tables_of(document)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    dress_everything(cursor, bool(tables), look)
    for table in tables:
        dress_table(table, look, headless=piece.headless and table is tables[0])
    runs = _find_runs(document, tables)
    dress_runs(document, runs, piece, look)
    if _MAY_NEED_MENDING.search(piece.markdown):
        code = {n for run in runs if run.kind == "code" for n in block_numbers(run)}
        mend_words(document, code, look)
    cursor.endEditBlock()
    return Dressed(document, tables, runs)


def _tables_of(document: QTextDocument) -> list[QTextTable]:
    return [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]


def _find_runs(document: QTextDocument, tables: list[QTextTable]) -> list[Run]:
    """Walk over the paragraphs outside tables once, and hide the empty ones beside those."""
    spans = {t.firstPosition(): t.lastPosition() for t in tables}
    lists: set[int] = set()
    runs: list[Run] = []
    block = document.begin()
    while block.isValid():
        if spans and (end := spans.get(block.position())) is not None:
            runs.append(Run("table", block.blockNumber(), block.blockNumber()))
            block = document.findBlock(end + 1)
            continue
        number, following = block.blockNumber(), block.next()
        kind = _kind_of(block)
        if kind == "text" and block.length() == 1:
            collapse(block)
        elif runs and runs[-1].kind == kind:
            runs[-1] = Run(kind, runs[-1].first, number)
        else:
            runs.append(Run(kind, number, number))
        if kind == "item":
            _limit_depth(block, lists)
        block = following
    return runs


def _limit_depth(block: QTextBlock, seen: set[int]) -> None:
    items = block.textList()
    if items.objectIndex() in seen:
        return
    seen.add(items.objectIndex())
    shape = items.format()
    if shape.indent() > DEEPEST:
        shape.setIndent(DEEPEST)
        items.setFormat(shape)


def _kind_of(block: QTextBlock) -> str:
    """Say what ``block`` is: code, rule, heading, item, quote or text."""
    shape = block.blockFormat()
    if shape.objectIndex() >= 0:
        return "item"
    if shape.hasProperty(_P.BlockCodeFence) or shape.hasProperty(_P.BlockCodeLanguage):
        return "code"
    if shape.hasProperty(_P.BlockTrailingHorizontalRulerWidth):
        return "rule"
    if shape.headingLevel():
        return "heading"
    if shape.hasProperty(_P.BlockQuoteLevel):
        return "quote"
    return "text"
