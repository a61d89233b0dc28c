"""A stage whose models are reached over real sockets, each in its dialect and with its own reply.

with answering({CHEAP.model: Reply.stream(…)}) as server:
    stage = wired(folder, server, SECOND)         asks the server; nothing is scripted
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.adapters.clock import SystemClock
from app.adapters.providers.factory import HttpProviders
from app.domain.model import ModelRef
from tests.fakes.fault_server import FaultServer, Received, Reply
from tests.fakes.scripted import CHEAP, FRONTIER, Stage


@contextmanager
def answering(replies: Mapping[str, Reply]) -> Iterator[FaultServer]:
    """Run a server that answers by the model's id; what `replies` says is looked up each time."""

    def route(request: Received) -> Reply:
        return replies[request.json()["model"]]

    with FaultServer() as running:
        running.route = route
        yield running


def wired(
    folder: Path, server: FaultServer, second: ModelRef, third: ModelRef | None = None
) -> Stage:
    """Return a stage of these models at the server; no lot makes a prompt a spot check."""
    made = Stage(
        folder,
        pair=(
            replace(CHEAP, base_url=server.openai_url),
            replace(FRONTIER, base_url=server.anthropic_url),
        ),
        second_model=replace(second, base_url=server.openai_url),
        third_model=replace(third, base_url=server.openai_url) if third is not None else None,
        lot=0.9,
    )
    made.over_the_wire = HttpProviders(SystemClock())
    return made
