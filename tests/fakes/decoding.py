"""The bytes of one body read without a network, as the provider reads them."""

from __future__ import annotations

from collections.abc import Iterable

from app.adapters.providers.decoder import Decoder
from app.domain.events import Failed, Finished, StreamEvent, TextArrived

LONGEST_LINE_BYTES = 1_000_000


def events_of(decoder: Decoder, chunks: Iterable[bytes]) -> list[StreamEvent]:
    """Return what these chunks mean; exactly one Finished or Failed is the last event."""
    reader = decoder.reader(LONGEST_LINE_BYTES)
    events: list[StreamEvent] = []
    for chunk in chunks:
        events += decoder.feed(reader.feed(chunk))
    if not decoder.ended:
        events += decoder.feed_rest(reader.finish())
    if not decoder.ended:
        events.append(decoder.close())
    return events


def failed(events: list[StreamEvent]) -> Failed:
    """Return the end, which must be a bad one."""
    assert isinstance(events[-1], Failed), events[-1]
    return events[-1]


def finished(events: list[StreamEvent]) -> Finished:
    """Return the end, which must be a good one."""
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1]


def text_of(events: list[StreamEvent]) -> str:
    """Return the whole text."""
    return "".join(event.text for event in events if isinstance(event, TextArrived))
