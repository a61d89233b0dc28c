"""Network connections for the HTTP library, on asyncio itself.

The library's own go through a further layer, which costs more for every packet than all that we
do with it. The errors raised are the library's.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import ssl
from collections.abc import Iterable, Iterator
from typing import Any, cast

import httpcore

# The other side is told to wait when so much has come that nobody has read.
_MOST_UNREAD = 1_048_576
_NEXT_ADDRESS_S = 0.25


class _Inbox(asyncio.Protocol):
    """What came over one connection and has not been read yet."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.ended = False
        self.fault: Exception | None = None
        self.transport: asyncio.Transport | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._reading = True
        self._writable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.data += data
        self._wake(self._reader)
        if self._reading and len(self.data) > _MOST_UNREAD and self.transport is not None:
            self._reading = False
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake(self._reader)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended, self.fault = True, exc
        self._writable = True
        self._wake(self._reader)
        self._wake(self._writer)

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._wake(self._writer)

    async def take(self, max_bytes: int) -> bytes:
        """Return what has come, waiting for at least one byte; none at the end."""
        if not self.data and not self.ended:
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        if not self.data and self.fault is not None:
            raise self.fault
        taken = bytes(self.data[:max_bytes])
        del self.data[:max_bytes]
        if not self._reading and self.transport is not None and not self.ended:
            self._reading = True
            self.transport.resume_reading()
        return taken

    async def sent(self) -> None:
        """Wait until more may be written."""
        if not self._writable:
            self._writer = asyncio.get_running_loop().create_future()
            try:
                await self._writer
            finally:
                self._writer = None
        if self.fault is not None:
            raise self.fault

    @staticmethod
    def _wake(waiting: asyncio.Future[None] | None) -> None:
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


class AsyncioStream(httpcore.AsyncNetworkStream):
    """One connection."""

    def __init__(self, transport: asyncio.Transport, inbox: _Inbox) -> None:
        self._transport = transport
        self._inbox = inbox

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Return at least one byte, or none at the end of the connection."""
        try:
            if timeout is None:
                return await self._inbox.take(max_bytes)
            async with asyncio.timeout(timeout):
                return await self._inbox.take(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send all of it."""
        with _told_as(httpcore.WriteTimeout, httpcore.WriteError):
            if self._transport.is_closing():
                raise ConnectionResetError("closed by the other side")
            self._transport.write(buffer)
            async with asyncio.timeout(timeout):
                await self._inbox.sent()

    async def aclose(self) -> None:
        """Close the connection at once; what the other side still sends is not waited for."""
        self._transport.close()
        await asyncio.sleep(0)
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Return the same connection, encrypted."""
        loop = asyncio.get_running_loop()
        inbox = _Inbox()
        try:
            with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    secured = await loop.start_tls(
                        self._transport, inbox, ssl_context, server_hostname=server_hostname
                    )
        except BaseException:
            self._transport.abort()
            raise
        if secured is None:
            raise httpcore.ConnectError
        inbox.transport = secured
        return AsyncioStream(secured, inbox)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (the library's own signature)
        """Return what the connection knows about itself."""
        if info == "is_readable":  # asked of a connection at rest: then it was closed
            return self._inbox.ended or bool(self._inbox.data) or self._has_news()
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))

    def _has_news(self) -> bool:
        socket = self._transport.get_extra_info("socket")
        if socket is None or socket.fileno() < 0:
            return True
        if hasattr(select, "poll"):
            poll = select.poll()
            poll.register(socket.fileno(), select.POLLIN)
            return bool(poll.poll(0))
        return bool(select.select([socket.fileno()], [], [], 0)[0])


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002  (none are ever asked for)
    ) -> httpcore.AsyncNetworkStream:
        """Connect; of several addresses the first that answers is taken."""
        loop = asyncio.get_running_loop()
        local = None if local_address is None else (local_address, 0)
        with _told_as(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                transport, inbox = await loop.create_connection(
                    _Inbox, host, port, local_addr=local, happy_eyeballs_delay=_NEXT_ADDRESS_S
                )
        return AsyncioStream(transport, inbox)

    async def sleep(self, seconds: float) -> None:
        """Wait, as between attempts to connect."""
        await asyncio.sleep(seconds)


@contextlib.contextmanager
def _told_as(timeout: type[Exception], fault: type[Exception]) -> Iterator[None]:
    """Raise what went wrong as the library's own error."""
    try:
        yield
    except TimeoutError as error:
        raise timeout(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise fault(str(error)) from error
