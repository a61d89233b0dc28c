"""List prices: right, dated, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.adapters.prices import GenaiPriceBook
from app.domain.model import Dialect, ModelRef, Role
from app.domain.money import Price, Usage

NOVEMBER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HAIKU = ModelRef(
    "H", Dialect.ANTHROPIC, "https://api.anthropic.com", "claude-haiku-4-5", Role.CHEAP
)


def price(at: datetime = NOVEMBER, **changes: Any) -> Price | None:
    return GenaiPriceBook().price(replace(HAIKU, **changes), at)


def known(at: datetime = NOVEMBER, **changes: Any) -> Price:
    found = price(at, **changes)
    assert found is not None
    return found


def test_a_price_comes_with_its_source_and_its_date() -> None:
    found = known()
    assert (found.input_per_million, found.output_per_million) == (Decimal(1), Decimal(5))
    assert (found.cached_per_million, found.cache_write_per_million) == (
        Decimal("0.1"),
        Decimal("1.25"),
    )
    assert found.currency == "USD"
    assert found.source.startswith("genai-prices ")
    assert found.as_of is not None
    assert date(2026, 1, 1) < found.as_of <= NOVEMBER.date()


def test_cached_tokens_are_not_paid_twice() -> None:
    money = known().cost(Usage(1_000_000, 0, cached_tokens=1_000_000))
    assert money is not None
    assert money.amount == Decimal("0.1")


def test_the_price_is_the_one_of_that_hour() -> None:
    base = "https://api.deepseek.com"
    day = {
        known(NOVEMBER.replace(hour=hour), base_url=base, model="deepseek-v4-pro").input_per_million
        for hour in range(24)
    }
    assert len(day) > 1


def test_a_price_that_starts_later_does_not_count_before() -> None:
    base = "https://api.mistral.ai/v1"
    early = datetime(2024, 1, 5, tzinfo=UTC)
    then = known(early, base_url=base, model="mistral-medium-latest")
    now = known(base_url=base, model="mistral-medium-latest")
    assert then.input_per_million != now.input_per_million


def test_a_price_that_rises_with_length_is_taken_at_its_base() -> None:
    assert known(model="claude-haiku-5-5").input_per_million == Decimal("0.1")


def test_the_users_own_price_wins() -> None:
    own = Price(Decimal(7), Decimal(9))
    assert price(price=own) == own


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "no-such-model"},
        {"base_url": "http://127.0.0.1:9/v1"},
        {"base_url": "http://localhost:11434/v1"},
        {"base_url": "https://llm.firm.example/v1"},
        {"base_url": "https://api.anthropic.com.evil.example"},
        {"base_url": "https://llm.firm.example/v1", "vendor": "Our own"},
        {"practice": True},
    ],
)
def test_a_price_is_never_guessed_from_a_name_alone(changes: dict[str, Any]) -> None:
    assert price(**changes) is None


def test_naming_the_vendor_makes_the_price_of_a_gateway_known() -> None:
    assert price(base_url="http://127.0.0.1:9/v1", vendor="Anthropic") == price()
    assert price(base_url="https://gateway.firm.example", vendor="anthropic") == price()


def test_the_address_says_more_than_the_name_that_was_typed() -> None:
    routed = known(vendor="OpenAI")
    assert routed == price()


def test_fireworks_ids_are_whole() -> None:
    base = "https://api.fireworks.ai/inference/v1"
    assert price(base_url=base, model="accounts/fireworks/models/gpt-oss-20b") is not None
