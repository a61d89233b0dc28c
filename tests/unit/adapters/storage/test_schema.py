"""The migrations and the tables that the program works with say the same."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from app.adapters.storage.history import SqlHistory
from app.adapters.storage.opening import MIGRATIONS, open_history
from app.adapters.storage.tables import REVISIONS, metadata
from tests.fakes.history_samples import SetClock
from tests.fakes.old_history import build


def test_a_migrated_file_has_exactly_the_tables_that_the_program_expects(empty_file: Path) -> None:
    engine = create_engine(f"sqlite:///{empty_file}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, *_: "turn_search" not in (name or "")}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_program_knows_every_migration_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in steps)[::-1] == REVISIONS


def test_nothing_but_the_two_sqlite_files_speaks_sqlites_own_language() -> None:
    allowed = {"sqlite.py", "search.py", "opening.py", "faults.py", "v0001_first.py"}
    for path in MIGRATIONS.parent.rglob("*.py"):
        if path.name not in allowed:
            text = path.read_text(encoding="utf-8")
            imported = {
                alias.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import)
                for alias in node.names
            }
            assert "sqlite3" not in imported, path
            assert "PRAGMA" not in text, path
            assert "MATCH" not in text, path


def test_opening_an_up_to_date_history_never_waits_for_the_migration_tool(
    history: SqlHistory, tmp_path: Path
) -> None:
    import subprocess

    code = (
        "import sys; from pathlib import Path; from app.adapters.storage import open_history;"
        "from tests.fakes.history_samples import SetClock;"
        f"open_history(Path({str(tmp_path / 'history.db')!r}), SetClock()).close();"
        "assert 'alembic' not in sys.modules and 'sqlalchemy.orm' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])


def test_a_cloud_model_that_was_added_as_local_is_no_longer_so_after_the_update(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"
    added = {
        "here": ("http://localhost:11434/v1", "llama3", True),
        "cloud": ("http://127.0.0.1:11434", "gpt-oss:120b-CLOUD", True),
        "far": ("https://far.example/v1", "some-cloud", False),
    }
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for name, (url, model, local) in added.items():
            connection.execute(
                text(
                    "INSERT INTO model (name, dialect, base_url, model, role, vendor, "
                    "system_prompt, key_source, key_name, local, practice, added_at) VALUES "
                    "(:name, 'openai-chat', :url, :model, 'cheap', '', '', 'none', '', :local, "
                    "0, 0)"
                ),
                {"name": name, "url": url, "model": model, "local": local},
            )
    engine.dispose()
    history = open_history(path, SetClock())
    models = {model.name: model for model in history.models()}
    history.close()
    assert {name: model.local for name, model in models.items()} == {
        "here": True, "cloud": False, "far": False,
    }  # fmt: skip
    assert {name: model.forwards_to for name, model in models.items()} == {
        "here": "", "cloud": "ollama.com", "far": "",
    }  # fmt: skip


def test_what_was_asked_before_prompts_could_continue_an_answer_continues_none(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"
    build(path)
    history = open_history(path, SetClock())
    read = history.turn(1)
    history.close()
    assert read is not None
    assert (read.parent_id, read.continued_answer_id, read.context_gone) == (None, None, False)
