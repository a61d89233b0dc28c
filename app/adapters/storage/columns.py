"""Column types and the way domain values lie in columns; portable to PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Integer, RowMapping, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.domain.conversation import clean
from app.domain.money import Certainty, Cost, Money, Price, Usage

Values = dict[str, Any]
Fields = RowMapping

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# SQLite counts ids only in a column that is declared exactly INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


class Words(TypeDecorator[str]):
    """Text that every database accepts: NUL and lone surrogates end here, at the last gate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean what is written or compared."""
        return None if value is None else clean(value)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return microseconds; ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return (value - EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal, kept as its digits: no column of ours ever rounds money."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the digits without an exponent."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return the same decimal."""
        return None if value is None else Decimal(value)


def inserted(connection: Connection, table: Table, values: Values) -> int:
    """Insert one row and return the id it was given."""
    # Values beside the statement, not in it: it is then compiled once for all rows.
    key = connection.execute(table.insert(), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def price_columns() -> tuple[Column[Any], ...]:
    """Return the columns that hold one Price, all null where there is none."""
    return (
        Column("price_input", Amount),
        Column("price_output", Amount),
        Column("price_cached", Amount),
        Column("price_cache_write", Amount),
        Column("price_currency", Words),
        Column("price_source", Words),
        Column("price_as_of", Words),
        Column("price_reasoning", Amount),
        Column("price_requests", Amount),  # per thousand requests
        Column("price_above_tokens", Integer),  # the tier it is of; null for the base
        Column("price_words", Words),
        Column("price_doubt", Words),
    )


def price_values(price: Price | None) -> Values:
    """Return a price as column values; tiers are not kept, only the one that held."""
    if price is None:
        return dict.fromkeys((column.name for column in price_columns()), None)
    return {
        "price_input": price.input_per_million,
        "price_output": price.output_per_million,
        "price_cached": price.cached_per_million,
        "price_cache_write": price.cache_write_per_million,
        "price_currency": price.currency,
        "price_source": price.source,
        "price_as_of": price.as_of.isoformat() if price.as_of else None,
        "price_reasoning": price.reasoning_per_million,
        "price_requests": price.per_thousand_requests,
        "price_above_tokens": price.above_tokens or None,
        "price_words": price.words or None,
        "price_doubt": price.doubt or None,
    }


def price_of(row: Fields) -> Price | None:
    """Return the price that a row holds, or None."""
    if row["price_input"] is None:
        return None
    return Price(
        row["price_input"],
        row["price_output"],
        row["price_currency"],
        row["price_cached"],
        row["price_cache_write"],
        row["price_source"],
        date.fromisoformat(row["price_as_of"]) if row["price_as_of"] else None,
        row["price_reasoning"],
        row["price_requests"],
        above_tokens=row["price_above_tokens"] or 0,
        words=row["price_words"] or "",
        doubt=row["price_doubt"] or "",
    )


def cost_columns() -> tuple[Column[Any], ...]:
    """Return the columns that hold one Cost."""
    return (
        Column("cost_amount", Amount),
        Column("cost_currency", Words),
        Column("cost_certainty", Words, nullable=False),
    )


def cost_values(cost: Cost) -> Values:
    """Return a cost as column values."""
    return {
        "cost_amount": cost.money.amount if cost.money else None,
        "cost_currency": cost.money.currency if cost.money else None,
        "cost_certainty": cost.certainty.value,
    }


def cost_of(amount: Decimal | None, currency: str | None, certainty: str) -> Cost:
    """Return the cost that three columns hold."""
    money = None if amount is None else Money(amount, currency or "USD")
    return Cost(money, Certainty(certainty))


def besides_values(cost: Cost | None) -> Values:
    """Return what an attempt may have cost besides as column values."""
    money = cost.money if cost else None
    return {
        "besides_amount": money.amount if money else None,
        "besides_currency": money.currency if money else None,
        "besides_certainty": cost.certainty.value if cost else None,
    }


def usage_columns() -> tuple[Column[Any], ...]:
    """Return the columns that hold one Usage; null where the provider said nothing."""
    return (
        Column("input_tokens", Integer),
        Column("output_tokens", Integer),
        Column("cached_tokens", Integer),
        Column("cache_write_tokens", Integer),
        Column("reasoning_tokens", Integer),
        Column("billed_amount", Amount),
        Column("billed_currency", Words),
    )


def usage_values(usage: Usage) -> Values:
    """Return a usage as column values."""
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "billed_amount": usage.billed.amount if usage.billed else None,
        "billed_currency": usage.billed.currency if usage.billed else None,
    }


def usage_of(row: Fields) -> Usage:
    """Return the usage that a row holds."""
    amount = row["billed_amount"]
    return Usage(
        row["input_tokens"],
        row["output_tokens"],
        row["cached_tokens"],
        row["cache_write_tokens"],
        row["reasoning_tokens"],
        None if amount is None else Money(amount, row["billed_currency"]),
    )
