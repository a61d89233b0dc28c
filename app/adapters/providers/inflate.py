"""Bodies that come compressed although none was asked for, opened in small bounded pieces."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_PIECE = 262_144
_ANY_HEADER = 32 + zlib.MAX_WBITS  # gzip or zlib, by its own first bytes


class Inflater:
    """Decompresses incrementally; no piece is larger than 256 KiB, so a bomb cannot go off."""

    def __init__(self) -> None:
        self._engine = zlib.decompressobj(_ANY_HEADER)

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what the chunk holds; ValueError when it is not compressed as announced."""
        rest = chunk
        while rest:
            try:
                piece = self._engine.decompress(rest, _PIECE)
            except zlib.error:
                raise ValueError("not gzip or deflate") from None
            rest = self._engine.unconsumed_tail
            if piece:
                yield piece
            elif not rest:
                return
