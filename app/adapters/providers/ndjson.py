"""Bytes to frames: one JSON object a line, as Ollama's own interface sends them.

Lines end at LF alone; a CR before it is white space to JSON. Bytes are split, not text, for the
reasons given in `sse.py`.
"""

from __future__ import annotations

from app.adapters.providers.sse import Frame, FrameTooLongError


class LineReader:
    """Turns chunks of a body, cut anywhere, into one frame a line. Blank lines say nothing."""

    def __init__(self, max_line_bytes: int = 10_000_000) -> None:
        self._max = max_line_bytes
        self._open: list[bytes] = []
        self._open_bytes = 0
        self.advanced = False
        """Whether the last chunk added to a line that is not finished yet."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """Return the frames that this chunk completes; FrameTooLongError past the cap."""
        lines = chunk.split(b"\n")
        if len(lines) > 1 and self._open:
            lines[0] = b"".join((*self._open, lines[0]))
            self._open.clear()
            self._open_bytes = 0
        rest = lines.pop()
        self.advanced = bool(rest.strip())
        if rest:
            self._open.append(rest)
            self._open_bytes += len(rest)
            if self._open_bytes > self._max:
                raise FrameTooLongError
        return [Frame(line) for line in lines if line.strip()]

    def finish(self) -> list[Frame]:
        """Return the last line of a body that ended without a line end; it may be half."""
        last = b"".join(self._open)
        self._open.clear()
        return [Frame(last)] if last.strip() else []
