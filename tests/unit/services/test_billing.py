"""The ladder: billed, usage times price, counted times price, unknown; or free. In that order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer import Answer
from app.domain.conversation import Prompt
from app.domain.errors import Problem
from app.domain.events import Attempted, Failed, Finished, FinishReason
from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Certainty, Cost, Money, Price, Rates, Tier, Usage
from app.services.billing import Bill, Billing, Requests
from app.services.ports.prices import PriceData
from app.services.pricing import Pricing
from app.services.store import Store
from tests.fakes.scripted import NoPublisher, TestClock, WordCounter

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MODEL = ModelRef("M", Dialect.OPENAI_CHAT, "https://api.example.com/v1", "m-1", Role.CHEAP)
PROMPT = Prompt("four words are here")
DONE = Finished(FinishReason.STOP, Usage(1_000_000, 100_000))
BROKE = Problem("connection_broke", "It broke.", "Ask again.")


class Listed:
    """A list that knows one model, dearer in the afternoon and above a million tokens."""

    def price(self, model: ModelRef, at: datetime, served: str = "") -> Price | None:
        if "m-1" not in (model.model, served):
            return None
        dear = Decimal(4) if at.hour >= 13 else Decimal(2)
        tier = Tier(1_000_000, Rates(dear * 10, Decimal(80)))
        return Price(dear, Decimal(8), source="a list", as_of=date(2026, 11, 1), tiers=(tier,))

    def data(self, today: date) -> PriceData:
        return PriceData("a list", today)

    def replace(self, data: bytes, at: datetime, origin: str) -> PriceData:
        return PriceData("a list", at.date())


def bill(
    end: Finished | Failed | None = DONE,
    *,
    model: ModelRef = MODEL,
    requests: Requests | None = None,
    at: datetime = NOON,
    **answer: object,
) -> Bill:
    clock = TestClock()
    pricing = Pricing(Listed(), clock, NoPublisher(), cast(Store, None))
    if requests is None:
        requests = Requests([Attempted(1, 200, "answered", "", True)])
    if requests.asked_at is None:
        requests.begin(at)
    usage = end.usage if end is not None else Usage()
    settled = replace(Answer(Role.CHEAP, model, usage=usage), **answer)  # type: ignore[arg-type]
    return Billing(pricing, WordCounter()).bill(PROMPT, settled, end, requests)


def usd(amount: str, certainty: Certainty = Certainty.MEASURED) -> Cost:
    return Cost(Money(Decimal(amount)), certainty)


def test_what_the_provider_billed_comes_before_any_arithmetic() -> None:
    billed = replace(DONE, usage=replace(DONE.usage, billed=Money(Decimal("0.7"), "EUR")))
    assert bill(billed).cost == Cost(Money(Decimal("0.7"), "EUR"), Certainty.MEASURED)
    unknown = replace(MODEL, model="nobody-knows")
    assert bill(billed, model=unknown).cost.certainty is Certainty.MEASURED
    cut = Failed(BROKE, billed.usage, cut=True)
    assert bill(cut).cost.certainty is Certainty.MEASURED


def test_usage_times_the_price_of_that_hour_is_measured_and_keeps_its_price() -> None:
    assert bill().cost == usd("2.8")
    assert bill(at=NOON + timedelta(hours=1)).cost == usd("4.8")
    price = bill().price
    assert price is not None
    assert (price.source, price.as_of, price.tiers) == ("a list", date(2026, 11, 1), ())


def test_a_retry_is_priced_at_the_hour_in_which_it_was_sent() -> None:
    requests = Requests()
    requests.begin(NOON + timedelta(minutes=59))
    requests.made(Attempted(1, 503, "overloaded", "", False))
    requests.wait(2.0, NOON + timedelta(minutes=59))
    requests.wait(0.0, NOON + timedelta(minutes=60))
    requests.made(Attempted(2, 200, "answered", "", True))
    assert bill(requests=requests).cost == usd("4.8")


def test_a_tier_is_kept_with_the_answer_that_it_held_for() -> None:
    long = bill(Finished(FinishReason.STOP, Usage(1_000_001, 0)))
    assert long.price is not None
    assert (long.price.above_tokens, long.price.input_per_million) == (1_000_000, Decimal(20))
    assert long.cost == usd("20.00002")


def test_the_model_that_answered_gives_the_price_where_the_asked_one_has_none() -> None:
    asked = replace(MODEL, model="my-deployment")
    assert bill(model=asked).cost == Cost.unknown()
    assert bill(model=asked, served_model="m-1").cost == usd("2.8")


def test_the_users_own_price_wins_and_the_list_is_not_asked() -> None:
    own = replace(MODEL, price=price_per_million("1", "1"))
    assert bill(model=own).cost == usd("1.1")


def test_without_usage_tokens_are_counted_and_the_cost_is_an_estimate() -> None:
    silent = bill(Finished(FinishReason.STOP), text="two words")
    assert silent.cost == usd("0.000024", Certainty.ESTIMATED)


@pytest.mark.parametrize("end", [None, Failed(BROKE, Usage(10, 1), cut=True)])
def test_an_answer_that_was_stopped_or_cut_is_an_estimate_of_what_came(
    end: Failed | None,
) -> None:
    cut = bill(end, text="three words came", reasoning="and two ")
    read = 10 if end is not None else 4
    expected = (read * Decimal(2) + 5 * Decimal(8)) / 1_000_000
    assert cut.cost == Cost(Money(expected), Certainty.ESTIMATED)


def test_an_unknown_price_is_never_a_zero() -> None:
    unknown = replace(MODEL, model="nobody-knows")
    for end in (DONE, Finished(FinishReason.STOP), None):
        assert bill(end, model=unknown).cost == Cost.unknown()


def test_an_address_on_this_computer_is_free_only_where_the_user_said_so() -> None:
    here = replace(MODEL, base_url="http://127.0.0.1:9/v1", model="x")
    assert bill(model=here).cost == Cost.unknown()
    assert bill(model=replace(here, local=True)).cost.certainty is Certainty.FREE
    assert bill(model=replace(here, practice=True)).cost.certainty is Certainty.FREE


def test_counts_that_contradict_each_other_are_not_billed() -> None:
    odd = Finished(FinishReason.STOP, Usage(100, 10, cached_tokens=500, reasoning_tokens=40))
    cost = bill(odd).cost
    assert cost.certainty is Certainty.ESTIMATED
    assert cost.money == Money((500 * Decimal(2) + 40 * Decimal(8)) / 1_000_000)


def test_a_price_that_cannot_say_everything_makes_an_estimate() -> None:
    doubted = replace(price_per_million("1", "1"), doubt="searches are not counted")
    assert bill(model=replace(MODEL, price=doubted)).cost == usd("1.1", Certainty.ESTIMATED)


def test_a_request_that_was_turned_down_costs_nothing_in_the_currency_of_its_price() -> None:
    refused = Failed(BROKE, may_be_billed=False)
    yuan = replace(MODEL, price=replace(price_per_million("1", "1"), currency="CNY"))
    requests = Requests([Attempted(1, 401, "key_refused")])
    assert bill(refused, model=yuan, requests=requests).cost == Cost(
        Money(Decimal(0), "CNY"), Certainty.MEASURED
    )


# Attempts


def test_an_attempt_that_broke_before_the_answer_may_have_cost_as_much_again() -> None:
    requests = Requests(
        [
            Attempted(1, None, "connection_broke", "", True),
            Attempted(2, 429, "rate_limited", "", False),
            Attempted(3, 200, "answered", "", True),
        ]
    )
    came = bill(requests=requests)
    assert came.cost == usd("2.8"), "the answer's own cost stays measured"
    again = usd("2.8", Certainty.ESTIMATED)
    assert [attempt.besides for attempt in came.attempts] == [again, None, None]


def test_a_last_attempt_that_was_turned_down_costs_nothing_but_the_one_before_may() -> None:
    requests = Requests(
        [Attempted(1, 500, "overloaded", "", True), Attempted(2, 401, "key_refused", "", False)]
    )
    came = bill(Failed(BROKE, may_be_billed=True), requests=requests)
    assert came.cost == usd("0")
    assert came.attempts[0].besides == usd("0.000008", Certainty.ESTIMATED)
    assert came.attempts[1].besides is None


def test_where_no_price_is_known_what_an_attempt_cost_is_not_either() -> None:
    requests = Requests(
        [Attempted(1, 500, "overloaded", "", True), Attempted(2, 200, "answered", "", True)]
    )
    came = bill(model=replace(MODEL, model="nobody-knows"), requests=requests)
    assert came.attempts[0].besides == Cost.unknown()


def test_stopping_while_a_retry_waits_pays_nothing_for_what_was_not_sent() -> None:
    requests = Requests()
    requests.begin(NOON)
    requests.made(Attempted(1, 500, "overloaded", "", True))
    requests.wait(8.0, NOON)
    came = bill(None, requests=requests)
    assert came.cost == usd("0")
    assert came.attempts[0].besides == usd("0.000008", Certainty.ESTIMATED)


def test_stopping_a_retry_that_is_under_way_counts_it_beside_the_one_that_broke() -> None:
    requests = Requests()
    requests.begin(NOON)
    requests.made(Attempted(1, 500, "overloaded", "", True))
    requests.wait(8.0, NOON)
    requests.wait(0.0, NOON)
    came = bill(None, requests=requests)
    assert came.cost == usd("0.000008", Certainty.ESTIMATED)
    assert came.attempts[0].besides == usd("0.000008", Certainty.ESTIMATED)


def test_an_attempt_that_was_stopped_is_the_answers_own_and_not_counted_twice() -> None:
    requests = Requests([Attempted(1, None, "stopped", "", True)])
    came = bill(None, requests=requests, text="two words")
    assert came.cost == usd("0.000024", Certainty.ESTIMATED)
    assert came.attempts[0].besides is None


def test_a_model_called_local_that_was_run_elsewhere_is_not_free() -> None:
    elsewhere = Failed(Problem("not_local", "It runs elsewhere.", "Leave “local” off."))
    assert bill(elsewhere, model=replace(MODEL, local=True)).cost == Cost.unknown()


def test_a_request_that_never_left_costs_nothing() -> None:
    pricing = Pricing(Listed(), TestClock(), NoPublisher(), cast(Store, None))
    answer = Answer(Role.CHEAP, MODEL)
    never = Billing(pricing, WordCounter()).bill(PROMPT, answer, None, Requests())
    assert never.cost == usd("0")


@given(
    st.integers(0, 10**7),
    st.integers(0, 10**6),
    st.decimals(0, 1000, places=6, allow_nan=False),
    st.decimals(0, 1000, places=6, allow_nan=False),
)
def test_whatever_the_counts_and_prices_the_amount_is_exact(
    inputs: int, outputs: int, price_in: Decimal, price_out: Decimal
) -> None:
    price = Price(price_in, price_out)
    money = price.cost(Usage(inputs, outputs))
    assert money is not None
    assert money.amount * 1_000_000 == inputs * price_in + outputs * price_out
