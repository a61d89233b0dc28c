"""What is special to SQLite: its settings, its transactions, its durability, its deletion."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from app.adapters.storage.faults import in_words

# secure_delete overwrites what is deleted; temp_store keeps sorted texts off the disk;
# fullfsync matters on macOS alone, where an ordinary sync does not reach the platter.
_SETTINGS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA fullfsync = ON",
    "PRAGMA synchronous = FULL",
)
_REWRITE_UP_TO_BYTES = 128 * 1024 * 1024  # about a second of work
_BEGIN = "begin_statement"


def connect(path: Path, *, busy_timeout_ms: int, read_only: bool = False) -> sqlite3.Connection:
    """Return a bare connection; `read_only` never creates nor changes the file."""
    address = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rw")
    return sqlite3.connect(
        address,
        uri=True,
        timeout=busy_timeout_ms / 1000,
        isolation_level=None,  # transactions begin where we say, not where the driver guesses
        cached_statements=256,
    )


class Database:
    """One connection to one file, used from one thread; every transaction is explicit."""

    def __init__(self, path: Path, busy_timeout_ms: int) -> None:
        """Open an existing file; StorageError in words."""
        self.path = path
        self._engine = create_engine(
            "sqlite://",
            creator=lambda: _configured(path, busy_timeout_ms),
            poolclass=NullPool,
            hide_parameters=True,  # a prompt never enters a traceback
        )
        event.listen(self._engine, "begin", _begin)
        self._scrub_due = False
        with in_words(path):
            self._connection = self._engine.connect()
            self._synchronous = "FULL"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees one consistent state."""
        with in_words(self.path):
            self._connection.execution_options(**{_BEGIN: "BEGIN"})
            with self._connection.begin():
                yield self._connection

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Give a transaction that is wholly stored or not at all.

        `durable`: leaving it means that it is on the disk, even if the power fails now.
        """
        with in_words(self.path):
            self._sync("FULL" if durable else "NORMAL")
            # Asking for the write lock at once never ends in a deadlock half-way.
            self._connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with self._connection.begin():
                yield self._connection
        if self._scrub_due:
            self.scrub()

    def scrub(self) -> None:
        """Make sure that text deleted just now is in no file, the log included.

        secure_delete overwrites what is deleted, yet a page that was once balanced may hold a
        second copy in its gap: a file small enough is written anew. Where another window reads
        just now, or the disk is full, it is tried again after the next change and on closing.
        """
        self._scrub_due = True
        try:
            if self.path.stat().st_size <= _REWRITE_UP_TO_BYTES:
                self.raw.execute("VACUUM")
            busy, _, _ = self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except (sqlite3.OperationalError, OSError):
            return
        self._scrub_due = bool(busy)

    @property
    def raw(self) -> sqlite3.Connection:
        """Return the driver's own connection, for what must happen outside a transaction."""
        return cast(sqlite3.Connection, self._connection.connection.dbapi_connection)

    def close(self) -> None:
        """Write the log back and close; silent when it is closed already."""
        if self._connection.closed:
            return
        try:
            if self._scrub_due:
                self.scrub()
        finally:
            # The last connection to a file writes its log back by itself.
            self._connection.close()
            self._engine.dispose()

    def _sync(self, level: str) -> None:
        if level != self._synchronous:
            self.raw.execute(f"PRAGMA synchronous = {level}")
            self._synchronous = level


def _configured(path: Path, busy_timeout_ms: int) -> sqlite3.Connection:
    """Return a connection with our settings, closed again if one fails."""
    connection = connect(path, busy_timeout_ms=busy_timeout_ms)
    try:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        for statement in _SETTINGS:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(connection: Connection) -> None:
    """Begin as the transaction asks: reading takes no lock, writing takes it at once."""
    connection.exec_driver_sql(connection.get_execution_options()[_BEGIN])
