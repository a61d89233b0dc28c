"""Every figure must be one that can be billed, or say that it cannot."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import (
    Certainty,
    Cost,
    Money,
    Price,
    Rates,
    Tier,
    Usage,
    amount_of,
    own_price,
    totals,
)

PRICE = Price(Decimal(3), Decimal(15), cached_per_million=Decimal("0.3"))


def test_cached_tokens_are_not_billed_twice() -> None:
    usage = Usage(input_tokens=1_000_000, output_tokens=0, cached_tokens=900_000)
    assert PRICE.cost(usage) == Money(Decimal("0.57"))


def test_reasoning_is_inside_output_and_not_added_to_it() -> None:
    usage = Usage(input_tokens=0, output_tokens=1000, reasoning_tokens=900)
    assert PRICE.cost(usage) == Money(Decimal("0.015"))


def test_a_missing_count_gives_no_price_rather_than_a_wrong_one() -> None:
    assert PRICE.cost(Usage(input_tokens=10)) is None


def test_two_currencies_are_never_summed() -> None:
    with pytest.raises(ValueError, match="cannot add CNY to USD"):
        Money(Decimal(1)) + Money(Decimal(1), "CNY")


def test_an_unknown_cost_has_no_amount_and_a_known_one_has() -> None:
    with pytest.raises(ValueError, match="no amount exactly when"):
        Cost(None, Certainty.MEASURED)
    with pytest.raises(ValueError, match="no amount exactly when"):
        Cost(Money(Decimal(0)), Certainty.UNKNOWN)


def test_a_tier_replaces_every_rate_and_its_words_stand_beside_the_hours() -> None:
    tiers = (Tier(100, Rates(Decimal(6), Decimal(20))), Tier(500, Rates(Decimal(9), Decimal(30))))
    price = Price(Decimal(3), Decimal(15), tiers=tiers, words="from 01:00 to 04:00 UTC")
    assert price.resolved(None).input_per_million == 3
    assert price.resolved(100).input_per_million == 3
    assert price.resolved(101).input_per_million == 6
    assert price.resolved(501).output_per_million == 30
    assert price.resolved(101).words == "for prompts above 100 tokens, from 01:00 to 04:00 UTC"
    assert price.cost(Usage(501, 1)) == price.resolved(501).cost(Usage(501, 1))


def test_reasoning_that_has_a_rate_of_its_own_is_taken_out_of_the_output() -> None:
    price = Price(Decimal(0), Decimal(8), reasoning_per_million=Decimal(3))
    assert price.cost(Usage(0, 1_000_000, reasoning_tokens=250_000)) == Money(Decimal("6.75"))


def test_a_charge_a_request_comes_on_top() -> None:
    price = Price(Decimal(1), Decimal(1), per_thousand_requests=Decimal(5))
    assert price.cost(Usage(1000, 0)) == Money(Decimal("0.006"))


@pytest.mark.parametrize(
    "usage",
    [
        Usage(10, 10, cached_tokens=11),
        Usage(10, 10, cached_tokens=6, cache_write_tokens=5),
        Usage(10, 10, reasoning_tokens=11),
    ],
)
def test_counts_that_contradict_each_other_give_no_price(usage: Usage) -> None:
    assert usage.contradicts_itself
    assert PRICE.cost(usage) is None


def test_a_price_is_taken_as_people_type_it() -> None:
    price = own_price(" $0.15 ", "1,20", "0.03", "eur", date(2026, 11, 24))
    assert (price.input_per_million, price.output_per_million) == (Decimal("0.15"), Decimal("1.20"))
    assert (price.cached_per_million, price.currency) == (Decimal("0.03"), "EUR")
    assert (price.source, price.as_of) == ("your own price", date(2026, 11, 24))


@pytest.mark.parametrize("typed", ["", "free", "-1", "nan", "inf", "1e999", "1,000.00", "1" * 40])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="amount is"):
        amount_of(typed)


@pytest.mark.parametrize("currency", ["dollars", "US", "U$D", "ÄÖÜ"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="three letters"):
        own_price("1", "1", currency=currency)


COSTS = st.one_of(
    st.just(Cost.unknown()),
    st.just(Cost.free()),
    st.builds(
        lambda amount, currency, certainty: Cost(Money(amount, currency), certainty),
        st.decimals(0, 1000, places=8),
        st.sampled_from(["USD", "CNY", "EUR"]),
        st.sampled_from([Certainty.MEASURED, Certainty.ESTIMATED]),
    ),
)


@given(st.lists(COSTS, max_size=20))
def test_totals_are_exact_by_currency_and_as_sure_as_the_least_sure_part(
    costs: list[Cost],
) -> None:
    found = totals(costs)
    for total in found:
        if total.money is None or total.certainty is Certainty.FREE:
            continue
        parts = [
            cost for cost in costs
            if cost.money is not None and cost.money.currency == total.money.currency
        ]  # fmt: skip
        assert total.money.amount == sum((p.money.amount for p in parts if p.money), Decimal(0))
        assert total.estimated == any(part.estimated for part in parts)
    assert (Cost.unknown() in found) == (Cost.unknown() in costs)
    named = [total.money.currency for total in found if total.money is not None]
    assert len(named) == len(set(named)), "one sum a currency, never one of two"
    assert bool(found) == bool(costs)
