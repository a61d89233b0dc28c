"""Asks a model over a real socket, without waiting where the app would wait.

asked = ask(model(server.openai_url), limits=Limits(first_token_s=0.3))
asked.kinds      ["Attempted", "TextArrived", …]     asked.text    the answer
asked.end        the one Finished or Failed           asked.slept   retry waits, seconds
asked.beats      how often a 5 ms heartbeat ran beside it: the loop was never blocked
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.limits import Limits
from app.domain.events import (
    Attempted,
    Failed,
    Finished,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
    Waiting,
)
from app.domain.model import Dialect, ModelRef, Role
from app.domain.secret import ApiKey
from app.domain.thread import Exchange
from app.services.ports.providers import ChatRequest, Wishes

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CANARY = "sk-canary-5f1e9c"
PROMPT = "Is the tenant of Kanari & Sons liable?"


class FixedClock:
    """Says that it is noon."""

    def now(self) -> datetime:
        return NOON

    def utc_offset_min(self, at: datetime) -> int:
        return 0

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True)
class Asked:
    """What came of one question."""

    events: tuple[StreamEvent, ...]
    slept: tuple[float, ...]
    beats: int
    seconds: float

    @property
    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextArrived))

    @property
    def reasoning(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, ReasoningArrived))

    @property
    def attempts(self) -> list[Attempted]:
        return [event for event in self.events if isinstance(event, Attempted)]

    @property
    def waits(self) -> list[Waiting]:
        return [event for event in self.events if isinstance(event, Waiting)]

    @property
    def end(self) -> Finished | Failed:
        ends = [event for event in self.events if isinstance(event, Finished | Failed)]
        assert len(ends) == 1, f"{len(ends)} ends"
        assert self.events[-1] is ends[0], "something came after the end"
        return ends[0]

    @property
    def failed(self) -> Failed:
        assert isinstance(self.end, Failed), self.end
        return self.end

    @property
    def finished(self) -> Finished:
        assert isinstance(self.end, Finished), self.end
        return self.end


def model(base_url: str, dialect: str = "openai-chat", **changes: Any) -> ModelRef:
    """Return a model at that address."""
    return replace(ModelRef("M", Dialect(dialect), base_url, "fake-1", Role.CHEAP), **changes)


def ask(
    asked_model: ModelRef,
    *,
    limits: Limits | None = None,
    key: str | None = CANARY,
    prompt: str = PROMPT,
    dice: float = 0.0,
    wishes: Wishes = Wishes(),  # noqa: B008  (frozen)
    earlier: tuple[Exchange, ...] = (),
) -> Asked:
    """Ask once, on a fresh event loop; retry waits are noted and not slept."""
    asked = ask_all(
        [asked_model],
        limits=limits, key=key, prompt=prompt, dice=dice, wishes=wishes, earlier=earlier,
    )  # fmt: skip
    return asked[0]


def ask_all(
    models: list[ModelRef],
    *,
    limits: Limits | None = None,
    key: str | None = CANARY,
    prompt: str = PROMPT,
    dice: float = 0.0,
    wishes: Wishes = Wishes(),  # noqa: B008  (frozen)
    earlier: tuple[Exchange, ...] = (),
) -> list[Asked]:
    """Ask one after the other over one shared client."""
    request = ChatRequest(prompt, wishes, earlier)
    return asyncio.run(_ask_all(models, limits or Limits(), key, request, dice))


async def _ask_all(
    models: list[ModelRef], limits: Limits, key: str | None, request: ChatRequest, dice: float
) -> list[Asked]:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    providers = HttpProviders(FixedClock(), limits, sleep=sleep, dice=lambda: dice)
    results = []
    try:
        for asked_model in models:
            slept.clear()
            provider = providers.open(asked_model, ApiKey(key) if key is not None else None)
            heart = asyncio.create_task(_beat(beats := [0]))
            started = time.monotonic()
            async with aclosing(provider.stream(request)) as stream:
                events = tuple([event async for event in stream])
            heart.cancel()
            spent = time.monotonic() - started
            results.append(Asked(events, tuple(slept), beats[0], spent))
    finally:
        await providers.close()
    return results


async def _beat(count: list[int]) -> None:
    while True:
        await asyncio.sleep(0.005)
        count[0] += 1
