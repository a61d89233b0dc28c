"""Byte streams as the dialects send them, written from their documented shapes.

Every builder returns a tuple of byte chunks, one event (or line) each, so that a test can cut,
delay or drop any of them before handing them to `tests.fakes.fault_server.Reply`:

    openai_stream(["Hel", "lo"])                      a whole good answer, usage and [DONE]
    openai_stream(["Hel"], finish=None, done=False)   ends without a finish: cut off
    anthropic_stream(["Hel", "lo"], thinking=["hm"])  the same in the other dialect
    responses_stream(), gemini_stream(), ollama_stream()   and in the others
    sse({"any": "object"}, event="name")              one event
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Chunks = tuple[bytes, ...]

OPENAI_USAGE: dict[str, Any] = {
    "prompt_tokens": 20,
    "completion_tokens": 8,
    "total_tokens": 28,
    "prompt_tokens_details": {"cached_tokens": 4},
    "completion_tokens_details": {"reasoning_tokens": 2},
}


def sse(data: Mapping[str, Any] | str, event: str = "") -> bytes:
    """Return one event; an object is written as JSON on one line."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    head = f"event: {event}\n" if event else ""
    return f"{head}data: {text}\n\n".encode()


def openai_chunk(
    delta: Mapping[str, Any], finish: str | None = None, model: str = "fake-1", **extra: Any
) -> bytes:
    """Return one chat.completion.chunk with one choice."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000}
    return sse({**body, "model": model, "choices": [choice], **extra})


def openai_stream(
    texts: Iterable[str] = ("Hello", " world", "."),
    *,
    reasoning: Iterable[str] = (),
    finish: str | None = "stop",
    usage: Mapping[str, Any] | None = OPENAI_USAGE,
    done: bool = True,
    model: str = "fake-1",
) -> Chunks:
    """Return a whole OpenAI Chat stream; None or False leaves a part of its end out."""
    frames = [openai_chunk({"role": "assistant", "content": ""}, model=model)]
    frames += [openai_chunk({"reasoning_content": piece}, model=model) for piece in reasoning]
    frames += [openai_chunk({"content": piece}, model=model) for piece in texts]
    if finish is not None:
        frames.append(openai_chunk({}, finish, model=model))
    if usage is not None:
        last = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": model}
        frames.append(sse({**last, "choices": [], "usage": dict(usage)}))
    if done:
        frames.append(b"data: [DONE]\n\n")
    return tuple(frames)


def anthropic_stream(
    texts: Iterable[str] = ("Hello", " world", "."),
    *,
    thinking: Iterable[str] = (),
    stop: str | None = "end_turn",
    input_usage: Mapping[str, Any] | None = None,
    output_tokens: int = 8,
    done: bool = True,
    model: str = "fake-claude",
) -> Chunks:
    """Return a whole Anthropic Messages stream; None or False leaves a part of its end out."""
    given = input_usage or {
        "input_tokens": 14,
        "cache_creation_input_tokens": 2,
        "cache_read_input_tokens": 4,
    }
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "usage": {**given, "output_tokens": 1},
    }
    frames = [_named("message_start", message=message), _named("ping")]
    index = 0
    if thoughts := tuple(thinking):
        frames.append(_block(index, {"type": "thinking", "thinking": ""}))
        frames += [_delta(index, "thinking_delta", "thinking", piece) for piece in thoughts]
        frames.append(_delta(index, "signature_delta", "signature", "c2ln"))
        frames.append(_named("content_block_stop", index=index))
        index += 1
    frames.append(_block(index, {"type": "text", "text": ""}))
    frames += [_delta(index, "text_delta", "text", piece) for piece in texts]
    if stop is not None:
        frames.append(_named("content_block_stop", index=index))
        ending = {"stop_reason": stop, "stop_sequence": None}
        frames.append(_named("message_delta", delta=ending, usage={"output_tokens": output_tokens}))
    if done:
        frames.append(_named("message_stop"))
    return tuple(frames)


def anthropic_error(kind: str = "overloaded_error", message: str = "Overloaded") -> bytes:
    """Return the error event that may follow a 200."""
    return _named("error", error={"type": kind, "message": message})


def responses_stream(
    texts: Iterable[str] = ("Hello", " world", "."),
    *,
    reasoning: Iterable[str] = (),
    status: str | None = "completed",
    model: str = "fake-1",
    **response: Any,
) -> Chunks:
    """Return a whole OpenAI Responses stream; status None leaves its last event out."""
    given = {
        "input_tokens": 20,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 2},
        "output_tokens": 8,
        "output_tokens_details": {"reasoning_tokens": 2},
        "total_tokens": 28,
    }
    begun = {"id": "resp_1", "object": "response", "model": model, "status": "in_progress"}
    frames = [_named("response.created", response=begun)]
    for kind, pieces in (("reasoning_summary_text", reasoning), ("output_text", texts)):
        frames += [_named(f"response.{kind}.delta", item_id="i", delta=piece) for piece in pieces]
    if status is not None:
        ended = {**begun, "status": status, "usage": given, **response}
        frames.append(_named(f"response.{status}", response=ended))
    return tuple(frames)


def gemini_stream(
    texts: Iterable[str] = ("Hello", " world", "."),
    *,
    thoughts: Iterable[str] = (),
    finish: str | None = "STOP",
    usage: Mapping[str, Any] | None = None,
    model: str = "fake-1",
) -> Chunks:
    """Return a whole stream of Gemini's own interface; finish None leaves its end out."""
    given = usage or {
        "promptTokenCount": 20,
        "candidatesTokenCount": 6,
        "thoughtsTokenCount": 2,
        "cachedContentTokenCount": 4,
        "totalTokenCount": 28,
    }
    parts = [{"text": piece, "thought": True} for piece in thoughts]
    parts += [{"text": piece} for piece in texts]
    frames: list[bytes] = []
    for number, part in enumerate(parts or [{"text": ""}], start=1):
        candidate: dict[str, Any] = {"content": {"role": "model", "parts": [part]}, "index": 0}
        if finish is not None and number >= len(parts):
            candidate["finishReason"] = finish
        whole = {"candidates": [candidate], "usageMetadata": dict(given), "modelVersion": model}
        frames.append(sse(whole))
    return tuple(frames)


def ollama_stream(
    texts: Iterable[str] = ("Hello", " world", "."),
    *,
    thinking: Iterable[str] = (),
    done: str | None = "stop",
    model: str = "fake-1",
    **last: Any,
) -> Chunks:
    """Return a whole stream of Ollama's own interface; done None leaves its last line out."""
    messages = [{"role": "assistant", "content": "", "thinking": piece} for piece in thinking]
    messages += [{"role": "assistant", "content": piece} for piece in texts]
    lines = [line({"model": model, "message": message, "done": False}) for message in messages]
    if done is not None:
        empty = {"role": "assistant", "content": ""}
        counts = {"prompt_eval_count": 20, "eval_count": 8, "total_duration": 5_000_000}
        ending = {"model": model, "message": empty, "done": True, "done_reason": done}
        lines.append(line({**ending, **counts, **last}))
    return tuple(lines)


def line(data: Mapping[str, Any]) -> bytes:
    """Return one line of JSON."""
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def _named(kind: str, **fields: Any) -> bytes:
    return sse({"type": kind, **fields}, event=kind)


def _block(index: int, block: Mapping[str, Any]) -> bytes:
    return _named("content_block_start", index=index, content_block=dict(block))


def _delta(index: int, kind: str, field: str, piece: str) -> bytes:
    return _named("content_block_delta", index=index, delta={"type": kind, field: piece})
