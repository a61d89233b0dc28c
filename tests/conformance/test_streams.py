"""Every recorded answer means what the table says, however the network cuts it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.adapters.providers.dialects import dialect_of
from app.domain.events import Failed, Finished, ReasoningArrived, StreamEvent, TextArrived
from app.domain.model import Dialect
from app.domain.outcome import outcome
from tests.conformance.rows import FOLDER, Provider, Stream, recorded
from tests.conformance.table import PROVIDERS, STREAMS, named
from tests.fakes.asking import ask
from tests.fakes.decoding import events_of
from tests.fakes.fault_server import FaultServer, Reply

EVERY_STREAM = pytest.mark.parametrize(("provider", "row"), STREAMS, ids=named)


def decoded(provider: Provider, row: Stream, *chunks: bytes) -> list[StreamEvent]:
    """Return what these chunks of a body mean, read as the provider reads them."""
    model = replace(provider.model, local=row.local)
    decoder = dialect_of(model).decoder(model, ())
    return events_of(decoder, chunks)


def means(row: Stream, events: tuple[StreamEvent, ...]) -> None:
    """Check events against a row."""
    *arrived, end = events
    assert isinstance(end, Finished | Failed)
    text = "".join(event.text for event in arrived if isinstance(event, TextArrived))
    thoughts = "".join(event.text for event in arrived if isinstance(event, ReasoningArrived))
    state, _ = outcome(end, text, thoughts, stopped=False)
    kind = end.problem.kind if isinstance(end, Failed) else ""
    served = end.served_model if isinstance(end, Finished) else ""
    found = (tuple(arrived), state, end.usage, served, kind)
    assert found == (row.events, row.state, row.usage, row.served, row.problem)


@EVERY_STREAM
def test_a_recorded_answer_means_what_its_row_says(provider: Provider, row: Stream) -> None:
    body, _ = recorded(provider.name, row.name)
    means(row, tuple(decoded(provider, row, body)))


@EVERY_STREAM
def test_the_same_answer_cut_at_any_byte_means_the_same(provider: Provider, row: Stream) -> None:
    body, _ = recorded(provider.name, row.name)
    whole = decoded(provider, row, body)
    for cut in range(1, len(body)):
        assert decoded(provider, row, body[:cut], body[cut:]) == whole, f"cut at byte {cut}"


@EVERY_STREAM
def test_the_same_answer_over_a_real_connection_means_the_same(
    provider: Provider, row: Stream
) -> None:
    body, kind = recorded(provider.name, row.name)
    middle = len(body) // 2
    # The vendor is named, as its address is that of a server here.
    vendor = {"lmstudio": "LM Studio"}.get(provider.name, provider.model.vendor)
    with FaultServer() as server:
        server.default = Reply(200, {"Content-Type": kind}, (body[:middle], body[middle:]))
        here = replace(provider.model, base_url=server.openai_url, vendor=vendor, local=row.local)
        asked = ask(here)
    arrived = [e for e in asked.events if isinstance(e, TextArrived | ReasoningArrived)]
    if provider.name != "vertex":  # whose count of thoughts is known by its address
        means(row, (*arrived, asked.end))
    assert asked.end.usage.input_tokens == row.usage.input_tokens


def test_every_recorded_stream_is_a_row_of_the_table() -> None:
    kept = {f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.*")}
    assert kept == {f"{provider.name}/{row.name}" for provider, row in STREAMS}


def test_every_dialect_has_its_rows() -> None:
    assert {provider.model.dialect for provider in PROVIDERS} == set(Dialect)
