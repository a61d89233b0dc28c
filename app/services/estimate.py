"""What a prompt would cost, before it is sent. Every figure here is an estimate (≈)."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from app.domain.conversation import Prompt
from app.domain.likely import Lengths, Likely, PastLength, lengths_of, likely
from app.domain.model import ModelRef, Pair, Role
from app.domain.money import Cost
from app.domain.routing.question import task_of
from app.services.ports.tokens import TokenCounter
from app.services.pricing import Pricing
from app.services.store import Store

LATEST_ANSWERS = 50
_NO_TASK = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens of the prompt, and what each side is likely to cost."""

    input_tokens: int
    likely_cheap: Likely
    likely_frontier: Likely

    @property
    def cheap(self) -> Cost:
        """Return the middle of what the cheap model would cost."""
        return self.likely_cheap.cost

    @property
    def frontier(self) -> Cost:
        """Return the middle of what the frontier model would cost."""
        return self.likely_frontier.cost

    def side(self, role: Role) -> Likely:
        """Return what that side is likely to cost."""
        return self.likely_cheap if role is Role.CHEAP else self.likely_frontier


class Estimates:
    """Counts off the event loop; the tables are loaded when first needed."""

    def __init__(self, counter: TokenCounter, pricing: Pricing, store: Store) -> None:
        self._counter = counter
        self._pricing = pricing
        self._store = store
        self._past: dict[tuple[str, str], _Past] = {}

    async def estimate(self, asked: Prompt | str, pair: Pair) -> Estimate:
        """Return the estimate for a prompt (or a bare user's message) on a pair."""
        prompt = Prompt(asked) if isinstance(asked, str) else asked
        tokens = await self._count(prompt.sent_text(), pair.frontier)
        cheap = await self.likely(prompt, pair.cheap)
        frontier = await self.likely(prompt, pair.frontier)
        return Estimate(tokens, cheap, frontier)

    async def likely(self, prompt: Prompt, model: ModelRef) -> Likely:
        """Return what one model is likely to cost for a prompt."""
        if model.practice or model.local:
            return likely(model, 0, Lengths(), None)
        text = prompt.sent_text()
        tokens = await self._count(text, model) if text.strip() else 0
        if model.system_prompt:
            tokens += await self._count(model.system_prompt, model)
        price = await asyncio.to_thread(self._pricing.price, model)
        past = await self._lengths(model)
        task = task_of(prompt.text)
        words = task.in_words() if task is not None else _NO_TASK
        return likely(model, tokens, lengths_of(past, words, model.max_output_tokens), price)

    async def _count(self, text: str, model: ModelRef) -> int:
        return await asyncio.to_thread(self._counter.count, text, model.model)

    async def _lengths(self, model: ModelRef) -> tuple[PastLength, ...]:
        """Return the latest lengths; only answers that came since the last look are read."""
        known = self._past.setdefault((model.base_url, model.model), _Past())
        newest = known.newest
        fresh = await self._store(
            lambda history: history.output_lengths(model, newest, LATEST_ANSWERS)
        )
        for item in fresh:
            if item.answer_id > known.newest:
                known.newest = item.answer_id
                task = task_of(item.prompt_start)
                words = task.in_words() if task is not None else _NO_TASK
                known.lengths.append(PastLength(words, item.output_tokens))
        return tuple(known.lengths)


class _Past:
    """How long a model's latest answers were, as far as they have been read."""

    def __init__(self) -> None:
        self.newest = 0
        self.lengths: deque[PastLength] = deque(maxlen=LATEST_ANSWERS)
