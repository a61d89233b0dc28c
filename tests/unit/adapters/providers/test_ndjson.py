"""One object a line, however the network cuts it."""

from __future__ import annotations

import pytest

from app.adapters.providers.ndjson import LineReader
from app.adapters.providers.sse import Frame, FrameTooLongError

BODY = '{"a":"§ 1\u2028\x85“"}\r\n\n{"b":2}\n{"half'.encode()
FRAMES = [Frame('{"a":"§ 1\u2028\x85“"}\r'.encode()), Frame(b'{"b":2}')]


def test_the_same_bytes_cut_at_any_place_give_the_same_lines() -> None:
    for cut in range(len(BODY)):
        reader = LineReader()
        assert reader.feed(BODY[:cut]) + reader.feed(BODY[cut:]) == FRAMES
        assert reader.finish() == [Frame(b'{"half')]


def test_only_bytes_of_an_open_line_are_progress() -> None:
    reader = LineReader()
    reader.feed(b"{}\n\n \n")
    assert not reader.advanced
    reader.feed(b'{"a')
    assert reader.advanced


def test_a_line_without_end_is_capped() -> None:
    reader = LineReader(10)
    reader.feed(b"0123456789")
    with pytest.raises(FrameTooLongError):
        reader.feed(b"0")
