"""Money, token usage, prices and how sure a cost is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

MILLION = Decimal(1_000_000)


class Certainty(StrEnum):
    """How a cost came to be known."""

    MEASURED = "measured"  # billed by the provider, or its own usage times the price
    ESTIMATED = "estimated"  # our token count times the price; shown with ≈, cannot be billed
    UNKNOWN = "unknown"  # no price known: never shown as $0.00
    FREE = "free"  # the practice pair, and models that the user marked as local


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency (ISO 4217)."""

    amount: Decimal
    currency: str = "USD"

    def __add__(self, other: Money) -> Money:
        """Add within one currency; a sum across two would be a lie, so it raises ValueError."""
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        """Subtract within one currency (ValueError otherwise)."""
        return self + Money(-other.amount, other.currency)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it said nothing.

    `input_tokens` includes the cached and the cache-written ones, `output_tokens` includes
    the reasoning ones: a dialect that counts otherwise adds them up before it builds this.
    `billed` is what the provider says it charged, where it says so.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    billed: Money | None = None

    @property
    def contradicts_itself(self) -> bool:
        """Return whether a part is greater than its whole: such counts cannot be billed."""
        parts_in = (self.cached_tokens or 0) + (self.cache_write_tokens or 0)
        too_many_in = self.input_tokens is not None and parts_in > self.input_tokens
        too_many_out = (
            self.output_tokens is not None and (self.reasoning_tokens or 0) > self.output_tokens
        )
        return too_many_in or too_many_out


@dataclass(frozen=True, slots=True)
class Rates:
    """What a million tokens of each kind cost; None where a kind is charged as its whole.

    Cached and cache-written tokens are input, reasoning tokens are output.
    """

    input: Decimal
    output: Decimal
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    reasoning: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """Rates of every token of a prompt that has more than `above_tokens` input tokens."""

    above_tokens: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Price:
    """USD (or another currency) per million tokens, and where and when that was read.

    `tiers`, by rising threshold, replace the rates for long prompts; `resolved` picks one, and
    `above_tokens` then names its threshold. `per_thousand_requests` is charged on top.
    `words` say when this price holds ("from 01:00 to 04:00 UTC"); `doubt` says why a cost by this
    price is an estimate even with the provider's own counts.
    """

    input_per_million: Decimal
    output_per_million: Decimal
    currency: str = "USD"
    cached_per_million: Decimal | None = None
    cache_write_per_million: Decimal | None = None
    source: str = ""
    as_of: date | None = None
    reasoning_per_million: Decimal | None = None
    per_thousand_requests: Decimal | None = None
    tiers: tuple[Tier, ...] = ()
    above_tokens: int = 0
    words: str = ""
    doubt: str = ""

    def resolved(self, input_tokens: int | None) -> Price:
        """Return the price of a prompt that long, without tiers; the base where nobody counted."""
        reached = [tier for tier in self.tiers if (input_tokens or 0) > tier.above_tokens]
        if not reached:
            return replace(self, tiers=()) if self.tiers else self
        tier = reached[-1]
        said = f"for prompts above {tier.above_tokens:,} tokens"
        return replace(
            self,
            input_per_million=tier.rates.input,
            output_per_million=tier.rates.output,
            cached_per_million=tier.rates.cached,
            cache_write_per_million=tier.rates.cache_write,
            reasoning_per_million=tier.rates.reasoning,
            tiers=(),
            above_tokens=tier.above_tokens,
            words=f"{said}, {self.words}" if self.words else said,
        )

    def cost(self, usage: Usage) -> Money | None:
        """Return what this usage costs, or None where a count is missing or contradicts another."""
        inputs, outputs = usage.input_tokens, usage.output_tokens
        if inputs is None or outputs is None or usage.contradicts_itself:
            return None
        if self.tiers:
            return self.resolved(inputs).cost(usage)
        cached, written = usage.cached_tokens or 0, usage.cache_write_tokens or 0
        reasoning = (usage.reasoning_tokens or 0) if self.reasoning_per_million is not None else 0
        plain_in, plain_out = self.input_per_million, self.output_per_million
        total = (
            (inputs - cached - written) * plain_in
            + cached * _either(self.cached_per_million, plain_in)
            + written * _either(self.cache_write_per_million, plain_in)
            + (outputs - reasoning) * plain_out
            + reasoning * _either(self.reasoning_per_million, plain_out)
        ) / MILLION
        if self.per_thousand_requests is not None:
            total += self.per_thousand_requests / 1000
        return Money(total, self.currency)


def _either(rate: Decimal | None, plain: Decimal) -> Decimal:
    return plain if rate is None else rate


OWN_PRICE = "your own price"
_MOST, _MOST_DIGITS = Decimal(1_000_000_000), 15


def own_price(
    price_in: str, price_out: str, cached: str = "", currency: str = "", on: date | None = None
) -> Price:
    """Return the user's own price per million tokens as typed; ValueError says what to mend.

    `on` is the day it was given. The currency is a code of three letters (ISO 4217), USD if empty.
    """
    code = code_of(currency)
    return Price(
        amount_of(price_in),
        amount_of(price_out),
        currency=code,
        cached_per_million=amount_of(cached) if cached.strip() else None,
        source=OWN_PRICE,
        as_of=on,
    )


def code_of(currency: str) -> str:
    """Return a currency's code as typed, USD if nothing was; ValueError if it is not one."""
    code = currency.strip().upper() or "USD"
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise ValueError("a currency is a code of three letters, for example USD")
    return code


def amount_of(text: str) -> Decimal:
    """Return an amount as typed ("0.15", "$ 1,20"); ValueError if it is not a number >= 0."""
    typed = text.strip().removeprefix("$").strip().replace(",", ".")
    try:
        value = Decimal(typed)
    except ArithmeticError as error:
        raise ValueError("an amount is a number, for example 0.15") from error
    if not value.is_finite() or value < 0:
        raise ValueError("an amount is zero or more")
    if value >= _MOST or len(value.as_tuple().digits) > _MOST_DIGITS:
        raise ValueError("an amount is a number of ordinary size, for example 0.15")
    return value


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount with its certainty; the amount is None when, and only when, it is unknown."""

    money: Money | None
    certainty: Certainty

    def __post_init__(self) -> None:
        if (self.money is None) != (self.certainty is Certainty.UNKNOWN):
            raise ValueError("a cost has no amount exactly when it is unknown")

    @staticmethod
    def unknown() -> Cost:
        """Return a cost that nobody knows."""
        return Cost(None, Certainty.UNKNOWN)

    @staticmethod
    def free() -> Cost:
        """Return the cost of an answer that nobody charges for."""
        return Cost(Money(Decimal(0)), Certainty.FREE)

    @property
    def estimated(self) -> bool:
        """Return whether the amount is one that cannot be billed."""
        return self.certainty is Certainty.ESTIMATED


def totals(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    """Return one sum for each currency, by its code, each as certain as its least certain part.

    What is free adds nothing; what nobody knows is one unknown cost at the end. Nothing but free
    costs gives one free cost; no cost at all gives none.
    """
    sums: dict[str, Cost] = {}
    unknown = free = False
    for cost in costs:
        if cost.money is None:
            unknown = True
        elif cost.certainty is Certainty.FREE:
            free = True
        else:
            name = cost.money.currency
            known = sums.get(name, Cost(Money(Decimal(0), name), Certainty.MEASURED))
            assert known.money is not None
            certainty = Certainty.ESTIMATED if known.estimated else cost.certainty
            sums[name] = Cost(known.money + cost.money, certainty)
    charged = [cost for cost in sums.values() if cost.money is not None and cost.money.amount]
    # A zero has no currency worth naming beside an amount that has one.
    kept = charged or list(sums.values())[:1]
    found = sorted(kept, key=_currency)
    if unknown:
        found.append(Cost.unknown())
    return tuple(found) or ((Cost.free(),) if free else ())


def _currency(cost: Cost) -> str:
    return cost.money.currency if cost.money is not None else ""
