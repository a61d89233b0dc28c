"""A bare local server that streams canned chunks, in a process of its own.

Run as a program it prints its port and serves until it is ended. The number of chunks is the last
part of the model's name in the request: "flood-4000" hands all of them to the system at once,
"drip-400" sends each in a packet of its own, with a short pause, as a vendor does. Every event is
one chunk of the chunked transfer encoding.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from functools import cache

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_LINES = _HEAD.replace(b"text/event-stream", b"application/x-ndjson")
_END = b"0\r\n\r\n"
_COUNT = re.compile(rb"(flood|drip)-(\d+)")
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_WORDS = (" The", " tenant", " shall", " keep", " the", " premises", " in", " good", " repair", ".")
_PAUSE_S = 0.0005

Answer = tuple[bytes, list[bytes]]


@cache
def openai_answer(count: int) -> Answer:
    """Return head and events of an answer in the OpenAI Chat dialect, so many text chunks long."""
    chunks = [
        _openai({"choices": [_choice({"content": _WORDS[number % 10]})]}) for number in range(count)
    ]
    chunks.append(_openai({"choices": [_choice({}, "stop")]}))
    usage = {"prompt_tokens": 9, "completion_tokens": count, "total_tokens": 9 + count}
    chunks.append(_openai({"choices": [], "usage": usage}))
    chunks.append(b"data: [DONE]\n\n")
    return _HEAD, _framed(chunks)


@cache
def responses_answer(count: int) -> Answer:
    """Return the same in the OpenAI Responses dialect."""
    response = {"id": "resp_1", "object": "response", "model": "flood", "output": []}
    given = {"input_tokens": 9, "output_tokens": count, "total_tokens": 9 + count}
    chunks = [_named("response.created", response={**response, "status": "in_progress"})]
    for number in range(count):
        chunks.append(
            _named("response.output_text.delta", item_id="msg_1", output_index=0, content_index=0,
                   delta=_WORDS[number % 10], sequence_number=number)
        )  # fmt: skip
    ended = {**response, "status": "completed", "usage": given}
    chunks.append(_named("response.completed", response=ended))
    return _HEAD, _framed(chunks)


@cache
def anthropic_answer(count: int) -> Answer:
    """Return the same in the Anthropic dialect."""
    message: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "flood",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 1},
    }
    block = {"type": "text", "text": ""}
    chunks = [
        _named("message_start", message=message),
        _named("content_block_start", index=0, content_block=block),
    ]
    for number in range(count):
        delta = {"type": "text_delta", "text": _WORDS[number % 10]}
        chunks.append(_named("content_block_delta", index=0, delta=delta))
    ending = {"stop_reason": "end_turn", "stop_sequence": None}
    chunks += [
        _named("content_block_stop", index=0),
        _named("message_delta", delta=ending, usage={"output_tokens": count}),
        _named("message_stop"),
    ]
    return _HEAD, _framed(chunks)


@cache
def gemini_answer(count: int) -> Answer:
    """Return the same in Gemini's own dialect, whose usage comes on every chunk."""
    chunks = []
    for number in range(count):
        candidate: dict[str, object] = {
            "content": {"role": "model", "parts": [{"text": _WORDS[number % 10]}]},
            "index": 0,
        }
        if number == count - 1:
            candidate["finishReason"] = "STOP"
        usage = {"promptTokenCount": 9, "candidatesTokenCount": number + 1}
        body = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "flood"}
        chunks.append(b"data: %s\r\n\r\n" % _json(body))
    return _HEAD, _framed(chunks)


@cache
def ollama_answer(count: int) -> Answer:
    """Return the same in Ollama's own dialect, one object a line."""
    told = {"model": "flood", "created_at": "2026-11-24T10:00:00Z"}
    lines = [
        {**told, "message": {"role": "assistant", "content": _WORDS[number % 10]}, "done": False}
        for number in range(count)
    ]
    ended = {"done": True, "done_reason": "stop", "prompt_eval_count": 9, "eval_count": count}
    lines.append({**told, "message": {"role": "assistant", "content": ""}, **ended})
    return _LINES, _framed([_json(line) + b"\n" for line in lines])


def _choice(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _openai(fields: dict[str, object]) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000,
            "model": "flood", "system_fingerprint": "fp_1"}  # fmt: skip
    return b"data: %s\n\n" % _json({**head, **fields})


def _named(kind: str, **fields: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), _json({"type": kind, **fields}))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _framed(chunks: list[bytes]) -> list[bytes]:
    return [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]


_ANSWERS = {
    b"/chat/completions": openai_answer,
    b"/responses": responses_answer,
    b"/messages": anthropic_answer,
    b":streamGenerateContent": gemini_answer,
    b"/api/chat": ollama_answer,
}


def _serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while request := _read_request(connection):
            path = request.split(b"\r\n", 1)[0]
            build = next(build for part, build in _ANSWERS.items() if part in path)
            found = _COUNT.search(request)
            head, events = build(int(found.group(2)) if found else 1)
            if found and found.group(1) == b"drip":
                connection.sendall(head)
                for event in events:
                    time.sleep(_PAUSE_S)
                    connection.sendall(event)
                connection.sendall(_END)
            else:
                connection.sendall(b"".join((head, *events, _END)))


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65_536)):
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    missing = (int(found.group(1)) if found else 0) - len(body)
    while missing > 0 and (more := connection.recv(65_536)):
        data += more
        missing -= len(more)
    return data


def main() -> None:
    """Serve until the process is ended."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    main()
