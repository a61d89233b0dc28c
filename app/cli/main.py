"""Runs one command on the same services as the window."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from app.cli import asking, choosing, connecting, reading, ruling, setting_up, spending
from app.cli.asking import Printed
from app.cli.calibrating import calibrate
from app.cli.parser import build_parser
from app.cli.shape import problem_json
from app.domain.errors import CounterpartError, InputError, Problem
from app.services.container import Services

OpenServices = Callable[[Path | None, bool], Services]
Command = Callable[[Services, argparse.Namespace], Awaitable[Printed]]

COMMANDS: dict[str, Command] = {
    "compare": asking.compare,
    "ask": asking.ask,
    "route": asking.route,
    "vote": asking.vote,
    "model": setting_up.model,
    "vendor": choosing.vendor,
    "pair": setting_up.pair,
    "matter": setting_up.matter,
    "limits": connecting.limits,
    "history": reading.history,
    "rule": ruling.rule,
    "savings": reading.savings,
    "prices": spending.prices,
    "budget": spending.budget,
    "calibrate": calibrate,
}


def parse(arguments: list[str], version: str) -> argparse.Namespace:
    """Return what was typed; exits with one sentence when it cannot be understood."""
    _speak_utf8()
    try:
        options = _understood(arguments, version)
    except InputError as error:
        complain(error.problem, as_json="--json" in arguments)
        raise SystemExit(2) from None
    for name, default in (("json", False), ("data_dir", None), ("sample", False)):
        if not hasattr(options, name):
            setattr(options, name, default)
    return options


def _understood(arguments: list[str], version: str) -> argparse.Namespace:
    parser = build_parser(version)
    options, left = parser.parse_known_args(arguments)
    # After an option argparse no longer takes a word that may be left out: a vote would be lost.
    if len(left) == 1 and getattr(options, "choice", "") is None and left[0][:1] != "-":
        options.choice, left = left[0], []
    if left:
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    if options.command is None:
        parser.error("a command is missing")
    return options


def _speak_utf8() -> None:
    """Read and write UTF-8: a Windows console may do otherwise, and answers are."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def run(options: argparse.Namespace, open_services: OpenServices) -> int:
    """Run a command and print what came of it; return the exit status (0 well, 1 a fault)."""
    try:
        shaped, words, status = asyncio.run(_run(options, open_services))
    except CounterpartError as error:
        return complain(error.problem, as_json=options.json)
    except KeyboardInterrupt:
        return complain(_INTERRUPTED, as_json=options.json)
    return max(status, say(as_text(shaped) if options.json else words))


def as_text(shaped: object) -> str:
    """Return the one JSON document that a command prints."""
    return json.dumps(shaped, ensure_ascii=False, indent=2)


def say(words: str) -> int:
    """Print, and end quietly where whoever read has had enough (as `head` does).

    Returns 1 where it could not be written, as on a full disk, else 0.
    """
    try:
        print(words, flush=True)
    except BrokenPipeError:
        _stop_printing()
    except OSError as error:
        _stop_printing()
        print(_UNPRINTED.format(error.strerror or "no reason given"), file=sys.stderr)
        return 1
    return 0


def _stop_printing() -> None:
    # Python flushes once more when it ends, and would complain of the same fault again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _run(options: argparse.Namespace, open_services: OpenServices) -> Printed:
    services = open_services(options.data_dir, options.sample)
    try:
        return await COMMANDS[options.command](services, options)
    finally:
        await services.close()


def complain(problem: Problem, *, as_json: bool) -> int:
    """Say what is wrong, as JSON on the output too where that was asked for; return 1."""
    if as_json:
        say(as_text({"error": problem_json(problem)}))
    print(problem.sentence(), file=sys.stderr)
    return 1


_UNPRINTED = "The result could not be printed: {}. What was asked is in History."
_INTERRUPTED = Problem("interrupted", "Interrupted.", "What had arrived is in History.")
