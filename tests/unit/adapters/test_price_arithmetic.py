"""Our arithmetic against the package's own, over every model that it knows: to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from genai_prices import Usage as TheirUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, Provider
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.prices.conversion import price_of
from app.domain.money import Price, Usage

NOVEMBER = datetime(2026, 11, 20, tzinfo=UTC)
_MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@cache
def everything() -> list[tuple[Provider, ModelInfo]]:
    return [(p, model) for p in get_snapshot().providers for model in p.models]


def ours(provider: Provider, info: ModelInfo, at: datetime) -> Price | None:
    return price_of(provider, info, at, "test", None)


def theirs(provider: Provider, info: ModelInfo, at: datetime, usage: Usage) -> Decimal:
    counted = TheirUsage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cached_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        output_reasoning_tokens=usage.reasoning_tokens,
    )
    return info.calc_price(counted, provider, genai_request_timestamp=at).total_price


def assert_same(provider: Provider, info: ModelInfo, at: datetime, usage: Usage) -> None:
    price = ours(provider, info, at)
    if price is None:
        return
    money = price.cost(usage)
    assert money is not None
    assert money.amount == theirs(provider, info, at, usage), (provider.id, info.id, at, usage)


@st.composite
def usages(draw: st.DrawFn) -> Usage:
    """Draw counts whose parts fit into their wholes, near the thresholds of tiers too."""
    near = st.sampled_from([100_000, 128_000, 200_000, 256_000, 272_000])
    inputs = draw(
        st.one_of(
            st.integers(0, 2_000_000),
            st.builds(lambda base, step: base + step, near, st.integers(-1, 1)),
        )
    )
    outputs = draw(st.integers(0, 200_000))
    cached = draw(st.integers(0, inputs))
    written = draw(st.integers(0, inputs - cached))
    return Usage(inputs, outputs, cached, written, draw(st.integers(0, outputs)))


@settings(max_examples=600, deadline=None)
@given(place=st.integers(0, 10_000), at=_MOMENTS, usage=usages())
def test_any_model_at_any_hour_with_any_usage_costs_what_the_package_says(
    place: int, at: datetime, usage: Usage
) -> None:
    models = everything()
    assert_same(*models[place % len(models)], at, usage)


@pytest.mark.parametrize("hour", [0, 2, 5, 8, 17])
def test_every_single_model_costs_what_the_package_says_below_and_above_its_tiers(
    hour: int,
) -> None:
    priced = 0
    for provider, info in everything():
        at = NOVEMBER.replace(hour=hour)
        price = ours(provider, info, at)
        if price is None:
            continue
        priced += 1
        sizes = {50_000, 1_200_000}
        for tier in price.tiers:
            sizes |= {tier.above_tokens, tier.above_tokens + 1}
        for size in sizes:
            assert_same(provider, info, at, Usage(size, 3_333, size // 3, size // 7, 1_111))
    assert priced > 1_800


def test_a_model_without_both_rates_is_not_known_rather_than_free() -> None:
    for provider, info in everything():
        prices = info.get_prices(NOVEMBER)
        both = getattr(prices, "input_mtok", None), getattr(prices, "output_mtok", None)
        known = ours(provider, info, NOVEMBER)
        assert (known is None) == (None in both), (provider.id, info.id)


def test_what_a_vendor_charges_without_counting_it_makes_the_cost_an_estimate() -> None:
    doubted = {
        info.id for provider, info in everything()
        if (price := ours(provider, info, NOVEMBER)) is not None and price.doubt
    }  # fmt: skip
    assert doubted == {"sonar-deep-research"}
