"""List prices: right, dated, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.adapters.prices import GenaiPriceBook
from app.domain.model import Dialect, ModelRef, Role
from app.domain.money import Money, Price, Usage

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


def test_a_long_prompt_is_charged_at_the_rates_of_its_tier_and_says_so() -> None:
    price = known(model="claude-haiku-5-5")
    assert price.cost(Usage(100_000, 1000)) == Money(Decimal("0.0105"))
    assert price.cost(Usage(100_001, 1000)) == Money(Decimal("0.0525005"))
    long = price.resolved(100_001)
    assert (long.input_per_million, long.above_tokens, long.tiers) == (Decimal("0.5"), 100_000, ())
    assert long.words == "for prompts above 100,000 tokens"
    assert price.resolved(100_000).words == ""


def test_a_price_that_depends_on_the_hour_says_which_hours_it_holds() -> None:
    base, at = "https://api.deepseek.com", NOVEMBER
    night = known(at.replace(hour=2), base_url=base, model="deepseek-v4-pro")
    noon = known(at, base_url=base, model="deepseek-v4-pro")
    assert night.words == "from 01:00 to 04:00 UTC"
    assert noon.words == "outside 01:00 to 04:00 UTC and 06:00 to 10:00 UTC"
    assert not night.doubt
    sunday = known(at.replace(day=22, hour=2), base_url=base, model="deepseek-v4-pro")
    assert "weekends" in sunday.doubt


def test_a_list_price_is_told_beside_the_users_own() -> None:
    assert price(price=Price(Decimal(7), Decimal(9))) == price()


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


@pytest.mark.parametrize(
    ("base_url", "model", "served", "known_as"),
    [
        ("https://firm.openai.azure.com/openai/v1", "our-deployment", "gpt-4o-2024-08-06", "2.5"),
        ("https://firm.openai.azure.com/openai/v1", "gpt-4o", "gpt-5.4-mini-2026-03-17", "0.75"),
        ("https://firm.services.ai.azure.com/openai/v1", "gpt-4o", "", "2.5"),
        ("https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1", "openai.gpt-oss-20b-1:0",
         "", "0.07"),
        ("https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi",
         "google/gemini-2.5-pro", "", "1.25"),
        ("https://openrouter.ai/api/v1", "anthropic/claude-haiku-4.5", "", "1"),
        ("https://api.openai.com/v1", "gpt-5.4-mini-2026-03-17", "", "0.75"),
        ("https://api.openai.com/v1", "gpt-5.4-mini", "gpt-4o", "0.75"),
        ("https://api.openai.com/v1", "an-alias-of-ours", "gpt-4o-2024-08-06", "2.5"),
        ("https://api.anthropic.com", "claude-haiku-4-5-20251001", "", "1"),
    ],
)  # fmt: skip
def test_a_model_is_found_by_the_names_that_each_vendor_uses(
    base_url: str, model: str, served: str, known_as: str
) -> None:
    asked = replace(HAIKU, base_url=base_url, model=model)
    found = GenaiPriceBook().price(asked, NOVEMBER, served)
    assert found is not None
    assert found.input_per_million == Decimal(known_as)


def test_an_address_that_only_ends_or_begins_like_a_vendors_is_not_the_vendors() -> None:
    for base_url in (
        "https://evil.example/x.openai.azure.com/v1",
        "https://api.openai.com.evil.example/v1",
        "https://evil-openai.azure.com.evil.example/v1",
    ):
        assert price(base_url=base_url, model="gpt-4o") is None
