"""A real HTTP server on loopback that answers as scripted, faults included.

    with FaultServer() as server:
        server.enqueue(Reply.stream(openai_stream(["Hi"])))      # first request
        server.enqueue(Reply.error(429, {"error": {…}}, {"Retry-After": "1"}))
        server.default = Reply.stream(anthropic_stream(["Hi"]))  # any further one
        server.route = lambda request: Reply(…) or None          # asked first; None passes on
        server.openai_url      http://127.0.0.1:PORT/v1          (base_url of an OpenAI model)
        server.anthropic_url   http://127.0.0.1:PORT             (base_url of an Anthropic one)
        server.requests        list of Received(method, path, headers, body), `.json()`

A `Reply` is a status, headers and steps. A step is
    bytes    sent as they are (one HTTP chunk each when `framing` is "chunked")
    float    a pause in seconds
    STALL    says nothing more and keeps the connection until the client leaves
    RESET    cuts the connection hard (TCP RST)
    CUT      ends the connection cleanly, but without the end of the HTTP message
    GATE     waits until the test calls `server.open_gate()`

`framing`: "chunked" (as vendors do), "length" (Content-Length), "close" (body ends with the
connection). `before` holds steps made before the status line: (STALL,) never answers. `raw` is
sent instead of HTTP. Without a reply left and without `default` the server answers 500.

`server.wait_requests(n)` and `server.wait_client_gone()` block up to their time-out and return
whether it happened: a test of Stop asserts that the connection was really closed. With
`FaultServer(tls=context)` it speaks HTTPS, and an HTTP proxy's CONNECT is a request like any other.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

Framing = Literal["chunked", "length", "close"]


class Mark(Enum):
    """Steps that are not bytes."""

    STALL = "stall"
    RESET = "reset"
    CUT = "cut"
    GATE = "gate"


STALL, RESET, CUT, GATE = Mark.STALL, Mark.RESET, Mark.CUT, Mark.GATE
Step = bytes | float | Mark


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers to one request."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    framing: Framing = "chunked"
    before: tuple[Step, ...] = ()
    raw: bytes | None = None

    @staticmethod
    def stream(
        steps: Iterable[Step],
        headers: Mapping[str, str] | None = None,
        *,
        framing: Framing = "chunked",
        before: tuple[Step, ...] = (),
    ) -> Reply:
        """Return a 200 event stream of those steps."""
        kind = {"Content-Type": "text/event-stream; charset=utf-8", **(headers or {})}
        return Reply(200, kind, tuple(steps), framing, before)

    @staticmethod
    def lines(steps: Iterable[Step]) -> Reply:
        """Return a 200 of one JSON object a line, as Ollama sends it."""
        return Reply(200, {"Content-Type": "application/x-ndjson"}, tuple(steps))

    @staticmethod
    def error(
        status: int, body: Mapping[str, Any] | str = "", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Return an error: an object becomes JSON, a string becomes an HTML page."""
        if isinstance(body, str):
            kind, data = "text/html", body.encode()
        else:
            kind, data = "application/json", json.dumps(body).encode()
        return Reply(status, {"Content-Type": kind, **(headers or {})}, (data,), "length")


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON."""
        return json.loads(self.body)


class _HangUpError(Exception):
    """The scripted end of a connection."""


class FaultServer:
    """The server; one thread a connection, all ended by `close`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.default: Reply | None = None
        self.route: Callable[[Received], Reply | None] | None = None
        self.requests: list[Received] = []
        self._script: deque[Reply] = deque()
        self._tls = tls
        self._changed = threading.Condition()
        self._clients_gone = 0
        self._closing = threading.Event()
        self._gate = threading.Event()
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """Return the root address."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        """Return the base address for the OpenAI dialect."""
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        """Return the base address for the Anthropic dialect."""
        return self.url

    def enqueue(self, *replies: Reply) -> None:
        """Answer the next requests with these, in order."""
        self._script.extend(replies)

    def open_gate(self) -> None:
        """Let every GATE step pass."""
        self._gate.set()

    def wait_requests(self, count: int, timeout_s: float = 30.0) -> bool:
        """Wait until that many requests have arrived; False when they did not."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.requests) >= count, timeout_s)

    def wait_client_gone(self, count: int = 1, timeout_s: float = 30.0) -> bool:
        """Wait until clients have left that many unfinished answers; False when they did not."""
        with self._changed:
            return self._changed.wait_for(lambda: self._clients_gone >= count, timeout_s)

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._closing.set()
        self._gate.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if self._accepting.ident is not None:
            self._accepting.join(5)
        for thread in self._threads:
            thread.join(5)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        bare = connection
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._connections.add(connection)
            with connection, connection.makefile("rb") as incoming:
                while (request := _read_request(incoming)) is not None:
                    reply = self._choose(request)
                    if not self._answer(connection, reply):
                        break
        except (OSError, _HangUpError, ValueError):
            pass  # the client left, the script hung up, or TLS was refused
        finally:
            bare.close()
            self._connections -= {bare, connection}

    def _choose(self, request: Received) -> Reply:
        with self._changed:
            routed = self.route(request) if self.route is not None else None
            if routed is None:
                scripted = self._script.popleft() if self._script else self.default
                routed = scripted or Reply.error(500, {"error": {"message": "no reply scripted"}})
            self.requests.append(request)
            self._changed.notify_all()
        return routed

    def _answer(self, connection: socket.socket, reply: Reply) -> bool:
        """Send the reply; return whether the connection can take another request."""
        for step in reply.before:
            self._step(connection, step, chunked=False)
        if reply.raw is not None:
            connection.sendall(reply.raw)
            return False
        headers = dict(reply.headers)
        match reply.framing:
            case "chunked":
                headers["Transfer-Encoding"] = "chunked"
            case "length":
                size = sum(len(step) for step in reply.steps if isinstance(step, bytes))
                headers.setdefault("Content-Length", str(size))
            case "close":
                headers["Connection"] = "close"
        connection.sendall(_head(reply.status, headers))
        for step in reply.steps:
            self._step(connection, step, chunked=reply.framing == "chunked")
        if reply.framing == "chunked":
            self._send(connection, b"0\r\n\r\n")
        return reply.framing != "close"

    def _step(self, connection: socket.socket, step: Step, *, chunked: bool) -> None:
        match step:
            case bytes() if not step:
                pass
            case bytes():
                framed = b"%x\r\n%s\r\n" % (len(step), step) if chunked else step
                self._send(connection, framed)
            case float() | int():
                self._closing.wait(step)
            case Mark.GATE:
                self._gate.wait(30)
            case Mark.STALL:
                self._watch_for_leaving(connection)
            case Mark.RESET:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                raise _HangUpError
            case Mark.CUT:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
                raise _HangUpError

    def _send(self, connection: socket.socket, data: bytes) -> None:
        try:
            connection.sendall(data)
        except OSError:
            self._note_gone()
            raise

    def _watch_for_leaving(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.settimeout(60)
            while connection.recv(4096):
                pass
        if not self._closing.is_set():
            self._note_gone()
        raise _HangUpError

    def _note_gone(self) -> None:
        with self._changed:
            self._clients_gone += 1
            self._changed.notify_all()


def _read_request(incoming: BinaryIO) -> Received | None:
    line = incoming.readline(65_536)
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := incoming.readline(65_536)) not in (b"\r\n", b"\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    size = int(headers.get("content-length", "0"))
    return Received(method, path, headers, incoming.read(size) if size else b"")


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
