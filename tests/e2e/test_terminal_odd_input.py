"""What a script may type that makes no sense: one sentence, one JSON document, no traceback."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from app.__main__ import main
from tests.e2e.test_terminal import Terminal

pytestmark = pytest.mark.e2e

_ADD = ("model", "add", "M", "--dialect", "openai-chat", "--model", "m", "--role", "cheap",
        "--no-key", "--base-url")  # fmt: skip
_HUGE = "9" * 23


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(tmp_path / "data", monkeypatch)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("compare",),
        ("frobnicate",),
        ("compare", "hi", "--no-such-option"),
        ("compare", "hi", "--continue", _HUGE),
        ("model", "add", "M", "--dialect", "smoke-signals"),
        ("vote", "abc", "cheap"),
        ("vote", _HUGE, "cheap"),
        ("history", "show", _HUGE),
        ("history", "delete", f"-{_HUGE}"),
        ("history", "search", "--limit", _HUGE),
        ("rule", "replay", _HUGE),
    ],
    ids=" ".join,
)
def test_a_command_that_cannot_be_understood_still_gives_a_script_its_json(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    done = terminal.run(*words, "--json")
    assert done.returncode == 2
    told = json.loads(done.stdout)["error"]
    assert told["kind"] == "bad_command"
    assert done.stderr == f"{told['message']} {told['next_step']}\n"
    if words:  # with none it opens the window
        plain = terminal.run(*words)
        assert (plain.returncode, plain.stdout, plain.stderr) == (2, "", done.stderr)


@pytest.mark.parametrize(
    "address", ["http://[::1/v1", "http://127.0.0.1:99999/v1", "http://127.0.0.1:port/v1"]
)
def test_an_address_that_can_never_be_called_is_refused_when_it_is_typed(
    terminal: Terminal, address: str
) -> None:
    told = terminal.json(*_ADD, address, status=1)
    assert told["error"]["message"] == f"“{address}” is not an address."
    asked = terminal.json("vendor", "models", "OpenAI", "--base-url", address, status=1)
    assert asked["error"]["kind"] == "bad_input"
    assert terminal.json("model", "list") == {"models": []}


def test_more_months_than_there_have_been_report_everything(terminal: Terminal) -> None:
    assert terminal.json("savings", "--months", _HUGE)["since"] == "0001-01-01"


def test_a_prompt_from_a_closed_input_is_an_empty_one(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["compare", "-", "--json", "--data-dir", str(terminal.folder)]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "empty_prompt"


@pytest.mark.parametrize(
    ("words", "before"),
    [(("model", "list"), ""), (("vote", "9", "a"), "There is no comparison 9.")],
    ids=["a result", "an error"],
)
def test_a_full_disk_behind_the_output_is_said_and_is_no_success(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: tuple[str, ...],
    before: str,
) -> None:
    with (tmp_path / "out").open("w") as file:

        class Full(io.StringIO):
            def flush(self) -> None:
                raise OSError(28, os.strerror(28))

            def fileno(self) -> int:
                return file.fileno()

        monkeypatch.setattr(sys, "stdout", Full())
        status = main([*words, "--json", "--data-dir", str(terminal.folder)])
        monkeypatch.undo()
    said = capsys.readouterr().err
    assert status == 1
    assert f"The result could not be printed: {os.strerror(28)}." in said
    assert before in said


def test_a_tour_gives_a_script_its_json_where_its_page_cannot_be_written(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_page(*_ignored: object) -> None:
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr("app.cli.tour.write_page", no_page)
    monkeypatch.setattr("app.ui.pictures.take_pictures", lambda *_ignored: [])
    page = tmp_path / "tour.html"
    told = terminal.json("tour", "--prompts", "1", "--html", str(page), status=1)
    assert told["error"]["kind"] == "not_written"
    monkeypatch.setattr("app.cli.tour.write_page", lambda *_ignored: None)
    assert terminal.json("tour", "--prompts", "1", "--html", str(page)) == {"page": str(page)}
