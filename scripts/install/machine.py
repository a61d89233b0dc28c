"""Limits of the machine that are known before anything is downloaded."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from scripts.install.errors import SetupError

# Measured on Linux x86-64 with Python 3.11 from the locked versions.
DOWNLOAD_MB = 255
INSTALLED_MB = 690
# The files, the pip cache's copy of the download, and room for unpacking the largest one.
NEEDED_FREE_MB = 1200
# The oldest C library that PySide6's wheel of this version runs on.
OLDEST_GLIBC = (2, 34)


def check_writable(root: Path) -> None:
    """Stop where nothing can be put into the project folder.

    Raises:
        SetupError: no right to write there.

    """
    if not os.access(root, os.W_OK):
        raise SetupError(
            f"The folder {root} cannot be written to: copy the project into a folder of your own "
            "and start it there."
        )


def check_machine(root: Path, free_mb: float | None = None) -> None:
    """Stop before the download where the install could not succeed.

    Args:
        root: the project folder, where the environment goes.
        free_mb: free disk space in MB; asked of the system if not given.

    Raises:
        SetupError: no room, or a system too old for Qt.

    """
    free = shutil.disk_usage(root).free / 1e6 if free_mb is None else free_mb
    if free < NEEDED_FREE_MB:
        raise SetupError(
            f"The disk with {root} has {free:.0f} MB free and setting up needs about "
            f"{NEEDED_FREE_MB} MB: make room and start again."
        )
    if sys.platform.startswith("linux"):
        check_c_library(*platform.libc_ver())


def check_c_library(name: str, version: str) -> None:
    """Stop where Qt's build cannot run.

    Raises:
        SetupError: not the GNU C library, or one too old.

    """
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if name == "glibc" and parts >= OLDEST_GLIBC:
        return
    has = f"{name} {version}".strip() or "another C library"
    raise SetupError(
        f"Qt needs a Linux with the GNU C library 2.34 or newer (Debian 12, Ubuntu 22.04, "
        f"Fedora 35), and this one has {has}: use a newer system."
    )
