"""Opening and changing the history file: never at the price of what is in it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.storage import open_history, opening
from app.adapters.storage.faults import storage_error
from app.adapters.storage.tables import REVISIONS
from app.domain.errors import StorageError
from app.domain.turn import HistoryQuery
from tests.fakes.history_samples import SetClock, asked, ended, turn

ROOT = Path(__file__).parents[2]
LAST, NEXT = REVISIONS[-1], "9999"


def a_history(path: Path) -> Path:
    history = open_history(path, SetClock())
    asked(history, "a prompt to keep")
    history.close()
    return path


def kinds(problem: pytest.ExceptionInfo[StorageError]) -> str:
    """Return the kind, having made sure that the sentence says what happened and what next."""
    found = problem.value.problem
    assert found.message.endswith(".")
    assert found.next_step.endswith(".")
    assert "SELECT" not in found.sentence()
    assert problem.value.__cause__ is None
    return found.kind


@pytest.fixture
def next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that is one migration ahead; returns the migration's file, to be changed."""
    folder = tmp_path / "program" / "migrations"
    shutil.copytree(opening.MIGRATIONS, folder)
    step = folder / "versions" / "v9999_next.py"
    step.write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "{NEXT}"\ndown_revision = "{LAST}"\n'
        "def upgrade():\n"
        '    op.add_column("matter", sa.Column("client", sa.Text()))\n'
        '    op.execute("UPDATE matter SET client = name")\n'
    )
    monkeypatch.setattr(opening, "MIGRATIONS", folder)
    monkeypatch.setattr(opening, "REVISIONS", (*REVISIONS, NEXT))
    return step


def test_a_new_history_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = a_history(tmp_path / "data" / "history.db")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_older_file_is_copied_before_it_is_migrated(tmp_path: Path, next_schema: Path) -> None:
    path = tmp_path / "history.db"
    with pytest.MonkeyPatch.context() as older:
        older.setattr(opening, "REVISIONS", REVISIONS)
        shutil.move(next_schema, tmp_path / "later.py")
        a_history(path)
        shutil.move(tmp_path / "later.py", next_schema)
    migrated = open_history(path, SetClock())
    assert migrated.count(HistoryQuery("keep")) == 1
    migrated.close()
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name == f"counterpart-{LAST}-20260301T120000123456Z.db"
    with closing(sqlite3.connect(copy)) as old, closing(sqlite3.connect(path)) as new:
        assert old.execute("SELECT version_num FROM alembic_version").fetchone() == (LAST,)
        assert old.execute("SELECT text FROM prompt").fetchall() == [("a prompt to keep",)]
        assert new.execute("SELECT version_num FROM alembic_version").fetchone() == (NEXT,)
        assert new.execute("SELECT count(client) FROM matter").fetchone() == (2,)
    open_history(path, SetClock()).close()
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was_and_names_the_copy(
    tmp_path: Path, next_schema: Path
) -> None:
    path = tmp_path / "history.db"
    step = next_schema.read_text()
    with pytest.MonkeyPatch.context() as older:
        older.setattr(opening, "REVISIONS", REVISIONS)
        next_schema.unlink()
        a_history(path)
    next_schema.write_text(step + '    op.execute("UPDATE nowhere SET x = 1")\n')
    with pytest.raises(StorageError, match="could not be brought up to date") as problem:
        open_history(path, SetClock())
    (copy,) = (tmp_path / "backups").iterdir()
    assert str(copy) in problem.value.problem.message
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT version_num FROM alembic_version").fetchone() == (LAST,)
        assert "client" not in {row[1] for row in file.execute("PRAGMA table_info(matter)")}
        assert file.execute("SELECT text FROM prompt").fetchall() == [("a prompt to keep",)]


@pytest.mark.parametrize("moment", ["create", "upgrade"])
def test_a_kill_in_the_middle_of_a_migration_leaves_the_old_tables_whole(
    tmp_path: Path, next_schema: Path, moment: str
) -> None:
    path = tmp_path / "history.db"
    step = next_schema.read_text()
    next_schema.unlink()
    if moment == "upgrade":
        with pytest.MonkeyPatch.context() as older:
            older.setattr(opening, "REVISIONS", REVISIONS)
            a_history(path)
    next_schema.write_text(step + "    import os\n    os.kill(os.getpid(), 9)\n")
    code = (
        "from pathlib import Path; from app.adapters.storage import opening;"
        "from tests.fakes.history_samples import SetClock;"
        f"opening.MIGRATIONS = Path({str(opening.MIGRATIONS)!r});"
        f"opening.REVISIONS = {(*REVISIONS, NEXT)!r};"
        f"opening.open_history(Path({str(path)!r}), SetClock())"
    )
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
        if moment == "create":
            assert tables == set()
        else:
            assert "client" not in {row[1] for row in file.execute("PRAGMA table_info(matter)")}
            assert file.execute("SELECT version_num FROM alembic_version").fetchone() == (LAST,)
    next_schema.write_text(step)
    history = open_history(path, SetClock())
    assert history.count(HistoryQuery()) == (1 if moment == "upgrade" else 0)
    history.close()


def test_a_file_from_a_newer_version_is_refused_unwritten(tmp_path: Path) -> None:
    path = a_history(tmp_path / "history.db")
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE alembic_version SET version_num = 'later'")
        file.commit()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer version of Counterpart") as problem:
        open_history(path, SetClock())
    assert kinds(problem) == "history_newer"
    assert path.read_bytes() == before
    assert not (tmp_path / "backups").exists()


@pytest.mark.parametrize("damage", ["header", "not sqlite", "another program's", "pages"])
def test_a_damaged_or_foreign_file_is_never_overwritten(tmp_path: Path, damage: str) -> None:
    path = a_history(tmp_path / "history.db")
    content = bytearray(path.read_bytes())
    match damage:
        case "header":
            content[:16] = b"X" * 16
        case "pages":
            content[4096:40960] = os.urandom(36_864)
        case _:
            content[:] = b"Dear Sir or Madam,\n" * 1_000
    path.write_bytes(content)
    if damage == "another program's":
        path.unlink()
        with closing(sqlite3.connect(path)) as file:
            file.execute("CREATE TABLE bookmarks (id INTEGER)")
            file.commit()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="damaged or is not a history") as problem:
        open_history(path, SetClock())
    assert kinds(problem) == "history_damaged"
    assert path.read_bytes() == before


def test_damage_found_while_reading_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history = open_history(path, SetClock())
    for number in range(20):
        history.begin_turn(turn(f"prompt {number} " + "x" * 9_000))
    history.close()
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as file:
        (root,) = file.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'prompt'"
        ).fetchone()
    content[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    damaged = open_history(path, SetClock())
    with pytest.raises(StorageError) as problem:
        damaged.turn(1)
    assert kinds(problem) == "history_damaged"
    damaged.close()


def test_an_empty_file_becomes_a_history(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    path.touch()
    assert a_history(path).stat().st_size > 0


def test_a_history_locked_by_another_program_is_told_in_words(tmp_path: Path) -> None:
    path = a_history(tmp_path / "history.db")
    history = open_history(path, SetClock(), busy_timeout_ms=20)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as problem:
            history.begin_turn(turn("not now"))
        assert kinds(problem) == "history_locked"
        assert history.count(HistoryQuery()) == 1
        other.execute("ROLLBACK")
    asked(history, "now it works")
    assert history.count(HistoryQuery()) == 2
    history.close()


def test_a_full_disk_loses_nothing_that_was_saved(tmp_path: Path) -> None:
    history = open_history(tmp_path / "history.db", SetClock())
    begun = history.begin_turn(turn("a prompt to keep"))
    raw = history._database.raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError) as problem:
        history.finish_answer(ended(begun.answers[0], "long answer " * 20_000), ())
    assert kinds(problem) == "disk_full"
    assert history.turn(begun.id) == begun
    raw.execute(f"PRAGMA max_page_count = {pages + 10_000}")
    history.finish_answer(ended(begun.answers[0], "long answer " * 20_000), ())
    assert history.count(HistoryQuery("long answer")) == 1
    history.close()


@pytest.fixture
def ordinary_account() -> Iterator[Path]:
    """A folder of an account that permissions bind: as root, of another one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = os.name == "posix" and os.geteuid() == 0
        if root:
            folder.chmod(0o755)
            os.chown(folder, 65_534, 65_534)
            os.seteuid(65_534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755)


@pytest.mark.parametrize("what", ["folder", "file", "new"])
def test_a_read_only_history_is_told_in_words_and_left_alone(
    ordinary_account: Path, what: str
) -> None:
    path = ordinary_account / "history.db"
    before = a_history(path).read_bytes() if what != "new" else b""
    if what == "file":
        path.chmod(0o444)
    else:
        ordinary_account.chmod(0o555)
    with pytest.raises(StorageError) as problem:
        open_history(path, SetClock())
    assert kinds(problem) in {"history_read_only", "history_not_opened"}
    assert (path.read_bytes() if path.exists() else b"") == before


def test_a_folder_that_cannot_be_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as problem:
        open_history(tmp_path / "file" / "history.db", SetClock())
    assert kinds(problem) == "history_not_opened"
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(StorageError):
        open_history(tmp_path / "folder.db", SetClock())


@pytest.mark.parametrize("name", ["my 50% case?#1.db", "Ünïcode’s.db"])
def test_any_file_name_works(tmp_path: Path, name: str) -> None:
    path = a_history(tmp_path / "Müller & Co 100%" / name)
    history = open_history(path, SetClock())
    assert history.count(HistoryQuery()) == 1
    history.close()


def test_every_fault_of_the_engine_has_a_sentence() -> None:
    for code in range(1, 30):
        error = sqlite3.OperationalError("secret prompt")
        error.sqlite_errorcode = code
        problem = storage_error(Path("history.db"), error).problem
        assert problem.message.endswith(".")
        assert problem.next_step.endswith(".")
        assert "secret prompt" not in problem.sentence()
