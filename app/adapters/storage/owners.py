"""Which running program streams an answer: a locked file for each, so that liveness is certain.

The operating system frees the lock when the program ends, however it ends; no process number
that another program may have taken over is ever asked.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path
from typing import BinaryIO

from app.adapters.storage.faults import in_words

_TRIES = 10


class Owner:
    """The lock of this program, held from opening the history to closing it.

    `token` is what its answers carry while they stream.
    """

    def __init__(self, folder: Path) -> None:
        """Take a lock in the folder, made if need be; StorageError if that cannot be."""
        self._folder = folder
        with in_words(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self.token, self._file = self._claim()

    def alive(self, token: str) -> bool:
        """Return whether the program with that token is running; clears away a dead one's file."""
        if token == self.token:
            return True
        path = self._folder / token
        try:
            with path.open("r+b") as file:
                if not _lock(file):
                    return True
                # Deleting while the lock is held: see _claim.
                _delete(path)
                return False
        except FileNotFoundError:
            return False
        except OSError:
            # It is there and cannot be asked: rather leave an answer alone than cut a live one.
            return True

    def alone(self) -> bool:
        """Return whether no other program uses the history."""
        others = [path.name for path in self._folder.iterdir() if path.name != self.token]
        return not any(self.alive(token) for token in others)

    def clear_away_dead(self) -> None:
        """Delete the files that programs left which did not end in order."""
        for path in self._folder.iterdir():
            self.alive(path.name)

    def release(self) -> None:
        """Give the lock back."""
        if not self._file.closed:
            self._file.close()
            _delete(self._folder / self.token)

    def _claim(self) -> tuple[str, BinaryIO]:
        for _ in range(_TRIES):
            token = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
            path = self._folder / token
            file = path.open("xb")
            # Another program may have taken the new file for a dead one's and deleted it.
            if _lock(file) and path.exists():
                return token, file
            file.close()
        raise PermissionError(13, "no lock could be taken", str(self._folder))


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # Windows keeps a file that is open; the next start clears it away.


if sys.platform == "win32":

    def _lock(file: BinaryIO) -> bool:
        """Lock the file's first byte for as long as it is open; False if another holds it."""
        import msvcrt

        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(file: BinaryIO) -> bool:
        """Lock the file for as long as it is open; False if another holds it."""
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
