"""A real Secret Service for tests: a private D-Bus and a private gnome-keyring-daemon.

Nothing of the user's own session is touched: bus, home and data folders lie in a temporary folder.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

# No service folders: nothing but what a test starts itself ever answers on this bus.
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
_START_LIMIT_S = 20.0


@dataclass(slots=True)
class PrivateBus:
    """A session bus of its own, on which a keychain can be started, locked and stopped."""

    folder: Path
    _bus: subprocess.Popen[bytes] | None = None
    _daemon: subprocess.Popen[bytes] | None = None
    _before: dict[str, str | None] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Return the D-Bus address."""
        return f"unix:path={self.folder / 'bus'}"

    def environment(self) -> dict[str, str]:
        """Return the variables that make a process use this bus and these folders."""
        return {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "runtime"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }

    def start_bus(self) -> None:
        """Start the bus and point this process and its children at it."""
        (self.folder / "runtime").mkdir(mode=0o700, parents=True)
        config = self.folder / "bus.conf"
        config.write_text(_BUS.format(socket=self.folder / "bus"))
        for name, value in self.environment().items():
            self._before[name] = os.environ.get(name)
            os.environ[name] = value
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _await("the private bus", (self.folder / "bus").exists)

    def start_keychain(self, password: str = "") -> None:
        """Start the keychain, unlocked with its password (made with it the first time)."""
        self._daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self._daemon.stdin is not None
        self._daemon.stdin.write(f"{password}\n".encode())  # nothing is unlocked without a newline
        self._daemon.stdin.close()
        _await("the keychain", lambda: not self._locked())

    def lock(self) -> None:
        """Lock the keychain, as the system does when the user is away."""
        import secretstorage

        with contextlib.closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()
        _await("the lock", self._locked)

    def _locked(self) -> bool:
        import secretstorage

        with contextlib.closing(secretstorage.dbus_init()) as bus:
            if not secretstorage.check_service_availability(bus):
                return True
            return any(
                collection.is_locked()
                for collection in secretstorage.get_all_collections(bus)
                if not collection.collection_path.endswith("/session")
            )

    def stop(self) -> None:
        """End both processes and give this process its own variables back."""
        for process in (self._daemon, self._bus):
            if process is not None:
                process.kill()
                process.wait()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _await(what: str, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _START_LIMIT_S
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come up")
        time.sleep(0.02)


@contextlib.contextmanager
def private_bus(folder: Path) -> Iterator[PrivateBus]:
    """Run a bus without any keychain on it."""
    bus = PrivateBus(folder)
    try:
        bus.start_bus()
        yield bus
    finally:
        bus.stop()


@contextlib.contextmanager
def private_keychain(folder: Path, password: str = "") -> Iterator[PrivateBus]:
    """Run a bus with an unlocked keychain on it."""
    with private_bus(folder) as bus:
        bus.start_keychain(password)
        yield bus
