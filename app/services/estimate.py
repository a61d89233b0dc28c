"""What a prompt would cost, before it is sent. Every figure here is an estimate (≈)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.domain.model import ModelRef, Pair
from app.domain.money import Certainty, Cost, Usage
from app.services.ports import TokenCounter
from app.services.send import Sender
from app.services.store import Store

# Until this user's own answers tell better; a page of prose.
DEFAULT_OUTPUT_TOKENS = 500


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens of the prompt, and the likely cost on each side."""

    input_tokens: int
    cheap: Cost
    frontier: Cost


class Estimates:
    """Counts off the event loop; the tables are loaded when first needed."""

    def __init__(self, counter: TokenCounter, sender: Sender, store: Store) -> None:
        self._counter = counter
        self._sender = sender
        self._store = store

    async def estimate(self, text: str, pair: Pair) -> Estimate:
        """Return the estimate for this user's message (attached text included) on a pair."""
        tokens = await asyncio.to_thread(self._counter.count, text, pair.frontier.model)
        cheap = await self._cost(text, tokens, pair.cheap)
        frontier = await self._cost(text, tokens, pair.frontier)
        return Estimate(tokens, cheap, frontier)

    async def _cost(self, text: str, tokens: int, model: ModelRef) -> Cost:
        if model.practice or model.local:
            return Cost.free()
        price = await asyncio.to_thread(self._sender.price, model)
        if price is None:
            return Cost.unknown()
        usual = await self._store(lambda history: history.typical_output_tokens(model.id))
        output = usual or DEFAULT_OUTPUT_TOKENS
        if model.max_output_tokens is not None:
            output = min(output, model.max_output_tokens)
        if model.system_prompt:
            tokens += await asyncio.to_thread(self._counter.count, model.system_prompt, "")
        money = price.cost(Usage(tokens if text.strip() else 0, output))
        return Cost.unknown() if money is None else Cost(money, Certainty.ESTIMATED)
