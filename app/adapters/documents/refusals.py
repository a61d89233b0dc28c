"""Why a document is not read, in words."""

from __future__ import annotations

from app.domain.errors import DocumentError

MAX_BYTES = 25 * 1024 * 1024
MAX_CHARS = 3_000_000


def unknown_type(name: str) -> DocumentError:
    """Return the error of a file whose ending names no kind that can be read."""
    step = "Attach a PDF, a Word document (DOCX) or a text file."
    if name.lower().endswith((".doc", ".odt", ".rtf", ".pages")):
        step = "Open it in your word processor and save it as DOCX or PDF."
    return DocumentError(f"“{name}” is of a kind that cannot be read.", step, "attachment_type")


def encrypted(name: str) -> DocumentError:
    """Return the error of a file that asks for a password."""
    return DocumentError(
        f"“{name}” is protected with a password.",
        "Open it, save a copy without the password, and attach the copy.",
        "attachment_encrypted",
    )


def broken(name: str) -> DocumentError:
    """Return the error of a file that is damaged, or is not what its name says."""
    return DocumentError(
        f"“{name}” is damaged and cannot be read.",
        "Open it in its own program and save it anew, or ask the sender for it again.",
        "attachment_broken",
    )


def too_long(name: str) -> DocumentError:
    """Return the error of a text beyond any model's reach."""
    return DocumentError(
        f"“{name}” has more than {MAX_CHARS:,} characters.",
        "Attach only the pages that the prompt is about.",
        "attachment_too_long",
    )
