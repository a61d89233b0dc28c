"""Installs hash-pinned packages with pip, and says in one sentence why it could not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.install.errors import SetupError
from scripts.install.progress import Meter, Progress

# What pip prints, and what it means for the person. The first that fits is said.
_CAUSES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("No space left on device", "Errno 28"),
        "The disk is full: make room and start again.",
    ),
    (
        ("DO NOT MATCH THE HASHES", "HashMismatch"),
        "A downloaded package is not the one that this version was tested with, so it was not "
        "installed: start again, and if it happens again ask who runs your package mirror.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
        "The network's certificate is not one that Python knows: ask your IT for the file of its "
        "root certificate, set PIP_CERT to that file's path, and start again.",
    ),
    (
        (
            "NewConnectionError",
            "NameResolutionError",
            "Temporary failure in name resolution",
            "Could not resolve",
            "Max retries exceeded",
            "Failed to establish a new connection",
            "ConnectTimeoutError",
            "ReadTimeoutError",
            "Read timed out",
            "ProxyError",
            "Connection refused",
            "ConnectionResetError",
            "IncompleteRead",
            "No route to host",
        ),
        "The package index could not be reached: connect to the internet (behind a proxy set "
        "HTTPS_PROXY) and start again; what has been downloaded is kept.",
    ),
    (
        ("No matching distribution found", "not a supported wheel"),
        "A package has no build for this computer and Python: use 64-bit Python 3.11 to 3.14 on "
        "Linux, Windows or macOS and start again.",
    ),
)


def count_pins(lock: Path) -> int:
    """Return how many packages a lock file pins, other systems' included."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if "==" in line and not line.startswith((" ", "#")))


def cause(output: str) -> str:
    """Return why pip failed, with the next step, or an empty string if it cannot be told."""
    for signs, sentence in _CAUSES:
        if any(sign in output for sign in signs):
            return sentence
    return ""


def pip_install(python: Path, arguments: Sequence[str], log: Path, pins: int, cwd: Path) -> None:
    """Run `pip install` in an environment, showing what arrives.

    Args:
        python: the environment's own Python.
        arguments: what follows `pip install`.
        log: the file that keeps all that pip said.
        pins: how many packages the lock names, for the count that is shown.
        cwd: the folder that relative paths in `arguments` start from.

    Raises:
        SetupError: pip failed, with the reason where it can be told.

    """
    # Downloads go beside the environment: a small /tmp is common, and the meter watches them.
    incoming = python.parent.parent / "incoming"
    incoming.mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(incoming), "TEMP": str(incoming)}
    environment.pop("PIP_USER", None)
    command = [str(python), "-I", "-u", "-m", "pip", "install", "--no-input", "--retries", "2"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", *arguments]
    progress = Progress(pins)
    heard: list[str] = []
    with (
        log.open("a", encoding="utf-8") as record,
        Meter(incoming) as meter,
        subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as pip,
    ):
        assert pip.stdout is not None
        for line in pip.stdout:
            record.write(line)
            heard.append(line)
            for shown in progress.hear(line.rstrip()):
                meter.say(shown)
    if pip.returncode != 0:
        raise SetupError(
            cause("".join(heard))
            or f"A package could not be installed: start again, and if that fails look into {log}."
        )
