"""What a dialect is to the transport: a request to send and a decoder for what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.adapters.providers.decoder import Decoder
from app.adapters.providers.wire_error import WireError
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.services.ports import ChatRequest

Amendments = frozenset[str]
NONE: Amendments = frozenset()
SSE = frozenset({"text/event-stream"})


@dataclass(frozen=True, slots=True, repr=False)
class WireRequest:
    """One POST. It holds the key and the prompt, so it never shows itself."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Dialect(Protocol):
    """A wire format. Pure: no network, no clock."""

    streams: frozenset[str]
    """The media types under which an answer arrives."""

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the request, with what the server was found to want otherwise."""
        ...

    def amendment(self, error: WireError, used: Amendments) -> str:
        """Return what to change after a 400 that names it, or an empty string."""
        ...

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder for one answer."""
        ...
