from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.storage import SqlHistory, open_history
from tests.fakes.history_samples import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty history: copying it is quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("empty") / "history.db"
    open_history(path, SetClock()).close()
    return path


@pytest.fixture
def history(empty_file: Path, tmp_path: Path, clock: SetClock) -> Iterator[SqlHistory]:
    path = tmp_path / "history.db"
    shutil.copy(empty_file, path)
    opened = open_history(path, clock)
    yield opened
    opened.close()
