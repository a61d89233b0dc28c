"""A limit asks at the right moment, in its own currency, with figures that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.budget import Budget, BudgetQuestion, Limit, Month, Spent, check
from app.domain.likely import (
    DEFAULT_HIGH,
    DEFAULT_LOW,
    Lengths,
    Likely,
    PastLength,
    lengths_of,
    likely,
)
from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Certainty, Cost, Money, Price, Rates, Tier

CHEAP = ModelRef("Small", Dialect.OPENAI_CHAT, "https://a.test/v1", "s", Role.CHEAP)
FRONTIER = ModelRef("Big", Dialect.OPENAI_CHAT, "https://b.test/v1", "b", Role.FRONTIER)
DOLLAR = price_per_million("0", "1000000")  # a dollar a token written


def plan(model: ModelRef, low: int, high: int, price: Price | None = DOLLAR) -> Likely:
    return likely(model, 0, Lengths(low, (low + high) // 2, high), price)


def budget(month: str | None = None, prompt: str | None = None, currency: str = "USD") -> Budget:
    amounts = (None if text is None else Decimal(text) for text in (month, prompt))
    return Budget((Limit(currency, *amounts),))


def month(measured: str = "0", estimated: str = "0", held: str = "0", unseen: int = 0) -> Month:
    spent = Spent("USD", Decimal(measured), Decimal(estimated), Decimal(held))
    return Month("2026-11", (spent,), unseen)


def asked(found: BudgetQuestion | None) -> str:
    assert found is not None
    return " ".join(found.sentences())


BOTH = (plan(CHEAP, 1, 2), plan(FRONTIER, 3, 6))


def test_a_limit_is_passed_by_the_high_end_of_both_sides_together() -> None:
    assert check(budget(month="8"), month(), BOTH) is None
    said = asked(check(budget(month="7.99"), month(), BOTH))
    assert "≈ $4.00–$8.00" in said
    assert "$7.99 is left of this month's $7.99" in said
    assert check(budget(prompt="8"), month(), BOTH) is None
    assert "you allow $7.99 a prompt" in asked(check(budget(prompt="7.99"), month(), BOTH))


def test_what_is_spent_estimated_and_held_counts_and_is_told_apart() -> None:
    said = asked(check(budget(month="20"), month("10", "1.5", "2"), BOTH))
    assert "$6.50 is left of this month's $20.00" in said
    assert "$11.50 is spent, ≈ $1.50 of it estimated, and ≈ $2.00 is held" in said


def test_a_month_that_is_over_its_budget_has_nothing_left_rather_than_less() -> None:
    assert "$0.00 is left" in asked(check(budget(month="1"), month("5"), BOTH))


def test_another_currency_is_not_held_against_this_one() -> None:
    yuan = plan(FRONTIER, 3, 6, replace(DOLLAR, currency="CNY"))
    assert check(budget(month="2"), month(), (BOTH[0], yuan)) is None
    assert check(budget(month="5", currency="CNY"), month(), (BOTH[0], yuan)) is not None


def test_what_costs_nothing_passes_even_when_the_budget_is_spent() -> None:
    free = likely(replace(CHEAP, local=True), 10, Lengths(), None)
    assert check(budget(month="1"), month("5"), (free,)) is None


def test_an_unknown_price_is_outside_what_a_budget_sees_and_that_is_said() -> None:
    unknown = plan(FRONTIER, 3, 6, None)
    assert check(budget(month="1"), month("5"), (unknown,)) is None
    said = asked(check(budget(month="1"), month("5", unseen=2), (BOTH[0], unknown)))
    assert "The price of Big is not known and comes on top." in said
    assert "2 answers of this month have no known cost" in said


def test_the_question_names_the_way_on_and_what_cheap_alone_would_cost() -> None:
    found = check(budget(month="1"), month(), BOTH)
    assert found is not None
    problem = found.problem()
    assert problem.kind == "budget_reached"
    assert "--over-budget" in problem.next_step
    assert found.cheap_alone == BOTH[0]
    alone = check(budget(month="1"), month(), BOTH[1:])
    assert alone is not None
    assert alone.cheap_alone is None


def test_a_limit_of_nothing_asks_about_everything_that_costs() -> None:
    assert check(budget(month="0"), month(), BOTH) is not None


@pytest.mark.parametrize(
    ("name", "next_one"), [("2026-11", date(2026, 12, 1)), ("2026-12", date(2027, 1, 1))]
)
def test_a_month_ends_where_the_next_begins(name: str, next_one: date) -> None:
    assert Month(name).ends_before() == next_one


def test_taking_both_limits_away_takes_the_currency_away() -> None:
    both = budget(month="1").with_limit(Limit("CNY", Decimal(7)))
    assert [limit.currency for limit in both.limits] == ["CNY", "USD"]
    assert both.with_limit(Limit("USD")).limits == (Limit("CNY", Decimal(7)),)


# How long an answer is likely to be


def past(*tokens: int, task: str = "summaries") -> list[PastLength]:
    return [PastLength(task, count) for count in tokens]


def test_before_there_are_answers_the_range_is_a_stated_one() -> None:
    found = lengths_of(past(1, 2, 3, 4), "summaries")
    assert (found.low, found.high, found.answers) == (DEFAULT_LOW, DEFAULT_HIGH, 0)
    assert "until 5 answers of yours tell better" in found.in_words()


def test_the_range_is_the_tenth_to_the_ninetieth_percentile_of_ones_own() -> None:
    found = lengths_of(past(*range(0, 1100, 100)), "")
    assert (found.low, found.middle, found.high, found.answers) == (100, 500, 900, 11)
    assert "8 in 10 of your last 11 answers" in found.in_words()


def test_the_same_kind_of_work_counts_alone_where_there_is_enough_of_it() -> None:
    mixed = past(*range(0, 1100, 100)) + past(*[9_000] * 11, task="drafting")
    assert lengths_of(mixed, "drafting").high == 9_000
    assert lengths_of(mixed, "summaries").high == 900
    assert lengths_of(mixed, "analysis").answers == 22
    assert lengths_of(mixed, "drafting").task == "drafting"


def test_a_length_limit_caps_the_range() -> None:
    assert lengths_of([], "", 300) == Lengths(100, 300, 300)


@given(st.lists(st.integers(0, 100_000), min_size=5, max_size=50))
def test_the_middle_lies_within_the_range_and_the_range_within_what_was_seen(
    tokens: list[int],
) -> None:
    found = lengths_of(past(*tokens), "")
    assert min(tokens) <= found.low <= found.middle <= found.high <= max(tokens)


def test_a_long_prompt_is_reckoned_at_the_rates_of_its_tier() -> None:
    tiered = Price(Decimal(1), Decimal(1), tiers=(Tier(1000, Rates(Decimal(5), Decimal(5))),))
    short, long = (likely(CHEAP, size, Lengths(), tiered) for size in (1000, 1001))
    assert short.price is not None
    assert long.price is not None
    assert short.price.input_per_million == 1
    assert long.price.input_per_million == 5
    assert long.cost == Cost(Money(Decimal(1501) * 5 / 1_000_000), Certainty.ESTIMATED)


def test_a_range_of_one_length_is_told_as_one() -> None:
    assert Lengths(8, 8, 8, answers=12).in_words().startswith("8 tokens an answer, as 8 in 10")
