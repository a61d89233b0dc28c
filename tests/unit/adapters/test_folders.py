"""Where files lie, and who may read them."""

import stat
from pathlib import Path

import pytest

from app.adapters.folders import Folders
from app.domain.errors import StorageError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_on_this_computer_can_open_the_data_folder(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "a" / "data")
    assert folders.data == tmp_path / "a" / "data"
    assert mode(folders.data) == 0o700
    assert folders.cache.is_relative_to(folders.data)
    assert mode(folders.cache) == 0o700


def test_without_a_choice_the_platforms_own_folders_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folders = Folders()
    assert folders.data.name == "Counterpart"
    assert folders.data.is_relative_to(tmp_path)
    assert mode(folders.data) == 0o700
    assert folders.cache != folders.data


def test_a_folder_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    assert mode(Folders(tmp_path).data) == 0o750


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--data-dir"):
        _ = Folders(tmp_path / "file" / "data").data
