"""Whether a window could be seen, and a keychain reached."""

from __future__ import annotations

import socket
import tempfile
from pathlib import Path

import pytest

from app.adapters import screen


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/no/such/folder"},
        {"DISPLAY": ":54321"},
    ],
)
def test_a_display_that_nobody_serves_is_no_screen(environ: dict[str, str]) -> None:
    assert not screen.has_screen(environ, "linux")


def test_a_display_that_answers_is_a_screen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        assert screen.has_screen({"DISPLAY": f"127.0.0.1:{number}.0"}, "linux")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "wayland-0").touch()
        wayland = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": folder}
        assert screen.has_screen(wayland, "linux")


def test_windows_and_macos_always_have_a_screen() -> None:
    assert screen.has_screen({}, "win32")
    assert screen.has_screen({}, "darwin")


def test_a_machine_without_a_session_bus_is_recognised(tmp_path: Path) -> None:
    assert not screen.has_session_bus({}, "linux")
    assert not screen.has_session_bus({"XDG_RUNTIME_DIR": str(tmp_path)}, "linux")
    (tmp_path / "bus").touch()
    assert screen.has_session_bus({"XDG_RUNTIME_DIR": str(tmp_path)}, "linux")
