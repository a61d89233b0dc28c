import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.routing.counts import (
    beta_cdf,
    beta_quantile,
    errors_allowed,
    interval,
    tally,
    upper_bound,
)


@pytest.mark.parametrize(
    ("hits", "total", "confidence", "low", "high"),
    [
        # Closed forms: no hit, all hits, and Beta(1, n) and Beta(n, 1) have exact quantiles.
        (0, 10, 0.95, 0.0, 1 - 0.025 ** (1 / 10)),
        (10, 10, 0.95, 0.025 ** (1 / 10), 1.0),
        (0, 1, 0.90, 0.0, 0.95),
        # Published tables of exact binomial limits (95%).
        (5, 10, 0.95, 0.1871, 0.8129),
        (1, 20, 0.95, 0.0013, 0.2487),
        (8, 20, 0.95, 0.1912, 0.6395),
        (50, 100, 0.95, 0.3983, 0.6017),
    ],
)
def test_an_interval_on_the_screen_is_the_exact_binomial_one(
    hits: int, total: int, confidence: float, low: float, high: float
) -> None:
    assert interval(hits, total, confidence) == pytest.approx((low, high), abs=6e-5)


def test_nothing_counted_claims_nothing() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    assert upper_bound(0, 0) == 1.0
    assert tally("all", 0, 0).high == 1.0


def test_a_count_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        interval(3, 2)


@pytest.mark.parametrize(("limit", "fewest"), [(0.10, 22), (0.05, 45)])
def test_as_many_faultless_votes_as_promised_buy_the_certificate(limit: float, fewest: int) -> None:
    assert errors_allowed(fewest - 1, limit) == -1
    assert errors_allowed(fewest, limit) == 0


def test_a_hundred_votes_allow_five_errors_at_one_in_ten() -> None:
    assert errors_allowed(100, 0.10) == 5
    assert upper_bound(5, 100) <= 0.10 < upper_bound(6, 100)


@given(st.integers(0, 300), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_one_more_hit_never_lowers_a_bound(hits: int, total: int) -> None:
    hits = min(hits, total - 1)
    low, high = interval(hits, total)
    lower, higher = interval(hits + 1, total)
    assert 0.0 <= low <= hits / total <= high <= 1.0
    assert low <= lower
    assert high <= higher
    assert upper_bound(hits, total) <= upper_bound(hits + 1, total)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.01, 0.99))
@settings(max_examples=60, deadline=None)
def test_the_quantile_is_where_the_distribution_says(a: int, b: int, q: float) -> None:
    assert beta_cdf(beta_quantile(q, a, b), a, b) == pytest.approx(q, abs=1e-9)


def test_the_beta_distribution_matches_the_binomial_tail_it_stands_for() -> None:
    from math import comb

    for n, k, p in ((7, 3, 0.2), (20, 11, 0.6), (40, 2, 0.05)):
        tail = sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
        assert beta_cdf(p, k, n - k + 1) == pytest.approx(tail, rel=1e-10)
