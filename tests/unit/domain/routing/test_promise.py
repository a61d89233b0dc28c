import random
from dataclasses import replace

import pytest

from app.domain.routing.looks import Look, errors_within
from app.domain.routing.promise import (
    Promise,
    calibration,
    line_of,
    luck_share,
    make_promise,
    needed,
    trade_off,
)

TERMS = (0.10, 0.90, 1_000)


def promise_of(ranks: list[float], labels: list[bool], allowed: int) -> Promise:
    look = Look(len(ranks), allowed, 0.05)
    return make_promise(ranks, labels, look, (Look(200, 12, 0.03), Look(400, 30, 0.05)), TERMS, 1.0)


def test_too_few_votes_promise_nothing_and_say_so() -> None:
    promise = promise_of([0.1] * 10, [False] * 10, -1)
    assert not promise.holds
    assert promise.sentence() == (
        "10 calibrating votes cannot show that your limit of 1 in 10 holds, "
        "so prompts go to the frontier. About 190 more are likely to be needed."
    )


def test_the_line_stops_before_one_error_too_many_and_not_a_step_further() -> None:
    ranks = [n / 100 for n in range(100)]
    labels = [n % 10 == 5 for n in range(100)]  # errors at .05, .15, ...
    promise = promise_of(ranks, labels, 5)
    assert (promise.errors, promise.rank, promise.share) == (5, 0.54, 0.55)
    assert promise.next_look == 200
    assert promise.needed is None


def test_equal_ranks_are_never_split_by_their_order() -> None:
    assert line_of([0.2] * 100, [n < 30 for n in range(100)], 5) is None


def test_nothing_goes_above_even_chances_however_faultless() -> None:
    ranks = [n / 50 for n in range(50)]
    look = Look(50, 1, 0.03)
    promise = make_promise(ranks, [False] * 50, look, (), TERMS, highest=0.795)
    assert promise.share == 0.8


def test_how_many_more_are_needed_is_an_estimate_or_an_honest_never() -> None:
    ranks = [n / 50 for n in range(50)]
    some = [n % 12 == 11 for n in range(50)]
    later = (Look(100, 4, 0.02), Look(200, 12, 0.03))
    assert needed(ranks, some, later) == 50
    assert needed(ranks, [n % 5 > 0 for n in range(50)], later[:1]) is None
    never = promise_of([0.5] * 50, [n % 2 == 0 for n in range(50)], 1)
    assert "more votes are unlikely to change this" in never.sentence()


def test_a_vote_that_was_asked_for_and_not_given_is_named() -> None:
    ranks = [n / 100 for n in range(100)]
    promise = replace(promise_of(ranks, [n > 90 for n in range(100)], 5), unvoted=3)
    assert "3 of them without your vote count as losses." in promise.sentence()


def test_what_luck_allows_is_what_random_ranks_allow() -> None:
    chance = random.Random(3)
    shares = []
    for _ in range(1500):
        labels = [n < 30 for n in range(100)]
        shares.append(promise_of([chance.random() for _ in labels], labels, 5).share)
    assert sum(shares) / len(shares) == pytest.approx(luck_share(100, 30, 5), abs=0.01)


def test_luck_alone_is_everything_where_errors_are_few_and_nothing_without_votes() -> None:
    assert luck_share(100, 5, 5) == 1.0
    assert luck_share(0, 0, -1) == 0.0
    assert luck_share(10, 1, -1) == 0.0


def test_the_promise_holds_for_nine_users_in_ten_even_without_any_signal() -> None:
    # True loss of a line when ranks are noise: share sent times the base rate.
    chance = random.Random(11)
    allowed = errors_within(100, 0.10, 0.10, 1_000)
    broken = 0
    for _ in range(400):
        labels = [chance.random() < 0.3 for _ in range(100)]
        broken += promise_of([chance.random() for _ in labels], labels, allowed).rank * 0.3 > 0.10
    assert broken / 400 <= 0.10


def test_curves_of_nothing_are_empty() -> None:
    assert trade_off([], [], 0.9) == ()
    assert calibration([], [], 0.9) == ()
