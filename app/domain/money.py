"""Money, token usage, prices and how sure a cost is."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Price:
    """USD (or another currency) per million tokens, and where and when that was read."""

    input_per_million: Decimal
    output_per_million: Decimal
    currency: str = "USD"
    cached_per_million: Decimal | None = None
    cache_write_per_million: Decimal | None = None
    source: str = ""
    as_of: date | None = None

    def cost(self, usage: Usage) -> Money | None:
        """Return what this usage costs, or None where a needed count is missing."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        cached = usage.cached_tokens or 0
        written = usage.cache_write_tokens or 0
        plain = max(0, usage.input_tokens - cached - written)
        cached_price = self.input_per_million
        if self.cached_per_million is not None:
            cached_price = self.cached_per_million
        written_price = self.input_per_million
        if self.cache_write_per_million is not None:
            written_price = self.cache_write_per_million
        total = (
            plain * self.input_per_million
            + cached * cached_price
            + written * written_price
            + usage.output_tokens * self.output_per_million
        ) / MILLION
        return Money(total, self.currency)


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
