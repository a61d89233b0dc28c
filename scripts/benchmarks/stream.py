"""What one streamed chunk costs our client, beside the vendors' libraries and a bare socket.

One local server in a process of its own, all clients in this one, turn by turn. Goals are ratios
taken within a round, so that a busy neighbour does not count. "Flood" is the server's answer all
at once; "drip" is one packet a chunk, where waking up for each is most of the cost, for everyone.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.benchmarks.stream_clients import (
    Client,
    SystemClock,
    anthropic_library,
    litellm,
    openai_library,
    ours,
    raw_socket,
)

ROOT = Path(__file__).resolve().parents[2]
FLOOD_CHUNKS, FLOOD_ROUNDS = 4_000, 7
DRIP_CHUNKS, DRIP_ROUNDS = 300, 5
FIRST_TOKEN_ASKS = 120
OPENAI_GOAL = 8.0
LITELLM_GOAL = 25.0
ANTHROPIC_GOAL = 2.0
DELAY_GOAL = 0.5

OURS, FLOOR = "ours", "raw socket"
OURS_ANTHROPIC = "ours, anthropic"
OPENAI, ANTHROPIC, LITELLM = "openai library", "anthropic library", "litellm"
_FURTHER = {
    "openai-responses": "/v1",
    "anthropic": "",
    "gemini": "",
    "ollama": "",
}

Figures = dict[str, list[float]]


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

    root = f"http://127.0.0.1:{port}"
    providers = HttpProviders(SystemClock())
    clients: dict[str, Client] = {
        OURS: ours(providers, f"{root}/v1", "openai-chat"),
        OPENAI: openai_library(f"{root}/v1"),
        FLOOR: raw_socket(port),
        ANTHROPIC: anthropic_library(root),
    }
    for dialect, path in _FURTHER.items():
        clients[f"ours, {dialect}"] = ours(providers, f"{root}{path}", dialect)
    if (other := litellm(f"{root}/v1")) is not None:
        clients[LITELLM] = other
    try:
        for client in clients.values():  # imports, connections and caches
            await client("flood-200")
        flood, seconds = await _spent(clients, f"flood-{FLOOD_CHUNKS}", FLOOD_ROUNDS)
        some = {name: clients[name] for name in (OURS, OPENAI, ANTHROPIC, OURS_ANTHROPIC, FLOOR)}
        drip, _ = await _spent(some, f"drip-{DRIP_CHUNKS}", DRIP_ROUNDS)
        delays = await _first_token_delay({name: clients[name] for name in (OURS, OPENAI, FLOOR)})
    finally:
        await providers.close()
    return goals(flood, seconds, drip, delays)


async def _spent(clients: dict[str, Client], answer: str, rounds: int) -> tuple[Figures, Figures]:
    """Return this process's CPU and the time by the clock, microseconds a chunk, by client."""
    count = int(answer.rpartition("-")[2])
    cpu: Figures = {name: [] for name in clients}
    clock: Figures = {name: [] for name in clients}
    for _ in range(rounds):
        for name, client in clients.items():
            used, at = time.process_time(), time.perf_counter()
            await client(answer)
            cpu[name].append((time.process_time() - used) / count * 1e6)
            clock[name].append((time.perf_counter() - at) / count * 1e6)
    return cpu, clock


async def _first_token_delay(clients: dict[str, Client]) -> dict[str, float]:
    """Return the milliseconds from asking to the first text, by client.

    The lower quartile: neighbours on this machine can only add to a wait, never shorten it.
    """
    waits: Figures = {name: [] for name in clients}
    order = list(clients.items())
    for _ in range(FIRST_TOKEN_ASKS):
        order.append(order.pop(0))  # nobody always comes after the same neighbour
        for name, client in order:
            asked = time.perf_counter()
            waits[name].append((await client("flood-3") - asked) * 1e3)
    return {name: statistics.quantiles(figures, n=4)[0] for name, figures in waits.items()}


def goals(
    flood: Figures, clock: Figures, drip: Figures, delays: dict[str, float]
) -> list[dict[str, Any]]:
    """Return the rows that are printed: goals first, then what they were taken from."""
    added = {name: delays[name] - delays[FLOOR] for name in (OURS, OPENAI)}
    share = added[OURS] / added[OPENAI] if added[OPENAI] > 0 else 0.0
    rows = [
        _at_least("CPU per chunk, openai library over ours", _ratio(flood, OPENAI, OURS),
                  OPENAI_GOAL),
        _at_least("CPU per chunk, anthropic library over ours",
                  _ratio(flood, ANTHROPIC, OURS_ANTHROPIC), ANTHROPIC_GOAL),
        {"name": "first-token delay added, ours over openai library", "value": round(share, 3),
         "goal": DELAY_GOAL, "met": share <= DELAY_GOAL},
    ]  # fmt: skip
    name = "CPU per chunk, litellm over ours"
    if LITELLM in flood:
        rows.append(_at_least(name, _ratio(flood, LITELLM, OURS), LITELLM_GOAL))
    else:
        note = "not installed: it needs an older openai library"
        rows.append({"name": name, "value": None, "goal": LITELLM_GOAL, "met": True, "note": note})
    for client, figures in flood.items():
        rows.append(_told(f"µs CPU per chunk, flood: {client}", statistics.median(figures)))
    for client, figures in clock.items():
        rows.append(_told(f"chunks per second, flood: {client}", 1e6 / statistics.median(figures)))
    for client, figures in drip.items():
        rows.append(_told(f"µs CPU per chunk, drip: {client}", statistics.median(figures)))
    for client, wait in added.items():
        rows.append(_told(f"ms to the first token over a raw socket: {client}", wait))
    return rows


def _ratio(spent: Figures, dear: str, ours: str) -> float:
    pairs = zip(spent[dear], spent[ours], strict=True)
    return statistics.median(theirs / our for theirs, our in pairs)


def _at_least(name: str, value: float, goal: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": goal, "met": value >= goal}


def _told(name: str, value: float) -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "goal": None, "met": True}
