import random

import pytest

from app.domain.routing.promise import calibration, luck_share, make_promise, trade_off


def test_too_few_votes_promise_nothing_and_say_so() -> None:
    promise = make_promise([0.1] * 10, [False] * 10, 0.10, 0.90)
    assert not promise.holds
    assert promise.sentence() == (
        "10 blind votes cannot show that your limit of 1 in 10 holds, "
        "so prompts go to the frontier."
    )


def test_faultless_votes_send_everything_below_even_chances() -> None:
    promise = make_promise([0.1] * 40 + [0.7] * 10, [False] * 50, 0.10, 0.90)
    assert promise.share == 0.8
    assert promise.threshold == 0.5


def test_the_threshold_stops_before_one_error_too_many() -> None:
    # 100 votes allow 5 errors at 1 in 10; the errors stand at scores .005, .015, ... .
    scores = [n / 1000 for n in range(100)]
    labels = [n % 10 == 5 for n in range(100)]
    promise = make_promise(scores, labels, 0.10, 0.90)
    assert promise.errors == 5
    assert promise.threshold == pytest.approx(0.055)
    assert promise.share == 0.55


def test_equal_scores_are_never_split_by_their_order() -> None:
    promise = make_promise([0.2] * 100, [n < 30 for n in range(100)], 0.10, 0.90)
    assert promise.share == 0.0


def test_what_luck_allows_is_what_random_scores_allow() -> None:
    chance = random.Random(3)
    shares = []
    for _ in range(1500):
        labels = [n < 30 for n in range(100)]
        scores = [chance.random() * 0.5 for _ in labels]
        shares.append(make_promise(scores, labels, 0.10, 0.90).share)
    assert sum(shares) / len(shares) == pytest.approx(luck_share(100, 30, 5), abs=0.01)


def test_luck_alone_is_everything_where_errors_are_few_and_nothing_without_votes() -> None:
    assert luck_share(100, 5, 5) == 1.0
    assert luck_share(0, 0, -1) == 0.0
    assert luck_share(10, 1, -1) == 0.0


def test_the_promise_holds_for_nine_users_in_ten_even_without_any_signal() -> None:
    # True loss of a threshold when scores are noise: share sent times the base rate.
    chance = random.Random(11)
    broken = 0
    for _ in range(400):
        labels = [chance.random() < 0.3 for _ in range(100)]
        scores = [chance.random() * 0.5 for _ in labels]
        promise = make_promise(scores, labels, 0.10, 0.90)
        broken += 2 * promise.threshold * 0.3 > 0.10
    assert broken / 400 <= 0.10


def test_curves_of_nothing_are_empty() -> None:
    assert trade_off([], [], 0.9) == ()
    assert calibration([], [], 0.9) == ()
