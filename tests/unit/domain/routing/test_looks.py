import random
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.routing.certificate import schedule
from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.looks import errors_within, lapse, looks


@pytest.mark.parametrize("limit", [0.02, 0.05, 0.10, 0.20, 0.5])
@pytest.mark.parametrize("confidence", [0.8, 0.9, 0.95])
def test_all_looks_together_spend_no_more_than_the_confidence_leaves_open(
    limit: float, confidence: float
) -> None:
    planned = schedule(RuleDefaults(limit=limit, confidence=confidence))
    assert sum(look.spent for look in planned) <= 1 - confidence + 1e-12
    assert [look.votes for look in planned] == [50, 100, 200, 400, 800, 1600]
    # What one look could not spend, a later one does: little is wasted in the end.
    if limit >= 0.1:
        assert sum(look.spent for look in planned) > 0.9 * (1 - confidence)


def test_more_than_the_whole_cannot_be_spent() -> None:
    with pytest.raises(ValueError, match="spend"):
        looks((50, 100), (0.8, 0.3), 0.1, 0.9, 1000)


def test_an_endless_horizon_is_the_binomial_bound() -> None:
    binomial = sum(comb(100, k) * 0.1**k * 0.9 ** (100 - k) for k in range(6))
    assert lapse(100, 5, 0.1, 10_000_000) == pytest.approx(binomial, rel=1e-3)
    assert lapse(100, 5, 0.1, 1_000) > binomial  # a finite future is harder to promise
    assert lapse(100, -1, 0.1, 1_000) == 0.0


def test_a_promise_about_the_next_prompts_is_kept_about_them() -> None:
    # The worst rate for each count, simulated: votes and future drawn together.
    chance = random.Random(5)
    allowed = errors_within(100, 0.10, 0.10, 300)
    for rate in (0.08, 0.10, 0.12, 0.15):
        broken = 0
        for _ in range(1500):
            seen = sum(chance.random() < rate for _ in range(100))
            future = sum(chance.random() < rate for _ in range(300))
            broken += seen <= allowed and future > 30
        assert broken / 1500 <= 0.10


@given(st.integers(1, 400), st.floats(0.01, 0.5), st.floats(0.001, 0.2))
@settings(max_examples=60, deadline=None)
def test_the_errors_allowed_are_the_most_that_the_risk_pays_for(
    votes: int, limit: float, risk: float
) -> None:
    allowed = errors_within(votes, limit, risk, 1_000)
    assert -1 <= allowed <= votes
    assert lapse(votes, allowed, limit, 1_000) <= risk
    if allowed < votes:
        assert lapse(votes, allowed + 1, limit, 1_000) > risk
