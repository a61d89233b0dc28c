import random

from app.domain.routing.drift import watch


def checks(rates: list[float], seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < rate for rate in rates]


def test_a_promise_that_is_well_kept_is_hardly_ever_withdrawn() -> None:
    # 250 checks are 4,000 prompts at 1 in 16. Most rules stay well below their limit.
    below = sum(watch(checks([0.06] * 250, seed), 0.10, 100).alarm for seed in range(300))
    far_below = sum(watch(checks([0.04] * 250, seed), 0.10, 100).alarm for seed in range(300))
    assert below / 300 <= 0.08
    assert far_below / 300 <= 0.01


def test_a_promise_that_is_broken_is_nearly_always_withdrawn() -> None:
    above = sum(watch(checks([0.14] * 250, seed), 0.10, 100).alarm for seed in range(300))
    assert above / 300 >= 0.95


def test_a_model_that_changed_for_the_worse_is_found_after_a_long_good_time() -> None:
    found = [watch(checks([0.05] * 200 + [0.35] * 100, seed), 0.10, 100) for seed in range(100)]
    late = [drift.at for drift in found if drift.at is not None and drift.at >= 200]
    assert len(late) >= 95
    assert sorted(late)[len(late) // 2] - 200 < 30


def test_the_sentence_says_what_was_found_and_what_happens_now() -> None:
    quiet = watch([False] * 20 + [True], 0.10, 100)
    assert not quiet.alarm
    assert quiet.sentence(0.10) == (
        "1 of 21 spot checks found that the frontier would have been better than the cheap model "
        "that the rule chose; your limit is 1 in 10."
    )
    loud = watch([False] * 40 + [True] * 9, 0.10, 100)
    assert loud.alarm
    assert loud.checks == 46  # it stops there
    assert loud.sentence(0.10).startswith("The promise is withdrawn: 6 of the latest 6 spot checks")


def test_no_check_says_nothing() -> None:
    drift = watch([], 0.10, 100)
    assert (drift.checks, drift.evidence, drift.alarm) == (0, 1.0, False)
