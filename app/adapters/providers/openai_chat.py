"""OpenAI Chat Completions, and every server that is compatible with it.

Where a vendor differs in what it takes, the difference is a row of `quirks.py`; what comes back is
read in all its known forms, an answer in one piece among them. Source: OpenAI's API reference and
its Python library (types of version 3.54), llama.cpp's and LM Studio's servers as their users
report them; read in November 2026.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from urllib.parse import quote

from app.adapters.providers.decoder import DONE, Decoder, Json, count, section
from app.adapters.providers.dialect import (
    Amendments,
    Dialect,
    Refusable,
    WireRequest,
    messages_of,
)
from app.adapters.providers.problems import Problems
from app.adapters.providers.quirks import COMMON, Quirks, families_of, key_headers, quirks_of
from app.adapters.providers.sse import Frame
from app.adapters.providers.wire_error import WireError, error_in
from app.domain.conversation import clean
from app.domain.events import FinishReason, StreamEvent
from app.domain.model import ModelRef
from app.domain.money import Money, Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest, Wishes

_LIMIT, _COMPLETION_LIMIT = "max_tokens", "max_completion_tokens"
_TICKS_PER_DOLLAR = 10_000_000_000

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


class OpenAiChat(Dialect):
    """The dialect: request bodies and decoders."""

    limits = ((_LIMIT,), (_COMPLETION_LIMIT,))
    refusable = (
        Refusable(("stream_options",)),
        Refusable((_LIMIT,), instead=_COMPLETION_LIMIT),
        Refusable((_COMPLETION_LIMIT,), instead=_LIMIT),
        Refusable(("temperature",)),
        Refusable(("seed",)),
        Refusable(("repeat_penalty",)),
        Refusable(("store",)),
        Refusable(("reasoning_format",)),
        Refusable(("plugins",), also=("context-compression",)),
        Refusable(("context_length_exceeded_behavior",)),
    )

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message."""
        quirks, families = quirks_of(model), families_of(model)
        messages = messages_of(asked)
        if model.system_prompt:
            messages.insert(0, {"role": "system", "content": clean(model.system_prompt)})
        body: dict[str, object] = {"model": model.model, "messages": messages, "stream": True}
        if quirks.usage_option:
            body["stream_options"] = {"include_usage": True}
        if model.max_output_tokens is not None:
            renamed = (family.limit_field for family in families if family.limit_field)
            body[next(renamed, quirks.limit_field)] = model.max_output_tokens
        body.update(quirks.extra)
        for family in families:
            body.update(family.extra)
        if quirks.forwards and (wished := _wishes(asked.wishes)):
            body["provider"] = wished
        if model.practice and not any(family.fixed_sampling for family in families):
            body.update(_sampling(model))
        url = endpoint(model, quirks.deployments)
        return WireRequest(url, key_headers(model, key), self.packed(body, amendments))

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        return OpenAiChatDecoder(Problems.about(model), secrets, quirks_of(model))


def endpoint(model: ModelRef, deployments: str = "") -> str:
    """Return the address of a model's completions.

    `deployments` is the version of an interface whose path names the model, where the address
    that was typed is not that of the newer one.
    """
    base = model.base_url.rstrip("/").removesuffix("/chat/completions")
    if not deployments or base.endswith("/v1"):
        return f"{base}/chat/completions"
    if "/deployments/" not in base:
        base = f"{base.removesuffix('/openai')}/openai/deployments/{quote(model.model, safe='')}"
    return f"{base}/chat/completions?api-version={deployments}"


def _wishes(wished: Wishes) -> dict[str, object]:
    """Return what a server that forwards is told about whom it may forward to."""
    told: dict[str, object] = {}
    if wished.no_training:
        told["data_collection"] = "deny"
    if wished.no_retention:
        told["zdr"] = True
    if wished.only_at:
        told["only"] = list(wished.only_at)
    return told


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
        quirks: Quirks = COMMON,
    ) -> None:
        super().__init__(problems, secrets)
        self._quirks = quirks
        self._refused = False

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        data = frame.data
        if data == DONE or data.strip() == DONE:
            self._finish(out)
            return
        if not data.strip():
            return
        if frame.event == b"error":
            self._error(self._event_error(data), out)
            return
        chunk = self._object(data)
        # Usage first: the chunk that reports an error may carry it too.
        usage = chunk.get("usage") or section(chunk.get("x_groq")).get("usage")
        if usage:
            self._count(usage)
        choices = chunk.get("choices")
        if (not choices or chunk.get("error")) and (error := error_in(chunk)) is not None:
            self._error(error, out)
            return
        if not self.served_model:
            self._serve(chunk.get("model"))
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._choice(choices[0], out)

    def _count(self, usage: object) -> None:
        if isinstance(usage, dict):
            counted = usage_of(usage, hidden_thoughts=self._quirks.hidden_thoughts)
            self.usage = merged(self.usage, counted)

    def _event_error(self, data: bytes) -> WireError:
        try:
            chunk = self._object(data)
        except ValueError:
            return WireError(words=data.decode("utf-8", "replace").casefold())
        return error_in(chunk) or error_in({"error": chunk}) or WireError()

    def _choice(self, choice: Json, out: list[StreamEvent]) -> None:
        delta = choice.get("delta")
        if delta is None:
            delta = choice.get("message")  # a server that did not stream
        if isinstance(delta, dict):
            content = delta.get("content")
            if content:
                self._content(content, out)
            if len(delta) > 1 or not content:
                self._beside_content(delta, out)
        if usage := choice.get("usage"):
            self._count(usage)  # where one vendor puts it
        finish = choice.get("finish_reason")
        if isinstance(finish, str) and finish and self.reason is None:
            self._note_finish(finish, out)

    def _content(self, content: object, out: list[StreamEvent]) -> None:
        if isinstance(content, str):
            self._answer(content, out)
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
        if nothing_written or (self._quirks.silent_overflow and reason is FinishReason.STOP):
            return FinishReason.CONTEXT_OVERFLOW
        return reason


def usage_of(usage: Json, *, hidden_thoughts: bool = False) -> Usage:
    """Return the counts of one usage object, whichever of the vendors' names they have.

    With `hidden_thoughts`, what the total holds beyond prompt and completion is thoughts.
    """
    prompt = section(usage.get("prompt_tokens_details"))
    completion = section(usage.get("completion_tokens_details"))
    hit, missed = count(usage.get("prompt_cache_hit_tokens")), usage.get("prompt_cache_miss_tokens")
    given = count(usage.get("prompt_tokens"))
    if given is None and hit is not None and (rest := count(missed)) is not None:
        given = hit + rest
    written = count(usage.get("completion_tokens"))
    reasoning = _first(completion.get("reasoning_tokens"), usage.get("reasoning_tokens"))
    total = count(usage.get("total_tokens"))
    if given is not None and written is not None and total is not None:
        # Some vendors count reasoning beside the completion; the total tells.
        beyond = total - given - written
        if beyond > 0 and (beyond == reasoning or (hidden_thoughts and not reasoning)):
            reasoning = beyond
            written += beyond
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
    ticks = _amount(usage.get("cost_in_usd_ticks"))
    cost = _amount(usage.get("cost")) if ticks is None else ticks / _TICKS_PER_DOLLAR
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
