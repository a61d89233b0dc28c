"""A second look of three over real sockets and a real file: any two suffice, and all is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.providers.factory import HttpProviders
from app.cli.words import turn_words
from app.domain.answer import Answer, AnswerState
from app.domain.budget import BudgetReachedError
from app.domain.conversation import prompt_of
from app.domain.errors import CounterpartError
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import ModelRef, Role
from app.domain.routing.decision import Basis
from app.domain.savings.values import Savings
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.services.ask import Decided, SideSaid, TurnEvent
from app.services.container import Services
from app.ui.models.turn_words import cost_tip
from app.ui.views.turns.dress import badges
from tests.fakes.fault_server import CUT, FaultServer, Reply
from tests.fakes.history_samples import turn as sample
from tests.fakes.looks import models_asked, sentence
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, THIRD, Stage
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering, wired
from tests.fakes.working import on

PROMPT = "By what date must notice be served under clause 14.2?"
A, B, C = "18 March", "8 March", "20 March"
SORRY = "I'm sorry, but I can't help with that."
FRONT = "19 March."
ORDER = (CHEAP, SECOND, THIRD)
_EVER = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def saying(*texts: str) -> dict[str, Reply]:
    """Return the replies of the three cheap models, in their order, and the frontier's."""
    said = {
        model.model: Reply.stream(openai_stream([text]))
        for model, text in zip(ORDER, texts, strict=True)
    }
    return {**said, FRONTIER.model: Reply.stream(anthropic_stream([FRONT]))}


@pytest.fixture
def replies() -> dict[str, Reply]:
    return saying(A, A, A)


@pytest.fixture
def server(replies: dict[str, Reply]) -> Iterator[FaultServer]:
    with answering(replies) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, server: FaultServer) -> Stage:
    return wired(tmp_path, server, SECOND, THIRD)


async def asked(services: Services, matter: str = "Untagged") -> Turn:
    return await services.router.ask(prompt_of(PROMPT, matter), lambda _event: None)


def standing(turn: Turn) -> Answer:
    assert turn.standing is not None
    return turn.standing


@pytest.mark.parametrize(
    ("texts", "stands", "begins"),
    [
        ((A, A, A), CHEAP, "Three models agree on 18 March;"),
        ((A, B, A), CHEAP, "Two models agree on 18 March, while Quartz Mini says 8 March;"),
        ((B, A, A), SECOND, "Two models agree on 18 March, while Pebble Flash says 8 March;"),
        ((SORRY, A, A), SECOND, "Two models agree on 18 March, while Pebble Flash declined to"),
    ],
    ids=["all", "first and third", "the others", "the first refuses"],
)
def test_any_two_that_agree_are_enough_and_theirs_stands(
    stage: Stage,
    server: FaultServer,
    replies: dict[str, Reply],
    texts: tuple[str, str, str],
    stands: ModelRef,
    begins: str,
) -> None:
    replies.update(saying(*texts))
    turn = on(stage, asked)
    assert models_asked(server) == sorted(model.model for model in ORDER)
    assert sentence(turn).startswith(begins)
    assert standing(turn).model.name == stands.name
    assert standing(turn).text == A
    history = stage.history()
    kept = history.turn(turn.id)
    history.close()
    assert kept == turn


@pytest.mark.parametrize("texts", [(A, B, C), (A, B, SORRY)])
def test_where_no_two_agree_the_frontier_answers(
    stage: Stage, server: FaultServer, replies: dict[str, Reply], texts: tuple[str, str, str]
) -> None:
    replies.update(saying(*texts))
    turn = on(stage, asked)
    assert len(server.requests) == 4
    assert standing(turn).text == FRONT
    assert sentence(turn).endswith("so the frontier was asked.")


def test_two_that_agree_are_enough_where_the_first_breaks_off(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    cut_off = openai_stream([A], finish=None, done=False, usage=None)
    replies[CHEAP.model] = Reply.stream([*cut_off, CUT])

    async def work(services: Services) -> tuple[Turn, int | None]:
        turn = await asked(services)
        return turn, (await services.reports.savings()).waits.routed_ms

    turn, waited = on(stage, work)
    assert FRONTIER.model not in models_asked(server)
    assert turn.answers[0].state is AnswerState.INCOMPLETE
    assert waited is not None, "it was routed, and waited for"
    assert standing(turn).model.name == SECOND.name
    assert standing(turn).complete


def test_savings_count_a_prompt_whose_first_answer_broke_off_where_the_others_stand(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies[CHEAP.model] = Reply.stream(
        [*openai_stream([A], finish=None, done=False, usage=None), CUT]
    )

    async def work(services: Services) -> Savings:
        await asked(services)
        return await services.reports.savings()

    report = on(stage, work)
    assert (report.main.turns, report.left_out) == (1, ())
    price = FRONTIER.price
    assert price is not None
    assert price.input_per_million is not None
    assert price.output_per_million is not None
    whole = 20 * price.input_per_million + 8 * price.output_per_million
    assert report.main.exact.instead == whole / 10**6


def test_all_four_calls_are_paid_for_in_history_and_savings(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(A, B, C))

    async def work(services: Services) -> tuple[Turn, Decimal, int, int, int]:
        turn = await asked(services)
        report = await services.reports.savings()
        main = report.main.exact
        return turn, main.paid, report.decided, report.to_cheap, report.turns

    turn, paid, *counts = on(stage, work)
    costs = [answer.cost.money for answer in (*turn.answers, *turn.beside)]
    assert len(costs) == 4
    assert all(money is not None and money.amount > 0 for money in costs)
    assert paid == sum(money.amount for money in costs if money is not None)
    assert counts == [1, 0, 1]
    history = stage.history()
    (row,) = history.page(HistoryQuery())
    (entry,) = history.ledger(practice=False)
    month = history.spending("all", *_EVER)
    history.close()
    assert row.payees == ("cheap", "frontier", "second", "third")
    assert sum(cost.money.amount for cost in row.costs if cost.money is not None) == paid
    assert [answer.model for answer in entry.answers] == [CHEAP.name, FRONTIER.name]
    assert [answer.model for answer in entry.beside] == [SECOND.name, THIRD.name]
    assert sum(item.measured + item.estimated for item in month.spent) == paid
    slowest = max(answer.total_ms or 0 for answer in (turn.answers[0], *turn.beside))
    assert row.wait_ms == entry.wait_ms == slowest + (turn.answers[1].total_ms or 0)


def test_where_the_others_stand_savings_count_the_prompt_as_sent_to_cheap(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(B, A, A))

    async def work(services: Services) -> tuple[int, int]:
        await asked(services)
        report = await services.reports.savings()
        return report.decided, report.to_cheap

    assert on(stage, work) == (1, 1)


@pytest.mark.parametrize("left_out", [SECOND, THIRD])
def test_a_policy_that_leaves_one_of_them_out_leaves_a_look_of_two(
    stage: Stage, server: FaultServer, left_out: ModelRef
) -> None:
    allowed = [model for model in ORDER if model is not left_out]

    async def work(services: Services) -> Turn:
        vendors = frozenset({FRONTIER.vendor, *(model.vendor for model in allowed)})
        await services.matters.save("Larch", SendingPolicy(PolicyKind.NAMED, vendors))
        return await asked(services, "Larch")

    turn = on(stage, work)
    assert models_asked(server) == sorted(model.model for model in allowed)
    assert sentence(turn) == "Two models agree on 18 March; agreement is not verification."
    assert turn.decision is not None
    assert turn.decision.others == (allowed[1].name,)
    assert "1 in 28" in turn.decision.because[-1]
    # Chosen as the second or the third: what it is called is right in both cases.
    assert badges(turn, turn.beside[0]) == [("another cheap", "cheap")]
    assert f"{allowed[1].name} (another cheap)" in turn_words(turn)
    history = stage.history()
    (row,) = history.page(HistoryQuery())
    history.close()
    assert [line.split(":")[0] for line in cost_tip(row).splitlines()] == ["cheap", "another cheap"]


def test_a_policy_that_leaves_out_both_others_means_no_look(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> Turn:
        vendors = frozenset({FRONTIER.vendor, CHEAP.vendor})
        await services.matters.save("Larch", SendingPolicy(PolicyKind.NAMED, vendors))
        return await asked(services, "Larch")

    turn = on(stage, work)
    assert turn.beside == ()
    assert models_asked(server) == [CHEAP.model, FRONTIER.model]


def test_a_pin_to_this_computer_binds_the_third_model_too(
    tmp_path: Path, server: FaultServer
) -> None:
    here = [replace(model, base_url=server.openai_url, local=True) for model in (CHEAP, SECOND)]
    front = replace(FRONTIER, base_url=server.anthropic_url, local=True)
    away = replace(THIRD, base_url="https://slate.test/v1")
    stage = Stage(tmp_path, pair=(here[0], front), second_model=here[1], third_model=away, lot=0.9)
    stage.over_the_wire = HttpProviders(SystemClock())

    async def work(services: Services) -> Turn:
        await services.pins.add("prompt mentions “notice” → this computer")
        return await asked(services)

    turn = on(stage, work)
    assert [answer.model.name for answer in turn.beside] == [SECOND.name]
    assert THIRD.model not in models_asked(server)


def test_the_budget_counts_all_four_before_anything_is_sent(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> BudgetReachedError:
        await services.budgets.set("USD", None, "0.01")
        with pytest.raises(BudgetReachedError) as reached:
            await asked(services)
        return reached.value

    planned = on(stage, work).question.planned
    assert [item.model.name for item in planned] == [
        CHEAP.name, SECOND.name, THIRD.name, FRONTIER.name,
    ]  # fmt: skip
    assert server.requests == []


def test_stopping_asks_nothing_more_and_decides_nothing(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies.update(saying(A, B, C))
    decided: list[Decided] = []

    async def work(services: Services) -> Turn:
        def hear(event: TurnEvent) -> None:
            if isinstance(event, SideSaid):
                services.asking.stop()
            if isinstance(event, Decided):
                decided.append(event)

        return await services.router.ask(prompt_of(PROMPT), hear)

    on(stage, work)
    assert FRONTIER.model not in models_asked(server)
    assert [event.goes_on for event in decided] == [False]


# The spot check


def test_a_spot_check_asks_all_four_and_judges_the_answer_that_stands(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies.update(saying(B, A, A))
    turn = on(replace(stage, lot=0.01), asked)
    assert len(server.requests) == 4
    assert turn.mode is TurnMode.BLIND
    assert [answer.text for answer in turn.shown] == [A, FRONT]
    assert turn.votable
    assert turn.told is None


def test_a_spot_check_whose_models_differ_judges_the_first_answer(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(A, B, C))
    turn = on(replace(stage, lot=0.01), asked)
    assert [answer.text for answer in turn.shown] == [A, FRONT]
    assert turn.decision is not None
    assert turn.decision.role is Role.FRONTIER


@pytest.mark.parametrize("first", [B, SORRY, ""])
def test_a_vote_on_anothers_answer_measures_the_look_and_teaches_nothing_of_the_pair(
    stage: Stage, replies: dict[str, Reply], first: str
) -> None:
    replies.update(saying(first, A, A))

    async def work(services: Services) -> Turn:
        turn = await asked(services)
        await services.votes.cast(turn.id, "equal")
        pair = await services.models.pair()
        (lesson,) = await services.store(lambda history: history.lessons(pair.key))
        assert (lesson.agreed, lesson.of_pair, lesson.calibrates) == (True, False, False)
        overview = await services.rules.overview(pair)
        assert (overview.second_looks, overview.votes_used, overview.calibrating) == (1, 0, 0)
        assert overview.second_look.startswith(
            "In 1 of 1 spot check on a second look two models agreed; 0 of those would have been"
        )
        assert dict(overview.left_out) == {"on another cheap model's answer": 1}
        decision = await services.rules.decide(pair, turn.prompt)
        assert decision.tally is None
        return turn

    on(replace(stage, lot=0.01), work)


def test_a_vote_on_the_first_answer_that_stands_teaches_as_with_two(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(A, B, A))

    async def work(services: Services) -> None:
        turn = await asked(services)
        await services.votes.cast(turn.id, "equal")
        pair = await services.models.pair()
        (lesson,) = await services.store(lambda history: history.lessons(pair.key))
        assert (lesson.agreed, lesson.of_pair) == (True, True)
        assert (await services.rules.overview(pair)).votes_used == 1

    on(replace(stage, lot=0.01), work)


def test_a_check_that_waits_is_offered_for_a_vote(stage: Stage, replies: dict[str, Reply]) -> None:
    replies.update(saying(SORRY, A, A))

    async def work(services: Services) -> tuple[int, ...]:
        await asked(services)
        pair = await services.models.pair()
        return await services.archive.spot_checks_waiting(pair)

    assert on(replace(stage, lot=0.01), work) == (1,)


def test_rating_anothers_answer_or_comparing_it_teaches_nothing(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(B, A, A))

    async def work(services: Services) -> Turn:
        pair = await services.models.pair()
        rated = await asked(services)
        await services.votes.cast(rated.id, "good_enough")
        opened = await services.router.ask_other((await asked(services)).id, lambda _event: None)
        assert [answer.text for answer in opened.shown] == [A, FRONT]
        await services.votes.cast(opened.id, "cheap")
        assert await services.store(lambda history: history.lessons(pair.key)) == []
        overview = await services.rules.overview(pair)
        assert dict(overview.left_out) == {"on another cheap model's answer": 2}
        return opened

    on(stage, work)


# What is kept


def test_the_list_tells_of_a_running_check_what_it_tells_of_both_sides(stage: Stage) -> None:
    history = stage._history()
    models = {model.name: model for model in history.models()}
    first, front, second, third = (
        Answer(model.role, models[model.name]) for model in (CHEAP, FRONTIER, SECOND, THIRD)
    )
    begun = history.begin_turn(
        replace(sample(PROMPT, answers=(first, front)), beside=(second, third))
    )
    for answer in (*begun.answers, begun.beside[0]):
        history.finish_answer(replace(answer, state=AnswerState.FAILED, text=A), ())
    (row,) = history.page(HistoryQuery())
    assert row.states == ("streaming", "streaming")
    assert not row.revealed
    history.finish_answer(replace(begun.beside[1], state=AnswerState.COMPLETE, text=A), ())
    (row,) = history.page(HistoryQuery())
    history.close()
    assert row.states == ("failed", "failed")


def test_continue_means_the_answer_that_stands(stage: Stage, replies: dict[str, Reply]) -> None:
    replies.update(saying(B, A, A))

    async def work(services: Services) -> tuple[str, str, str]:
        turn = await asked(services)
        threads = [
            await services.archive.thread_named(turn.id, word) for word in ("", "cheap", "third")
        ]
        one, two, three = (thread.last.answered for thread in threads)
        return one, two, three

    assert on(stage, work) == (A, B, A)


@pytest.mark.parametrize(
    ("lot", "names"),
    [
        (0.9, ("the answer", "Pebble Flash’s answer", "Slate Nano’s answer")),
        (0.01, ("answer B", "Pebble Flash’s answer", "Slate Nano’s answer")),
    ],
    ids=["routed", "spot check"],
)
def test_an_answer_without_a_place_of_its_own_is_never_called_by_anothers(
    stage: Stage, replies: dict[str, Reply], lot: float, names: tuple[str, str, str]
) -> None:
    replies.update(saying(B, A, A))

    async def work(services: Services) -> tuple[str, ...]:
        turn = await asked(services)
        if lot < 0.5:
            await services.votes.cast(turn.id, "b")
        words = ("", "cheap", "third")
        threads = [await services.archive.thread_named(turn.id, word) for word in words]
        return tuple(thread.name for thread in threads)

    assert on(replace(stage, lot=lot), work) == names


def test_it_is_found_by_what_the_third_model_said_and_wholly_deleted(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies.update(saying(A, A, "20 March, by courier"))
    turn = on(stage, asked)
    history = stage.history()
    found = [row.id for row in history.page(HistoryQuery(words="courier"))]
    by_model = [row.id for row in history.page(HistoryQuery(model=THIRD.name))]
    history.delete_turn(turn.id)
    left = history.page(HistoryQuery(words="courier"))
    history.close()
    assert (found, by_model, left) == ([turn.id], [turn.id], [])


# The choice


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (FRONTIER.name, "a second look needs a cheap one"),
        (CHEAP.name, "^Pebble Flash takes part already: that it agrees with itself"),
        (SECOND.name, "^Quartz Mini takes part already: that it agrees with itself"),
        ("Nobody", "no model called"),
    ],
)
def test_a_third_model_that_cannot_be_one_is_refused_in_words(
    stage: Stage, name: str, why: str
) -> None:
    with pytest.raises(CounterpartError, match=why):
        on(stage, lambda services: services.second_look.choose_third(name))


def test_a_third_model_needs_a_second_and_goes_with_it(stage: Stage) -> None:
    async def work(services: Services) -> None:
        looks, pair = services.second_look, await services.models.pair()
        assert [model.name for model in await looks.others(pair)] == [SECOND.name, THIRD.name]
        await looks.choose_none()
        with pytest.raises(CounterpartError, match="needs a second one"):
            await looks.choose_third(THIRD.name)
        await looks.choose(SECOND.name)
        assert [model.name for model in await looks.others(pair)] == [SECOND.name]
        await looks.choose_third(THIRD.name)
        await looks.choose(THIRD.name)  # it cannot be both: the third is given up
        assert [model.name for model in await looks.others(pair)] == [THIRD.name]
        await looks.choose(SECOND.name)
        assert [model.name for model in await looks.others(pair)] == [SECOND.name]

    on(stage, work)


def test_a_removed_third_model_leaves_a_look_of_two(stage: Stage, server: FaultServer) -> None:
    async def work(services: Services) -> Turn:
        await services.models.remove(THIRD.name)
        return await asked(services)

    turn = on(stage, work)
    assert turn.decision is not None
    assert turn.decision.basis is Basis.SECOND_LOOK
    assert models_asked(server) == [CHEAP.model, SECOND.model]


def test_where_the_second_model_is_removed_the_third_takes_its_place(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> Turn:
        looks = services.second_look
        await services.models.remove(SECOND.name)
        turn = await asked(services)
        await looks.choose_no_third()
        assert [model.name for model in await looks.others(await services.models.pair())] == [
            THIRD.name
        ]
        return turn

    turn = on(stage, work)
    assert turn.decision is not None
    assert turn.decision.basis is Basis.SECOND_LOOK
    assert models_asked(server) == [CHEAP.model, THIRD.model]
