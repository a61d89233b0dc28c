"""Text of Word documents (DOCX), as the reader of the final version sees it.

The XML is walked here rather than asked of python-docx paragraph by paragraph, which would leave
out tracked insertions, content controls, text boxes and footnotes: words that may decide a case.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from app.adapters.documents.refusals import broken
from app.domain.errors import DocumentError

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_MEMBERS = 10_000
_NOT_SHOWN = frozenset({
    "del", "moveFrom",  # tracked deletions
    "Fallback",  # a second copy of a text box, for old programs
    "instrText", "delText", "delInstrText",  # field codes
    "pPr", "rPr", "sectPr", "tblPr", "tcPr", "trPr", "sdtPr",
})  # fmt: skip
_NOTES = ("/footnotes", "/endnotes")


def docx_text(data: bytes, name: str) -> str:
    """Return headers, body with tables, footers and notes, insertions accepted, comments left out.

    DocumentError when the file is no Word document, or unpacks to more than memory should hold.
    """
    _refuse_bomb(data, name)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        parts = {relation.rId: relation for relation in document.part.rels.values()
                 if not relation.is_external}  # fmt: skip
        headers = _parts_of(parts.values(), "/header")
        footers = _parts_of(parts.values(), "/footer")
        notes = [text for kind in _NOTES for text in _parts_of(parts.values(), kind)]
        body = _text_of(document.element.body)
    except DocumentError:
        raise
    except Exception as error:  # a damaged file breaks the parser in many ways
        raise broken(name) from error
    return "\n\n".join(part for part in (*headers, body, *footers, *notes) if part)


def _refuse_bomb(data: bytes, name: str) -> None:
    """Check the declared sizes, which `zipfile` never reads beyond, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise broken(name) from error
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or len(members) > MAX_MEMBERS:
        raise DocumentError(
            f"“{name}” unpacks to more than {MAX_UNPACKED_BYTES // 1024 // 1024} MB.",
            "Remove pictures from it, or attach only the pages that the prompt is about.",
            "attachment_too_large",
        )


def _parts_of(relations: Iterable[Any], kind: str) -> list[str]:
    """Return the texts of the header, footer or note parts, each once."""
    from docx.oxml import parse_xml

    texts: dict[str, None] = {}
    for relation in relations:
        if relation.reltype.endswith(kind):
            text = _text_of(parse_xml(relation.target_part.blob))
            if text:
                texts[text] = None
    return list(texts)


def _text_of(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    lines = "".join(_walk(element)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _walk(element: Any) -> Iterator[str]:  # noqa: ANN401, C901 - one branch a kind of element
    """Yield the text below an element in reading order; lxml bounds the depth."""
    if not isinstance(element.tag, str):
        return  # a comment or a processing instruction
    match element.tag.rpartition("}")[2]:
        case "t":
            yield element.text or ""
        case "tab" | "ptab":
            yield "\t"
        case "br" | "cr":
            yield "\n"
        case "noBreakHyphen":
            yield "-"
        case "footnoteReference" | "endnoteReference":
            yield f"[note {_id(element)}]"
        case "footnote" | "endnote":
            text = "".join(_below(element)).strip()
            if text:  # the first two of every document are separators without text
                yield f"[note {_id(element)}] {text}\n"
        case "p":
            yield from _below(element)
            yield "\n"
        case "tr":
            yield " | ".join(_cells(element)) + "\n"
        case tag:
            if tag not in _NOT_SHOWN:
                yield from _below(element)


def _below(element: Any) -> Iterator[str]:  # noqa: ANN401
    for child in element:
        yield from _walk(child)


def _cells(row: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield each cell on one line, so that a table's row stays a row."""
    for child in row:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] in ("tc", "sdt"):
            yield " ".join("".join(_below(child)).split())


def _id(element: Any) -> str:  # noqa: ANN401
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "?")
