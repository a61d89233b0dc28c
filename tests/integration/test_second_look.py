"""A second look over real sockets and a real file: what is asked, what is kept, what is paid."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.adapters.clock import SystemClock
from app.adapters.providers.factory import HttpProviders
from app.domain.answer import AnswerState
from app.domain.conversation import Attachment, prompt_of
from app.domain.errors import CounterpartError
from app.domain.events import TextArrived
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.routing.decision import Basis
from app.domain.routing.lesson import Lesson
from app.domain.routing.overview import RuleOverview
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.domain.vote import VoteKind
from app.services.ask import Began, Decided, SideSaid, TurnEvent
from app.services.container import Services
from tests.fakes.fault_server import CUT, GATE, FaultServer, Reply
from tests.fakes.looks import models_asked, sentence
from tests.fakes.scripted import CHEAP, FRONTIER, SECOND, Stage
from tests.fakes.streams import anthropic_stream, openai_stream
from tests.fakes.wired import answering, wired
from tests.fakes.working import on

PROMPT = "By what date must notice be served under clause 14.2?"
MEMO = "Draft a memo on the notice clause."


@pytest.fixture
def replies() -> dict[str, Reply]:
    """What each model answers, by its id; a test changes what it needs."""
    return {
        CHEAP.model: Reply.stream(openai_stream(["18 ", "March"])),
        SECOND.model: Reply.stream(openai_stream(["It is ", "18 March 2026."])),
        FRONTIER.model: Reply.stream(anthropic_stream(["19 ", "March."])),
    }


@pytest.fixture
def server(replies: dict[str, Reply]) -> Iterator[FaultServer]:
    with answering(replies) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, server: FaultServer) -> Stage:
    return wired(tmp_path, server, SECOND)


async def asked(services: Services, text: str = PROMPT, matter: str = "Untagged") -> Turn:
    return await services.router.ask(prompt_of(text, matter), lambda _event: None)


def rows(stage: Stage, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(stage.folder / "counterpart.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_where_two_agree_the_first_answer_stands_and_the_frontier_is_never_asked(
    stage: Stage, server: FaultServer
) -> None:
    turn = on(stage, asked)
    assert models_asked(server) == [CHEAP.model, SECOND.model]
    assert sentence(turn) == "Two models agree on 18 March; agreement is not verification."
    assert turn.standing is not None
    assert (turn.standing.role, turn.standing.text) == (Role.CHEAP, "18 March")
    assert [answer.text for answer in turn.beside] == ["It is 18 March 2026."]
    assert turn.mode is TurnMode.ROUTED


def test_where_they_differ_the_frontier_answers_and_all_three_are_kept(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
    turn = on(stage, asked)
    assert len(server.requests) == 3
    assert server.requests[-1].path == "/v1/messages"
    assert sentence(turn) == (
        "The two cheap models differ (18 March, 8 March), so the frontier was asked."
    )
    assert turn.standing is not None
    assert turn.standing.text == "19 March."
    history = stage.history()
    kept = history.turn(turn.id)
    history.close()
    assert kept == turn
    assert rows(stage, "select role, state from answer order by id") == [
        ("cheap", "complete"),
        ("second", "complete"),
        ("frontier", "complete"),
    ]


CUT_OFF = Reply.stream([*openai_stream(["18 March"], finish=None, done=False, usage=None), CUT])
TROUBLES = {
    "cut": (CUT_OFF, "was cut off", AnswerState.INCOMPLETE),
    "refused in words": (
        Reply.stream(openai_stream(["I'm sorry, but I can't help with that."])),
        "declined to answer",
        AnswerState.COMPLETE,
    ),
    "withheld": (
        Reply.stream(openai_stream(["18 March"], finish="content_filter")),
        "was withheld by a content filter",
        AnswerState.FILTERED,
    ),
    "empty": (Reply.stream(openai_stream([])), "wrote nothing", AnswerState.EMPTY),
    "truncated": (
        Reply.stream(openai_stream(["18 March"], finish="length")),
        "ended at its length limit",
        AnswerState.TRUNCATED,
    ),
    "malformed": (
        Reply.stream(openai_stream(['{"date": "18 March'])),
        "wrote what cannot be read",
        AnswerState.COMPLETE,
    ),
    "key refused": (Reply.error(401, {"error": {"message": "no"}}), "failed", AnswerState.FAILED),
}


@pytest.mark.parametrize("which", [CHEAP, SECOND], ids=["first", "second"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_one_cannot_be_compared_the_frontier_is_asked_and_the_sentence_says_why(
    stage: Stage, replies: dict[str, Reply], trouble: str, which: object
) -> None:
    model = CHEAP if which is CHEAP else SECOND
    reply, words, state = TROUBLES[trouble]
    replies[model.model] = reply
    turn = on(stage, asked)
    assert sentence(turn) == f"{model.name} {words}, so the frontier was asked."
    looked_at = turn.answer(Role.CHEAP) if model is CHEAP else turn.beside[0]
    assert looked_at is not None
    assert looked_at.state is state
    assert turn.standing is not None
    assert turn.standing.text == "19 March."


def test_what_cannot_be_checked_goes_the_ordinary_way(stage: Stage, server: FaultServer) -> None:
    turn = on(stage, lambda services: asked(services, MEMO))
    assert SECOND.model not in models_asked(server)
    assert turn.decision is not None
    assert turn.decision.basis is Basis.NOT_ENOUGH_VOTES
    assert turn.beside == ()


def test_a_document_makes_a_plain_question_checkable(stage: Stage, server: FaultServer) -> None:
    lease = Attachment("lease.txt", "text/plain", "The fund holds deposits.", "0" * 64, 24)
    question = "What does the retention fund consist of?"

    async def work(services: Services) -> tuple[Basis, Basis]:
        with_it = await services.router.decide(prompt_of(question, attachments=(lease,)))
        without = await services.router.decide(prompt_of(question))
        return with_it.basis, without.basis

    assert on(stage, work) == (Basis.SECOND_LOOK, Basis.NOT_ENOUGH_VOTES)
    assert server.requests == []


@pytest.mark.parametrize(
    ("vendors", "basis", "sent"),
    [
        ({CHEAP.vendor, FRONTIER.vendor}, Basis.NOT_ENOUGH_VOTES, [CHEAP, FRONTIER]),
        ({CHEAP.vendor, SECOND.vendor}, Basis.POLICY, [CHEAP]),
        ({FRONTIER.vendor, SECOND.vendor}, Basis.POLICY, [FRONTIER]),
        ({CHEAP.vendor, FRONTIER.vendor, SECOND.vendor}, Basis.SECOND_LOOK, [CHEAP, SECOND]),
    ],
    ids=["the second", "the frontier", "the cheap", "none"],
)
def test_a_model_that_the_matter_leaves_out_means_no_second_look(
    stage: Stage, server: FaultServer, vendors: set[str], basis: Basis, sent: list[object]
) -> None:
    async def work(services: Services) -> Turn:
        policy = SendingPolicy(PolicyKind.NAMED, frozenset(vendors))
        await services.matters.save("Larch", policy)
        return await asked(services, matter="Larch")

    turn = on(stage, work)
    assert turn.decision is not None
    assert turn.decision.basis is basis
    names = sorted(model.model for model in (CHEAP, FRONTIER, SECOND) if model in sent)
    assert models_asked(server) == names


def test_a_policy_that_tightens_meanwhile_still_binds_each_sending(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))

    async def work(services: Services) -> Turn:
        policy = SendingPolicy(PolicyKind.NAMED, frozenset({CHEAP.vendor, SECOND.vendor}))
        pair = await services.models.pair()
        prompt = prompt_of(PROMPT, "Larch")
        decision = await services.second_look.decide(prompt, pair)
        assert decision is not None
        await services.matters.save("Larch", policy)
        return await services.second_look.ask(prompt, pair, decision, lambda _event: None)

    turn = on(stage, work)
    assert models_asked(server) == [CHEAP.model, SECOND.model]
    assert turn.standing is not None
    assert turn.standing.state is AnswerState.BLOCKED
    assert turn.standing.cost.money is not None
    assert turn.standing.cost.money.amount == 0


def test_a_pin_is_obeyed_before_any_look(stage: Stage, server: FaultServer) -> None:
    async def work(services: Services) -> Turn:
        await services.pins.add("prompt mentions “notice” → frontier")
        return await asked(services)

    turn = on(stage, work)
    assert turn.decision is not None
    assert turn.decision.basis is Basis.PIN
    assert models_asked(server) == [FRONTIER.model]


def test_a_pin_to_this_computer_binds_the_second_model_too(
    tmp_path: Path, server: FaultServer
) -> None:
    here = replace(CHEAP, base_url=server.openai_url, local=True)
    front = replace(FRONTIER, base_url=server.anthropic_url, local=True)
    stage = Stage(tmp_path, pair=(here, front), second_model=SECOND, lot=0.9)
    stage.over_the_wire = HttpProviders(SystemClock())

    async def work(services: Services) -> Turn:
        await services.pins.add("prompt mentions “notice” → this computer")
        return await asked(services)

    turn = on(stage, work)
    assert turn.beside == ()
    assert SECOND.model not in models_asked(server)


def test_every_call_is_paid_for_in_the_turn_and_in_the_savings(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    async def work(services: Services) -> tuple[Turn, Decimal, Decimal]:
        turn = await asked(services)
        first = await services.reports.savings()
        replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
        await asked(services)
        both = await services.reports.savings()
        return turn, first.main.exact.paid, both.main.exact.paid

    turn, first, both = on(stage, work)
    costs = [answer.cost.money for answer in (*turn.answers, *turn.beside)]
    assert all(money is not None and money.amount > 0 for money in costs)
    assert first == sum(money.amount for money in costs if money is not None)
    history = stage.history()
    newest, oldest = history.page(HistoryQuery())
    history.close()
    assert len(oldest.costs) == 2
    assert len(newest.costs) == 3
    every = [cost.money for row in (newest, oldest) for cost in row.costs]
    assert both == sum(money.amount for money in every if money is not None)


def test_savings_count_one_prompt_to_cheap_and_one_to_the_frontier(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    async def work(services: Services) -> tuple[int, int, int]:
        await asked(services)
        replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
        await asked(services)
        report = await services.reports.savings()
        return report.decided, report.to_cheap, report.turns

    assert on(stage, work) == (2, 1, 2)


def test_the_wait_is_that_of_the_slower_cheap_model_and_then_the_frontier(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream([0.2, *openai_stream(["8 March"])])
    turn = on(stage, asked)
    second, front = turn.beside[0].total_ms, turn.answers[1].total_ms
    assert second is not None
    assert front is not None
    history = stage.history()
    (row,) = history.page(HistoryQuery())
    (entry,) = history.ledger(practice=False)
    history.close()
    assert row.wait_ms == entry.wait_ms == second + front


def test_the_first_answer_streams_while_the_second_one_still_runs(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream([GATE, *openai_stream(["18 March 2026"])])
    heard: list[TurnEvent] = []

    def hear(event: TurnEvent) -> None:
        heard.append(event)
        if isinstance(event, SideSaid):
            server.open_gate()  # only once the first has spoken may the second one

    on(stage, lambda services: services.router.ask(prompt_of(PROMPT), hear))
    kinds = [type(event).__name__ for event in heard]
    assert kinds[0] == "Began"
    assert kinds[-1] == "Decided"
    told = [event.event for event in heard if isinstance(event, SideSaid)]
    texts = [event.text for event in told if isinstance(event, TextArrived)]
    assert "".join(texts) == "18 March"  # and not a word of the second one's


def test_stopping_asks_nothing_more_and_keeps_what_came(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream([*openai_stream(["8 "], finish=None)[:2], GATE])

    async def work(services: Services) -> Turn:
        def hear(event: TurnEvent) -> None:
            if isinstance(event, SideSaid):
                services.asking.stop()

        return await services.router.ask(prompt_of(PROMPT), hear)

    turn = on(stage, work)
    assert FRONTIER.model not in models_asked(server)
    assert turn.beside[0].state is AnswerState.STOPPED
    assert turn.decision is not None
    assert not turn.decision.looked
    assert "stopped" in sentence(turn)


def test_stopping_between_the_two_steps_asks_no_frontier(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))

    async def work(services: Services) -> tuple[Turn, list[Decided]]:
        decided: list[Decided] = []

        def hear(event: TurnEvent) -> None:
            if type(event).__name__ == "BesideSettled":
                services.asking.stop()
            if isinstance(event, Decided):
                decided.append(event)

        return await services.router.ask(prompt_of(PROMPT), hear), decided

    turn, decided = on(stage, work)
    if turn.answers[0].state is AnswerState.COMPLETE:
        assert [event.goes_on for event in decided] == [False]
    assert FRONTIER.model not in models_asked(server)


def test_a_program_that_dies_half_way_leaves_all_of_it_marked_incomplete(stage: Stage) -> None:
    from app.domain.answer import Answer
    from tests.fakes.history_samples import turn as sample

    history = stage._history()
    models = {model.name: model for model in history.models()}
    cheap, second = models[CHEAP.name], models[SECOND.name]
    begun = history.begin_turn(
        replace(
            sample(PROMPT, mode=TurnMode.ROUTED, answers=(Answer(Role.CHEAP, cheap),)),
            beside=(Answer(Role.CHEAP, second),),
        )
    )
    history.save_partial(begun.beside[0].id, "18 M", "")
    history.close()  # its owner is gone, as after a kill
    connection = sqlite3.connect(stage.folder / "counterpart.db")
    connection.execute("update answer set owner = 'gone-1'")
    connection.commit()
    connection.close()
    again = stage.history()
    assert again.recover() == 2
    found = again.turn(begun.id)
    again.close()
    assert found is not None
    assert [a.state for a in (*found.answers, *found.beside)] == [AnswerState.INCOMPLETE] * 2
    assert found.beside[0].text == "18 M"


def test_a_spot_check_asks_all_three_blind_and_says_where_it_would_have_gone(
    stage: Stage, server: FaultServer, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
    turn = on(replace(stage, lot=0.01), asked)
    assert len(server.requests) == 3
    assert turn.mode is TurnMode.BLIND
    assert [answer.role for answer in turn.answers] == [Role.CHEAP, Role.FRONTIER]
    assert turn.decision is not None
    assert turn.decision.spot_check
    assert turn.decision.role is Role.FRONTIER
    assert turn.decision.propensity == pytest.approx(1 / 16)
    assert turn.votable
    assert turn.told is None  # the two dates would tell which answer is the cheap one's


def test_the_vote_on_a_spot_check_teaches_and_reveals(stage: Stage) -> None:
    async def work(services: Services) -> tuple[Turn, int]:
        turn = await asked(services)
        voted = await services.votes.cast(turn.id, "equal")
        pair = await services.models.pair()
        return voted, len(await services.store(lambda history: history.lessons(pair.key)))

    voted, lessons = on(replace(stage, lot=0.01), work)
    assert voted.vote is not None
    assert voted.vote.kind is VoteKind.BLIND
    assert voted.told is not None
    assert lessons == 1


@pytest.mark.parametrize(("second", "agreed"), [("18 March", True), ("8 March", False)])
def test_a_check_of_a_second_look_measures_it_and_never_the_promise_of_the_rule(
    stage: Stage, replies: dict[str, Reply], second: str, agreed: bool
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream([second]))

    async def work(services: Services) -> tuple[Lesson, RuleOverview]:
        await services.votes.cast((await asked(services)).id, "equal")
        pair = await services.models.pair()
        (lesson,) = await services.store(lambda history: history.lessons(pair.key))
        return lesson, await services.rules.overview(pair)

    lesson, overview = on(replace(stage, lot=0.01), work)
    assert lesson.agreed is agreed
    assert (overview.votes_used, overview.calibrating, overview.second_looks) == (1, 0, 1)
    kept = (
        "In 1 of 1 spot check on a second look two models agreed; 0 of those would have been better"
    )
    none = "In 0 of 1 spot check on a second look two models agreed."
    assert overview.second_look.startswith(kept if agreed else none)


def test_rating_the_cheap_answer_teaches_and_rating_the_frontiers_does_not(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    async def work(services: Services) -> list[int]:
        pair = await services.models.pair()
        agreed = await asked(services)
        await services.votes.cast(agreed.id, "good_enough")
        replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
        differed = await asked(services)
        await services.votes.cast(differed.id, "good_enough")
        return [
            lesson.turn_id
            for lesson in await services.store(lambda history: history.lessons(pair.key))
        ]

    assert on(stage, work) == [1]


def test_asking_the_frontier_too_makes_an_open_comparison_of_the_two_sides(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> tuple[Turn, str]:
        turn = await asked(services)
        both = await services.router.ask_other(turn.id, lambda _event: None)
        try:
            await services.router.ask_other(turn.id, lambda _event: None)
        except CounterpartError as error:
            return both, error.problem.message
        return both, ""

    turn, refused = on(stage, work)
    assert turn.mode is TurnMode.OPEN
    assert turn.votable
    assert [answer.text for answer in turn.answers] == ["18 March", "19 March."]
    assert refused == "Both models have been asked already."


def test_it_is_found_in_the_history_by_what_the_second_model_said(stage: Stage) -> None:
    turn = on(stage, asked)
    history = stage.history()
    found = [row.id for row in history.page(HistoryQuery(words="2026"))]
    by_model = [row.id for row in history.page(HistoryQuery(model=SECOND.name))]
    history.delete_turn(turn.id)
    left = history.page(HistoryQuery(words="2026"))
    history.close()
    assert found == by_model == [turn.id]
    assert left == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (FRONTIER.name, "a second look needs a cheap one"),
        (CHEAP.name, "agrees with itself"),
        ("Nobody", "no model called"),
    ],
)
def test_a_second_model_that_cannot_be_one_is_refused_in_words(
    stage: Stage, name: str, why: str
) -> None:
    with pytest.raises(CounterpartError, match=why):
        on(stage, lambda services: services.second_look.choose(name))


def test_a_second_model_that_is_removed_ends_the_second_looks(
    stage: Stage, server: FaultServer
) -> None:
    async def work(services: Services) -> Turn:
        await services.models.remove(SECOND.name)
        return await asked(services)

    turn = on(stage, work)
    assert turn.beside == ()
    assert models_asked(server) == [CHEAP.model, FRONTIER.model]


def test_a_new_key_for_the_second_model_changes_nothing(stage: Stage) -> None:
    from app.domain.secret import ApiKey

    async def work(services: Services) -> str | None:
        model = await services.models.named(SECOND.name)
        await services.models.replace_key(model, ApiKey("sk-new"), this_run_only=True)
        found = await services.second_look.model(await services.models.pair())
        return None if found is None else found.name

    assert on(stage, work) == SECOND.name


def test_began_tells_first_of_two_answers_and_then_of_three(
    stage: Stage, replies: dict[str, Reply]
) -> None:
    replies[SECOND.model] = Reply.stream(openai_stream(["8 March"]))
    began: list[Began] = []

    def hear(event: TurnEvent) -> None:
        if isinstance(event, Began):
            began.append(event)

    on(stage, lambda services: services.router.ask(prompt_of(PROMPT), hear))
    assert [len(event.turn.answers) for event in began] == [1, 2]
    assert [len(event.turn.beside) for event in began] == [1, 1]
    decision = began[1].turn.decision
    assert decision is not None
    assert decision.looked
