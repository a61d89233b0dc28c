import random

import pytest

from app.domain.routing.defaults import RuleDefaults
from app.domain.routing.glance import Glance, GlanceRule, Signs, train_glances
from app.domain.routing.pattern import Pattern, pattern_of

_RISK = {Pattern.ALL: 0.02, Pattern.FIRST: 0.1, Pattern.OTHERS: 0.15, Pattern.NONE: 0.5}


def looked(pattern: Pattern, **signs: bool) -> Glance:
    return Glance(pattern, (Signs(300, **signs), Signs(280), Signs(310)))


def past(count: int, seed: int = 1) -> tuple[list[Glance], list[bool]]:
    chance = random.Random(seed)
    patterns = chance.choices(tuple(Pattern), weights=(50, 15, 10, 25), k=count)
    return [looked(item) for item in patterns], [chance.random() < _RISK[p] for p in patterns]


@pytest.mark.parametrize(
    ("agree", "pattern", "stands"),
    [
        ((True,), Pattern.FIRST, 0),
        ((False,), Pattern.NONE, None),
        ((True, True, True), Pattern.ALL, 0),
        ((False, True, False), Pattern.FIRST, 0),
        ((False, False, True), Pattern.OTHERS, 1),
        ((False, False, False), Pattern.NONE, None),
    ],
)
def test_the_answer_that_two_agree_in_stands(
    agree: tuple[bool, ...], pattern: Pattern, stands: int | None
) -> None:
    assert pattern_of(agree) is pattern
    assert pattern.stands == stands


def test_on_the_first_day_agreement_alone_decides() -> None:
    rule = train_glances([], [])
    assert rule.promise is None
    assert rule.stand([looked(pattern) for pattern in Pattern]) == [True, True, True, False]


def test_votes_buy_a_promise_that_keeps_what_agrees() -> None:
    glances, losses = past(100)
    rule = train_glances(glances, losses)
    assert rule.promise is not None
    assert rule.promise.holds
    assert rule.promise.share > rule.promise.luck_share + 0.15
    assert rule.stand([looked(Pattern.ALL), looked(Pattern.NONE)]) == [True, False]


def test_where_agreement_means_nothing_to_this_user_nothing_stands() -> None:
    glances, _ = past(100)
    losses = [number % 2 == 0 for number in range(100)]
    rule = train_glances(glances, losses)
    assert rule.promise is not None
    assert sum(rule.stand(glances)) <= 20


def test_the_promise_of_a_second_look_is_broken_by_few_users() -> None:
    broken = 0
    future, lost = past(3_000, seed=999)
    for seed in range(60):
        rule = train_glances(*past(100, seed), RuleDefaults())
        stands = rule.stand(future)
        broken += sum(s and bad for s, bad in zip(stands, lost, strict=True)) > 0.10 * len(future)
    assert broken / 60 <= 0.10


def test_signs_of_trouble_that_always_come_true_are_learned() -> None:
    chance = random.Random(2)
    glances, losses = [], []
    for _ in range(200):
        cut = chance.random() < 0.3
        glances.append(looked(Pattern.FIRST, cut=cut))
        losses.append(chance.random() < (0.6 if cut else 0.03))
    rule: GlanceRule = train_glances(glances, losses)
    whole, broken = rule.logits([looked(Pattern.FIRST), looked(Pattern.FIRST, cut=True)])
    assert broken > whole
