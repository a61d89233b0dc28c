"""OpenAI Chat Completions, and every server that is compatible with it.

Where a vendor differs, the difference is a row of `_QUIRKS`. Source: the vendors' API references
as read in November 2026.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import orjson

from app.adapters.providers.catalog import vendor_of
from app.adapters.providers.decoder import Decoder, Json, count, section
from app.adapters.providers.dialect import SSE, Amendments, WireRequest
from app.adapters.providers.problems import Problems
from app.adapters.providers.sse import Frame
from app.adapters.providers.wire_error import WireError, error_in
from app.domain.conversation import clean
from app.domain.events import FinishReason, StreamEvent
from app.domain.model import ModelRef
from app.domain.money import Money, Usage
from app.domain.secret import ApiKey
from app.services.ports import ChatRequest

_NO_STREAM_OPTIONS = "no stream_options"
_COMPLETION_LIMIT = "max_completion_tokens"
_DONE = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Quirks:
    """How one vendor differs from the common shape."""

    limit_field: str = "max_tokens"
    extra: Mapping[str, object] = field(default_factory=dict)
    key_header: str = "Authorization"
    # A prompt longer than the loaded context comes back as a good answer without any text.
    silent_overflow: bool = False


_COMMON = Quirks()
_QUIRKS: Mapping[str, Quirks] = {
    # Kept for 30 days by default on newer accounts; a lawyer's prompts are not theirs to keep.
    "OpenAI": Quirks(_COMPLETION_LIMIT, {"store": False}),
    # Else an overflow silently shrinks the answer.
    "Fireworks AI": Quirks(extra={"context_length_exceeded_behavior": "error"}),
    "LM Studio": Quirks(silent_overflow=True),
}
_AZURE = Quirks(_COMPLETION_LIMIT, key_header="api-key")

_REASONS = {
    **dict.fromkeys(
        ("stop", "eos", "end_turn", "stop_sequence", "tool_calls", "function_call"),
        FinishReason.STOP,
    ),
    **dict.fromkeys(("length", "max_tokens", "model_length"), FinishReason.LENGTH),
    **dict.fromkeys(("content_filter", "sensitive", "safety"), FinishReason.CONTENT_FILTER),
    "refusal": FinishReason.REFUSAL,
    "model_context_window_exceeded": FinishReason.CONTEXT_OVERFLOW,
}
_FAULTS = frozenset(
    {"error", "network_error", "insufficient_system_resource", "abort", "cancelled"}
)


def quirks_of(model: ModelRef) -> Quirks:
    """Return the row for a model: by its address, else by the vendor the user named."""
    if model.host.endswith(".openai.azure.com"):
        return _AZURE
    return _QUIRKS.get(vendor_of(model.base_url) or model.vendor, _COMMON)


class OpenAiChat:
    """The dialect: request bodies and decoders."""

    streams = SSE

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message."""
        quirks = quirks_of(model)
        messages = [{"role": "user", "content": clean(asked.text)}]
        if model.system_prompt:
            messages.insert(0, {"role": "system", "content": clean(model.system_prompt)})
        body: dict[str, object] = {"model": model.model, "messages": messages, "stream": True}
        if _NO_STREAM_OPTIONS not in amendments:
            body["stream_options"] = {"include_usage": True}
        if model.max_output_tokens is not None:
            swapped = _COMPLETION_LIMIT in amendments
            limit = _COMPLETION_LIMIT if swapped else quirks.limit_field
            body[limit] = model.max_output_tokens
        body.update(quirks.extra)
        if model.practice:
            body.update(_sampling(model))
        headers: dict[str, str] = {}
        if key is not None:
            bearer = quirks.key_header == "Authorization"
            headers[quirks.key_header] = f"Bearer {key.reveal()}" if bearer else key.reveal()
        return WireRequest(endpoint(model.base_url), headers, orjson.dumps(body))

    def amendment(self, error: WireError, used: Amendments) -> str:
        """Return what to leave out or rename after a 400 that names it."""
        if error.names("stream_options") and _NO_STREAM_OPTIONS not in used:
            return _NO_STREAM_OPTIONS
        if error.names(_COMPLETION_LIMIT) and error.names("max_tokens"):
            return "" if _COMPLETION_LIMIT in used else _COMPLETION_LIMIT
        return ""

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        silent = quirks_of(model).silent_overflow
        return OpenAiChatDecoder(Problems.about(model), secrets, silent_overflow=silent)


def endpoint(base_url: str) -> str:
    """Return the address of the completions of a server."""
    base = base_url.rstrip("/")
    return base if base.endswith("/chat/completions") else f"{base}/chat/completions"


def _sampling(model: ModelRef) -> dict[str, object]:
    asked = model.sampling
    wished = {
        "temperature": asked.temperature,
        "repeat_penalty": asked.repeat_penalty,
        "seed": asked.seed,
    }
    return {name: value for name, value in wished.items() if value is not None}


class OpenAiChatDecoder(Decoder):
    """Frames of `chat.completion.chunk` to events."""

    def __init__(
        self,
        problems: Problems,
        secrets: tuple[str, ...] = (),
        *,
        silent_overflow: bool = False,
    ) -> None:
        super().__init__(problems, secrets)
        self._silent_overflow = silent_overflow
        self._refused = False

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        data = frame.data
        if data == _DONE or data.strip() == _DONE:
            self._finish(out)
            return
        if not data.strip():
            return
        if frame.event == b"error":
            self._error(self._event_error(data), out)
            return
        chunk = self._object(data)
        # Usage first: the chunk that reports an error may carry it too.
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            self.usage = merged(self.usage, usage_of(usage))
        if chunk.get("error") or chunk.get("object") == "error":
            self._error(error_in(chunk) or WireError(), out)
            return
        if not self.served_model:
            self._serve(chunk.get("model"))
        choices = chunk.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._choice(choices[0], out)

    def _event_error(self, data: bytes) -> WireError:
        try:
            chunk = self._object(data)
        except ValueError:
            return WireError(words=data.decode("utf-8", "replace").casefold())
        return error_in(chunk) or error_in({"error": chunk}) or WireError()

    def _choice(self, choice: Json, out: list[StreamEvent]) -> None:
        delta = choice.get("delta")
        if isinstance(delta, dict):
            content = delta.get("content")
            if content:
                self._content(content, out)
            if len(delta) > 1 or not content:
                self._beside_content(delta, out)
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish and self.reason is None:
            self._note_finish(finish, out)

    def _content(self, content: object, out: list[StreamEvent]) -> None:
        if isinstance(content, str):
            self._text(content, out)
        elif isinstance(content, list):
            for part in content:
                self._part(part, out)

    def _part(self, part: object, out: list[StreamEvent]) -> None:
        """Read one part of a content list, as some reasoning models send it."""
        piece = section(part)
        if piece.get("type") == "thinking":
            thoughts = piece.get("thinking")
            for thought in thoughts if isinstance(thoughts, list) else ():
                self._reasoning(section(thought).get("text"), out)
        else:
            self._text(piece.get("text"), out)

    def _beside_content(self, delta: Json, out: list[StreamEvent]) -> None:
        # Some servers send the same thought under both names.
        self._reasoning(delta.get("reasoning_content") or delta.get("reasoning"), out)
        refusal = delta.get("refusal")
        if isinstance(refusal, str) and refusal:
            self._refused = True
            self._text(refusal, out)

    def _note_finish(self, finish: str, out: list[StreamEvent]) -> None:
        known = finish.casefold()
        if known in _FAULTS:
            self._error(WireError((known,)), out)
            return
        self.reason = _REASONS.get(known)
        if self.reason is None:
            out.append(self.fail(self._problems.unknown_end(), cut=True))
        elif self._refused and self.reason is FinishReason.STOP:
            self.reason = FinishReason.REFUSAL

    def _finished_reason(self, reason: FinishReason) -> FinishReason:
        if self.begun:
            return reason
        nothing_written = reason is FinishReason.LENGTH and self.usage.output_tokens == 0
        if nothing_written or (self._silent_overflow and reason is FinishReason.STOP):
            return FinishReason.CONTEXT_OVERFLOW
        return reason


def usage_of(usage: Json) -> Usage:
    """Return the counts of one usage object, whichever of the vendors' names they have."""
    prompt = section(usage.get("prompt_tokens_details"))
    completion = section(usage.get("completion_tokens_details"))
    hit, missed = count(usage.get("prompt_cache_hit_tokens")), usage.get("prompt_cache_miss_tokens")
    given = count(usage.get("prompt_tokens"))
    if given is None and hit is not None and (rest := count(missed)) is not None:
        given = hit + rest
    written = count(usage.get("completion_tokens"))
    reasoning = _first(completion.get("reasoning_tokens"), usage.get("reasoning_tokens"))
    if given is not None and written is not None and reasoning:
        # Some vendors count reasoning beside the completion; the total tells.
        beside = count(usage.get("total_tokens")) == given + written + reasoning
        written += reasoning if beside else 0
    return Usage(
        input_tokens=given,
        output_tokens=written,
        cached_tokens=_first(prompt.get("cached_tokens"), hit, usage.get("cached_tokens")),
        cache_write_tokens=_first(prompt.get("cache_write_tokens")),
        reasoning_tokens=reasoning,
        billed=_billed(usage),
    )


def merged(old: Usage, new: Usage) -> Usage:
    """Return the newer counts over the older: usage that is sent twice is never summed."""
    return replace(
        old,
        **{name: value for name in Usage.__slots__ if (value := getattr(new, name)) is not None},
    )


def _first(*values: object) -> int | None:
    return next((known for value in values if (known := count(value)) is not None), None)


def _billed(usage: Json) -> Money | None:
    """Return what the provider says it charged, in USD, the upstream's own bill included."""
    cost = _amount(usage.get("cost"))
    if cost is None:
        return None
    if usage.get("is_byok") is True:
        # With one's own upstream key, `cost` is the fee alone.
        upstream = section(usage.get("cost_details")).get("upstream_inference_cost")
        cost += _amount(upstream) or Decimal(0)
    return Money(cost)


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not math.isfinite(value) or value < 0:
        return None
    return Decimal(str(value))
