"""Plain text, in whatever encoding it was written."""

from __future__ import annotations

import codecs

from app.domain.errors import DocumentError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def plain_text(data: bytes, name: str) -> str:
    """Return the text; DocumentError when the file is no text at all."""
    if b"\x00" in data[:8192] and not data.startswith(tuple(mark for mark, _ in _BOMS)):
        raise DocumentError(
            f"“{name}” is not a text file, whatever its name says.",
            "Attach a PDF, a Word document (DOCX) or a text file.",
            "attachment_type",
        )
    return decoded(data)


def decoded(data: bytes) -> str:
    """Return text in the encoding its mark names, else UTF-8, else that of older Windows."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
