"""Starts the practice model's process when it is first needed, and ends it with the app."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from app.adapters.local_model.prompts import practice_items
from app.adapters.local_model.settings import practice_settings
from app.adapters.local_model.weights import INSTALL_STEP, find_weights
from app.domain.errors import LocalModelError
from app.domain.model import ModelRef
from app.domain.practice import PracticeItem
from app.domain.secret import ApiKey
from app.services.ports.local_model import Endpoint

FROZEN_FLAG = "--local-model-child"  # the same word as in `app.__main__`
START_LIMIT_S = 90.0  # loading takes one to three seconds; a cold disk on a busy machine far longer
END_LIMIT_S = 2.0

# What a Python process needs to run at all. The rest stays out: it may hold API keys.
_PASSED_ON = frozenset({
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "PYTHONHOME",
    "PYTHONPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR",
    "USERPROFILE", "APPDATA", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
})  # fmt: skip


def child_command() -> list[str]:
    """Return the command that becomes the practice model's process.

    A checkout or an installed package runs `child.py` by its path (`-P` keeps its folder off the
    import path). A frozen build has only its own program: started with a hidden word, it calls
    `app.bootstrap.serve_local_model` before anything else.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_FLAG]
    return [sys.executable, "-P", str(Path(__file__).with_name("child.py"))]


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables the process is given: none that could hold a key."""
    return {name: value for name, value in environment.items() if name.upper() in _PASSED_ON}


class PracticeModel:
    """The on-device model as a service: one process, started late, shared, restarted if it died.

    `ensure` may be called from any event loop and by many at once. `close` is quick and may be
    called twice. Were the app killed, the process ends by itself: its standard input closes.
    """

    def __init__(
        self,
        command: Callable[[], Sequence[str]] = child_command,
        weights: Callable[[], Path] = find_weights,
    ) -> None:
        self._command = command
        self._weights = weights
        self._lock = threading.Lock()
        self._child: _Child | None = None

    async def ensure(self) -> Endpoint:
        """Return where the model listens, starting it if need be; LocalModelError if it cannot."""
        with self._lock:
            if self._child is None or self._child.gone:
                self._child = _Child(self._command(), self._weights())
            ready = self._child.ready
        return await asyncio.wrap_future(ready)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def prompts(self) -> tuple[PracticeItem, ...]:
        """Return the practice prompts, in their fixed order."""
        return practice_items()

    def settings(self) -> tuple[ModelRef, ModelRef]:
        """Return the practice pair's two settings, cheap first."""
        return practice_settings()


class _Child:
    """One life of the process. `ready` holds its endpoint, or why there is none."""

    def __init__(self, command: Sequence[str], weights: Path) -> None:
        self.ready: Future[Endpoint] = Future()
        self.ready.set_running_or_notify_cancel()  # one caller giving up must not end it for others
        self._command = list(command)
        self._weights = weights
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ended = False
        self._done = threading.Event()
        # The thread lives as long as the process: Linux ends a process together with the thread
        # that started it (see child.py), so an event loop's passing worker would not do.
        threading.Thread(target=self._live, name="practice-model", daemon=True).start()

    @property
    def gone(self) -> bool:
        """Return whether the process ended or never came to be."""
        process = self._process
        return self._done.is_set() or (process is not None and process.poll() is not None)

    def end(self) -> None:
        """Kill the process (it has nothing to save) and wait for its end, two seconds at most."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()
        self._done.wait(END_LIMIT_S)

    def _live(self) -> None:
        key = ApiKey(secrets.token_urlsafe(32))
        try:
            process = self._spawn()
            with process:  # closes the pipes and waits
                try:
                    self._introduce(process, key)
                except BaseException:
                    process.kill()
                    raise
                process.wait()
        except LocalModelError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - every waiting caller must hear of it
            self._fail(_cannot_start(type(error).__name__))
        finally:
            self._done.set()

    def _fail(self, error: LocalModelError) -> None:
        # Closing kills the process at any moment of its start, and each moment breaks elsewhere
        # (its pipe, its first line): whoever waits hears of the closing, not of what it broke.
        if not self.ready.done():
            self.ready.set_exception(_closing() if self._ended else error)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._ended:
                raise _closing()
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own file, fixed arguments
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    # llama.cpp reports there; a prompt must never reach a log or a terminal.
                    stderr=subprocess.DEVNULL,
                    env=child_environment(os.environ),
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                raise _cannot_start(error.strerror or type(error).__name__) from error
            return self._process

    def _introduce(self, process: subprocess.Popen[bytes], key: ApiKey) -> None:
        """Hand over the key, await the address, and tell everyone who waits."""
        assert process.stdin is not None
        assert process.stdout is not None
        order = json.dumps({"key": key.reveal(), "weights": str(self._weights)}).encode()
        deadline = threading.Timer(START_LIMIT_S, process.kill)
        deadline.daemon = True
        deadline.start()
        try:
            process.stdin.write(order + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError as error:
            raise _cannot_start("its process ended at once") from error
        finally:
            in_time = deadline.is_alive()
            deadline.cancel()
        self.ready.set_result(self._endpoint(line, key, in_time=in_time))

    def _endpoint(self, line: bytes, key: ApiKey, *, in_time: bool) -> Endpoint:
        if self._ended:
            raise _closing()
        if not in_time:
            raise _cannot_start(f"it was not ready after {START_LIMIT_S:.0f} seconds")
        try:
            said = json.loads(line)
        except ValueError as error:
            raise _cannot_start("its process ended without a word") from error
        if "url" not in said:
            raise _told(str(said.get("error", "no reason given")))
        return Endpoint(f"{said['url']}/v1", key)


def _closing() -> LocalModelError:
    return LocalModelError("The practice model was closed.", "Ask again to start it once more.")


def _cannot_start(why: str) -> LocalModelError:
    return LocalModelError(
        f"The practice model did not start: {why}.",
        "Ask again; if it stays so, close other programs to free memory, or run "
        "“python3 scripts/run.py” to repair the installation.",
    )


def _told(reason: str) -> LocalModelError:
    if reason.startswith(("ModuleNotFoundError", "ImportError")):
        return LocalModelError(
            "The program that runs the practice model (xllamacpp) is not installed.", INSTALL_STEP
        )
    return _cannot_start(reason.rstrip("."))
