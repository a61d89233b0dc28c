"""What the machine must bring, and what is said when it does not."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from scripts.install import system
from scripts.install.errors import SetupError
from scripts.install.machine import check_c_library, check_machine, check_writable


def test_missing_qt_libraries_are_named_with_their_debian_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    gone = {"libEGL.so.1", "libxcb-cursor.so.0"}
    missing = system.missing_libraries(window=True, found=lambda name: name not in gone)
    assert set(missing) == gone
    assert system.debian_packages(missing) == ["libegl1", "libxcb-cursor0"]
    painting = system.missing_libraries(window=False, found=lambda name: name not in gone)
    assert painting == ["libEGL.so.1"]


def test_a_library_that_nobody_has_is_not_found() -> None:
    assert not system.loads("libcounterpart-no-such-thing.so.1")


def test_without_root_the_exact_command_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(system, "administrator", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupError, match="sudo apt-get install -y libegl1 libgl1"):
        system.ensure_system(
            "painting",
            tmp_path / "log",
            found=lambda name: name not in {"libEGL.so.1", "libGL.so.1"},
        )


def test_a_python_without_venv_is_recognised_and_named() -> None:
    assert system.lacks_venv(lambda name: None if name == "ensurepip" else object())
    assert not system.lacks_venv(lambda _name: object())
    assert system.venv_package() == f"python3.{sys.version_info.minor}-venv"


def test_a_folder_of_somebody_else_is_told_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root every folder can be written to, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(SetupError, match="folder of your own"):
        check_writable(tmp_path)


def test_a_full_disk_is_told_before_the_download(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="500 MB free"):
        check_machine(tmp_path, free_mb=500)


@pytest.mark.parametrize(("name", "version"), [("glibc", "2.31"), ("", ""), ("musl", "1.2")])
def test_a_system_too_old_for_qt_is_told_before_the_download(name: str, version: str) -> None:
    with pytest.raises(SetupError, match=r"2\.34"):
        check_c_library(name, version)


def test_a_current_system_is_accepted() -> None:
    check_c_library("glibc", "2.36")
    check_c_library("glibc", "3.0")
