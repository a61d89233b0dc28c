"""A prompt that continues an answer: what is sent, to whom, what is kept, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from app.domain.answer import AnswerState
from app.domain.conversation import Attachment, Prompt, prompt_of
from app.domain.errors import CounterpartError, InputError, Problem
from app.domain.matter import PolicyKind, SendingPolicy
from app.domain.model import Role
from app.domain.routing.decision import Basis, Decision
from app.domain.thread import Thread
from app.domain.turn import HistoryQuery, Turn, TurnMode
from app.services.container import Services
from app.services.preferences import Draft
from tests.fakes.scripted import CHEAP, FRONTIER, Stage

T = TypeVar("T")
FILE = Attachment("lease.pdf", "application/pdf", "Clause 7: no subletting.", "ab" * 32, 24)
FIRST = Prompt("May the tenant sublet?", "Larch", attachments=(FILE,))
WAIT_S = 60
HERE_ONLY = SendingPolicy(PolicyKind.THIS_COMPUTER)


def run(stage: Stage, work: Callable[[Services], Awaitable[T]]) -> T:
    """Do work on real services and close them."""

    async def whole() -> T:
        services = stage.open()
        try:
            # A prompt that should have been refused would wait for its answer for ever.
            async with asyncio.timeout(WAIT_S):
                return await work(services)
        finally:
            await services.close()

    return asyncio.run(whole())


def quiet(_event: object) -> None:
    """Hear nothing."""


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def answer_both(stage: Stage, cheap: str = "Yes.", frontier: str = "No.") -> None:
    for script, text in ((stage.cheap, cheap), (stage.frontier, frontier)):
        script.says(text)
        script.finishes(out=10)


async def first(services: Services, stage: Stage, prompt: Prompt = FIRST) -> Turn:
    """Ask a first prompt, blind, and vote for the frontier's answer."""
    answer_both(stage)
    turn = await services.comparisons.compare(prompt, quiet)
    return await services.votes.cast(turn.id, "a" if stage.seat_a is Role.FRONTIER else "b")


async def continuing(
    services: Services, turn: Turn, text: str = "Why?", word: str = "", matter: str = "Larch"
) -> Prompt:
    thread = await services.archive.thread_named(turn.id, word)
    return prompt_of(text, matter, earlier=thread.exchanges)


def test_both_sides_are_sent_the_same_earlier_exchange_as_it_was_sent(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        answer_both(stage, "Because.", "Clause 7.")
        asked = await services.comparisons.compare(await continuing(services, before), quiet)
        return await services.archive.show(asked.id)

    kept = run(stage, work)
    for script in (stage.cheap, stage.frontier):
        request = script.requests[-1]
        assert request.text == "Why?"
        (sent,) = request.earlier
        assert (sent.asked, sent.answered) == (FIRST.full_text(), "No.")
        assert "Clause 7: no subletting." in sent.asked
    assert (kept.parent_id, kept.mode, kept.prompt.matter) == (1, TurnMode.BLIND, "Larch")
    assert kept.continued_answer_id == 2  # the frontier's
    assert kept.prompt.text == "Why?"
    assert not kept.context_gone


def test_a_thread_goes_on_from_parent_to_parent_by_the_answer_that_was_chosen(
    stage: Stage,
) -> None:
    async def work(services: Services) -> Thread:
        before = await first(services, stage)
        answer_both(stage, "Because.", "Clause 7.")
        prompt = await continuing(services, before, word="frontier")
        second = await services.comparisons.compare(prompt, quiet, blind=False)
        answer_both(stage)
        prompt = await continuing(services, second, "And then?", word="cheap")
        await services.comparisons.compare(prompt, quiet, blind=False)
        return await services.archive.thread_named(second.id, "cheap")

    thread = run(stage, work)
    said = [(each.asked, each.answered) for each in stage.frontier.requests[-1].earlier]
    assert said == [(FIRST.full_text(), "No."), ("Why?", "Because.")]
    assert [each.answered for each in thread.exchanges] == ["No.", "Because."]
    assert (thread.role, thread.documents, thread.cut) == (Role.CHEAP, ("lease.pdf",), False)


def test_the_rule_may_send_a_continued_prompt_and_the_other_model_is_asked_the_same(
    stage: Stage,
) -> None:
    stage.preferences = replace(stage.preferences, until_enough="frontier")

    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        stage.frontier.says("Clause 7.")
        stage.frontier.finishes()
        routed = await services.router.ask(await continuing(services, before), quiet)
        assert [answer.role for answer in routed.answers] == [Role.FRONTIER]
        stage.cheap.says("Because.")
        stage.cheap.finishes()
        return await services.router.ask_other(routed.id, quiet)

    opened = run(stage, work)
    assert all(answer.complete for answer in opened.answers)
    assert stage.cheap.requests[-1].earlier == stage.frontier.requests[-1].earlier
    assert stage.cheap.requests[-1].earlier[0].answered == "No."


def test_before_the_vote_nothing_can_be_continued_and_nothing_tells(stage: Stage) -> None:
    async def work(services: Services) -> list[str]:
        answer_both(stage)
        turn = await services.comparisons.compare(FIRST, quiet)
        kinds = []
        for word in ("", "a", "b", "cheap", "frontier", "nobody"):
            with pytest.raises(InputError) as refusal:
                await services.archive.thread_named(turn.id, word)
            kinds.append(refusal.value.problem.sentence())
        with pytest.raises(InputError):
            await services.archive.thread(turn.id, turn.answers[0].id)
        return kinds

    (said,) = set(run(stage, work))
    assert "not voted" in said


def test_which_answer_must_be_said_where_the_vote_does_not_say_it(stage: Stage) -> None:
    async def work(services: Services) -> dict[str, str]:
        answer_both(stage)
        turn = await services.comparisons.compare(FIRST, quiet, blind=False)
        with pytest.raises(InputError, match="has two answers") as refusal:
            await services.archive.thread_named(turn.id, "")
        assert "1:cheap, 1:frontier, 1:a, 1:b" in refusal.value.problem.next_step
        with pytest.raises(InputError, match="no answer “c”"):
            await services.archive.thread_named(turn.id, "c")
        words = ("cheap", "frontier", "a", "B")
        return {
            word: (await services.archive.thread_named(turn.id, word)).sentence() for word in words
        }

    # The frontier sits at A.
    assert run(stage, work) == {
        "cheap": "Continuing answer B: “Yes.”",
        "frontier": "Continuing answer A: “No.”",
        "a": "Continuing answer A: “No.”",
        "B": "Continuing answer B: “Yes.”",
    }


def test_an_answer_without_text_cannot_be_continued(stage: Stage) -> None:
    async def work(services: Services) -> None:
        stage.cheap.fails()
        stage.frontier.says("No.")
        stage.frontier.finishes()
        turn = await services.comparisons.compare(FIRST, quiet)
        with pytest.raises(InputError, match="no text"):
            await services.archive.thread_named(turn.id, "cheap")
        assert (await services.archive.thread_named(turn.id, "frontier")).first_words == "No."

    run(stage, work)


# Policies


def test_an_older_matters_text_does_not_leak_through_a_laxer_one(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        await services.matters.save("Larch", HERE_ONLY)
        prompt = await continuing(services, before, matter="Birch")
        return await services.comparisons.compare(prompt, quiet)

    asked = len(stage.cheap.requests)
    turn = run(stage, work)
    assert len(stage.cheap.requests) == len(stage.frontier.requests) == asked + 1, "the first alone"
    assert [answer.state for answer in turn.answers] == [AnswerState.BLOCKED] * 2
    for answer in turn.answers:
        assert answer.problem is not None
        assert answer.problem.kind == "blocked_by_earlier_policy"
        assert "“Larch”" in answer.problem.message
        assert answer.state_in_words() == "blocked by an earlier matter's policy"


def test_the_policy_of_the_first_matter_binds_however_far_back_it_lies(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        answer_both(stage)
        prompt = await continuing(services, before, matter="Birch")
        second = await services.comparisons.compare(prompt, quiet, blind=False)
        await services.matters.save(
            "Larch", SendingPolicy(PolicyKind.NAMED, frozenset({FRONTIER.vendor}))
        )
        stage.frontier.says("Yes.")
        stage.frontier.finishes()
        prompt = await continuing(services, second, word="cheap", matter="Elm")
        return await services.comparisons.compare(prompt, quiet)

    turn = run(stage, work)
    cheap, frontier = turn.answers
    assert cheap.state is AnswerState.BLOCKED
    assert cheap.problem is not None
    assert cheap.problem.kind == "blocked_by_earlier_policy"
    assert frontier.complete


def test_the_present_matters_policy_decides_on_all_that_is_sent(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        await services.matters.save("Oak", HERE_ONLY)
        prompt = await continuing(services, before, matter="Oak")
        return await services.comparisons.compare(prompt, quiet)

    turn = run(stage, work)
    kinds = {answer.problem.kind for answer in turn.answers if answer.problem}
    assert kinds == {"blocked_by_policy"}
    assert len(stage.cheap.requests) == 1


def test_a_policy_made_stricter_after_it_was_chosen_holds_when_it_is_sent(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        prompt = await continuing(services, before, matter="Birch")  # read while Larch was open
        await services.matters.save("Larch", HERE_ONLY)
        return await services.comparisons.compare(prompt, quiet)

    assert {answer.state for answer in run(stage, work).answers} == {AnswerState.BLOCKED}


def test_the_rule_chooses_a_model_that_every_earlier_matter_allows(stage: Stage) -> None:
    only = SendingPolicy(PolicyKind.NAMED, frozenset({FRONTIER.vendor}))

    async def work(services: Services) -> tuple[Decision, Turn]:
        before = await first(services, stage)
        answer_both(stage)
        prompt = await continuing(services, before, matter="Birch")
        second = await services.comparisons.compare(prompt, quiet, blind=False)
        # Read while Larch was open: its policy binds as it is when the prompt is routed.
        prompt = await continuing(services, second, word="cheap", matter="Elm")
        await services.matters.save("Larch", only)
        preview = await services.router.decide(prompt)
        stage.frontier.says("Clause 7.")
        stage.frontier.finishes()
        return preview, await services.router.ask(prompt, quiet)

    asked = len(stage.cheap.requests) + 2
    preview, turn = run(stage, work)
    assert (preview.role, preview.basis) == (Role.FRONTIER, Basis.POLICY)
    assert "continues an answer of the matter “Larch”" in preview.because[0]
    assert CHEAP.name in preview.because[0]
    assert [(answer.role, answer.complete) for answer in turn.answers] == [(Role.FRONTIER, True)]
    assert len(stage.cheap.requests) == asked


def test_where_an_earlier_matter_allows_neither_model_that_is_said_before_asking(
    stage: Stage,
) -> None:
    async def work(services: Services) -> Problem:
        before = await first(services, stage)
        await services.matters.save("Larch", HERE_ONLY)
        prompt = await continuing(services, before, matter="Birch")
        with pytest.raises(InputError) as caught:
            await services.router.ask(prompt, quiet)
        assert (await services.archive.page(HistoryQuery())).matching == 1, "nothing is kept of it"
        return caught.value.problem

    problem = run(stage, work)
    assert problem.kind == "blocked"
    assert "“Larch”" in problem.message
    assert "without the earlier answer" in problem.next_step
    assert len(stage.cheap.requests) == len(stage.frontier.requests) == 1


def test_an_earlier_matter_also_asks_whether_a_local_server_hands_on(stage: Stage) -> None:
    here = replace(CHEAP, base_url="http://127.0.0.1:11434/v1", vendor="Ollama", price=None)
    stage.pair = (here, FRONTIER)
    stage.offers.handed_on[here.model] = "ollama.com"

    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        await services.matters.save("Larch", HERE_ONLY)
        prompt = await continuing(services, before, matter="Birch")
        return await services.comparisons.compare(prompt, quiet)

    cheap = run(stage, work).answers[0]
    assert cheap.state is AnswerState.BLOCKED
    assert cheap.problem is not None
    assert "Ollama Cloud" in cheap.problem.message
    assert len(stage.cheap.requests) == 1


# What was deleted


def test_a_deleted_parent_leaves_its_child_readable_and_is_not_sent(stage: Stage) -> None:
    async def work(services: Services) -> tuple[Turn, Turn]:
        before = await first(services, stage)
        answer_both(stage, "Because.", "Clause 7.")
        child = await services.comparisons.compare(await continuing(services, before), quiet)
        await services.votes.cast(child.id, "a")
        await services.archive.delete(before.id)
        orphan = await services.archive.show(child.id)
        assert await services.archive.continued_by(orphan) is None
        thread = await services.archive.thread_named(child.id, "")
        assert thread.cut
        answer_both(stage)
        prompt = prompt_of("And?", "Larch", earlier=thread.exchanges)
        return orphan, await services.comparisons.compare(prompt, quiet)

    orphan, grandchild = run(stage, work)
    assert orphan.context_gone
    assert (orphan.prompt.text, orphan.answers[0].text) == ("Why?", "Because.")
    assert (orphan.parent_id, orphan.continued_answer_id) == (None, 2)
    assert [each.asked for each in stage.cheap.requests[-1].earlier] == ["Why?"]
    assert grandchild.parent_id == orphan.id


def test_what_was_deleted_since_it_was_chosen_is_refused_and_nothing_is_kept(
    stage: Stage,
) -> None:
    async def work(services: Services) -> int:
        before = await first(services, stage)
        prompt = await continuing(services, before)
        await services.archive.delete(before.id)
        with pytest.raises(CounterpartError) as refusal:
            await services.comparisons.compare(prompt, quiet)
        assert refusal.value.problem.kind == "context_gone"
        return (await services.archive.page(HistoryQuery())).matching

    assert run(stage, work) == 0
    assert len(stage.cheap.requests) == 1


def test_the_other_model_is_not_asked_less_than_the_first_was(stage: Stage) -> None:
    stage.preferences = replace(stage.preferences, until_enough="frontier")

    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        stage.frontier.says("Clause 7.")
        stage.frontier.finishes()
        routed = await services.router.ask(await continuing(services, before), quiet)
        await services.archive.delete(before.id)
        with pytest.raises(InputError, match="has been deleted"):
            await services.router.ask_other(routed.id, quiet)
        return await services.archive.show(routed.id)

    kept = run(stage, work)
    assert (kept.mode, len(kept.answers)) == (TurnMode.ROUTED, 1)
    assert len(stage.cheap.requests) == 1


# What it costs, and what it teaches


def test_estimates_and_limits_count_what_is_sent_along(stage: Stage) -> None:
    async def work(services: Services) -> tuple[int, int]:
        pair = await services.models.pair()
        before = await first(services, stage)
        prompt = await continuing(services, before)
        alone = await services.estimates.estimate(Prompt("Why?"), pair)
        whole = await services.estimates.estimate(prompt, pair)
        read = len(prompt.sent_text().split())
        assert whole.likely_frontier.input_tokens == read
        high = whole.likely_frontier.high
        assert high is not None
        assert alone.likely_frontier.high is not None
        assert high.amount > alone.likely_frontier.high.amount
        # A limit that the prompt alone would keep, and with what it continues does not.
        await services.budgets.set("USD", None, f"{high.amount - Decimal('0.000001'):f}")
        frontier = (pair.frontier,)
        assert await services.budgets.question(Prompt("Why?"), frontier) is None
        assert await services.budgets.question(prompt, frontier) is not None
        return alone.input_tokens, whole.input_tokens

    alone, whole = run(stage, work)
    assert alone == 1
    assert whole > 10


def test_a_stopped_answers_cost_counts_what_was_sent_along(stage: Stage) -> None:
    async def work(services: Services) -> Turn:
        before = await first(services, stage)
        stage.cheap.says("Because")
        stage.frontier.says("Clause")
        prompt = await continuing(services, before)
        asking = asyncio.ensure_future(services.comparisons.compare(prompt, quiet))
        while len(stage.frontier.requests) < 2 or len(stage.cheap.requests) < 2:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        services.asking.stop()
        return await asking

    turn = run(stage, work)
    read = len(turn.prompt.sent_text().split())
    cheap = turn.answers[0]
    assert cheap.state is AnswerState.STOPPED
    assert cheap.cost.money is not None
    written = len(cheap.text.split())
    assert cheap.cost.money.amount == (read * Decimal("0.10") + written * Decimal("0.40")) / 10**6


def test_a_continued_prompt_teaches_by_its_own_words_alone(stage: Stage) -> None:
    async def work(services: Services) -> str:
        before = await first(services, stage)
        answer_both(stage)
        turn = await services.comparisons.compare(await continuing(services, before), quiet)
        await services.votes.cast(turn.id, "a")
        return (await services.models.pair()).key

    key = run(stage, work)
    history = stage.history()
    lessons = history.lessons(key)
    history.close()
    assert [(lesson.text, lesson.attachment_chars) for lesson in lessons] == [
        (FIRST.text, len(FILE.text)),
        ("Why?", 0),
    ]


def test_what_a_draft_continues_survives_a_restart(stage: Stage) -> None:
    async def keep(services: Services) -> None:
        await services.preferences.save_draft(Draft("Why?", "Larch", (), (3, 7)))

    async def find(services: Services) -> Draft:
        return await services.preferences.draft()

    run(stage, keep)
    assert run(stage, find) == Draft("Why?", "Larch", (), (3, 7))
    history = stage.history()
    history.set_setting("draft", '{"text": "x", "continued": ["1", true, 3]}')
    history.close()
    assert run(stage, find) == Draft("x")
