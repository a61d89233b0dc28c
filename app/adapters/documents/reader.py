"""Reads one attached document as text: PDF, DOCX, e-mail, web page or plain text.

Every step has a limit, so that no file can fill the memory. What cannot be read is refused in
words rather than sent half: a contract without its last pages would be answered wrongly.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path

from app.adapters.documents.refusals import (
    MAX_BYTES,
    MAX_CHARS,
    encrypted,
    too_long,
    unknown_type,
)
from app.domain.conversation import Attachment, clean
from app.domain.errors import DocumentError

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EMAIL = "message/rfc822"
HTML = "text/html"
MEDIA_TYPES = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".eml": EMAIL,
    ".html": HTML,
    ".htm": HTML,
    ".txt": "text/plain",
    ".text": "text/plain",
    ".log": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".xml": "application/xml",
}
_OLE = b"\xd0\xcf\x11\xe0"  # an old .doc, or any Office file behind a password


class Documents:
    """The DocumentReader of this computer. Blocking; safe to call from several threads."""

    def read(self, path: Path) -> Attachment:
        """Return the document's text, cleaned, with the file's hash; DocumentError says why not.

        Kinds of error: `attachment_missing`, `_unreadable`, `_type`, `_too_large`, `_encrypted`,
        `_scanned`, `_broken`, `_too_long`, `_empty`.
        """
        name = clean(path.name)
        media_type = MEDIA_TYPES.get(path.suffix.lower())
        data = _bytes_of(path, name)
        if media_type is None:
            raise unknown_type(name)
        if media_type in (PDF, DOCX) and data.startswith(_OLE):
            raise encrypted(name)
        text = clean(_reader(media_type)(data, name))
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(text) > MAX_CHARS:
            raise too_long(name)
        if not text:
            raise DocumentError(
                f"“{name}” holds no text.", "Attach another document.", "attachment_empty"
            )
        return Attachment(name, media_type, text, hashlib.sha256(data).hexdigest(), len(data))


def _reader(media_type: str) -> Callable[[bytes, str], str]:
    """Return what reads that kind of file; imported only now, since some of it is heavy."""
    if media_type == PDF:
        from app.adapters.documents.pdf import pdf_text

        return pdf_text
    if media_type == DOCX:
        from app.adapters.documents.word import docx_text

        return docx_text
    if media_type == EMAIL:
        from app.adapters.documents.markup import email_text

        return email_text
    if media_type == HTML:
        from app.adapters.documents.markup import html_text

        return html_text
    from app.adapters.documents.text import plain_text

    return plain_text


def _bytes_of(path: Path, name: str) -> bytes:
    """Return the file's bytes, never more than the limit; DocumentError otherwise."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise DocumentError(
                f"“{name}” is not a file.", "Choose a document.", "attachment_unreadable"
            )
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise DocumentError(
            f"“{name}” is not there.", "Check the name, or choose the file again.",
            "attachment_missing",
        ) from error  # fmt: skip
    except OSError as error:
        raise DocumentError(
            f"“{name}” cannot be opened: {error.strerror or type(error).__name__}.",
            "Close it in other programs, or copy it to a folder of your own.",
            "attachment_unreadable",
        ) from error
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"“{name}” is larger than {MAX_BYTES // 1024 // 1024} MB.",
            "Attach only the pages that the prompt is about.",
            "attachment_too_large",
        )
    return data
