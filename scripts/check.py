#!/usr/bin/env python3
"""Set up everything that the checks need, on a fresh machine too, then run them all.

    python3 scripts/check.py                       everything
    python3 scripts/check.py --fast                without the tests that start the whole app
    python3 scripts/check.py tests/unit/domain     the tests named, and the other checks

Ends with one line that tells each check's result and seconds. The exit code is that of the first
check that failed; the others run all the same.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.install.environment import DEV_LOCK, Environment  # noqa: E402
from scripts.install.errors import SetupError, say  # noqa: E402
from scripts.install.start import set_up  # noqa: E402
from scripts.install.system import apt_install, debian_packages, missing_libraries  # noqa: E402

# What the tests use beyond Qt's own libraries: a screen in memory, a keychain with its bus, a
# screen reader's view of the window, and the fonts that pictures are drawn with.
TEST_PACKAGES = (
    "at-spi2-core",
    "dbus",
    "fonts-inter",
    "fonts-noto-core",
    "gir1.2-atspi-2.0",
    "gnome-keyring",
    "python3-gi",
    "xauth",
    "xvfb",
)


# Most tests wait for a socket, a window or a process: two at a time take half as long.
WORKERS = ("-n", str(min(4, max(2, os.cpu_count() or 2))), "--dist", "worksteal")


@dataclass(frozen=True)
class Step:
    """One check: its name in the summary, and its command."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What came of a step. `took_s` is in seconds."""

    name: str
    code: int
    took_s: float


def steps(python: Path, *, fast: bool, paths: Sequence[str]) -> list[Step]:
    """Return the checks in order; pytest is last, so that its closing line stays in sight."""
    run = (str(python), "-m")
    return [
        Step("ruff", (*run, "ruff", "check")),
        Step("format", (*run, "ruff", "format", "--check")),
        Step("mypy", (*run, "mypy")),
        # A command without a module that could be run.
        Step("imports", (str(python.with_name("lint-imports")),)),
        Step("pytest", (*run, "pytest", *pytest_arguments(fast=fast, paths=paths))),
    ]


def pytest_arguments(*, fast: bool, paths: Sequence[str]) -> list[str]:
    """Return what pytest is told. The coverage floor counts only where every test runs."""
    if fast:
        return [*WORKERS, "-m", "not e2e", *paths]
    if paths:
        return [*paths]
    return [*WORKERS, "--cov", "--cov-report=term:skip-covered", "--durations=10"]


def private_environ(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Return variables under which a test sees no screen, keychain, key or file of this user."""
    private = dict(environ)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH"):
        private.pop(name, None)
    for name in ("CACHE", "CONFIG", "DATA", "STATE"):
        folder = home / name.lower()
        folder.mkdir(exist_ok=True)
        private[f"XDG_{name}_HOME"] = str(folder)
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    private["XDG_RUNTIME_DIR"] = str(runtime)
    private.setdefault("QT_QPA_PLATFORM", "offscreen")
    private["PYTHONFAULTHANDLER"] = "1"
    return private


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Return which of these Debian packages are not installed."""
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n", *wanted]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    there = {line.split()[1] for line in listed.splitlines() if line.startswith("installed ")}
    return [package for package in wanted if package not in there]


def install_system(environment: Environment) -> None:
    """Install the system packages that tests use and this machine lacks, where apt-get is there.

    Raises:
        SetupError: they are missing and may not be installed; it names the command to type.

    """
    if not shutil.which("apt-get"):
        if sys.platform.startswith("linux"):
            say(f"No apt-get here: the tests need what Debian calls {', '.join(TEST_PACKAGES)}.")
        return
    libraries = debian_packages(missing_libraries(window=True))
    missing = sorted({*missing_packages(TEST_PACKAGES), *libraries})
    if missing:
        apt_install(missing, environment.log)


def install_tools(environment: Environment) -> None:
    """Bring the app's environment and the locked tools, if they are not there as locked.

    Raises:
        SetupError: something could not be brought.

    """
    set_up(environment, "window", os.environ)
    tools = environment.fingerprint(DEV_LOCK)
    if environment.marks().get("tools") == tools:
        return
    with environment.only_one():
        say("Adding the tools of the checks to .venv ...")
        environment.install_locked(DEV_LOCK)
        environment.mark(tools=tools)


def run_step(step: Step, environ: Mapping[str, str]) -> Result:
    """Run one check in the project folder, its output going straight through."""
    print(f"\n== {step.name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        step.command, cwd=ROOT, env=dict(environ), stdin=subprocess.DEVNULL, check=False
    )
    return Result(step.name, done.returncode, time.monotonic() - began)


def summary(results: Sequence[Result]) -> str:
    """Return the one line at the end."""
    told = (f"{r.name} {'ok' if r.code == 0 else 'FAILED'} {r.took_s:.1f} s" for r in results)
    return "check: " + " | ".join(told)


def exit_code(results: Sequence[Result]) -> int:
    """Return the code of the first check that failed, or 0."""
    return next((result.code for result in results if result.code != 0), 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up, check, sum up. Returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fast", action="store_true", help="leave out tests of the whole app")
    parser.add_argument("--no-setup", action="store_true", help="take the machine as it is")
    parser.add_argument("paths", nargs="*", help="what to hand to pytest instead of everything")
    options = parser.parse_args(arguments)
    environment = Environment(ROOT)
    if not options.no_setup:
        began = time.monotonic()
        try:
            install_system(environment)
            install_tools(environment)
        except SetupError as error:
            print(error, file=sys.stderr)
            return 1
        say(f"Set up in {time.monotonic() - began:.0f} s.")
    with tempfile.TemporaryDirectory(prefix="counterpart-check-") as home:
        environ = private_environ(os.environ, Path(home))
        results = [
            run_step(step, environ)
            for step in steps(environment.python, fast=options.fast, paths=options.paths)
        ]
    print(summary(results), flush=True)
    return exit_code(results)


if __name__ == "__main__":
    sys.exit(main())
