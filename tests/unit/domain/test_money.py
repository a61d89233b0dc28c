"""Every figure must be one that can be billed, or say that it cannot."""

from decimal import Decimal

import pytest

from app.domain.money import Certainty, Cost, Money, Price, Usage

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
