"""What is read on a screen must be the figure that was meant."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.money import Certainty, Cost, Money, Price
from app.domain.words import (
    cost_text,
    counted,
    interval_text,
    limit_text,
    money_text,
    price_text,
    range_text,
    seconds_text,
    share_text,
    tokens_text,
)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.0041", "$0.0041"),
        ("0.00406", "$0.0041"),
        ("0.3104", "$0.31"),
        ("0.012", "$0.012"),
        ("0.05", "$0.050"),
        ("0.0999", "$0.10"),
        ("0.000123", "$0.00012"),
        ("0.0000004", "< $0.000001"),
        ("1234.5", "$1,234.50"),
        ("-0.104", "−$0.10"),
    ],
)
def test_small_amounts_keep_two_telling_digits_and_large_ones_cents(amount: str, text: str) -> None:
    assert money_text(Money(Decimal(amount))) == text


def test_an_unknown_price_is_never_shown_as_zero() -> None:
    assert money_text(Cost.unknown()) == "price not known"
    assert money_text(None) == "price not known"
    assert money_text(Cost.free()) == "$0.00"


def test_every_estimate_is_marked() -> None:
    cost = Cost(Money(Decimal("0.31")), Certainty.ESTIMATED)
    assert money_text(cost) == "≈ $0.31"
    assert money_text(Money(Decimal("0.31")), approximate=True) == "≈ $0.31"
    assert money_text(Cost(Money(Decimal("0.31")), Certainty.MEASURED)) == "$0.31"


def test_other_currencies_are_named() -> None:
    assert money_text(Money(Decimal("1.2"), "CNY")) == "CNY 1.20"
    assert money_text(Money(Decimal("1.2"), "EUR")) == "€1.20"


def test_a_table_gets_exactly_its_quantum_and_no_negative_zero() -> None:
    assert money_text(Money(Decimal("0.3104")), quantum=Decimal("0.0001")) == "$0.3104"
    assert money_text(Money(Decimal("-0.001")), quantum=Decimal("0.01")) == "$0.00"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (1, "100%"), (0.603, "60%"), (0.03, "3.0%"), (0.999, ">99%"), (0.0001, "<0.1%")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, text: str) -> None:
    assert share_text(share) == text


def test_intervals_times_and_counts_read_as_designed() -> None:
    assert interval_text(0.591, 0.902) == "likely 59%–90%"
    assert interval_text(0.008, 0.075) == "likely 0.8%–7.5%"
    assert [seconds_text(ms) for ms in (310, 3400, 72_000, None)] == [
        "0.31 s",
        "3.4 s",
        "1 min 12 s",
        "–",
    ]
    assert [seconds_text(ms) for ms in (996, 59_960, 119_700)] == [
        "1.0 s",
        "1 min 0 s",
        "2 min 0 s",
    ]
    assert tokens_text(18612) == "18,612"
    assert tokens_text(18612, approximate=True) == "≈ 18,612"
    assert tokens_text(None) == "–"
    assert limit_text(0.1) == "1 in 10"
    assert limit_text(0.15) == "15%"
    assert counted(1, "prompt") == "1 prompt"
    assert counted(1204, "prompt") == "1,204 prompts"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("0.1534", "0.6249", "≈ $0.15–$0.62"),
        ("0.0077", "0.15", "≈ $0.01–$0.15"),
        ("0.002", "0.15", "≈ $0.0020–$0.15"),
        ("0.000052", "0.001", "≈ $0.0001–$0.0010"),
        ("0.151", "0.152", "≈ $0.15"),
        ("0", "0.15", "≈ $0.00–$0.15"),
        ("0", "0", "≈ $0.00"),
        ("12", "1234.5", "≈ $12.00–$1,234.50"),
    ],
)
def test_a_range_reads_alike_at_both_ends_and_never_loses_its_low_one(
    low: str, high: str, text: str
) -> None:
    assert range_text(Money(Decimal(low)), Money(Decimal(high))) == text


def test_every_cost_says_how_it_came_to_be_known() -> None:
    money = Money(Decimal("0.0041"))
    assert cost_text(Cost(money, Certainty.MEASURED)) == "$0.0041 measured"
    assert cost_text(Cost(money, Certainty.ESTIMATED)) == "≈ $0.0041 estimated"
    assert cost_text(Cost.unknown()) == "price not known"
    assert cost_text(Cost.free()) == "free"


def test_a_price_is_told_with_all_its_digits_its_source_and_its_day() -> None:
    price = Price(
        Decimal("0.435"), Decimal(2), cached_per_million=Decimal("0.003625"),
        source="a list", as_of=date(2026, 11, 9), words="for prompts above 100,000 tokens",
    )  # fmt: skip
    assert price_text(price) == (
        "$0.435 in, $0.003625 cached, $2.00 out per million tokens, for prompts above 100,000 "
        "tokens (a list of 9 Nov 2026)"
    )
    assert price_text(None) == "price not known"
    assert price_text(Price(Decimal(1), Decimal(2), "CNY")).startswith("CNY 1.00 in")
