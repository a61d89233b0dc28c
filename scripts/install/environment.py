"""The project's own environment in .venv: made once, recognised later, mended when it was cut."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.install.errors import SetupError, say
from scripts.install.packages import count_pins, pip_install

RUNTIME_LOCK = "requirements.lock"
MODEL_LOCK = "requirements-model.lock"
DEV_LOCK = "requirements-dev.lock"
_LOCK_POLL_S = 0.5


@dataclass(frozen=True)
class Environment:
    """The virtual environment of one project folder.

    A mark inside it says "installing" before anything is put there, and what was installed once
    all of it is there. So a cut install is never taken for a whole one.
    """

    root: Path

    @property
    def folder(self) -> Path:
        """Return where the environment lies."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the environment's own Python."""
        if os.name == "nt":
            return self.folder / "Scripts" / "python.exe"
        return self.folder / "bin" / "python"

    @property
    def log(self) -> Path:
        """Return the file that keeps what the tools said while setting up."""
        return self.root / "build" / "setup.log"

    @property
    def _mark(self) -> Path:
        return self.folder / "counterpart-setup.json"

    def marks(self) -> dict[str, str]:
        """Return what the mark says: nothing when there is none or it is unreadable."""
        try:
            read = json.loads(self._mark.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in read.items()} if read else {}

    def mark(self, **facts: str) -> None:
        """Add facts to the mark, in one step that cannot be half done."""
        written = json.dumps({**self.marks(), **facts}, indent=1)
        draft = self._mark.with_suffix(".draft")
        draft.write_text(written, encoding="utf-8")
        draft.replace(self._mark)

    def fingerprint(self, *files: str) -> str:
        """Return what an install depends on, as one hash: the named files and this folder.

        The folder counts because an environment that was moved with its project does not work.
        """
        seen = hashlib.sha256(str(self.root).encode())
        for name in files:
            seen.update(name.encode())
            seen.update((self.root / name).read_bytes())
        return seen.hexdigest()

    def is_ready(self) -> bool:
        """Return whether everything that the app needs is installed, as locked now."""
        marks = self.marks()
        wanted = self.fingerprint(RUNTIME_LOCK, MODEL_LOCK, "pyproject.toml")
        return (
            marks.get("state") == "ready"
            and marks.get("runtime") == wanted
            and self.python.exists()
            and self._python_is(marks.get("python", ""))
        )

    def _python_is(self, version: str) -> bool:
        """Return whether the environment's Python is still the one that its packages are for."""
        here = f"{sys.version_info.major}.{sys.version_info.minor}"
        if version == here:
            return True
        # Started by another Python than the one that made it: only then worth asking.
        asked = "import sys; print('%d.%d' % sys.version_info[:2])"
        answer = subprocess.run(
            [str(self.python), "-I", "-c", asked], capture_output=True, text=True, check=False
        )
        return answer.returncode == 0 and answer.stdout.strip() == version

    def install(self) -> None:
        """Make the environment and put everything in that the app needs.

        Raises:
            SetupError: it could not be done, with the next step.

        """
        marks = self.marks()
        cut = marks.get("state") == "installing"
        if self.folder.exists() and (cut or not self._usable(marks)):
            say(
                "An earlier setting up was interrupted: starting afresh."
                if cut
                else "The environment in .venv no longer works here: making it anew."
            )
            self._remove()
        self.folder.mkdir(exist_ok=True)
        self.mark(state="installing")
        if not self.python.exists():
            say("  Making the environment in .venv ...")
            self._make()
        self.install_locked(RUNTIME_LOCK)
        self.install_locked(MODEL_LOCK, "--no-deps")
        say("  Adding Counterpart itself ...")
        self._pip("--no-deps", "--no-build-isolation", "--editable", ".")
        shutil.rmtree(self.folder / "incoming", ignore_errors=True)
        self.mark(
            state="ready",
            runtime=self.fingerprint(RUNTIME_LOCK, MODEL_LOCK, "pyproject.toml"),
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
        )

    def install_locked(self, lock: str, *options: str) -> None:
        """Install what one lock file pins, each file checked against its hash.

        Raises:
            SetupError: pip could not.

        """
        pins = count_pins(self.root / lock)
        self._pip("--require-hashes", *options, "--requirement", lock, pins=pins)

    def _pip(self, *arguments: str, pins: int = 0) -> None:
        pip_install(self.python, arguments, self.log, pins, self.root)

    def _usable(self, marks: dict[str, str]) -> bool:
        """Return whether packages can be added to what is there, hand-made or ours."""
        if not self.python.exists():
            return False
        if "python" in marks and not self._python_is(marks["python"]):
            return False
        if marks.get("root", str(self.root)) != str(self.root):
            return False
        answer = subprocess.run(
            [str(self.python), "-I", "-c", "import pip"], capture_output=True, check=False
        )
        return answer.returncode == 0

    def _remove(self) -> None:
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            raise SetupError(
                f"The folder {self.folder} could not be removed ({error.strerror}): close "
                "Counterpart, delete that folder, and start again."
            ) from error

    def _make(self) -> None:
        self.mark(root=str(self.root))
        made = subprocess.run(
            [sys.executable, "-I", "-m", "venv", str(self.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            said = (made.stderr or made.stdout).strip().splitlines() or ["no reason given"]
            raise SetupError(
                f"Python could not make its environment in {self.folder} ({said[-1]}): delete "
                "that folder and start again."
            )

    @contextmanager
    def only_one(self) -> Iterator[None]:
        """Let one start at a time set up; another waits until the first is done."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with (self.log.parent / "setup.lock").open("a+", encoding="utf-8") as held:
            if not _try_lock(held):
                say("Another start is setting up: waiting for it ...")
                while not _try_lock(held):
                    time.sleep(_LOCK_POLL_S)
            # Closing the file lets go, and so does the end of the process, however it comes.
            yield


def _try_lock(held: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            held.seek(0)
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
