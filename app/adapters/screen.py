"""Whether there is a screen to show a window on, and a bus to reach a keychain by.

The standard library only: `scripts/run.py` asks too, before anything is installed.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

# Platforms of Qt that paint without a display server, on a real screen or for a viewer.
_OWN_SCREENS = ("eglfs", "linuxfb", "vnc")
_CONNECT_TIMEOUT_S = 1.0


def has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a window could be seen. A display that is named but dead does not count."""
    if not platform.startswith("linux"):
        return True
    asked = environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if asked in _OWN_SCREENS:
        return True
    if asked in ("offscreen", "minimal"):
        return False
    return _wayland_answers(environ) or _x11_answers(environ.get("DISPLAY", ""))


def has_session_bus(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether a D-Bus session, and so a keychain, can be reached."""
    if not platform.startswith("linux"):
        return True
    if environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return bool(runtime) and (Path(runtime) / "bus").exists()


def _wayland_answers(environ: Mapping[str, str]) -> bool:
    name = environ.get("WAYLAND_DISPLAY", "")
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    return bool(name) and (Path(runtime) / name).exists()


def _x11_answers(display: str) -> bool:
    """Try to connect to an X display such as `:0`, `unix:0` or `localhost:10.0`."""
    found = re.fullmatch(r"(?P<host>[^:/]*):(?P<number>\d+)(\.\d+)?", display)
    if not found:
        # A form we do not know, such as a path of launchd: let Qt try.
        return bool(display)
    host, number = found["host"], int(found["number"])
    if host in ("", "unix"):
        # The abstract name is what most servers offer; the file is what containers share.
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108
        return _connects(socket.AF_UNIX, path) or _connects(socket.AF_UNIX, f"\0{path}")
    return _connects(socket.AF_INET, (host, 6000 + number))


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(_CONNECT_TIMEOUT_S)
            connection.connect(address)
    except OSError:
        return False
    return True
