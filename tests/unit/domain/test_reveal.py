from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.answer import Answer, AnswerState
from app.domain.conversation import Prompt
from app.domain.events import Attempted
from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Certainty, Cost, Money, Usage
from app.domain.reveal import cost_lines, footer, metrics, reveal, tokens_per_second
from app.domain.routing.counts import tally
from app.domain.turn import Turn, TurnMode
from app.domain.vote import Choice, Seating, Vote, VoteKind

CHEAP = ModelRef("glm", Dialect.OPENAI_CHAT, "https://a.test/v1", "glm", Role.CHEAP, vendor="Ash")
FRONTIER = ModelRef("opus", Dialect.ANTHROPIC, "https://b.test", "opus", Role.FRONTIER)


def usd(amount: str, certainty: Certainty = Certainty.MEASURED) -> Cost:
    return Cost(Money(Decimal(amount)), certainty)


def turn(
    choice: Choice | None = Choice.FRONTIER,
    *,
    cheap: Cost | None = None,
    frontier: Cost | None = None,
    times: tuple[int, int] = (3400, 9800),
    practice: bool = False,
) -> Turn:
    answers = (
        Answer(Role.CHEAP, CHEAP, AnswerState.COMPLETE, "yes", cost=cheap or usd("0.0041"),
               first_token_ms=310, total_ms=times[0], usage=Usage(18_612, 388, 14_080)),
        Answer(Role.FRONTIER, FRONTIER, AnswerState.COMPLETE, "no", cost=frontier or usd("0.3104"),
               first_token_ms=1120, total_ms=times[1], usage=Usage(18_930, 412)),
    )  # fmt: skip
    votes = (Vote(choice, VoteKind.BLIND),) if choice else ()
    return Turn(
        Prompt("?"), TurnMode.BLIND, "pair", practice, datetime(2026, 3, 4, tzinfo=UTC),
        seating=Seating(Role.CHEAP), answers=answers, votes=votes,
    )  # fmt: skip


def test_the_reveal_says_which_was_which_and_what_the_difference_cost() -> None:
    said = reveal(turn())
    assert said.headline == "B was the frontier model."
    assert said.text == "It cost 76 times as much and took 6.4 s longer."


def test_a_vote_for_the_cheap_answer_never_says_times_less() -> None:
    said = reveal(turn(Choice.CHEAP))
    assert said.headline == "A was the cheap model."
    assert said.text.startswith("The frontier answer cost 76 times as much")


@pytest.mark.parametrize("choice", [Choice.EQUAL, Choice.NEITHER])
def test_without_a_favourite_both_seats_are_named(choice: Choice) -> None:
    assert reveal(turn(choice)).headline == "A was the cheap model, B the frontier model."


def test_an_unknown_price_is_said_and_never_compared() -> None:
    said = reveal(turn(frontier=Cost.unknown()))
    assert "price is not known" in said.text
    assert "times" not in said.text


def test_an_estimate_makes_the_ratio_an_about() -> None:
    said = reveal(turn(frontier=usd("0.41", Certainty.ESTIMATED)))
    assert "about 100 times as much" in said.text


@pytest.mark.parametrize(
    ("cheap", "frontier", "words"),
    [
        ("1.00", "2.40", "2.4 times as much"),
        ("1.00", "1.30", "30% more"),
        ("1.00", "0.80", "20% less"),
        ("1.00", "1.00", "cost the same"),
        ("0", "0.31", "where the cheap one was free"),
    ],
)
def test_the_price_difference_reads_true_at_every_size(
    cheap: str, frontier: str, words: str
) -> None:
    assert words in reveal(turn(cheap=usd(cheap), frontier=usd(frontier))).text


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ((3400, 3450), "took as long"),
        ((9800, 3400), "was 6.4 s faster"),
        ((1000, 1500), "0.50 s longer"),
    ],
)
def test_the_time_difference_reads_true_both_ways(times: tuple[int, int], words: str) -> None:
    assert words in reveal(turn(times=times)).text


def test_practice_promises_no_saving() -> None:
    said = reveal(turn(cheap=Cost.free(), frontier=Cost.free(), practice=True))
    assert "at no charge" in said.text
    assert "times" not in said.text


def test_the_users_own_count_comes_with_its_interval() -> None:
    said = reveal(turn(), tally("tagged notice", 3, 8))
    assert (
        "tagged notice: the cheap answer was good enough in 3 of 8 comparisons (likely" in said.text
    )


def test_one_answer_alone_is_not_revealed_as_a_comparison() -> None:
    single = replace(turn(), answers=turn().answers[:1])
    with pytest.raises(ValueError, match="two answers"):
        reveal(single)


def test_every_figure_has_its_unit() -> None:
    figures = dict(metrics(turn().answers[0]))
    assert figures == {
        "first word": "0.31 s", "speed": "126 tok/s", "time": "3.4 s", "cost": "$0.0041"
    }  # fmt: skip


def test_a_speed_nobody_measured_is_not_shown() -> None:
    answer = replace(turn().answers[0], usage=Usage())
    assert tokens_per_second(answer) is None
    assert "speed" not in dict(metrics(answer))


def test_an_answer_that_came_in_one_piece_boasts_no_speed() -> None:
    answer = turn().answers[0]
    assert answer.total_ms is not None
    at_once = replace(answer, first_token_ms=answer.total_ms - 1)
    assert tokens_per_second(at_once) is None
    assert "speed" not in dict(metrics(at_once))


def test_the_footer_tells_who_answered_and_how_sure_the_cost_is() -> None:
    cheap, frontier = turn().answers
    assert footer(cheap) == "Ash · 18,612 in, 388 out, 14,080 cached · measured"
    assert footer(frontier) == "b.test · 18,930 in, 412 out · measured"
    assert footer(cheap, "US").startswith("Ash, US ·")


def test_a_cut_answer_says_that_it_cannot_be_voted_on() -> None:
    cut = replace(
        turn().answers[1], state=AnswerState.INCOMPLETE, text="one two three",
        cost=usd("0.29", Certainty.ESTIMATED),
    )  # fmt: skip
    assert footer(cut) == (
        "What arrived is kept: 3 words. The cost is estimated. It cannot be voted on."
    )


def test_a_blocked_side_says_that_nothing_left() -> None:
    blocked = replace(turn().answers[0], state=AnswerState.BLOCKED, text="")
    assert footer(blocked) == "Nothing was sent, nothing was paid."


def test_no_price_is_told_where_nothing_was_charged() -> None:
    price = price_per_million("3", "15")
    failed = Answer(Role.CHEAP, CHEAP, AnswerState.FAILED, cost=usd("0"), price=price, total_ms=900)
    assert cost_lines(failed) == ()
    assert "Nothing was charged." in footer(failed)
    broke = Attempted(
        1, 503, "overloaded", may_be_billed=True, besides=usd("0.01", Certainty.ESTIMATED)
    )
    besides = replace(failed, attempts=(broke, broke))
    assert any(line.startswith("Price: $3.00 in") for line in cost_lines(besides))
    assert "Nothing was charged." not in footer(besides)
    assert any("Price" in line for line in cost_lines(replace(failed, cost=usd("0.02"))))
