"""Replay on my history: what is told agrees with the file, to the cent, and claims no more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.errors import CounterpartError
from app.domain.model import Role
from app.domain.savings.either import either_costs
from app.services.container import Services
from app.services.replay import Replayed
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import Stage
from tests.fakes.working import on


async def replay(services: Services) -> Replayed:
    return await services.replays.replay(await services.models.pair())


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, votes_needed=24)


def test_the_two_lines_differ_by_exactly_what_the_sentence_says_was_saved(stage: Stage) -> None:
    ids = lived(stage, Past(learning=60, checks=4))
    found = on(stage, replay)
    assert found.prompts == len(ids)
    assert 0 < found.to_cheap < found.prompts
    assert found.saved is not None
    last = found.points[-1]
    assert last.frontier - last.paid == found.saved.amount
    assert found.priced == found.to_cheap
    assert found.priced_prompts == found.prompts
    days = [point.day for point in found.points]
    assert days == sorted(days)
    assert all(one.frontier <= other.frontier for one, other in zip(
        found.points, found.points[1:], strict=False))  # fmt: skip


def test_it_says_since_when_how_much_and_what_was_lost_with_an_interval(stage: Stage) -> None:
    lived(stage, Past(learning=60, checks=4))
    found = on(stage, replay)
    (sentence, checks) = found.sentences
    assert f"since {found.since}, {found.to_cheap} of {found.prompts} prompts" in sentence
    assert "would have been better on the frontier (likely" in sentence
    assert found.lost is not None
    assert found.low <= found.lost <= found.high
    assert "Spot checks, 1 in 16, would have taken about $" in checks


def test_a_vote_asked_for_by_lot_stands_for_as_many_prompts_as_its_chance_says(
    stage: Stage,
) -> None:
    lived(stage, Past(learning=60, checks=4, souring=4))
    soured = on(stage, replay)
    assert soured.judged == 64
    assert soured.lost is not None
    history = stage.history()
    (key,) = {turn.pair_key for turn in history.ledger(practice=False)}
    lessons = [lesson for lesson in history.lessons(key) if lesson.calibrates]
    history.close()
    weights = [1 / (lesson.propensity or 1) for lesson in lessons]
    assert sum(weights) == pytest.approx(60 + 4 * 16)
    # Four losses out of sixty-four votes, but more of the prompts they stand for.
    assert soured.high > 0.1


def test_without_a_promise_there_is_nothing_to_replay_and_it_says_what_makes_one(
    stage: Stage,
) -> None:
    lived(stage, Past(learning=10))

    async def work(services: Services) -> str:
        with pytest.raises(CounterpartError) as caught:
            await replay(services)
        return caught.value.problem.sentence()

    assert "calibration run" in on(stage, work)


def test_where_one_model_was_asked_the_other_is_priced_by_guess_and_said_to_be(
    stage: Stage,
) -> None:
    lived(stage, Past(learning=40, checks=2))
    history = stage.history()
    ledger = history.ledger(practice=False)
    history.close()
    for item in either_costs(ledger):
        assert item.cheap is not None
        assert item.frontier is not None
        assert Decimal(0) < item.cheap.amount < item.frontier.amount
        asked = {answer.role for answer in item.turn.answers}
        assert item.guessed is (len(asked) == 1)
        for answer in item.turn.answers:
            own = item.cheap if answer.role is Role.CHEAP else item.frontier
            assert own == answer.cost.money


def test_a_price_that_nobody_knows_leaves_the_prompt_out_of_both_lines(stage: Stage) -> None:
    lived(stage, Past(learning=40, checks=1))
    history = stage.history()
    ledger = history.ledger(practice=False)
    history.close()
    bare = [
        replace(turn, answers=tuple(answer for answer in turn.answers if answer.role is Role.CHEAP))
        for turn in ledger
    ]
    assert all(item.frontier is None for item in either_costs(bare))
