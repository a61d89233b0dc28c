"""What the system must bring: Qt's libraries, Python's own venv, and the way to install them."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.install.errors import SetupError, say

# What PySide6's own wheel leaves to the system: the file that the loader asks for, and the Debian
# and Ubuntu package that has it. Read off the wheel's libraries with objdump.
PAINTING = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}

Loads = Callable[[str], bool]


def loads(soname: str) -> bool:
    """Return whether the system's loader finds a library by this name."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_libraries(window: bool, found: Loads = loads) -> list[str]:
    """Return the file names of Qt's system libraries that are not there (on Linux only)."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**PAINTING, **(WINDOW if window else {})}
    return [soname for soname in wanted if not found(soname)]


def debian_packages(sonames: Sequence[str]) -> list[str]:
    """Return the Debian packages that have these libraries, each once, sorted."""
    every = {**PAINTING, **WINDOW}
    return sorted({every[soname] for soname in sonames})


def lacks_venv(find: Callable[[str], object | None] = importlib.util.find_spec) -> bool:
    """Return whether this Python came without venv or ensurepip, as Debian's may."""
    return find("venv") is None or find("ensurepip") is None


def venv_package() -> str:
    """Return the Debian package with venv for the Python that runs this."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def administrator() -> list[str] | None:
    """Return what to put before a command to run it as root without a question, or None."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if allowed.returncode == 0 else None


def by_hand(packages: Sequence[str]) -> str:
    """Return the exact command by which a person installs these Debian packages."""
    return f"sudo apt-get update && sudo apt-get install -y {shlex.join(packages)}"


def apt_install(packages: Sequence[str], log: Path) -> None:
    """Install Debian packages, where we may.

    Args:
        packages: names for apt-get.
        log: the file that keeps what apt-get said.

    Raises:
        SetupError: we may not, or apt-get failed; it names the command to type.

    """
    prefix = administrator()
    if prefix is None:
        raise SetupError(
            "Some system packages are missing and installing them needs an administrator: "
            f'type "{by_hand(packages)}", then start again.'
        )
    say(f"Installing system packages: {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as record:
        # A fresh list first; where that fails the old one may still do.
        codes = [
            subprocess.run(
                [*prefix, "apt-get", *words],
                stdin=subprocess.DEVNULL,
                stdout=record,
                stderr=subprocess.STDOUT,
                env=environment,
                check=False,
            ).returncode
            for words in (["update"], ["install", "-y", "--no-install-recommends", *packages])
        ]
    if codes[-1] != 0:
        raise SetupError(
            "The system packages could not be installed (is the network there?): "
            f'type "{by_hand(packages)}", then start again; details are in {log}.'
        )


def ensure_system(libraries: str, log: Path, found: Loads = loads) -> None:
    """Make sure of Python's venv and Qt's libraries, with one command for all that is missing.

    Args:
        libraries: "window", "painting" (Qt without a screen) or "" (no Qt).
        log: the file that keeps what apt-get said.
        found: tells whether a library is there.

    Raises:
        SetupError: something is missing and we could not install it, with what to type.

    """
    missing = _missing_for(libraries, found)
    wanted = ([venv_package()] if lacks_venv() else []) + debian_packages(missing)
    if wanted and shutil.which("apt-get"):
        apt_install(wanted, log)
        importlib.invalidate_caches()
        missing = _missing_for(libraries, found)
    if lacks_venv():
        raise SetupError(
            "This Python came without its venv module: install your system's package for it "
            f'(on Debian and Ubuntu "{by_hand([venv_package()])}"), then start again.'
        )
    if missing and shutil.which("dnf"):
        asked = shlex.join(f"{soname}()(64bit)" for soname in missing)
        raise SetupError(
            f"Qt misses system libraries: type 'sudo dnf install {asked}', then start again."
        )
    if missing:
        raise SetupError(
            f"Qt misses the system libraries {', '.join(missing)}: install them with your "
            "system's package manager, then start again."
        )


def _missing_for(libraries: str, found: Loads) -> list[str]:
    return missing_libraries(libraries == "window", found) if libraries else []
