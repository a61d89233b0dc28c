"""What an answer cost, by the order of certainty, and what its broken attempts may have cost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from app.domain.answer import Answer
from app.domain.conversation import Prompt
from app.domain.events import Attempted, Failed, Finished
from app.domain.money import Certainty, Cost, Money, Price, Usage
from app.services.ports.tokens import TokenCounter
from app.services.pricing import Pricing

NOTHING_PAID = Cost(Money(Decimal(0)), Certainty.MEASURED)
# Outcomes of an attempt that was the answer's own although nothing has ended it.
_OWN = ("answered", "stopped")


@dataclass(slots=True)
class Requests:
    """The HTTP requests of one answer: those that were made, and whether one is under way.

    `asked_at` is when the latest was sent: a price that depends on the hour is that hour's.
    """

    attempts: list[Attempted] = field(default_factory=list)
    asked_at: datetime | None = None
    _waiting: bool = False

    def begin(self, now: datetime) -> None:
        """Note that the first request goes out."""
        self.asked_at = now

    def made(self, attempt: Attempted) -> None:
        """Note how a request went."""
        self.attempts.append(attempt)

    def wait(self, delay_s: float, now: datetime) -> None:
        """Note that the next request waits, or (without a delay) goes out now."""
        self._waiting = delay_s > 0
        if not self._waiting:
            self.asked_at = now

    def own(self, end: Finished | Failed | None) -> int | None:
        """Return the place of the attempt whose cost is the answer's own, None if not recorded."""
        if not self.attempts:
            return None
        last = len(self.attempts) - 1
        return last if end is not None or self.attempts[last].outcome in _OWN else None

    def billable(self, end: Finished | Failed | None) -> bool:
        """Return whether the answer's own attempt may have been charged for."""
        if self.asked_at is None:
            return False
        if end is None:  # stopped: while a retry waits, nothing is under way
            return not self._waiting
        if isinstance(end, Finished):
            return True
        own = self.own(end)
        if own is None or self.attempts[own].outcome in _OWN:
            return end.may_be_billed
        return end.may_be_billed and self.attempts[own].may_be_billed


@dataclass(frozen=True, slots=True)
class Bill:
    """An answer's own cost, the price it was computed with, and its attempts with theirs."""

    cost: Cost
    price: Price | None
    attempts: tuple[Attempted, ...]


class Billing:
    """Follows the ladder: billed, usage times price, counted times price, unknown; or free."""

    def __init__(self, pricing: Pricing, counter: TokenCounter) -> None:
        self._pricing = pricing
        self._counter = counter

    def bill(
        self, prompt: Prompt, answer: Answer, end: Finished | Failed | None, requests: Requests
    ) -> Bill:
        """Return what a settled answer cost. Blocking."""
        model = answer.model
        attempts = tuple(requests.attempts)
        if (model.practice or model.local) and not _answered_elsewhere(end):
            return Bill(Cost.free(), None, attempts)
        price = self._pricing.price(model, requests.asked_at, answer.served_model)
        if requests.billable(end):
            cost, price = self._cost(prompt, answer, price, end)
        else:
            cost = NOTHING_PAID
            if price is not None:
                cost = replace(cost, money=Money(Decimal(0), price.currency))
                price = price.resolved(None)
        own = requests.own(end)
        broken = [
            place
            for place, attempt in enumerate(attempts)
            if attempt.may_be_billed and place != own
        ]
        if broken:
            besides = self._besides(prompt, answer, price, cost)
            attempts = tuple(
                replace(attempt, besides=besides) if place in broken else attempt
                for place, attempt in enumerate(attempts)
            )
        return Bill(cost, price, attempts)

    def estimated(self, prompt: Prompt, answer: Answer, asked_at: datetime) -> Answer:
        """Return an answer that broke off unheard with its cost, from what was kept. Blocking.

        `asked_at` is when it was asked, where the answer itself does not tell.

        Whether the provider went on writing and billed it nobody here can know. Without a price
        what was held back for it stays: a budget can count nothing better.
        """
        requests = Requests(list(answer.attempts), answer.sent_at or asked_at)
        bill = self.bill(prompt, answer, None, requests)
        held = answer.held if bill.cost.certainty is Certainty.UNKNOWN else None
        return replace(answer, cost=bill.cost, price=bill.price, held=held)

    def _cost(
        self, prompt: Prompt, answer: Answer, price: Price | None, end: Finished | Failed | None
    ) -> tuple[Cost, Price | None]:
        """Return the cost and the price as it holds for that many tokens."""
        usage = answer.usage
        counted = self._counted(prompt, answer, whole=isinstance(end, Finished))
        exact = price.cost(usage) if price is not None else None
        if price is not None:
            price = price.resolved(counted.input_tokens)
        if usage.billed is not None:
            return Cost(usage.billed, Certainty.MEASURED), price
        if price is None:
            return Cost.unknown(), None
        if exact is not None and isinstance(end, Finished) and not price.doubt:
            return Cost(exact, Certainty.MEASURED), price
        guess = price.cost(counted)
        return (Cost.unknown() if guess is None else Cost(guess, Certainty.ESTIMATED)), price

    def _counted(self, prompt: Prompt, answer: Answer, *, whole: bool) -> Usage:
        """Return the provider's counts with ours in place of what it did not say.

        Parts that are greater than their whole are not believed, and the greater count is taken.
        """
        usage, model = answer.usage, answer.model
        inputs, outputs = usage.input_tokens, usage.output_tokens
        if inputs is None:
            sent = f"{model.system_prompt}\n{prompt.sent_text()}"
            inputs = self._counter.count(sent, model.model)
        if outputs is None or not whole:
            written = self._counter.count(answer.reasoning + answer.text, model.model)
            outputs = max(written, outputs or 0)
        counted = replace(usage, input_tokens=inputs, output_tokens=outputs)
        if not counted.contradicts_itself:
            return counted
        parts = (usage.cached_tokens or 0) + (usage.cache_write_tokens or 0)
        most_out = max(outputs, usage.reasoning_tokens or 0)
        return Usage(max(inputs, parts), most_out)

    def _besides(self, prompt: Prompt, answer: Answer, price: Price | None, own: Cost) -> Cost:
        """Return what one broken attempt may have cost: as much again, or reading the prompt."""
        if own.money is not None and own.money.amount:
            return Cost(own.money, Certainty.ESTIMATED)
        if price is None:
            return Cost.unknown()
        sent = f"{answer.model.system_prompt}\n{prompt.sent_text()}"
        guess = price.cost(Usage(self._counter.count(sent, answer.model.model), 0))
        return Cost.unknown() if guess is None else Cost(guess, Certainty.ESTIMATED)


def _answered_elsewhere(end: Finished | Failed | None) -> bool:
    """Return whether a model called local turned out to be run by someone who may charge for it."""
    return isinstance(end, Failed) and end.problem.kind == "not_local"
