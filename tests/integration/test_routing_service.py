"""Auto-route over real files: hard rules bind, lots are known, and what they find counts."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from app.domain.conversation import prompt_of
from app.domain.errors import CounterpartError
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.routing.lesson import Asked, Lesson
from app.domain.routing.overview import RuleOverview
from app.domain.routing.spot_check import PATIENCE
from app.domain.routing.why import lot_sentence, reasons
from app.domain.turn import Turn, TurnMode
from app.services.container import Services
from app.services.models import NewModel
from tests.fakes.scripted import CHEAP, FRONTIER, Stage

T = TypeVar("T")
EASY = "Extract all dates from schedule 7 of the lease."


def on(stage: Stage, work: Callable[[Services], Awaitable[T]]) -> T:
    async def run() -> T:
        services = stage.open()
        try:
            return await work(services)
        finally:
            await services.close()

    return asyncio.run(run())


def ready(stage: Stage) -> Stage:
    """Let both models answer whatever is asked next."""
    for script in (stage.cheap, stage.frontier):
        script.says("18 March.")
        script.finishes()
    return stage


def unheard(_event: object) -> None:
    pass


async def asked(services: Services, text: str = EASY, matter: str = "Untagged") -> Turn:
    return await services.router.ask(prompt_of(text, matter), unheard)


async def deleting(services: Services, turn_id: int) -> str:
    turn = await services.archive.show(turn_id)
    return await services.rules.deleting(await services.models.pair(), turn)


def taught(stage: Stage, votes: int) -> Stage:
    """Let a user vote on what auto-route asked of both, until the rule has learned."""

    async def teach(services: Services) -> None:
        for number in range(votes):
            ready(stage)
            turn = await asked(services, f"Extract date {number} of the lease.")
            await services.votes.cast(turn.id, "equal")

    on(replace(stage, lot=0.0), teach)
    return ready(stage)


def lessons(stage: Stage) -> list[Lesson]:
    history = stage.history()
    try:
        (pair_key,) = {turn.pair_key for turn in history.ledger(practice=False)}
        return history.lessons(pair_key)
    finally:
        history.close()


def test_a_pin_to_the_frontier_is_obeyed_whatever_was_learned(tmp_path: Path) -> None:
    stage = taught(Stage(tmp_path, votes_needed=4), 4)

    async def work(services: Services) -> Turn:
        await services.pins.add("prompt mentions “privilege” → frontier")
        return await asked(services, f"{EASY} Leave out what is privileged.")

    turn = on(stage, work)
    assert [answer.role for answer in turn.answers] == [Role.FRONTIER]
    assert turn.decision is not None
    assert turn.decision.basis is Basis.PIN
    assert "privilege" in turn.decision.because[0]
    assert (turn.decision.draw, turn.decision.spot_check) == (None, False)


def test_a_pin_that_both_models_meet_is_named_where_it_is_told_why(tmp_path: Path) -> None:
    here = tuple(
        replace(model, base_url=f"http://127.0.0.1:{port}/v1", local=True, vendor="", price=None)
        for model, port in ((CHEAP, 8080), (FRONTIER, 8081))
    )
    stage = ready(replace(Stage(tmp_path), pair=(here[0], here[1])))

    async def work(services: Services) -> Turn:
        await services.pins.add("prompt mentions “privilege” → this computer")
        return await asked(services, f"{EASY} Leave out what is privileged.")

    turn = on(stage, work)
    assert len(turn.answers) == 2, "the pin leaves both, and the rule still learns"
    decision = turn.decision
    assert decision is not None
    assert decision.basis is Basis.NOT_ENOUGH_VOTES
    (sentence,) = decision.met
    assert "“privilege” stays on this computer. Both models" in sentence
    assert sentence in reasons(decision)


def test_what_a_deleted_vote_does_to_the_promise_is_told_and_true(tmp_path: Path) -> None:
    stage = taught(Stage(tmp_path, votes_needed=4), 4)
    first = min(lesson.turn_id for lesson in lessons(stage))

    async def work(services: Services) -> tuple[str, str, RuleOverview, RuleOverview]:
        pair = await services.models.pair()
        before = await services.rules.overview(pair)
        told = await deleting(services, first)
        # What the user chose to compare trains, and stands in no line.
        chosen = await services.comparisons.compare(prompt_of(EASY), unheard)
        unvoted = await deleting(services, chosen.id)
        await services.votes.cast(chosen.id, "equal")
        assert await deleting(services, chosen.id) == "Your rule forgets the vote."
        await services.archive.delete(first)
        return told, unvoted, before, await services.rules.overview(pair)

    told, unvoted, before, after = on(stage, work)
    assert "asked for because your rule had too few" in told, "no lot was drawn"
    assert "wait for one more vote" in told
    assert unvoted == ""
    assert (before.learned, before.calibrating) == (True, 4)
    assert (after.learned, after.calibrating) == (False, 3), "the promise waits for a fourth vote"


def test_a_policy_and_a_pin_that_leave_no_model_send_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    async def work(services: Services) -> str:
        await services.matters.save("Larch", SendingPolicy(PolicyKind.THIS_COMPUTER))
        with pytest.raises(CounterpartError) as caught:
            await asked(services, matter="Larch")
        return caught.value.problem.kind

    assert on(stage, work) == "blocked"
    assert stage.cheap.requests == stage.frontier.requests == []


def test_a_lot_below_the_chance_asks_both_blind_and_its_chance_is_stored(tmp_path: Path) -> None:
    stage = replace(taught(Stage(tmp_path, votes_needed=4), 4), lot=0.01)
    turn = on(stage, asked)
    assert turn.mode is TurnMode.BLIND
    assert len(turn.answers) == 2
    assert turn.decision is not None
    assert turn.decision.spot_check
    assert turn.decision.role is not None
    assert turn.decision.propensity == pytest.approx(1 / 16)
    assert turn.decision.draw == pytest.approx(0.01)


def test_a_lot_above_it_asks_one_and_stores_that_chance_too(tmp_path: Path) -> None:
    stage = replace(taught(Stage(tmp_path, votes_needed=4), 4), lot=0.9)
    turn = on(stage, asked)
    assert turn.mode is TurnMode.ROUTED
    assert turn.decision is not None
    assert not turn.decision.spot_check
    assert turn.decision.propensity == pytest.approx(15 / 16)


def test_a_spot_check_waits_for_its_vote_and_then_measures_the_promise(tmp_path: Path) -> None:
    stage = replace(taught(Stage(tmp_path, votes_needed=4), 4), lot=0.01)

    async def work(services: Services) -> tuple[Turn, tuple[int, ...], tuple[int, ...]]:
        pair = await services.models.pair()
        turn = await asked(services)
        before = await services.archive.spot_checks_waiting(pair)
        await services.votes.cast(turn.id, "a")
        return turn, before, await services.archive.spot_checks_waiting(pair)

    turn, before, after = on(stage, work)
    assert (before, after) == ((turn.id,), ())
    lesson = lessons(stage)[-1]
    assert lesson.calibrates
    assert lesson.asked is Asked.CHECK
    assert lesson.propensity == pytest.approx(1 / 16)
    assert turn.seating is not None
    assert lesson.choice is turn.seating.choice("a")
    assert all(item.propensity == 1.0 for item in lessons(stage)[:-1])  # while it still learned


def test_what_the_user_chose_to_compare_is_never_a_measure_of_the_promise(tmp_path: Path) -> None:
    stage = ready(Stage(tmp_path))

    async def work(services: Services) -> None:
        turn = await services.comparisons.compare(prompt_of(EASY), unheard)
        await services.votes.cast(turn.id, "a")

    on(stage, work)
    (lesson,) = lessons(stage)
    assert lesson.choice is not None
    assert (lesson.asked, lesson.calibrates) == (Asked.CHOSEN, False)


def test_a_check_that_nobody_votes_on_counts_as_a_loss_in_the_end(tmp_path: Path) -> None:
    stage = replace(taught(Stage(tmp_path, votes_needed=4), 4), lot=0.01)
    on(stage, asked)
    waiting = lessons(stage)[-1]
    assert (waiting.choice, waiting.settled) == (None, None)
    stage.clock.later = PATIENCE + timedelta(days=1)
    given_up = lessons(stage)[-1]
    assert given_up.settled is not None
    assert given_up.counts_as_loss

    async def still(services: Services) -> tuple[int, ...]:
        return await services.archive.spot_checks_waiting(await services.models.pair())

    assert on(stage, still) == ()


def test_while_the_rule_still_learns_every_routed_prompt_is_a_check(tmp_path: Path) -> None:
    turn = on(ready(Stage(tmp_path)), asked)
    assert turn.decision is not None
    assert (turn.decision.spot_check, turn.decision.propensity) == (True, 1.0)
    assert turn.mode is TurnMode.BLIND


def test_a_changed_model_ends_the_promise_and_says_so_and_its_votes_still_teach_a_little(
    tmp_path: Path,
) -> None:
    stage = taught(Stage(tmp_path, votes_needed=4), 4)

    async def work(services: Services) -> tuple[Decision, Decision, RuleOverview]:
        before = await services.router.decide(prompt_of(EASY))
        pair = await services.models.pair()
        changed = NewModel(
            pair.cheap.name, pair.cheap.dialect.value, pair.cheap.base_url, "pebble-flash-2",
            "cheap", vendor=pair.cheap.vendor, price=pair.cheap.price,
        )  # fmt: skip
        await services.models.change(pair.cheap, changed)
        pair = await services.models.pair()
        after = await services.router.decide(prompt_of(EASY))
        return before, after, await services.rules.overview(pair)

    before, after, overview = on(stage, work)
    assert before.basis is Basis.LEARNED
    assert after.basis is Basis.PAIR_CHANGED
    assert after.asks_both
    assert "4 votes" in after.because[0]
    assert not overview.promise.holds
    assert "cast on another pair" not in dict(overview.left_out)


def test_deleting_a_vote_on_models_that_have_changed_since_claims_no_calibration(
    tmp_path: Path,
) -> None:
    stage = taught(Stage(tmp_path, votes_needed=4), 4)
    first = min(lesson.turn_id for lesson in lessons(stage))

    async def work(services: Services) -> tuple[str, str, str]:
        before = await deleting(services, first)
        pair = await services.models.pair()
        changed = NewModel(
            pair.cheap.name, pair.cheap.dialect.value, pair.cheap.base_url, "pebble-flash-2",
            "cheap", vendor=pair.cheap.vendor, price=pair.cheap.price,
        )  # fmt: skip
        cheap = await services.models.change(pair.cheap, changed)
        earlier = await deleting(services, first)
        await services.models.add(replace(changed, name="Other"))
        await services.models.use_pair("Other", pair.frontier.name)
        others = await deleting(services, first)
        assert cheap.name != "Other"
        return before, earlier, others

    before, earlier, others = on(stage, work)
    assert "counts in your rule's calibration" in before
    assert earlier == (
        "It is about an earlier version of your models and stands in no calibration of theirs. "
        "Your rule forgets the vote."
    )
    assert others == "It was asked of other models: the rule of those in use does not count it."


def test_a_vote_that_a_lot_asked_for_is_told_apart_from_one_that_was_missing(
    tmp_path: Path,
) -> None:
    stage = taught(Stage(tmp_path, votes_needed=4), 4)

    async def work(services: Services) -> tuple[str, str]:
        ready(stage)
        turn = await asked(services)
        assert turn.decision is not None
        assert (turn.decision.spot_check, turn.decision.draw) == (True, 0.0)
        told = await deleting(services, turn.id)
        first = await services.archive.show(min(lesson.turn_id for lesson in lessons(stage)))
        assert first.decision is not None
        return told, " ".join((*reasons(first.decision), lot_sentence(first.decision)))

    told, why = on(replace(stage, lot=0.0), work)
    assert "A vote on it was asked for by lot" in told
    assert "while the rule learns" in why
    assert "by lot" not in why
