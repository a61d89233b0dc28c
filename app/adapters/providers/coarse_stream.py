"""Many small HTTP chunks become few large ones before the HTTP library parses them.

Vendors send each token as an HTTP chunk of its own, and the parser spends more time on that
framing than we do on the meaning. This wrapper of a network connection joins the chunks that
arrived together into one, and changes nothing else: whatever it does not understand it passes on
untouched, for the real parser to judge.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterable
from enum import Enum
from typing import Any

import httpcore

from app.adapters.providers.asyncio_stream import AsyncioBackend

_HEAD_END = re.compile(rb"\n\r?\n")  # as the parser itself finds it
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_CHUNKED = re.compile(rb"\ntransfer-encoding:[ \t]*chunked[ \t]*\r?\n", re.IGNORECASE)
_HEX = b"0123456789abcdefABCDEF"
_MOST_HEAD = 131_072
_LONGEST_SIZE = 15  # hexadecimal digits


class _Mode(Enum):
    HEAD = "head"
    CHUNKS = "chunks"
    AS_IT_IS = "as it is"


class Coarsener:
    """Rewrites the bytes of one response; a new one is made for each request."""

    def __init__(self) -> None:
        self._mode = _Mode.HEAD
        self._head = b""
        self._rest = b""  # a chunk-size line that is not whole yet
        self._left = 0  # bytes of the open chunk that have not come
        self._after_payload = False  # the CRLF that ends a chunk is due

    def pass_on(self, data: bytes) -> bytes:
        """Return what the parser is given for these bytes; empty while a size line is open."""
        if self._mode is _Mode.HEAD:
            return self._read_head(data)
        if self._mode is _Mode.CHUNKS:
            return self._join(data)
        return data

    def _read_head(self, data: bytes) -> bytes:
        known = len(self._head)
        self._head += data
        end = _HEAD_END.search(self._head, max(0, known - 2))
        if end is None:
            if len(self._head) > _MOST_HEAD:
                self._mode = _Mode.AS_IT_IS
            return data
        head, body = self._head[: end.end()], self._head[end.end() :]
        self._head = b""
        status = _STATUS.match(head)
        code = status.group(1) if status else b""
        if code[:1] == b"1" and code != b"101":
            return data[: len(data) - len(body)] + (self._read_head(body) if body else b"")
        chunked = code not in (b"", b"101", b"204", b"304") and _CHUNKED.search(head)
        self._mode = _Mode.CHUNKS if chunked else _Mode.AS_IT_IS
        return data[: len(data) - len(body)] + self.pass_on(body)

    def _join(self, data: bytes) -> bytes:
        if self._rest:
            data, self._rest = self._rest + data, b""
        payload: list[bytes] = []
        at, end, tail = 0, len(data), b""
        while at < end:
            if self._left:
                piece = data[at : at + self._left]
                payload.append(piece)
                at += len(piece)
                self._left -= len(piece)
                self._after_payload = not self._left
                continue
            line_end = data.find(b"\r\n", at)
            if line_end < 0:
                self._rest = data[at:]
                if len(self._rest) > _LONGEST_SIZE + 1:
                    tail, self._rest = self._give_up(self._rest), b""
                break
            if self._after_payload and line_end == at:
                self._after_payload = False
                at += 2
                continue
            size = data[at:line_end]
            if self._after_payload or not _is_size(size):
                tail = self._give_up(data[at:])
                break
            self._left = int(size, 16)
            if not self._left:  # the last chunk: trailers and what follows are not ours
                tail = self._give_up(data[at:])
                break
            at = line_end + 2
        whole = b"".join(payload)
        return b"%x\r\n%b\r\n%b" % (len(whole), whole, tail) if whole else tail

    def _give_up(self, rest: bytes) -> bytes:
        """Pass the rest, and all that follows, on as it came."""
        self._mode = _Mode.AS_IT_IS
        # Where the end of a chunk was due we have written one; what came instead must still fail.
        return b"!" + rest if self._after_payload else rest


def _is_size(text: bytes) -> bool:
    return 0 < len(text) <= _LONGEST_SIZE and not text.strip(_HEX)


class CoarseStream(httpcore.AsyncNetworkStream):
    """A connection whose answers are coarsened, and whose requests leave in one piece."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._coarsener = Coarsener()
        self._unsent: list[bytes] = []

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return at least one byte, or none at the end of the connection."""
        if self._unsent:
            unsent, self._unsent = self._unsent, []
            # A server may answer, and hang up, before it has read everything.
            with contextlib.suppress(httpcore.WriteError):
                await self._inner.write(b"".join(unsent), timeout)
        while data := await self._inner.read(max_bytes, timeout):
            if passed := self._coarsener.pass_on(data):
                return passed
        return b""

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002  (the library's own signature)
    ) -> None:
        """Keep for the next read, so that head and body of a request leave together."""
        self._coarsener = Coarsener()
        self._unsent.append(buffer)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Return the same connection, encrypted."""
        secured = await self._inner.start_tls(ssl_context, server_hostname, timeout)
        return CoarseStream(secured)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (the library's own signature)
        """Return what the connection knows about itself."""
        return self._inner.get_extra_info(info)


class CoarseBackend(httpcore.AsyncNetworkBackend):
    """Opens connections as the library does, each wrapped."""

    def __init__(self) -> None:
        self._inner = AsyncioBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect."""
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return CoarseStream(stream)

    async def sleep(self, seconds: float) -> None:
        """Wait, as between attempts to connect."""
        await self._inner.sleep(seconds)
