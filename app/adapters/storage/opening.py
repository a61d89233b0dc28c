"""Opening the history: looked at before it is touched, copied before it is changed."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.adapters.storage.faults import damaged, in_words, migration_failed, newer
from app.adapters.storage.history import SqlHistory
from app.adapters.storage.owners import Owner
from app.adapters.storage.sqlite import Database, connect
from app.adapters.storage.tables import REVISIONS
from app.domain.errors import StorageError
from app.services.ports.clock import Clock

BUSY_TIMEOUT_MS = 10_000
MIGRATIONS = Path(__file__).parent / "migrations"


def open_history(path: Path, clock: Clock, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> SqlHistory:
    """Open the history at `path`, made if there is none, brought up to date if it is older.

    StorageError in words otherwise; a newer, foreign or damaged file is left as it is.
    Call it in the thread that will use the history.
    """
    found = _made_or_inspected(path, busy_timeout_ms)
    database = Database(path, busy_timeout_ms)
    try:
        if found != REVISIONS[-1]:
            copy = _copied(path, found, clock, busy_timeout_ms) if found else None
            _migrate(database, copy)
        owner = Owner(path.with_name(path.name + ".running"))
    except BaseException:
        database.close()
        raise
    return SqlHistory(database, owner, clock)


def _made_or_inspected(path: Path, busy_timeout_ms: int) -> str:
    """Return the file's revision, empty for a new file, without writing to one that exists."""
    with in_words(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # Prompts are confidential: no other account of this machine reads the file.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            pass
        else:
            return ""
        if path.stat().st_size == 0:
            return ""
        with closing(connect(path, busy_timeout_ms=busy_timeout_ms, read_only=True)) as file:
            tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return ""
            if "alembic_version" not in tables:
                raise damaged(path)
            rows = file.execute("SELECT version_num FROM alembic_version").fetchall()
        if not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            # SQLite would open it all the same and refuse the first prompt: better said now.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if len(rows) != 1:
        raise damaged(path)
    revision = str(rows[0][0])
    if revision not in REVISIONS:
        raise newer(path)
    return revision


def _copied(path: Path, revision: str, clock: Clock, busy_timeout_ms: int) -> Path:
    """Copy the file as it is before a migration; return where the copy lies."""
    stamp = clock.now().strftime("%Y%m%dT%H%M%S%fZ")
    copy = path.parent / "backups" / f"counterpart-{revision}-{stamp}.db"
    unfinished = copy.with_suffix(".unfinished")
    with in_words(copy):
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.touch(mode=0o600)
        with (
            closing(connect(path, busy_timeout_ms=busy_timeout_ms, read_only=True)) as source,
            closing(sqlite3.connect(unfinished, isolation_level=None)) as target,
        ):
            source.backup(target)
            # A copy is one file: it must not need a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        # Only a whole copy ever has the name that a person would look for.
        unfinished.replace(copy)
    return copy


def _migrate(database: Database, copy: Path | None) -> None:
    """Bring the tables up to date in one transaction: a crash leaves the old ones or the new."""
    # Alembic is asked for only where there is something to do: it takes long to import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with database.writing() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except StorageError as error:
        if copy is None:
            raise
        raise migration_failed(database.path, copy, error) from None
