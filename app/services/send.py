"""The one function that sends a prompt to a model, after its matter's policy allowed it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt, clean
from app.domain.errors import CounterpartError
from app.domain.events import (
    ANSWERED,
    Attempted,
    Failed,
    Finished,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
    Waiting,
)
from app.domain.matter import Matter, PolicyKind
from app.domain.model import KeySource, ModelRef
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.domain.outcome import outcome
from app.domain.secret import ApiKey
from app.services.keys import Keys
from app.services.ports import (
    ChatRequest,
    Clock,
    LocalModel,
    PriceBook,
    Providers,
    TokenCounter,
    Wishes,
)

Report = Callable[[StreamEvent], None]
_ZERO = Decimal(0)


class Stop:
    """Lets the user end an answer early: what arrived is kept."""

    def __init__(self) -> None:
        self.pressed = False
        self._running: set[asyncio.Future[None]] = set()
        self._inner: list[Stop] = []

    def inner(self) -> Stop:
        """Return a stop for one side: it may be pressed alone, and this one presses it too."""
        side = Stop()
        side.pressed = self.pressed
        self._inner.append(side)
        return side

    def press(self) -> None:
        """End every answer that listens; called on the event loop."""
        self.pressed = True
        for run in self._running:
            run.cancel()
        for side in self._inner:
            side.press()

    async def watch(self, run: asyncio.Future[None]) -> bool:
        """Wait for the run; return whether it was stopped rather than ended by itself."""
        self._running.add(run)
        if self.pressed:
            run.cancel()
        try:
            await run
        except asyncio.CancelledError:
            if not self.pressed:
                run.cancel()
                raise
            return True
        finally:
            self._running.discard(run)
        return False


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one sending."""

    answer: Answer
    attempts: tuple[Attempted, ...] = ()


@dataclass(slots=True)
class _Progress:
    """What has arrived so far; kept outside the task so that stopping loses nothing."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    attempts: list[Attempted] = field(default_factory=list)
    first_token_ms: int | None = None
    end: Finished | Failed | None = None
    on_the_wire: bool = False  # a request is under way, or was and has brought this answer
    waiting: Waiting | None = None

    def hear(self, event: StreamEvent) -> None:
        """Note what an event says about the request itself."""
        match event:
            case Attempted():
                self.attempts.append(event)
            case Waiting(delay_s=delay_s):
                self.waiting = event if delay_s else None
                self.on_the_wire = not delay_s
            case Finished() | Failed():
                self.end = event
            case TextArrived(text):
                self.text.append(text)
            case ReasoningArrived(text):
                self.reasoning.append(text)

    def cut_short(self) -> Attempted | None:
        """Return the attempt that was under way when it was stopped: it may cost all the same."""
        answered = bool(self.attempts) and self.attempts[-1].outcome == ANSWERED
        if self.end is not None or answered or not self.on_the_wire:
            return None
        last = self.attempts[-1].attempt if self.attempts else 0
        return Attempted(last + 1, None, "stopped", may_be_billed=True)

    @property
    def billable(self) -> bool:
        """Return whether anything that was sent may have been billed."""
        match self.end:
            case Failed(may_be_billed=may_be_billed):
                return may_be_billed
            case Finished():
                return True
            case None:
                return any(attempt.may_be_billed for attempt in self.attempts)


class Sender:
    """Asks one model and tells the truth about what came back."""

    def __init__(
        self,
        providers: Providers,
        keys: Keys,
        local: LocalModel,
        prices: PriceBook,
        counter: TokenCounter,
        clock: Clock,
    ) -> None:
        self._providers = providers
        self._keys = keys
        self._local = local
        self._prices = prices
        self._counter = counter
        self._clock = clock

    async def send(
        self, prompt: Prompt, matter: Matter, answer: Answer, report: Report, stop: Stop
    ) -> Sent:
        """Ask `answer.model` and return its settled answer; never raises for a fault of a model.

        The policy is checked here and nowhere else, immediately before anything leaves.
        """
        model = answer.model
        answer = replace(answer, sent_at=self._clock.now())
        refused = matter.policy.refuses(model, matter.name)
        if refused is not None:
            free_of_charge = Cost(Money(_ZERO), Certainty.MEASURED)
            blocked = replace(
                answer, state=AnswerState.BLOCKED, problem=refused, cost=free_of_charge
            )
            return Sent(blocked)
        started = self._clock.monotonic()
        progress = _Progress()
        wishes = Wishes(stay_here=matter.policy.kind is PolicyKind.THIS_COMPUTER)
        request = ChatRequest(prompt.full_text(), wishes)
        run = asyncio.ensure_future(self._consume(request, model, started, progress, report))
        stopped = await stop.watch(run)
        if stopped and (attempt := progress.cut_short()) is not None:
            progress.hear(attempt)
            report(attempt)
        total_ms = self._since(started)
        return await self._settle(prompt, answer, progress, total_ms, stopped=stopped)

    def _since(self, started: float) -> int:
        return max(0, round((self._clock.monotonic() - started) * 1000))

    async def _reach(self, model: ModelRef) -> tuple[ModelRef, ApiKey | None]:
        if model.key_source is KeySource.PRACTICE:
            endpoint = await self._local.ensure()
            return replace(model, base_url=endpoint.base_url), endpoint.key
        return model, await self._keys.fetch(model)

    async def _consume(
        self,
        request: ChatRequest,
        model: ModelRef,
        started: float,
        progress: _Progress,
        report: Report,
    ) -> None:
        try:
            reached, key = await self._reach(model)
        except CounterpartError as error:
            progress.end = Failed(error.problem, may_be_billed=False)
            report(progress.end)
            return
        provider = self._providers.open(reached, key)
        del key
        progress.on_the_wire = True
        async with aclosing(provider.stream(request)) as events:
            async for event in events:
                progress.hear(event)
                if progress.first_token_ms is None and isinstance(
                    event, TextArrived | ReasoningArrived
                ):
                    progress.first_token_ms = self._since(started)
                report(event)

    async def _settle(
        self, prompt: Prompt, answer: Answer, progress: _Progress, total_ms: int, *, stopped: bool
    ) -> Sent:
        text = clean("".join(progress.text))
        reasoning = clean("".join(progress.reasoning))
        state, problem = outcome(
            progress.end, text, reasoning, stopped=stopped, waiting=progress.waiting
        )
        usage = progress.end.usage if progress.end is not None else Usage()
        settled = replace(
            answer,
            state=state,
            problem=problem,
            text=text,
            reasoning=reasoning,
            first_token_ms=progress.first_token_ms,
            total_ms=total_ms,
            usage=usage,
            served_model=progress.end.served_model if isinstance(progress.end, Finished) else "",
        )
        price = await asyncio.to_thread(self.price, answer.model, answer.sent_at)
        if progress.billable:
            cost = await asyncio.to_thread(self._cost, prompt, settled, price, progress.end)
        elif answer.model.practice or answer.model.local:
            cost = Cost.free()
        else:
            cost = Cost(Money(_ZERO), Certainty.MEASURED)
        return Sent(replace(settled, cost=cost, price=price), tuple(progress.attempts))

    def price(self, model: ModelRef, at: datetime | None = None) -> Price | None:
        """Return the price a model's cost is computed with: the user's own first. Blocking."""
        if model.price is not None:
            return model.price
        if model.practice or model.local:
            return None
        return self._prices.price(model, at or self._clock.now())

    def _cost(
        self, prompt: Prompt, answer: Answer, price: Price | None, end: Finished | Failed | None
    ) -> Cost:
        """Follow the order of certainty: billed, usage times price, counted times price."""
        usage, model = answer.usage, answer.model
        if (model.practice or model.local) and not _answered_elsewhere(end):
            return Cost.free()
        if usage.billed is not None:
            return Cost(usage.billed, Certainty.MEASURED)
        if price is None:
            return Cost.unknown()
        exact = price.cost(usage)
        if exact is not None and isinstance(end, Finished):
            return Cost(exact, Certainty.MEASURED)
        counted = replace(usage)
        if usage.input_tokens is None:
            sent = f"{model.system_prompt}\n{prompt.full_text()}"
            counted = replace(counted, input_tokens=self._counter.count(sent, model.model))
        if usage.output_tokens is None or not isinstance(end, Finished):
            written = self._counter.count(answer.reasoning + answer.text, model.model)
            counted = replace(counted, output_tokens=max(written, usage.output_tokens or 0))
        guess = price.cost(counted)
        return Cost.unknown() if guess is None else Cost(guess, Certainty.ESTIMATED)


def _answered_elsewhere(end: Finished | Failed | None) -> bool:
    return isinstance(end, Failed) and end.problem.kind == "not_local"
