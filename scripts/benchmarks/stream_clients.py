"""The clients whose cost is compared: ours in every dialect, the vendors' libraries, bare sockets.

Each reads one answer of the local server in `raw_server.py` and returns when its first text came.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.adapters.providers.factory import HttpProviders

# Reads the answer of a model ("flood-4000"); returns when its first text came (perf_counter).
Client = Callable[[str], Awaitable[float]]

_PROMPT: list[Any] = [{"role": "user", "content": "Go"}]


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the wall clock."""
        return datetime.now(UTC)

    def utc_offset_min(self, at: datetime) -> int:  # noqa: ARG002
        """Return no offset."""
        return 0

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()


def ours(providers: HttpProviders, base_url: str, dialect: str) -> Client:
    """Return our own client in that dialect."""
    from app.domain.events import TextArrived
    from app.domain.model import Dialect, ModelRef, Role
    from app.domain.secret import ApiKey
    from app.services.ports.providers import ChatRequest

    async def ask(name: str) -> float:
        first = 0.0
        model = ModelRef("m", Dialect(dialect), base_url, name, Role.CHEAP)
        stream = providers.open(model, ApiKey("sk-bench")).stream(ChatRequest("Go"))
        async with aclosing(stream) as events:
            async for event in events:
                if not first and isinstance(event, TextArrived):
                    first = time.perf_counter()
        return first

    return ask


def openai_library(base_url: str) -> Client:
    """Return OpenAI's Python library."""
    from openai import AsyncOpenAI

    library = AsyncOpenAI(api_key="sk-bench", base_url=base_url)

    async def ask(name: str) -> float:
        first = 0.0
        stream = await library.chat.completions.create(
            model=name,
            messages=_PROMPT,
            stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter()
        return first

    return ask


def anthropic_library(base_url: str) -> Client:
    """Return Anthropic's Python library."""
    from anthropic import AsyncAnthropic

    library = AsyncAnthropic(api_key="sk-bench", base_url=base_url)

    async def ask(name: str) -> float:
        first = 0.0
        stream = await library.messages.create(
            model=name, max_tokens=1000, messages=_PROMPT, stream=True
        )
        async for event in stream:
            if not first and event.type == "content_block_delta":
                first = time.perf_counter()
        return first

    return ask


def litellm(base_url: str) -> Client | None:
    """Return litellm, or None where it is not installed: it pins an older OpenAI library."""
    # Else it looks for prices on the internet as soon as it is imported.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    try:
        from litellm import acompletion  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None

    async def ask(name: str) -> float:
        first = 0.0
        stream: Any = await acompletion(
            model=f"openai/{name}",
            messages=_PROMPT,
            stream=True,
            api_base=base_url,
            api_key="sk-bench",
        )
        async for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter()
        return first

    return ask


def raw_socket(port: int) -> Client:
    """Return the floor: no HTTP, no JSON, one event a blank line."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)

    async def ask(name: str) -> float:
        loop = asyncio.get_running_loop()
        body = b'{"model":"%s"}' % name.encode()
        head = b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body)
        await loop.sock_sendall(connection, head + body)
        first, tail = 0.0, b""
        while not tail.endswith(b"0\r\n\r\n"):
            data = await loop.sock_recv(connection, 65_536)
            if not first and b'"content"' in data:
                first = time.perf_counter()
            for _event in data.split(b"\n\n"):
                pass
            tail = (tail + data)[-5:]
        return first

    return ask
