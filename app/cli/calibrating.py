"""calibrate: new, run, pause, vote, next, end, report, list and delete."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from app.cli.asking import Printed
from app.cli.calibrate_shape import (
    ballot_json,
    ballot_words,
    report_json,
    report_words,
    review_json,
    review_words,
    run_json,
    run_words,
)
from app.cli.keys import next_word
from app.domain.calibration.prompts import MOST, Chosen, Import, choose, draw
from app.domain.calibration.report import spent
from app.domain.calibration.run import Run, RunState
from app.domain.calibration.sentences import spent_text
from app.domain.errors import InputError
from app.domain.money import Money
from app.domain.vote import Reason
from app.domain.words import counted
from app.services.container import Services

_WORDS = {
    "1": "a", "a": "a", "2": "equal", "equal": "equal", "e": "equal", "3": "b", "b": "b",
    "4": "neither", "neither": "neither", "n": "neither", "s": "skip", "skip": "skip",
    "u": "undo", "undo": "undo", "q": "quit", "quit": "quit",
}  # fmt: skip
_HINT = "1 A · 2 about equal · 3 B · 4 neither · s later · u correct the last · q stop: "


async def calibrate(services: Services, options: argparse.Namespace) -> Printed:
    """Do one action on calibration runs."""
    actions: dict[str, Callable[[Services, argparse.Namespace], Awaitable[Printed]]] = {
        "new": _new,
        "run": _run,
        "pause": _pause,
        "vote": _vote,
        "next": _next,
        "end": _end,
        "report": _report,
        "list": _list,
        "delete": _delete,
    }
    return await actions[options.action](services, options)


async def _new(services: Services, options: argparse.Namespace) -> Printed:
    imported = await _imported(services, options)
    chosen = choose(imported.found, matter=options.matter, tags=options.tag)
    entries = chosen.entries
    if options.pick is not None:
        if not 0 < options.pick <= len(entries):
            raise InputError(
                f"{options.pick} cannot be drawn from {len(entries)} prompts.",
                "Give a number that is not larger.",
            )
        entries = draw(entries, options.pick, secrets.token_hex(8))
    review = await services.calibrations.review(entries)
    missing = Chosen(entries).missing() or review.missing
    if missing:
        hint = "Draw some of them by lot with --pick N." if len(review.entries) > MOST else ""
        raise InputError(missing[:1].upper() + missing[1:], hint, "calibration_size")
    limit = _usd(options.limit) or review.limit
    run = await services.calibrations.fix(options.name, review, limit)
    notes = [*imported.notes, *chosen.notes]
    shaped = {**run_json(run), "notes": notes, "review": review_json(review)}
    words = [
        f"The list “{run.name}” is fixed: {len(run.items)} prompts, fingerprint {run.digest[:16]}.",
        *notes,
        review_words(review, limit),
        f"Nothing has been sent. `calibrate run {run.name!r}` asks both models.",
    ]
    return shaped, "\n".join(words), 0


async def _imported(services: Services, options: argparse.Namespace) -> Import:
    if options.history is not None:
        if options.history < 1:
            raise InputError("That is no number of prompts.", "Try --history 40.")
        return await services.calibrations.newest(options.history, options.words)
    if options.source == "-":
        return services.calibrations.parse(sys.stdin.read())
    return await services.calibrations.read(Path(options.source))


def _usd(text: str | None) -> Money | None:
    if text is None:
        return None
    try:
        amount = Decimal(text.strip().lstrip("$"))
    except InvalidOperation:
        raise InputError(f"“{text}” is not an amount.", "Try --limit 10.") from None
    if not amount.is_finite() or amount <= 0:
        raise InputError("The limit is more than nothing.", "Try --limit 10.")
    return Money(amount)


async def _run(services: Services, options: argparse.Namespace) -> Printed:
    limit = _usd(options.limit)
    if limit is not None:
        await services.calibrations.limit(options.name, limit)
    with _pausable(services, options.name):
        run = await services.calibrations.run(options.name, _progress())
    status = 0 if run.state in (RunState.ANSWERED, RunState.VOTING) else 1
    words = run_words(run)
    if run.to_vote:
        words += f"\n`calibrate vote {run.name!r}` begins the voting."
    return run_json(run), words, status


def _progress() -> Callable[[Run], None]:
    """Return what tells each prompt that has ended, on the error stream."""
    told = -1

    def tell(run: Run) -> None:
        nonlocal told
        settled = sum(item.settled for item in run.items)
        if settled != told:
            told = settled
            print(
                f"{settled} of {len(run.items)} asked, {spent_text(spent(run.items))} spent",
                file=sys.stderr,
            )

    return tell


@contextlib.contextmanager
def _pausable(services: Services, name: str) -> Iterator[None]:
    """Let Ctrl+C pause the run once what is being answered has ended; pressed again, end that."""
    loop = asyncio.get_running_loop()
    pressed: list[asyncio.Task[Run]] = []

    def pause() -> None:
        if pressed:
            services.calibrations.stop()
            return
        print("Pausing: what is being answered ends first.", file=sys.stderr)
        pressed.append(loop.create_task(services.calibrations.pause(name)))

    def press(*_ignored: object) -> None:
        loop.call_soon_threadsafe(pause)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def _pause(services: Services, options: argparse.Namespace) -> Printed:
    run = await services.calibrations.pause(options.name)
    return run_json(run), run_words(run), 0


async def _next(services: Services, options: argparse.Namespace) -> Printed:
    ballot = await services.calibrations.next_ballot(options.name)
    words = ballot_words(ballot) if ballot is not None else _none_left(options.name)
    return ballot_json(ballot), words, 0


async def _vote(services: Services, options: argparse.Namespace) -> Printed:
    reasons = tuple(Reason(word) for word in options.reason)
    if options.item is None and options.choice is None:
        return await _vote_on(services, options.name, as_json=options.json)
    if options.item is None or options.choice is None:
        raise InputError(
            "A vote on one prompt needs its number and the choice.",
            "Try `calibrate vote NAME --item 3 a`, or `calibrate vote NAME` to vote on all.",
        )
    run = await services.calibrations.vote(options.name, options.item, options.choice, reasons)
    return run_json(run), f"Voted on prompt {options.item}. {_left(run)}", 0


async def _vote_on(services: Services, name: str, *, as_json: bool) -> Printed:
    """Vote on one prompt after another, until none is left or the reader stops."""
    correcting = False
    while True:
        ballot = None
        if correcting:
            ballot = await services.calibrations.last_ballot(name)
        ballot = ballot or await services.calibrations.next_ballot(name)
        correcting = False
        if ballot is None:
            break
        if not as_json:
            print(ballot_words(ballot))
        word = _asked_word(quiet=as_json)
        if word == "quit":
            break
        if word == "undo":
            correcting = True
        elif word == "skip":
            await services.calibrations.skip(name, ballot.place)
        else:
            await services.calibrations.vote(name, ballot.place, word)
    run = await services.calibrations.named(name)
    return run_json(run), _left(run), 0


def _asked_word(*, quiet: bool) -> str:
    """Return what the reader chose; the end of the input stops."""
    while True:
        typed = next_word("" if quiet else _HINT)
        if typed is None:
            return "quit"
        if not quiet:
            print(file=sys.stderr)
        word = _WORDS.get(typed.casefold())
        if word is not None:
            return word


def _left(run: Run) -> str:
    waiting = len(run.to_vote)
    if not waiting:
        return _none_left(run.name)
    of = run.voted + waiting
    return f"{run.voted:,} of {of:,} voted on, about {counted(run.minutes_left(), 'minute')} left."


def _none_left(name: str) -> str:
    return f"Nothing is left to vote on: `calibrate report {name!r}` tells what came of it."


async def _end(services: Services, options: argparse.Namespace) -> Printed:
    run = await services.calibrations.end_voting(options.name)
    return run_json(run), f"The voting on “{run.name}” has ended.", 0


async def _report(services: Services, options: argparse.Namespace) -> Printed:
    report = await services.calibrations.report(options.name)
    words = report_words(report)
    if options.pdf is not None:
        target = options.pdf.expanduser()
        await services.calibrations.print_report(options.name, target, options.paper)
        words = f"Written to {target}."
    return report_json(report), words, 0


async def _list(services: Services, _options: argparse.Namespace) -> Printed:
    runs = await services.calibrations.all()
    words = "\n".join(run_words(run) for run in runs) or "No calibration run yet."
    return {"runs": [run_json(run) for run in runs]}, words, 0


async def _delete(services: Services, options: argparse.Namespace) -> Printed:
    await services.calibrations.delete(options.name)
    words = f"The run “{options.name}” and its list are deleted; what was asked is in History."
    return {"deleted": options.name}, words, 0
