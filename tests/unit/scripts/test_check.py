"""The one command that checks everything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import check
from scripts.check import Result, Step

PYTHON = Path(sys.executable)


def test_a_failed_check_does_not_hide_those_after_it_and_decides_the_exit_code() -> None:
    results = [Result("ruff", 0, 1.0), Result("mypy", 2, 9.5), Result("pytest", 1, 60.0)]
    assert check.exit_code(results) == 2
    assert (
        check.summary(results) == "check: ruff ok 1.0 s | mypy FAILED 9.5 s | pytest FAILED 60.0 s"
    )
    assert check.exit_code([Result("ruff", 0, 1.0)]) == 0


def test_every_tool_of_the_house_runs_and_pytest_last() -> None:
    names = [step.name for step in check.steps(PYTHON, fast=False, paths=[])]
    assert names == ["ruff", "format", "mypy", "imports", "pytest"]


def test_the_coverage_floor_holds_for_the_whole_suite_only() -> None:
    assert "--cov" in check.pytest_arguments(fast=False, paths=[])
    assert check.pytest_arguments(fast=True, paths=["tests/unit"]) == [
        *check.WORKERS,
        "-m",
        "not e2e",
        "tests/unit",
    ]
    assert check.pytest_arguments(fast=False, paths=["tests/unit"]) == ["tests/unit"]


def test_the_checks_never_see_the_users_screen_keychain_or_files(tmp_path: Path) -> None:
    user = {
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus",
        "DISPLAY": ":0",
        "XDG_DATA_HOME": "/home/user/.local/share",
        "PATH": "/usr/bin",
    }
    environ = check.private_environ(user, tmp_path)
    assert "DBUS_SESSION_BUS_ADDRESS" not in environ
    assert "DISPLAY" not in environ
    assert environ["XDG_DATA_HOME"].startswith(str(tmp_path))
    assert environ["QT_QPA_PLATFORM"] == "offscreen"
    assert environ["PATH"] == "/usr/bin"
    assert (tmp_path / "runtime").stat().st_mode & 0o777 == 0o700


def test_a_step_reports_the_code_of_its_command(capfd: pytest.CaptureFixture[str]) -> None:
    step = Step("probe", (sys.executable, "-c", "print('said'); raise SystemExit(3)"))
    result = check.run_step(step, {})
    assert (result.name, result.code) == ("probe", 3)
    assert capfd.readouterr().out == "\n== probe\nsaid\n"
