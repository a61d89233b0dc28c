"""The first start sets up; every later one goes straight to the window."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.adapters.screen import has_screen, has_session_bus
from scripts.install.environment import Environment
from scripts.install.errors import SetupError, say
from scripts.install.machine import DOWNLOAD_MB, INSTALLED_MB, check_machine, check_writable
from scripts.install.system import ensure_system

ROOT = Path(__file__).resolve().parents[2]


def start(words: Sequence[str]) -> int:
    """Set up if needed, then start Counterpart.

    Returns the exit code. On Linux and macOS a success does not return: the app takes this
    process over.
    """
    own, passed_on = split(words)
    options = _parser().parse_args(own)
    try:
        return _start(passed_on, setup_only=options.setup_only)
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped: start again with the same command; what has been downloaded is kept.")
        return 130
    except OSError as error:
        what = f" ({error.filename})" if error.filename else ""
        say(
            f"The system refused a file: {error.strerror}{what}: mend that, or copy the project "
            "into a folder of your own, and start again."
        )
        return 1


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return this script's own words, and those after `--` that go to Counterpart."""
    if "--" not in words:
        return list(words), []
    at = list(words).index("--")
    return list(words[:at]), list(words[at + 1 :])


def paints(arguments: Sequence[str]) -> bool:
    """Return whether Counterpart, started with these arguments, needs Qt: a window or a tour."""
    return opens_window(arguments) or list(arguments[:1]) == ["tour"]


def opens_window(arguments: Sequence[str]) -> bool:
    """Return whether Counterpart, started with these arguments, opens its window."""
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--data-dir" and rest:
            rest.pop(0)
        elif word != "--sample" and not word.startswith("--data-dir="):
            return False
    return True


def without_screen(arguments: Sequence[str]) -> list[str]:
    """Return what to start in place of the window where there is no screen: the tour.

    Raises:
        SetupError: what was asked for makes no sense without a screen.

    """
    if "--sample" in arguments:
        raise SetupError(
            "There is no screen here to show the sample history on: start it in a desktop session, "
            'or type "python3 scripts/run.py -- tour" for a page with pictures.'
        )
    return ["tour", *arguments]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        usage="run.py [-h] [--setup-only] [-- ARGS ...]",
        description=(
            f"Start Counterpart. The first start downloads about {DOWNLOAD_MB} MB into .venv in "
            f"the project folder (about {INSTALLED_MB} MB installed); later ones open the window "
            "at once. Without a screen it makes a tour: one page with pictures."
        ),
        epilog='What follows "--" goes to Counterpart: run.py -- compare --json "Is it due?"',
    )
    parser.add_argument("--setup-only", action="store_true", help="set up, then stop")
    return parser


def _start(arguments: list[str], *, setup_only: bool) -> int:
    environ = dict(os.environ)
    screen = has_screen(environ)
    if opens_window(arguments) and not screen and not setup_only:
        arguments = without_screen(arguments)
        say("There is no screen here, so Counterpart makes a tour instead: one page with pictures.")
        # A display that is named but dead would stop Qt before the first picture.
        environ.pop("DISPLAY", None)
        environ.pop("WAYLAND_DISPLAY", None)
        environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment = Environment(ROOT)
    set_up(environment, libraries_for(arguments, screen), environ)
    if setup_only:
        say('Counterpart is set up: start it with "python3 scripts/run.py".')
        return 0
    return launch(environment, arguments, environ)


def libraries_for(arguments: Sequence[str], screen: bool) -> str:
    """Return which of Qt's system libraries are needed: "window", "painting", or "" for none."""
    if not paints(arguments):
        return ""
    return "window" if screen and opens_window(arguments) else "painting"


def set_up(environment: Environment, libraries: str, environ: Mapping[str, str]) -> None:
    """Bring what is missing on this machine; nothing to do after the first time.

    Args:
        environment: the project's own environment.
        libraries: what `libraries_for` said.
        environ: the variables of the process.

    Raises:
        SetupError: something is missing and could not be brought.

    """
    known = environment.marks().get("libraries", "").split()
    if environment.is_ready() and (not libraries or libraries in known):
        return
    check_writable(environment.root)
    with environment.only_one():
        install = not environment.is_ready()
        if install:
            _announce(environment, environ)
        # Before the download: a missing library is better learnt now than 255 MB later.
        ensure_system("" if libraries in known else libraries, environment.log)
        if install:
            environment.install()
            say("Set up. The next start opens at once.")
        environment.mark(libraries=" ".join(dict.fromkeys([*known, libraries])).strip())


def _announce(environment: Environment, environ: Mapping[str, str]) -> None:
    environment.log.parent.mkdir(parents=True, exist_ok=True)
    environment.log.write_text("", encoding="utf-8")
    if environment.marks().get("state") == "ready":
        say("This version of Counterpart needs other packages: downloading what has changed.")
        return
    check_machine(environment.root)
    say(
        f"Setting up Counterpart, once: downloading about {DOWNLOAD_MB} MB into "
        f"{environment.folder} (about {INSTALLED_MB} MB installed)."
    )
    if not has_session_bus(environ):
        say(
            "No D-Bus session, so no keychain: keys typed into Counterpart last for one run; "
            "start it in a desktop session to keep them."
        )


def launch(environment: Environment, arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start the app in its own environment. On Linux and macOS this does not return."""
    # -P: a folder called "app" where the user happens to stand is not ours.
    command = [str(environment.python), "-P", "-m", "app", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execve(command[0], command, dict(environ))  # noqa: S606
    return subprocess.run(command, env=dict(environ), check=False).returncode
