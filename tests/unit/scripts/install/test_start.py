"""The one command of the README, from its words to the app."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scripts.install import start
from scripts.install.environment import Environment
from scripts.install.errors import SetupError


def test_words_after_the_dashes_reach_the_app_untouched() -> None:
    own, passed_on = start.split(["--", "compare", "--json", "--", "a prompt"])
    assert own == []
    assert passed_on == ["compare", "--json", "--", "a prompt"]


def test_a_command_without_the_dashes_is_refused_with_the_usage(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        start.start(["compare", "a prompt"])
    assert stopped.value.code == 2
    assert "[-- ARGS ...]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["--sample"], True),
        (["--data-dir", "folder"], True),
        (["--data-dir=folder", "--sample"], True),
        (["--version"], False),
        (["tour"], False),
        (["compare", "--json", "a prompt"], False),
        (["--data-dir", "folder", "compare", "a prompt"], False),
    ],
)
def test_only_a_window_asks_for_a_screen(arguments: list[str], window: bool) -> None:
    assert start.opens_window(arguments) is window


def test_a_terminal_command_is_not_held_up_by_missing_qt_libraries() -> None:
    assert start.libraries_for(["compare", "a prompt"], screen=True) == ""
    assert start.libraries_for(["tour"], screen=True) == "painting"
    assert start.libraries_for([], screen=True) == "window"
    assert start.libraries_for([], screen=False) == "painting"


def test_without_a_screen_the_window_becomes_a_tour_in_the_same_data_folder() -> None:
    assert start.without_screen([]) == ["tour"]
    assert start.without_screen(["--data-dir", "folder"]) == ["tour", "--data-dir", "folder"]


def test_without_a_screen_the_sample_history_is_refused_with_a_next_step() -> None:
    with pytest.raises(SetupError, match="tour"):
        start.without_screen(["--sample"])


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What would have been started: the app's arguments and variables."""
    seen: list[tuple[list[str], dict[str, str]]] = []

    def launch(_environment: Environment, arguments: list[str], environ: dict[str, str]) -> int:
        seen.append((arguments, environ))
        return 0

    monkeypatch.setattr(start, "launch", launch)
    monkeypatch.setattr(start, "set_up", lambda *_arguments: None)
    return seen


def test_a_machine_without_a_screen_gets_the_tour_and_is_told_why(
    started: list[tuple[list[str], dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start, "has_screen", lambda _environ: False)
    monkeypatch.setenv("DISPLAY", ":54321")
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert start.start([]) == 0
    [(arguments, environ)] = started
    assert arguments == ["tour"]
    assert environ["QT_QPA_PLATFORM"] == "offscreen"
    assert "DISPLAY" not in environ
    assert "no screen" in capsys.readouterr().err


def test_a_command_gets_its_standard_output_for_itself(
    started: list[tuple[list[str], dict[str, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start.start(["--", "compare", "--json", "a prompt"]) == 0
    assert started[0][0] == ["compare", "--json", "a prompt"]
    assert capsys.readouterr().out == ""


def test_a_folder_called_app_where_the_user_stands_is_not_started_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []

    def run(words: list[str], **_options: object) -> subprocess.CompletedProcess[bytes]:
        called.append(words)
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(os, "execve", lambda _path, words, _environ: called.append(words))
    monkeypatch.setattr(subprocess, "run", run)
    start.launch(Environment(tmp_path), ["history", "search", "x"], {})
    assert called[0][1:] == ["-P", "-m", "app", "history", "search", "x"]


@pytest.mark.parametrize(
    "fault", [SetupError("One sentence."), PermissionError(13, "denied", "x"), KeyboardInterrupt()]
)
def test_what_goes_wrong_is_one_sentence_and_never_a_traceback(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(start, "set_up", fail)
    assert start.start(["--", "--version"]) != 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_an_update_says_so_instead_of_a_first_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = Environment(tmp_path)
    for name in ("requirements.lock", "requirements-model.lock", "pyproject.toml"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    environment.folder.mkdir()
    environment.mark(state="ready", runtime="an earlier version")
    monkeypatch.setattr(start, "ensure_system", lambda *_arguments: None)
    monkeypatch.setattr(Environment, "install", lambda _environment: None)
    start.set_up(environment, "", {})
    said = capsys.readouterr().err
    assert "what has changed" in said
    assert "255" not in said
