"""Bytes to frames, however the network cuts them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.providers.sse import Frame, FrameTooLongError, SseReader


def frames_of(*chunks: bytes, cap: int = 10_000_000) -> list[Frame]:
    reader = SseReader(cap)
    found = [frame for chunk in chunks for frame in reader.feed(chunk)]
    return found + reader.finish()


def test_text_cut_inside_any_character_is_whole_again() -> None:
    body = "data: Mieter § 535 — “größer” 😀\n\ndata: 判決\n\n".encode()
    whole = frames_of(body)
    for cut in range(len(body) + 1):
        assert frames_of(body[:cut], body[cut:]) == whole
    assert whole[0].data.decode() == "Mieter § 535 — “größer” 😀"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_line_separators_inside_legal_text_do_not_break_the_line(separator: str) -> None:
    body = f"data: a{separator}b\n\n".encode()
    assert [frame.data.decode() for frame in frames_of(body)] == [f"a{separator}b"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_line_end_is_read_even_when_cut_in_the_middle(end: bytes) -> None:
    body = end.join([b"event: one", b"data: 1", b"", b"data: 2", b"", b""])
    for cut in range(len(body) + 1):
        assert frames_of(body[:cut], body[cut:]) == [Frame(b"1", b"one"), Frame(b"2")]


def test_a_byte_at_a_time_says_the_same() -> None:
    body = b"\xef\xbb\xbf: hello\r\nevent: x\r\ndata: 1\r\ndata: 2\r\n\r\ndata:3\n\n"
    single = [body[at : at + 1] for at in range(len(body))]
    assert frames_of(*single) == [Frame(b"1\n2", b"x"), Frame(b"3")]


def test_a_byte_order_mark_is_dropped_only_at_the_start() -> None:
    assert frames_of(b"\xef", b"\xbb\xbfdata: a\n\n") == [Frame(b"a")]
    assert frames_of("data: \ufeffa\n\n".encode()) == [Frame("\ufeffa".encode())]
    assert frames_of(b"\xef\xbbdata: a\n\n") == []  # not a BOM, so not a data line either


def test_comments_and_unknown_fields_carry_nothing() -> None:
    assert frames_of(b": OPENROUTER PROCESSING\n\n: keep-alive\n\nid: 7\nretry: 10\n\n") == []


def test_an_event_without_its_blank_line_is_only_found_at_the_end() -> None:
    reader = SseReader()
    assert reader.feed(b"data: half") == []
    assert reader.finish() == [Frame(b"half")]


def test_a_line_past_the_cap_is_refused_and_not_collected() -> None:
    with pytest.raises(FrameTooLongError):
        frames_of(*([b"x" * 100] * 11), cap=1000)


def test_many_short_lines_of_one_event_are_capped_too() -> None:
    with pytest.raises(FrameTooLongError):
        frames_of(b"data: " + b"x" * 90 + b"\n", *([b"data: " + b"x" * 90 + b"\n"] * 11), cap=1000)


def test_keep_alives_do_not_count_as_progress_but_half_an_event_does() -> None:
    reader = SseReader()
    for quiet in (b": ping", b" still", b"\n", b"\n", b"\r\n", b"id: 4\n"):
        reader.feed(quiet)
        assert not reader.advanced, quiet
    for byte in (b"d", b"ata: x", b"\n"):
        reader.feed(byte)
        assert reader.advanced, byte


@settings(max_examples=60, deadline=None, database=None)
@given(
    st.lists(
        st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), min_size=1),
        max_size=5,
    ),
    st.lists(st.integers(0, 200), max_size=6),
)
def test_no_cut_ever_changes_what_is_read(texts: list[str], cuts: list[int]) -> None:
    body = b"".join(b"data: " + text.encode() + b"\n\n" for text in texts)
    edges = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    pieces = [body[start:stop] for start, stop in pairwise(edges)]
    assert [frame.data.decode() for frame in frames_of(*pieces)] == texts
