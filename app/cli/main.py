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
from app.domain.errors import CounterpartError, Problem
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
    parser = build_parser(version)
    options, left = parser.parse_known_args(arguments)
    # After an option argparse no longer takes a word that may be left out: a vote would be lost.
    if len(left) == 1 and getattr(options, "choice", "") is None and left[0][:1] != "-":
        options.choice, left = left[0], []
    if left:
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    for name, default in (("json", False), ("data_dir", None), ("sample", False)):
        if not hasattr(options, name):
            setattr(options, name, default)
    return options


def run(options: argparse.Namespace, open_services: OpenServices) -> int:
    """Run a command and print what came of it; return the exit status (0 well, 1 a fault)."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A Windows console may not be UTF-8; answers are.
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        shaped, words, status = asyncio.run(_run(options, open_services))
    except CounterpartError as error:
        return _complain(error.problem, as_json=options.json)
    except KeyboardInterrupt:
        return _complain(_INTERRUPTED, as_json=options.json)
    _say(json.dumps(shaped, ensure_ascii=False, indent=2) if options.json else words)
    return status


def _say(words: str) -> None:
    """Print, and end quietly where whoever read has had enough (as `head` does)."""
    try:
        print(words, flush=True)
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain of the same pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _run(options: argparse.Namespace, open_services: OpenServices) -> Printed:
    services = open_services(options.data_dir, options.sample)
    try:
        return await COMMANDS[options.command](services, options)
    finally:
        await services.close()


def _complain(problem: Problem, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": problem_json(problem)}, ensure_ascii=False, indent=2))
    print(problem.sentence(), file=sys.stderr)
    return 1


_INTERRUPTED = Problem("interrupted", "Interrupted.", "What had arrived is in History.")
