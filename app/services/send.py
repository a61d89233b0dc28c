"""The one function that sends a prompt to a model, after policy and budget allowed it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt, clean
from app.domain.errors import CounterpartError, Problem
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
from app.domain.matter import Matter, PolicyKind, no_longer_local, unsure_where
from app.domain.model import KeySource, ModelRef
from app.domain.money import Price, Usage
from app.domain.outcome import outcome
from app.domain.secret import ApiKey
from app.domain.thread import refused as refused_by_policy
from app.services.billing import NOTHING_PAID, Billing, Requests
from app.services.budget import Budgets
from app.services.keys import Keys
from app.services.ports.clock import Clock
from app.services.ports.local_model import LocalModel
from app.services.ports.providers import ChatRequest, Providers
from app.services.ports.spending import SpendingCheck
from app.services.ports.tokens import TokenCounter
from app.services.ports.vendors import LocalServers
from app.services.pricing import Pricing

Report = Callable[[StreamEvent], None]


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


@dataclass(frozen=True, slots=True)
class Plan:
    """Answers about to be stored and sent together, and the check to make while storing them.

    Each answer holds back from the budget what it is likely to cost at most.
    """

    answers: tuple[Answer, ...]
    spending: SpendingCheck | None = None


@dataclass(slots=True)
class _Progress:
    """What has arrived so far; kept outside the task so that stopping loses nothing."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    requests: Requests = field(default_factory=Requests)
    first_token_ms: int | None = None
    end: Finished | Failed | None = None
    on_the_wire: bool = False  # a request is under way, or was and has brought this answer
    waiting: Waiting | None = None

    def hear(self, event: StreamEvent, now: datetime) -> None:
        """Note what an event says about the request itself."""
        match event:
            case Attempted():
                self.requests.made(event)
            case Waiting(delay_s=delay_s):
                self.waiting = event if delay_s else None
                self.on_the_wire = not delay_s
                self.requests.wait(delay_s, now)
            case Finished() | Failed():
                self.end = event
            case TextArrived(text):
                self.text.append(text)
            case ReasoningArrived(text):
                self.reasoning.append(text)

    def cut_short(self) -> Attempted | None:
        """Return the attempt that was under way when it was stopped: it may cost all the same."""
        attempts = self.requests.attempts
        answered = bool(attempts) and attempts[-1].outcome == ANSWERED
        if self.end is not None or answered or not self.on_the_wire:
            return None
        last = attempts[-1].attempt if attempts else 0
        return Attempted(last + 1, None, "stopped", may_be_billed=True)


class Sender:
    """Asks one model and tells the truth about what came back."""

    def __init__(
        self,
        providers: Providers,
        keys: Keys,
        local: LocalModel,
        pricing: Pricing,
        counter: TokenCounter,
        clock: Clock,
        budgets: Budgets | None = None,
        servers: LocalServers | None = None,
    ) -> None:
        self._providers = providers
        self._keys = keys
        self._local = local
        self._pricing = pricing
        self._billing = Billing(pricing, counter)
        self._clock = clock
        self._budgets = budgets
        self._servers = servers

    async def plan(
        self,
        prompt: Prompt,
        matter: Matter,
        answers: Sequence[Answer],
        perhaps: Sequence[ModelRef] = (),
    ) -> Plan:
        """Return the answers as they are to be stored, reckoned together against the budget.

        `perhaps` are models that may be asked afterwards: there must be room for them too. What
        a matter's policy refuses costs nothing and is not reckoned.
        """
        now = self._clock.now()
        timed = [replace(answer, sent_at=now) for answer in answers]
        allowed, later = (
            [each for each in models if refused_by_policy(matter, prompt.earlier, each) is None]
            for models in ([answer.model for answer in timed], perhaps)
        )
        if self._budgets is None or not allowed:
            return Plan(tuple(timed))
        planned, spending = await self._budgets.plan(prompt, allowed, later)
        high = {item.model: item.high for item in planned if item.high and item.high.amount}
        return Plan(tuple(replace(a, held=high.get(a.model)) for a in timed), spending)

    async def send(
        self,
        prompt: Prompt,
        matter: Matter,
        answer: Answer,
        report: Report,
        stop: Stop,
        *,
        cleared: bool = False,
        refused: Problem | None = None,
    ) -> Sent:
        """Ask `answer.model` and return its settled answer; never raises for a fault of a model.

        Policy and budget are checked here and nowhere else, immediately before anything leaves;
        the policies of the matters whose earlier exchanges are sent along are checked with it.
        `cleared` tells that the budget was checked for all sides of the prompt at once (see
        `plan`), or that the user has said to send over it; `refused` is what that check said.
        """
        binding = (matter, *(exchange.matter for exchange in prompt.earlier))
        model, unsure = await self._placed(answer.model, binding)
        answer = replace(answer, model=model, sent_at=self._clock.now())
        refusal = refused_by_policy(matter, prompt.earlier, model) or unsure or refused
        if refusal is None and not cleared and self._budgets is not None:
            question = await self._budgets.question(prompt, (model,))
            refusal = question.problem() if question is not None else None
        if refusal is not None:
            blocked = replace(
                answer, state=AnswerState.BLOCKED, problem=refusal, cost=NOTHING_PAID, held=None
            )
            return Sent(blocked)
        started = self._clock.monotonic()
        progress = _Progress()
        request = ChatRequest(prompt.full_text(), earlier=prompt.earlier)
        run = asyncio.ensure_future(self._consume(request, model, started, progress, report))
        stopped = await stop.watch(run)
        if stopped and (attempt := progress.cut_short()) is not None:
            progress.hear(attempt, self._clock.now())
            report(attempt)
        total_ms = self._since(started)
        return await self._settle(prompt, answer, progress, total_ms, stopped=stopped)

    def _since(self, started: float) -> int:
        return max(0, round((self._clock.monotonic() - started) * 1000))

    async def _placed(
        self, model: ModelRef, binding: Sequence[Matter]
    ) -> tuple[ModelRef, Problem | None]:
        """Return the model with where its prompt really goes, and why it must not be sent.

        A server on this computer may have begun to hand a model's prompts on since it was added.
        It is asked wherever that matters: to a policy, or to a model that was added as local.
        """
        strict = [each for each in binding if each.policy.kind is not PolicyKind.ANY]
        if self._servers is None or not model.on_this_computer or model.practice:
            return model, None
        if not strict and not model.local:
            return model, None
        told = await self._servers.hands_on_to(model)
        if told:
            moved = replace(model, forwards_to=told, local=False)
            return moved, no_longer_local(moved) if model.local else None
        if told is None:
            return model, unsure_where(model, (strict or binding)[0].name)
        return model, None

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
        progress.requests.begin(self._clock.now())
        async with aclosing(provider.stream(request)) as events:
            async for event in events:
                progress.hear(event, self._clock.now())
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
        bill = await asyncio.to_thread(
            self._billing.bill, prompt, settled, progress.end, progress.requests
        )
        settled = replace(settled, cost=bill.cost, price=bill.price, held=None)
        return Sent(replace(settled, attempts=bill.attempts), bill.attempts)

    async def estimated(self, prompt: Prompt, answer: Answer) -> Answer:
        """Return an answer that broke off unheard with its cost, estimated from what was kept."""
        return await asyncio.to_thread(self._billing.estimated, prompt, answer, self._clock.now())

    def today(self) -> date:
        """Return the user's own day."""
        return self._pricing.today()

    def price(self, model: ModelRef, at: datetime | None = None) -> Price | None:
        """Return the price a model's cost is computed with: the user's own first. Blocking."""
        return self._pricing.price(model, at)
