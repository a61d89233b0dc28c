"""compare, ask, route and vote."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator

from app.cli.shape import Json, decision_json, turn_json
from app.cli.words import turn_words
from app.domain.conversation import Attachment, Prompt, prompt_of
from app.domain.matter import UNTAGGED
from app.domain.routing.decision import Basis
from app.domain.turn import Turn
from app.domain.vote import Reason
from app.services.ask import NotSaved, TurnEvent
from app.services.container import Services

Printed = tuple[Json, str, int]  # JSON, words, exit status


async def read_prompt(services: Services, options: argparse.Namespace) -> Prompt:
    """Return the prompt with its matter, tags and document."""
    text = sys.stdin.read() if options.prompt == "-" else options.prompt
    attachments: tuple[Attachment, ...] = ()
    if options.attach is not None:
        attachments = (await services.attachments.read(options.attach),)
    return prompt_of(text, options.matter or UNTAGGED, tuple(options.tag), attachments)


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


def _report(event: TurnEvent) -> None:
    if isinstance(event, NotSaved):
        print(event.problem.sentence(), file=sys.stderr)


def _printed(turn: Turn) -> Printed:
    standing = turn.standing
    asked = turn.answers if standing is None else (standing,)
    whole = bool(asked) and all(answer.complete for answer in asked)
    return turn_json(turn), turn_words(turn), 0 if whole else 1


async def compare(services: Services, options: argparse.Namespace) -> Printed:
    """Ask both models; exit 1 when a side is not complete."""
    prompt = await read_prompt(services, options)
    with stoppable(services):
        return _printed(await services.comparisons.compare(prompt, _report, blind=options.blind))


async def ask(services: Services, options: argparse.Namespace) -> Printed:
    """Let the rule choose, and ask."""
    prompt = await read_prompt(services, options)
    with stoppable(services):
        return _printed(await services.router.ask(prompt, _report))


async def route(services: Services, options: argparse.Namespace) -> Printed:
    """Decide, and send nothing."""
    decision = await services.router.decide(await read_prompt(services, options))
    shaped = decision_json(decision)
    assert shaped is not None
    where = "both models" if decision.role is None else f"the {decision.role} model"
    if decision.basis is Basis.SECOND_LOOK:
        where = "two cheap models first"
    return shaped, "\n".join((f"This would go to {where}.", *decision.because)), 0


async def vote(services: Services, options: argparse.Namespace) -> Printed:
    """Vote, and reveal."""
    reasons = tuple(Reason(word) for word in options.reason)
    turn = await services.votes.cast(options.id, options.choice, reasons)
    return turn_json(turn), turn_words(turn), 0
