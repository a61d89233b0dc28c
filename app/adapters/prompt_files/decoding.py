"""Bytes of unknown origin as text: a mark at the beginning, UTF-8, else what old Windows wrote."""

from __future__ import annotations

import codecs
from pathlib import Path

from app.domain.conversation import clean
from app.domain.errors import InputError

MAX_BYTES = 256 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> str:
    """Return a file's text with plain line ends; InputError when it cannot be had."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"“{path.name}” is larger than {MAX_BYTES // 1024 // 1024} MB.",
                "Keep only the prompts in it.",
                "import_too_large",
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not there"
        raise InputError(
            f"“{path.name}” cannot be opened: {why}.",
            "Check the name, or choose the file again.",
            "import_unreadable",
        ) from None
    return decode(data, path.name)


def decode(data: bytes, name: str) -> str:
    """Return bytes as text; InputError for what is no text at all."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(data.decode(encoding, "replace"))
    if b"\x00" in data[:4096]:
        raise InputError(
            f"“{name}” is not a text file.",
            "Import a CSV, JSONL, JSON or text file, or a folder of text files.",
            "import_not_text",
        )
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError:
        # Five signs of that code page mean nothing; they become the replacement sign.
        return _plain(data.decode("cp1252", "replace"))


def _plain(text: str) -> str:
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")
