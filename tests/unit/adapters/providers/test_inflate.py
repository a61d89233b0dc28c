"""Compressed bodies are opened in small pieces only."""

from __future__ import annotations

import gzip
import zlib

import pytest

from app.adapters.providers.inflate import Inflater


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_bomb_is_never_held_whole_in_memory(pack: object) -> None:
    assert callable(pack)
    bomb = pack(b"\x00" * 20_000_000)
    pieces = list(Inflater().pieces(bomb))
    assert sum(map(len, pieces)) == 20_000_000
    assert max(map(len, pieces)) <= 262_144


def test_a_body_cut_anywhere_is_opened_whole() -> None:
    packed = gzip.compress(b"data: Hello\n\n")
    for cut in range(len(packed)):
        inflater = Inflater()
        pieces = [*inflater.pieces(packed[:cut]), *inflater.pieces(packed[cut:])]
        assert b"".join(pieces) == b"data: Hello\n\n"


def test_what_is_not_compressed_is_told() -> None:
    with pytest.raises(ValueError, match="not gzip"):
        list(Inflater().pieces(b"data: Hello\n\n"))
