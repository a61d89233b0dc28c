"""CSV: a column of prompts, with the matter and tags beside them where there are any."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.domain.calibration.prompts import Found, Import
from app.domain.errors import InputError
from app.domain.words import counted

_PROMPT = ("prompt", "text", "question", "input", "frage", "instruction")
_MATTER = ("matter", "client", "case", "client matter", "client/matter")
_TAGS = ("tags", "tag", "labels", "label", "type", "task")
_DELIMITERS = (",", ";", "\t", "|")
_MOST_CHARS = 2_000_000


def table_prompts(text: str, name: str) -> Import:
    """Return the prompts of a CSV; InputError when no column holds them.

    The delimiter is the one of the header line that parts it most. Without a header of known
    names, a table of one column is a list of prompts.
    """
    csv.field_size_limit(_MOST_CHARS)
    delimiter = _delimiter(text)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise InputError(
            f"“{name}” is not a table that can be read: its quotation marks do not match.",
            "Save it again as CSV, or import one prompt a line as a text file.",
            "import_bad_csv",
        ) from None
    rows = [row for row in lines if any(cell.strip() for cell in row)]
    if not rows:
        return Import(())
    header = [cell.strip().casefold() for cell in rows[0]]
    place = _column(header, _PROMPT)
    if place is None:
        if max(len(row) for row in rows) > 1:
            raise InputError(
                f"“{name}” has no column called “prompt”; its columns are "
                f"{', '.join(cell.strip() or '(no name)' for cell in rows[0])}.",
                "Name the column that holds the prompts “prompt”.",
                "import_no_column",
            )
        return _listed(rows, (0, None, None), name, first=1)
    columns = (place, _column(header, _MATTER), _column(header, _TAGS))
    if len(header) == 1:
        # One column needs no delimiter: a comma in it is a comma, quoted or not.
        return _listed([[delimiter.join(row)] for row in rows[1:]], columns, name, first=2)
    return _listed(rows[1:], columns, name, first=2, most=len(header))


def _delimiter(text: str) -> str:
    head = next((line for line in text.split("\n") if line.strip()), "")
    return max(_DELIMITERS, key=head.count) if any(sign in head for sign in _DELIMITERS) else ","


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _listed(
    rows: Sequence[Sequence[str]],
    columns: tuple[int, int | None, int | None],
    name: str,
    first: int,
    most: int | None = None,
) -> Import:
    """Return the rows as prompts; `most` cells fit, more mean that a prompt was parted."""
    text_at, matter_at, tags_at = columns
    found, empty, parted = [], 0, 0
    for number, row in enumerate(rows, first):
        text = _cell(row, text_at)
        if most is not None and len(row) > most:
            parted += 1
        elif not text:
            empty += 1
        else:
            matter, tags = _cell(row, matter_at), _tags(_cell(row, tags_at))
            found.append(Found(text, matter, tags, f"{name}, row {number}"))
    notes = []
    if empty:
        notes.append(f"{counted(empty, 'row')} without a prompt left out.")
    if parted:
        notes.append(
            f"{counted(parted, 'row')} with more cells than the header left out: put prompts that "
            "hold the delimiter in quotation marks."
        )
    return Import(tuple(found), tuple(notes))


def _tags(text: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in text.replace(";", ",").split(",") if tag.strip())


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""
