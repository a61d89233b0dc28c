"""Reads whatever holds prompts, by what it is called and what it looks like."""

from __future__ import annotations

from pathlib import Path

from app.adapters.prompt_files.decoding import read_text
from app.adapters.prompt_files.json_prompts import is_lines, line_prompts, whole_prompts
from app.domain.calibration.prompts import Found, Import, split_pasted
from app.domain.errors import InputError
from app.domain.words import counted

_TEXT = (".txt", ".md", ".text")
_TABLE = (".csv", ".tsv")
_LINES = (".jsonl", ".ndjson")
_MOST_FILES = 2_000


class PromptReader:
    """The PromptFiles of this computer."""

    def read(self, path: Path) -> Import:
        """Return the prompts of a file or a folder; InputError says why it cannot be used."""
        found = _folder(path) if path.is_dir() else _file(path)
        if not found.found:
            raise InputError(
                f"“{path.name}” holds no prompt.", "Choose another one.", "import_empty"
            )
        return found

    def parse(self, text: str) -> Import:
        """Return the prompts of a text: JSON lines where it is such, else pasted prompts."""
        return line_prompts(text, "text") if is_lines(text) else split_pasted(text)


def _file(path: Path) -> Import:
    kind, name = path.suffix.lower(), path.name
    text = read_text(path)
    if kind in _TABLE:
        from app.adapters.prompt_files.table import table_prompts

        return table_prompts(text, name)
    if kind in _LINES:
        return line_prompts(text, name)
    if kind == ".json":
        return line_prompts(text, name) if _many_lines(text) else whole_prompts(text, name)
    if kind in _TEXT:
        pasted = split_pasted(text)
        return Import(
            tuple(Found(item.text, source=f"{name}, no. {n}") for n, item in _numbered(pasted))
        )
    raise InputError(
        f"“{name}” is of a kind that cannot be imported.",
        "Import a CSV, JSONL, JSON or text file, or a folder of text files.",
        "import_type",
    )


def _numbered(pasted: Import) -> list[tuple[int, Found]]:
    return list(enumerate(pasted.found, 1))


def _many_lines(text: str) -> bool:
    """Return whether a .json file is really one object a line."""
    lines = [line for line in text.split("\n") if line.strip()][:2]
    return len(lines) == 2 and is_lines(lines[0]) and is_lines(lines[1])


def _folder(folder: Path) -> Import:
    """Return one prompt for each text file of a folder, by name; other files are counted."""
    try:
        files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise InputError(
            f"The folder “{folder.name}” cannot be opened: {error.strerror}.",
            "Choose another folder.",
            "import_unreadable",
        ) from None
    texts = [path for path in files if path.is_file() and path.suffix.lower() in _TEXT]
    if len(texts) > _MOST_FILES:
        raise InputError(
            f"The folder “{folder.name}” holds {len(texts):,} text files.",
            f"Choose a folder with at most {_MOST_FILES:,}.",
            "import_too_large",
        )
    found, empty = [], 0
    for path in texts:
        text = read_text(path).strip()
        empty += not text
        if text:
            found.append(Found(text, source=path.name))
    notes = []
    if others := len(files) - len(texts):
        notes.append(f"{counted(others, 'other file or folder', 'other files and folders')} left "
                     "out: only text files are read.")  # fmt: skip
    if empty:
        notes.append(f"{counted(empty, 'empty file')} left out.")
    return Import(tuple(found), tuple(notes))
