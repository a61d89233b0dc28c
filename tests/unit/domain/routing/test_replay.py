"""What routing would have saved and lost, told from votes by lot alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.money import Money
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.question import Question, question_of
from app.domain.routing.replay import Past, replay
from app.domain.routing.rule import train
from app.domain.vote import Choice
from tests.fakes.lessons import habit, lesson

EASY = "Extract all dates from schedule {n} of the lease."
HARD = "Analyse whether relief is available under clause {n} of the deed, and argue both sides."


def usd(cents: int) -> Money:
    return Money(Decimal(cents) / 100)


def past(turn_id: int, text: str, tag: str, *, priced: bool = True) -> Past:
    question = Question(text.format(n=turn_id), "Larch", (tag,))
    return Past(question, turn_id, usd(1), usd(41) if priced else None)


def history() -> list[Past]:
    easy = [past(1000 + n, EASY, "notice") for n in range(30)]
    return [*easy, *(past(2000 + n, HARD, "advice") for n in range(10))]


def check(turn_id: int, choice: Choice, propensity: float) -> Lesson:
    made = lesson(turn_id, EASY.format(n=turn_id), choice, tags=("notice",), asked=Asked.CHECK)
    return replace(made, propensity=propensity)


def test_it_adds_up_what_the_rule_would_have_saved_to_the_cent() -> None:
    found = replay(train(habit(150)), history(), [])
    assert (found.prompts, found.to_cheap, found.priced) == (40, 30, 30)
    assert found.saved == usd(30 * 40)
    assert found.lost is None
    assert found.sentence("March") == (
        "Had the rule been on since March, 30 of 40 prompts would have gone to the cheap model, "
        "for ≈ $12.00 less. What that would have lost is not known: no vote was asked for by lot."
    )


def test_a_price_nobody_knows_is_left_out_and_said_to_be() -> None:
    items = [*history(), past(3000, EASY, "notice", priced=False)]
    found = replay(train(habit(150)), items, [])
    assert (found.to_cheap, found.priced) == (31, 30)
    assert "price known for 30 of them" in found.sentence("March")


def test_each_vote_stands_for_as_many_prompts_as_its_chance_says() -> None:
    rule = train(habit(150))
    often = [check(5000 + n, Choice.EQUAL, 1.0) for n in range(60)]
    seldom = [check(6000 + n, Choice.FRONTIER, 1 / 10) for n in range(4)]
    found = replay(rule, history(), [*often, *seldom])
    assert found.judged == 64
    assert found.lost == pytest.approx(40 / 100)
    assert found.low < 0.4 < found.high
    # Four votes that stand for forty say less than forty would.
    plain = replay(rule, history(), [*often, *(replace(item, propensity=1.0) for item in
                                               [check(7000 + n, Choice.FRONTIER, 1.0)
                                                for n in range(40)])])  # fmt: skip
    assert plain.lost == pytest.approx(0.4)
    assert found.high - found.low > plain.high - plain.low


def test_comparisons_that_the_user_chose_say_nothing_about_what_was_lost() -> None:
    chosen = [replace(item, asked=Asked.CHOSEN, propensity=None) for item in habit(50)]
    assert replay(train(habit(150)), history(), chosen).lost is None


def test_a_prompt_that_helped_to_make_the_rule_is_judged_by_one_that_never_saw_it() -> None:
    votes = habit(100)
    rule = train(votes)
    assert rule.certificate is not None
    items = [Past(question_of(item), item.turn_id, None, None) for item in votes]
    promise = rule.promise
    found = replay(rule, items, votes)
    assert found.to_cheap == round(promise.share * promise.votes)
    assert found.lost == pytest.approx(promise.errors / promise.votes)
    assert found.saved is None


def test_before_any_promise_nothing_would_have_gone_to_cheap() -> None:
    found = replay(train(habit(12)), history(), habit(12))
    assert (found.to_cheap, found.lost) == (0, 0.0)
