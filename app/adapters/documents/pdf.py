"""Text of PDF files, by PDFium."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from app.adapters.documents.refusals import MAX_CHARS, broken, encrypted, too_long
from app.domain.errors import DocumentError

if TYPE_CHECKING:
    import pypdfium2

# PDFium marks a word divided at the end of a line; the reader wants the word.
_DIVIDED = re.compile("[\ufffe\x02]\\s?")
_pdfium = threading.Lock()  # the library is not safe for threads


def pdf_text(data: bytes, name: str) -> str:
    """Return the text of all pages; a page that is only a picture leaves a line that says so."""
    import pypdfium2

    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
                raise encrypted(name) from error
            raise broken(name) from error
        try:
            return _pages(document, name)
        except pypdfium2.PdfiumError as error:
            raise broken(name) from error
        finally:
            document.close()


def _pages(document: pypdfium2.PdfDocument, name: str) -> str:
    import pypdfium2

    pages: list[str] = []
    pictures, length = 0, 0
    for number in range(len(document)):
        page = document[number]
        try:
            text = _DIVIDED.sub("", _page_text(page)).strip()
            if not text and any(page.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)):
                pictures += 1
                text = f"[Page {number + 1} is a picture: its text could not be read.]"
        finally:
            page.close()
        length += len(text)
        if length > MAX_CHARS:
            raise too_long(name)
        pages.append(text)
    if pictures and pictures == sum(bool(text) for text in pages):
        raise DocumentError(
            f"“{name}” holds pictures of pages and no text.",
            "Have a scanning program recognise its text (OCR), then attach the result.",
            "attachment_scanned",
        )
    return "\n\n".join(pages)


def _page_text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_bounded())
    finally:
        text_page.close()
