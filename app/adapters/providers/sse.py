"""Bytes to frames: Server-Sent Events, read incrementally.

Lines end at LF, CRLF or CR and nowhere else: legal text holds U+2028, U+0085 and vertical tabs,
at which a general line splitter would break the JSON inside. Those three bytes never occur inside
a multi-byte UTF-8 character, so the split is made on bytes and a character that is cut between two
packets is whole again when its line is.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

_BOM = b"\xef\xbb\xbf"
_COMMENT = b":"[0]
_OTHER_FIELDS = (b"id", b"retry")
_JSON_STARTS = (b"{", b"[")


class Frame(NamedTuple):
    """One event: its `data:` lines joined by LF, and its name (empty where none was given)."""

    data: bytes
    event: bytes = b""


class FrameTooLongError(Exception):
    """A line, or the lines of one event together, passed the cap."""


class FrameReader(Protocol):
    """Turns chunks of a body, cut anywhere, into frames."""

    advanced: bool
    """Whether the last chunk added to a frame that is not finished yet."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the frames that this chunk completes; FrameTooLongError past the cap."""
        ...

    def finish(self) -> list[Frame]:
        """Return what the end of the body left unfinished; it may be half."""
        ...


class SseReader:
    """Turns chunks of a body, cut anywhere, into frames. Work is linear in the new bytes.

    Some servers end a stream with an error that is bare JSON over several lines, or with a field
    called `error`, and some answer in one bare object after all. None of this is part of the
    format; each becomes a frame, so that what it says is not lost.
    """

    def __init__(self, max_line_bytes: int = 10_000_000) -> None:
        self._max = max_line_bytes
        self._head: bytes | None = b""  # the first bytes, until a BOM is ruled out
        self._after_cr = False
        self._open: list[bytes] = []  # the pieces of a line whose end has not come
        self._open_bytes = 0
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._event = b""
        self._stray: list[bytes] = []  # lines of JSON that no field announces
        self.advanced = False
        """Whether the last chunk added to an event that is not finished yet."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the frames that this chunk completes; FrameTooLongError past the cap."""
        self.advanced = False
        chunk = self._plain(chunk)
        if not chunk:
            return []
        before = self._data_bytes
        lines = chunk.split(b"\n")
        frames: list[Frame] = []
        if len(lines) > 1:
            if self._open:
                lines[0] = b"".join((*self._open, lines[0]))
                self._open.clear()
                self._open_bytes = 0
            rest = lines.pop()
            frames = self._read(lines)
        else:
            rest = chunk
        if rest:
            self._open.append(rest)
            self._open_bytes += len(rest)
            if self._open_bytes > self._max:
                raise FrameTooLongError
            self.advanced = self._open[0][0] != _COMMENT
        if self._data_bytes > before or (frames and self._data):
            self.advanced = True
        return frames

    def finish(self) -> list[Frame]:
        """Return what a body that ended without its last blank line left; it may be half."""
        if self._open:
            self._read([b"".join(self._open)])
            self._open.clear()
        frames = self._read([b""])
        if self._stray:
            frames.append(Frame(b"\n".join(self._stray)))
            self._stray.clear()
        return frames

    def _plain(self, chunk: bytes) -> bytes:
        """Return the chunk without BOM, its line ends all made LF."""
        if self._head is not None:
            chunk = self._head + chunk
            if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
                self._head = chunk
                return b""
            self._head = None
            chunk = chunk.removeprefix(_BOM)
        if self._after_cr and chunk:
            self._after_cr = False
            chunk = chunk.removeprefix(b"\n")
        if b"\r" in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _read(self, lines: list[bytes]) -> list[Frame]:
        frames: list[Frame] = []
        data = self._data
        for line in lines:
            if not line:
                if data:
                    whole = data[0] if len(data) == 1 else b"\n".join(data)
                    frames.append(Frame(whole, self._event))
                    data.clear()
                    self._data_bytes = 0
                self._event = b""
            elif line.startswith(b"data: "):
                data.append(line[6:])
                self._count(len(line))
            elif line[0] != _COMMENT:
                self._field(line)
        return frames

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._count(len(line))
        elif name == b"event":
            self._event = value
        elif name == b"error":
            self._data.append(value)
            self._count(len(line))
            self._event = b"error"
        elif name not in _OTHER_FIELDS and (self._stray or line.lstrip()[:1] in _JSON_STARTS):
            self._stray.append(line)
            self._count(len(line))

    def _count(self, size: int) -> None:
        self._data_bytes += size
        if self._data_bytes > self._max:
            raise FrameTooLongError
