"""What a dialect is to the transport: a request to send and a decoder for what comes back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import orjson

from app.adapters.providers.decoder import Decoder
from app.adapters.providers.refusals import NONE, Amendments, Refusable, amended, refusal
from app.adapters.providers.wire_error import WireError
from app.domain.conversation import clean
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest

__all__ = ["NONE", "SSE", "Amendments", "Dialect", "Refusable", "WireRequest", "messages_of"]

SSE = frozenset({"text/event-stream"})


@dataclass(frozen=True, slots=True, repr=False)
class WireRequest:
    """One POST. It holds the key and the prompt, so it never shows itself."""

    url: str
    headers: Mapping[str, str]
    body: bytes


def messages_of(asked: ChatRequest, answerer: str = "assistant") -> list[dict[str, str]]:
    """Return what is said before the model speaks, oldest first, as most dialects have it.

    `answerer` is what the model's own part is called.
    """
    said: list[dict[str, str]] = []
    for exchange in asked.earlier:
        said.append({"role": "user", "content": clean(exchange.asked)})
        said.append({"role": answerer, "content": clean(exchange.answered)})
    return [*said, {"role": "user", "content": clean(asked.text)}]


class Dialect(ABC):
    """A wire format. Pure: no network, no clock.

    `streams` are the media types under which an answer arrives. `refusable` are the fields that
    not every server or model takes, `limit` is where the length limit stands in the body.
    """

    streams: ClassVar[frozenset[str]] = SSE
    refusable: ClassVar[tuple[Refusable, ...]] = ()
    limits: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @abstractmethod
    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the request, with what the server was found to want otherwise."""

    @abstractmethod
    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder for one answer."""

    def amendment(self, error: WireError, sent: bytes, used: Amendments) -> str:
        """Return what to change after a refusal that names a field, or an empty string."""
        return refusal(error, sent, self.refusable, self.limits, used)

    def packed(self, body: dict[str, object], amendments: Amendments) -> bytes:
        """Return the body as it is sent, amended."""
        return orjson.dumps(amended(body, self.refusable, self.limits, amendments))
