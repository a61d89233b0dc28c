"""What the database's faults mean, in sentences that say what was kept and what to do next."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.domain.errors import StorageError

_KEPT = "Everything saved before is kept."


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn a fault of the database or the disk into a StorageError about the file at `path`.

    The cause is cut off on purpose: its text could carry the statement that failed.
    """
    try:
        yield
    except DBAPIError as error:
        raise storage_error(path, error.orig) from None
    except (sqlite3.Error, OSError) as error:
        raise storage_error(path, error) from None


def storage_error(path: Path, cause: BaseException | None) -> StorageError:
    """Return the sentence for one fault."""
    if isinstance(cause, OSError):
        return _disk_error(path, cause)
    match getattr(cause, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageError(
                f"Another program is holding the history ({path}), so it could not be read or "
                f"changed. {_KEPT}",
                "Close other windows of Counterpart, or the backup or sync program that holds the "
                "file, and try again.",
                "history_locked",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return _read_only(path)
        case sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(path)
        case sqlite3.SQLITE_IOERR:
            return _unreadable(path, "the disk reported an error")
        case sqlite3.SQLITE_TOOBIG:
            return StorageError(
                f"A text is too long for the history, so it was not saved. {_KEPT}",
                "Shorten the text or attach fewer pages.",
                "history_text_too_long",
            )
        case _:
            return StorageError(
                f"The history ({path}) refused a change, so it was not saved. {_KEPT}",
                "Restart Counterpart; if it happens again, send a problem report from Settings.",
                "history_refused",
            )


def damaged(path: Path) -> StorageError:
    """Return the sentence for a file that is not, or no longer, a readable history."""
    return StorageError(
        f"The history file {path} is damaged or is not a history. "
        "It was left exactly as it is and nothing was written to it.",
        f"Copy it somewhere safe; then put the newest file from {path.parent / 'backups'} or from "
        "your own backup in its place, or move it away to begin a new history.",
        "history_damaged",
    )


def newer(path: Path) -> StorageError:
    """Return the sentence for a file that a later program has written."""
    return StorageError(
        f"The history {path} was written by a newer version of Counterpart. "
        "It was left exactly as it is.",
        "Update Counterpart on this computer, or start it with another data folder.",
        "history_newer",
    )


def migration_failed(path: Path, copy: Path, cause: StorageError) -> StorageError:
    """Return the sentence for an update of the file that did not go through."""
    return StorageError(
        f"The history {path} could not be brought up to date: {cause.problem.message} "
        f"It is as it was before, and a copy lies at {copy}.",
        cause.problem.next_step,
        cause.problem.kind,
    )


def _disk_error(path: Path, cause: OSError) -> StorageError:
    """Return the sentence for a fault outside the database engine."""
    match cause.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _full(path)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _read_only(path)
        case errno.ENOTDIR | errno.EEXIST | errno.ENOENT | errno.EISDIR:
            return _cannot_open(path)
        case _:
            return _unreadable(path, "the disk reported an error")


def _full(path: Path) -> StorageError:
    return StorageError(
        f"The disk that holds the history ({path}) is full, so this was not saved. {_KEPT}",
        "Free some space on that disk and try again.",
        "disk_full",
    )


def _read_only(path: Path) -> StorageError:
    return StorageError(
        f"The history {path} or its folder may only be read, so nothing can be saved. {_KEPT}",
        "Give your account the right to write there, or start Counterpart with another folder.",
        "history_read_only",
    )


def _cannot_open(path: Path) -> StorageError:
    return StorageError(
        f"The history cannot be opened at {path}: it is not a file in a folder that can be used.",
        "Check that the folder exists and is yours, or start Counterpart with another data folder.",
        "history_not_opened",
    )


def _unreadable(path: Path, why: str) -> StorageError:
    return StorageError(
        f"The history {path} could not be read or written: {why}. {_KEPT}",
        "Check the disk (or the network drive) it is on, and restart Counterpart.",
        "history_disk_error",
    )
