"""A bare local server that streams canned chunks flat out, in a process of its own.

Run as a program it prints its port and serves until it is ended. The number of chunks is the last
part of the model's name in the request: "flood-4000". Every event is one chunk of the chunked
transfer encoding, as vendors send it, and all of them are handed to the system at once.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from functools import cache

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_COUNT = re.compile(rb'"model":\s*"[a-z0-9-]*?-(\d+)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_WORDS = (" The", " tenant", " shall", " keep", " the", " premises", " in", " good", " repair", ".")


@cache
def openai_answer(count: int) -> bytes:
    """Return a whole response in the OpenAI Chat dialect with that many text chunks."""
    chunks = [
        _openai({"choices": [_choice({"content": _WORDS[number % 10]})]}) for number in range(count)
    ]
    chunks.append(_openai({"choices": [_choice({}, "stop")]}))
    usage = {"prompt_tokens": 9, "completion_tokens": count, "total_tokens": 9 + count}
    chunks.append(_openai({"choices": [], "usage": usage}))
    chunks.append(b"data: [DONE]\n\n")
    return _framed(chunks)


@cache
def anthropic_answer(count: int) -> bytes:
    """Return a whole response in the Anthropic dialect with that many text chunks."""
    usage = {"input_tokens": 9, "output_tokens": 1}
    message: dict[str, object] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "flood",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    block = {"type": "text", "text": ""}
    chunks = [
        _anthropic("message_start", message=message),
        _anthropic("content_block_start", index=0, content_block=block),
    ]
    for number in range(count):
        delta = {"type": "text_delta", "text": _WORDS[number % 10]}
        chunks.append(_anthropic("content_block_delta", index=0, delta=delta))
    ending = {"stop_reason": "end_turn", "stop_sequence": None}
    chunks += [
        _anthropic("content_block_stop", index=0),
        _anthropic("message_delta", delta=ending, usage={"output_tokens": count}),
        _anthropic("message_stop"),
    ]
    return _framed(chunks)


def _choice(delta: dict[str, str], finish: str | None = None) -> dict[str, object]:
    return {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}


def _openai(fields: dict[str, object]) -> bytes:
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_790_000_000,
            "model": "flood", "system_fingerprint": "fp_1"}  # fmt: skip
    return f"data: {json.dumps({**head, **fields}, separators=(',', ':'))}\n\n".encode()


def _anthropic(kind: str, **fields: object) -> bytes:
    body = json.dumps({"type": kind, **fields}, separators=(",", ":"))
    return f"event: {kind}\ndata: {body}\n\n".encode()


def _framed(chunks: list[bytes]) -> bytes:
    framed = (b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return _HEAD + b"".join(framed) + b"0\r\n\r\n"


def _serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while request := _read_request(connection):
            found = _COUNT.search(request)
            count = int(found.group(1)) if found else 1
            speaks_anthropic = b"/messages" in request.split(b"\r\n", 1)[0]
            connection.sendall((anthropic_answer if speaks_anthropic else openai_answer)(count))


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
