"""Models that answer: what they are asked, and how they are reached."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol

from app.domain.events import StreamEvent
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.domain.thread import Exchange


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asks of whoever answers; a provider passes on what its server can be told.

    `no_training`, `no_retention`: nobody may learn from it, or keep it. `only_at`: if it is
    forwarded, then to these alone. Whether it may leave this computer is no wish: a matter's policy
    decides, where the sending is.
    """

    no_training: bool = False
    no_retention: bool = False
    only_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to one model: the user's message as sent; the model brings the rest.

    `earlier` comes before it, oldest first: each a message of the user's and the model's answer.
    """

    text: str
    wishes: Wishes = Wishes()
    earlier: tuple[Exchange, ...] = ()


class Provider(Protocol):
    """One model that can answer, reached with one key."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the answer as it arrives; exactly one Finished or Failed is the last event.

        Never raises for a fault of the network or the server: that is a Failed. Closing the
        generator (or cancelling the task) closes the connection at once.
        """
        ...


class Providers(Protocol):
    """Builds providers over one shared HTTP client."""

    def open(self, model: ModelRef, key: ApiKey | None) -> Provider:
        """Return the provider for a model; `model.base_url` is where it is reached now."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
