"""Our streaming client against the vendors' own, flat out, on one local server.

The server runs in a process of its own, so its work does not count. In each round every client
reads the same stream, one after the other; a ratio is taken within a round, and the median over
rounds is the figure, since absolute times drift twofold with the neighbours.
"""

from __future__ import annotations

import asyncio
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.adapters.providers.factory import HttpProviders

ROOT = Path(__file__).resolve().parents[2]
CHUNKS = 4_000
ROUNDS = 7
FIRST_TOKEN_ASKS = 80
CPU_GOAL = 8.0
ANTHROPIC_GOAL = 2.0
DELAY_GOAL = 0.5

# Reads one answer of so many chunks; returns when its first text came (perf_counter).
Client = Callable[[int], Awaitable[float]]


class _SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def utc_offset_min(self, at: datetime) -> int:  # noqa: ARG002
        return 0

    def monotonic(self) -> float:
        return time.monotonic()


def run() -> list[dict[str, Any]]:
    """Return the figures, each with its goal and whether it is met."""
    with _server() as port:
        return asyncio.run(_measure(port))


@contextmanager
def _server() -> Iterator[int]:
    command = [sys.executable, "-m", "scripts.benchmarks.raw_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _measure(port: int) -> list[dict[str, Any]]:
    from app.adapters.providers.factory import HttpProviders

    providers = HttpProviders(_SystemClock())
    clients = {
        "ours": _ours(providers, f"http://127.0.0.1:{port}/v1", "openai-chat"),
        "openai SDK": _openai_sdk(f"http://127.0.0.1:{port}/v1"),
        "ours, Anthropic": _ours(providers, f"http://127.0.0.1:{port}", "anthropic"),
        "anthropic SDK": _anthropic_sdk(f"http://127.0.0.1:{port}"),
        "raw socket": _raw_socket(port),
    }
    try:
        for client in clients.values():  # imports, connections and caches
            await client(200)
        cpu = await _cpu_per_chunk(clients)
        delays = await _first_token_delay(clients)
    finally:
        await providers.close()
    return _goals(cpu, delays)


async def _cpu_per_chunk(clients: dict[str, Client]) -> dict[str, list[float]]:
    """Return microseconds of this process's CPU per chunk, by client, one figure a round."""
    spent: dict[str, list[float]] = {name: [] for name in clients}
    for _ in range(ROUNDS):
        for name, client in clients.items():
            before = time.process_time()
            await client(CHUNKS)
            spent[name].append((time.process_time() - before) / CHUNKS * 1e6)
    return spent


async def _first_token_delay(clients: dict[str, Client]) -> dict[str, float]:
    """Return the milliseconds from asking to the first text, by client.

    The lower quartile: neighbours on this machine can only add to a wait, never shorten it.
    """
    waits: dict[str, list[float]] = {name: [] for name in clients}
    order = list(clients.items())
    for _ in range(FIRST_TOKEN_ASKS):
        order.append(order.pop(0))  # nobody always comes after the same neighbour
        for name, client in order:
            asked = time.perf_counter()
            waits[name].append((await client(3) - asked) * 1e3)
    return {name: statistics.quantiles(figures, n=4)[0] for name, figures in waits.items()}


def _goals(cpu: dict[str, list[float]], delays: dict[str, float]) -> list[dict[str, Any]]:
    def ratio(dear: str, ours: str) -> float:
        pairs = zip(cpu[dear], cpu[ours], strict=True)
        return statistics.median(theirs / our for theirs, our in pairs)

    floor = delays["raw socket"]
    ours_added = delays["ours"] - floor
    sdk_added = delays["openai SDK"] - floor
    added = ours_added / sdk_added if sdk_added > 0 else 0.0
    against_openai = ratio("openai SDK", "ours")
    against_anthropic = ratio("anthropic SDK", "ours, Anthropic")
    goals = [
        _row("CPU per chunk, openai SDK over ours", against_openai, CPU_GOAL,
             met=against_openai >= CPU_GOAL),
        _row("CPU per chunk, anthropic SDK over ours", against_anthropic, ANTHROPIC_GOAL,
             met=against_anthropic >= ANTHROPIC_GOAL),
        _row("first-token delay added, ours over openai SDK", added, DELAY_GOAL,
             met=added <= DELAY_GOAL),
    ]  # fmt: skip
    for name, figures in cpu.items():
        goals.append(_row(f"µs CPU per chunk: {name}", statistics.median(figures), None, met=True))
    for name in ("ours", "openai SDK"):
        wait = delays[name] - floor
        goals.append(_row(f"ms to the first token over a raw socket: {name}", wait, None, met=True))
    return goals


def _row(name: str, value: float, goal: float | None, *, met: bool) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": goal, "met": met}


def _ours(providers: HttpProviders, base_url: str, dialect: str) -> Client:
    from app.domain.events import TextArrived
    from app.domain.model import Dialect, ModelRef, Role
    from app.domain.secret import ApiKey
    from app.services.ports import ChatRequest

    async def ask(count: int) -> float:
        first = 0.0
        model = ModelRef("m", Dialect(dialect), base_url, f"flood-{count}", Role.CHEAP)
        stream = providers.open(model, ApiKey("sk-bench")).stream(ChatRequest("Go"))
        async with aclosing(stream) as events:
            async for event in events:
                if not first and isinstance(event, TextArrived):
                    first = time.perf_counter()
        return first

    return ask


def _openai_sdk(base_url: str) -> Client:
    from openai import AsyncOpenAI

    sdk = AsyncOpenAI(api_key="sk-bench", base_url=base_url)

    async def ask(count: int) -> float:
        first = 0.0
        stream = await sdk.chat.completions.create(
            model=f"flood-{count}",
            messages=[{"role": "user", "content": "Go"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        async for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter()
        return first

    return ask


def _anthropic_sdk(base_url: str) -> Client:
    from anthropic import AsyncAnthropic

    sdk = AsyncAnthropic(api_key="sk-bench", base_url=base_url)

    async def ask(count: int) -> float:
        first = 0.0
        stream = await sdk.messages.create(
            model=f"flood-{count}",
            max_tokens=1000,
            messages=[{"role": "user", "content": "Go"}],
            stream=True,
        )
        async for event in stream:
            if not first and event.type == "content_block_delta":
                first = time.perf_counter()
        return first

    return ask


def _raw_socket(port: int) -> Client:
    """Return the floor: no HTTP, no JSON, one event a blank line."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)

    async def ask(count: int) -> float:
        loop = asyncio.get_running_loop()
        body = b'{"model":"flood-%d"}' % count
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
