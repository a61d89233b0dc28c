"""Anthropic Messages, and the servers that are compatible with it.

Source: Anthropic's API reference (versions, errors, thinking) and its Python library (types of
version 2.12), read in November 2026.
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.adapters.providers.decoder import DONE, Decoder, Json, count, section
from app.adapters.providers.dialect import (
    Amendments,
    Dialect,
    Refusable,
    WireRequest,
    messages_of,
)
from app.adapters.providers.problems import Problems
from app.adapters.providers.sse import Frame
from app.adapters.providers.wire_error import WireError, error_in
from app.domain.conversation import clean
from app.domain.events import FinishReason, StreamEvent
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest

# The newest version refuses what we never send, sampling above all. Other servers speak the older.
VERSION, NEWEST = "2023-06-01", "2026-10-21"
_NEWEST_AT = "api.anthropic.com"
_OLDER = "older version"

# These think unasked, but show their thoughts only where that is asked for. Costs nothing more.
_THINKS = re.compile(
    r"claude-(?:(?:opus|fable|mythos)-(?:[5-9]|\d\d)|(?:sonnet|haiku)-(?:5[-.][5-9]|[6-9]|\d\d))"
)

# `max_tokens` is required; the most that each generation accepts, kept within reason.
_MOST_OUTPUT: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"claude-3-(?:5|7)"), 8_192),
    (re.compile(r"claude-(?:3|2|v1|instant)"), 4_096),
    (re.compile(r"claude-"), 32_000),
)
_DEFAULT_OUTPUT = 8_192

_REASONS = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "tool_use": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "refusal": FinishReason.REFUSAL,
    "model_context_window_exceeded": FinishReason.CONTEXT_OVERFLOW,
}


class AnthropicMessages(Dialect):
    """The dialect: request bodies and decoders."""

    limits = (("max_tokens",),)
    refusable = (Refusable(("thinking",)), Refusable(("temperature",)))

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message."""
        body: dict[str, object] = {
            "model": model.model,
            "max_tokens": model.max_output_tokens or default_output(model.model),
            "messages": messages_of(asked),
            "stream": True,
        }
        if model.system_prompt:
            body["system"] = clean(model.system_prompt)
        if _THINKS.search(model.model):
            body["thinking"] = {"type": "adaptive", "display": "summarized"}
        newest = model.host == _NEWEST_AT and _OLDER not in amendments
        if model.practice and not newest and model.sampling.temperature is not None:
            body["temperature"] = model.sampling.temperature
        headers = {"anthropic-version": NEWEST if newest else VERSION}
        if key is not None:
            headers["x-api-key"] = key.reveal()
        return WireRequest(endpoint(model.base_url), headers, self.packed(body, amendments))

    def amendment(self, error: WireError, sent: bytes, used: Amendments) -> str:
        """Return what to change after a refusal, the version among it."""
        if error.names("anthropic-version") and _OLDER not in used:
            return _OLDER
        return super().amendment(error, sent, used)

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        return AnthropicDecoder(Problems.about(model), secrets)


def endpoint(base_url: str) -> str:
    """Return the address of the messages of a server, with or without its version part."""
    base = base_url.rstrip("/").removesuffix("/messages").removesuffix("/v1")
    return f"{base}/v1/messages"


def default_output(model: str) -> int:
    """Return the length limit to send where the user set none."""
    for pattern, most in _MOST_OUTPUT:
        if pattern.search(model):
            return most
    return _DEFAULT_OUTPUT


class AnthropicDecoder(Decoder):
    """Frames of Messages events to events. Unknown kinds are ignored, as its reference asks."""

    def __init__(self, problems: Problems, secrets: tuple[str, ...] = ()) -> None:
        super().__init__(problems, secrets)
        self._seen: dict[str, int] = {}

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        if frame.data.strip() in (b"", DONE):
            return
        if frame.event == b"error":
            self._error(self._error_of(frame.data), out)
            return
        message = self._object(frame.data)
        match message.get("type"):
            case "content_block_delta":
                self._delta(section(message.get("delta")), out)
            case "content_block_start":
                self._block(message.get("content_block"), out)
            case "message_start":
                started = section(message.get("message"))
                self._serve(started.get("model"))
                self._count(section(started.get("usage")))
            case "message_delta":
                self._count(section(message.get("usage")))
                self._note_stop(section(message.get("delta")).get("stop_reason"), out)
            case "message_stop":
                self._finish(out)
            case "message":
                self._whole(message, out)
            case _ if (error := error_in(message)) is not None:
                self._error(error, out)
            case _:
                pass

    def _block(self, block: object, out: list[StreamEvent]) -> None:
        self._reasoning(section(block).get("thinking"), out)
        self._text(section(block).get("text"), out)

    def _whole(self, message: Json, out: list[StreamEvent]) -> None:
        """Read an answer that a server sent in one piece."""
        self._serve(message.get("model"))
        self._count(section(message.get("usage")))
        content = message.get("content")
        for block in content if isinstance(content, list) else ():
            self._block(block, out)
        self._note_stop(message.get("stop_reason"), out)
        if not self.ended:
            self._finish(out)

    def _error_of(self, data: bytes) -> WireError:
        try:
            message = self._object(data)
        except ValueError:
            return WireError(words=data.decode("utf-8", "replace").casefold())
        return error_in(message) or error_in({"error": message}) or WireError()

    def _delta(self, delta: Json, out: list[StreamEvent]) -> None:
        match delta.get("type"):
            case "text_delta":
                self._text(delta.get("text"), out)
            case "thinking_delta":
                self._reasoning(delta.get("thinking"), out)
            case _:
                pass

    def _note_stop(self, stop: object, out: list[StreamEvent]) -> None:
        if not isinstance(stop, str) or not stop or self.reason is not None:
            return
        self.reason = _REASONS.get(stop)
        if self.reason is None:
            # Among them pause_turn: the model means to go on, so this is not the whole answer.
            out.append(self.fail(self._problems.unknown_end(), cut=True))

    def _count(self, usage: Json) -> None:
        """Take cumulative counts: the latest, and the largest where a gateway first sends 0."""
        details = section(usage.get("output_tokens_details"))
        for name, value in (*usage.items(), ("thinking_tokens", details.get("thinking_tokens"))):
            known = count(value)
            if known is not None:
                self._seen[name] = max(known, self._seen.get(name, 0))
        plain = self._seen.get("input_tokens")
        written = self._seen.get("cache_creation_input_tokens")
        cached = self._seen.get("cache_read_input_tokens")
        whole = None if plain is None else plain + (written or 0) + (cached or 0)
        self.usage = replace(
            self.usage,
            input_tokens=whole,
            output_tokens=self._seen.get("output_tokens"),
            cached_tokens=cached,
            cache_write_tokens=written,
            reasoning_tokens=self._seen.get("thinking_tokens"),
        )
