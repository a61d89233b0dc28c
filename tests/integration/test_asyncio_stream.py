"""Network connections on asyncio, against real sockets."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator

import httpcore
import pytest

from app.adapters.providers.asyncio_stream import AsyncioBackend

Scene = Callable[[httpcore.AsyncNetworkStream, socket.socket], Awaitable[None]]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def play(listener: socket.socket, scene: Scene) -> None:
    """Connect both ends and run the scene: ours first, the server's bare socket second."""

    async def run() -> None:
        port = listener.getsockname()[1]
        stream = await AsyncioBackend().connect_tcp("127.0.0.1", port, timeout=5)
        server, _ = listener.accept()
        with server:
            try:
                await asyncio.wait_for(scene(stream, server), 60)
            finally:
                await stream.aclose()

    asyncio.run(run())


def test_what_was_sent_is_read_in_order_and_to_its_end(listener: socket.socket) -> None:
    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        await stream.write(b"question")
        assert server.recv(100) == b"question"
        server.sendall(b"answer")
        assert await stream.read(3) == b"ans"
        assert await stream.read(100) == b"wer"
        server.shutdown(socket.SHUT_WR)
        assert await stream.read(100) == b""
        assert await stream.read(100) == b""

    play(listener, scene)


def test_a_hard_cut_is_an_error_and_not_an_end(listener: socket.socket) -> None:
    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        server.close()
        with pytest.raises(httpcore.ReadError):
            await stream.read(100)
        with pytest.raises(httpcore.WriteError):
            await stream.write(b"more")

    play(listener, scene)


def test_time_runs_out_while_nothing_comes(listener: socket.socket) -> None:
    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(100, timeout=0.05)
        server.sendall(b"late")
        assert await stream.read(100) == b"late"

    play(listener, scene)


def test_a_flood_that_nobody_reads_is_held_back_and_not_lost(listener: socket.socket) -> None:
    size = 64_000_000

    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        sent = asyncio.create_task(asyncio.to_thread(server.sendall, bytes(size)))
        done, _ = await asyncio.wait({sent}, timeout=0.5)
        assert not done, "all of it was taken into memory"
        got = 0
        while got < size:
            got += len(await stream.read(65_536))
        await sent
        assert got == size

    play(listener, scene)


def test_a_large_question_to_a_slow_reader_arrives_whole(listener: socket.socket) -> None:
    size = 32_000_000

    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        def drain() -> int:
            got = 0
            while got < size:
                got += len(server.recv(1_000_000))
            return got

        written = asyncio.create_task(stream.write(bytes(size)))
        assert await asyncio.to_thread(drain) == size
        await written

    play(listener, scene)


def test_a_connection_at_rest_that_was_closed_is_not_used_again(listener: socket.socket) -> None:
    async def scene(stream: httpcore.AsyncNetworkStream, server: socket.socket) -> None:
        assert not stream.get_extra_info("is_readable")
        assert stream.get_extra_info("server_addr") == listener.getsockname()
        server.close()  # told by the socket, before the loop has come round to it
        assert stream.get_extra_info("is_readable")

    play(listener, scene)


def test_nobody_listening_is_told_as_such(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()

    async def connect() -> None:
        await AsyncioBackend().connect_tcp("127.0.0.1", port)

    with pytest.raises(httpcore.ConnectError) as error:
        asyncio.run(connect())
    assert isinstance(error.value.__cause__, ConnectionRefusedError)
