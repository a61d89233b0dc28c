"""Pictures, links and inline code in a document: what is not shown, not trusted, or set apart."""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

from app.ui.widgets.markdown_look import Look
from app.ui.widgets.markdown_text import is_link


def mend_words(document: QTextDocument, code: set[int], look: Look) -> None:
    """Mend pictures, links and inline code; blocks numbered in ``code`` are code as a whole."""
    found: list[tuple[int, int, QTextCharFormat]] = []
    block = document.begin()
    while block.isValid():
        if block.blockNumber() not in code:
            for part in block.textFormats():
                # A copy: the format dies with the list that it comes in.
                shape = QTextCharFormat(part.format)
                if shape.isImageFormat() or shape.isAnchor() or shape.fontFixedPitch():
                    found.append((block.position() + part.start, part.length, shape))
        block = block.next()
    # From the end, because a picture's words are longer than the picture.
    for start, length, shape in reversed(found):
        _dress_fragment(document, start, length, shape, look)


def _dress_fragment(
    document: QTextDocument, start: int, length: int, shape: QTextCharFormat, look: Look
) -> None:
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
    if shape.isImageFormat():
        image = shape.toImageFormat()
        words = str(image.property(QTextFormat.Property.ImageAltText) or "") or image.name()
        plain = QTextCharFormat()
        plain.setForeground(look.muted)
        cursor.insertText(f"[picture, not loaded: {words[:200]}]", plain)
        return
    change = QTextCharFormat()
    if shape.isAnchor():
        if is_link(shape.anchorHref()):
            change.setForeground(look.link)
            change.setFontUnderline(True)
        else:
            change.setAnchor(False)
            change.setAnchorHref("")
            change.setForeground(look.ink)
            change.setFontUnderline(False)
    else:
        change.setFont(look.code)
        change.setBackground(look.sunken)
    cursor.mergeCharFormat(change)
