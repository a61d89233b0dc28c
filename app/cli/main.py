"""Runs one command on the same services as the window."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
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
    options = build_parser(version).parse_args(arguments)
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
    print(json.dumps(shaped, ensure_ascii=False, indent=2) if options.json else words)
    return status


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
