"""compare, ask, route and vote."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import math
import signal
import sys
from collections.abc import Iterator

from app.cli.cost_shape import estimate_json, likely_json
from app.cli.shape import Json, decision_json, turn_json
from app.cli.words import explanation_words, turn_words
from app.domain.budget import OverBudget
from app.domain.conversation import Attachment, Prompt, prompt_of
from app.domain.events import Waiting
from app.domain.likely import Likely
from app.domain.matter import UNTAGGED
from app.domain.model import Role
from app.domain.money import Certainty
from app.domain.routing.decision import Basis
from app.domain.turn import BESIDE, Turn, TurnMode
from app.domain.vote import Reason
from app.domain.words import cost_text, counted, range_text
from app.services.ask import Began, BesideWaits, NotSaved, SideSaid, TurnEvent
from app.services.container import Services
from app.services.explain import explained

Printed = tuple[Json, str, int]  # JSON, words, exit status
_WORTH_TELLING_S = 1.0


async def read_prompt(services: Services, options: argparse.Namespace) -> Prompt:
    """Return the prompt with its matter, tags and document, and what it continues."""
    text = options.prompt
    if text == "-":
        text = "" if sys.stdin is None else sys.stdin.read()
    attachments: tuple[Attachment, ...] = ()
    if options.attach is not None:
        attachments = (await services.attachments.read(options.attach),)
    if options.continued is None:
        return prompt_of(text, options.matter or UNTAGGED, tuple(options.tag), attachments)
    thread = await services.archive.thread_named(*options.continued)
    matter = options.matter or thread.last.matter.name
    return prompt_of(text, matter, tuple(options.tag), attachments, thread.exchanges)


@contextlib.contextmanager
def stoppable(services: Services) -> Iterator[None]:
    """Let Ctrl+C end the answers, keeping what arrived, instead of ending the program."""
    loop = asyncio.get_running_loop()

    def press(*_ignored: object) -> None:
        loop.call_soon_threadsafe(services.asking.stop)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Reporter:
    """Says on the error stream what a person who waits must know meanwhile."""

    def __init__(self) -> None:
        self._blind = self._beside = False

    def __call__(self, event: TurnEvent) -> None:
        match event:
            case Began(turn):
                self._blind = turn.mode is TurnMode.BLIND
                self._beside = bool(turn.beside)
            case SideSaid(_, Waiting(reason, delay_s, _)) | BesideWaits(
                _, Waiting(reason, delay_s, _)
            ) if delay_s >= _WORTH_TELLING_S:
                # Before the vote nothing tells the sides apart, not even which one is waited for.
                among = "models" if self._beside else "two"
                why = f"One of the {among} has to wait." if self._blind else reason
                left = counted(math.ceil(delay_s), "second")
                print(f"{why} Asking again in {left}; Ctrl+C stops.", file=sys.stderr)
            case NotSaved(problem):
                print(problem.sentence(), file=sys.stderr)
            case _:
                pass


def _printed(turn: Turn) -> Printed:
    whole = bool(turn.shown) and all(answer.complete for answer in turn.shown)
    return turn_json(turn), turn_words(turn), 0 if whole else 1


def _over(options: argparse.Namespace) -> OverBudget:
    """Return what to do when a limit would be passed: nobody can be asked here."""
    return OverBudget.SEND if options.over_budget else OverBudget.BLOCK


async def compare(services: Services, options: argparse.Namespace) -> Printed:
    """Ask both models; exit 1 when a side is not complete."""
    prompt = await read_prompt(services, options)
    with stoppable(services):
        return _printed(
            await services.comparisons.compare(
                prompt, _Reporter(), blind=options.blind, over=_over(options)
            )
        )


async def ask(services: Services, options: argparse.Namespace) -> Printed:
    """Let the rule choose, and ask."""
    prompt = await read_prompt(services, options)
    with stoppable(services):
        return _printed(await services.router.ask(prompt, _Reporter(), _over(options)))


async def route(services: Services, options: argparse.Namespace) -> Printed:
    """Decide, say what it is likely to cost, and send nothing."""
    prompt = await read_prompt(services, options)
    decision = await services.router.decide(prompt)
    found = await explained(services.archive, decision)
    pair = await services.models.pair()
    estimate = await services.estimates.estimate(prompt, pair)
    sides = [estimate.side(role) for role in Role]
    told = estimate_json(estimate)
    others = await services.second_look.asked(decision, pair)
    for place, (word, model) in enumerate(zip(BESIDE, others, strict=False), 1):
        likely = await services.estimates.likely(prompt, model)
        sides.insert(place, likely)
        told[word] = likely_json(likely)
    shaped = {**(decision_json(decision, found.nearest) or {}), "estimate": told}
    if decision.basis is Basis.BLOCKED:
        where = "This would not be sent."
    elif decision.basis is Basis.SECOND_LOOK:
        where = f"This would go to {'three' if len(others) > 1 else 'two'} cheap models first."
    else:
        asked = "both models" if decision.role is None else f"the {decision.role} model"
        where = f"This would go to {asked}."
    words = (where, *explanation_words(found), *map(_likely_words, sides))
    return shaped, "\n".join(words), 0


def _likely_words(likely: Likely) -> str:
    if likely.low is None or likely.high is None or likely.cost.certainty is Certainty.FREE:
        return f"{likely.model.name}: {cost_text(likely.cost)}."
    spread = range_text(likely.low, likely.high)
    return f"{likely.model.name}: {spread} ({likely.lengths.in_words()})."


async def vote(services: Services, options: argparse.Namespace) -> Printed:
    """Vote, and reveal."""
    reasons = tuple(Reason(word) for word in options.reason)
    turn = await services.votes.cast(options.id, options.choice, reasons)
    return turn_json(turn), turn_words(turn), 0
