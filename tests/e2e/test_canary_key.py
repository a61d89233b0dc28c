"""One key, typed into the real form of a real window, and looked for wherever it must not be."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.adapters.vault.keychain import KeyringVault
from app.domain.answer import AnswerState
from app.domain.model import KeySource, ModelRef
from app.services.problem_report import problem_report
from app.ui.main_window import MainWindow
from app.ui.views.settings.view import SettingsView
from app.ui.widgets.model_form import ModelForm
from tests.e2e.test_window import WAIT_MS, ask, do, opened, settled
from tests.fakes.fault_server import CUT, FaultServer, Received, Reply
from tests.fakes.secret_service import private_keychain
from tests.fakes.streams import anthropic_stream, openai_chunk, openai_stream, sse
from tests.fakes.windows import words_of

pytestmark = pytest.mark.e2e
FIRST, SECOND = "sk-canary-typed-5ad0c4e1", "sk-canary-anew-9b72f6d3"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def keychain() -> Iterator[None]:
    # Not tmp_path: the path of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="bus-") as folder, private_keychain(Path(folder)):
        yield


def settings(qtbot: QtBot, window: MainWindow) -> SettingsView:
    window.show_view("settings")
    view = window.view("settings")
    assert isinstance(view, SettingsView)
    qtbot.waitUntil(lambda: view.models.form is not None and window.bridge.idle, timeout=WAIT_MS)
    return view


def add(
    qtbot: QtBot, window: MainWindow, name: str, address: str, dialect: str, role: str
) -> ModelRef:
    """Add a model as a person does: with the mouse and the keyboard, key and all."""
    view = settings(qtbot, window)
    QTest.mouseClick(view.models.add, Qt.MouseButton.LeftButton)
    form = view.models.form
    assert isinstance(form, ModelForm)
    form.vendor.setCurrentIndex(form.vendor.findText("Any compatible address"))
    form.where.dialect.setCurrentIndex(form.where.dialect.findText(dialect))
    qtbot.keyClicks(form.address, address)
    qtbot.keyClicks(form.key.line, FIRST)
    form.role.setCurrentIndex(next(i for i in range(2) if role in form.role.itemText(i)))
    form.picker.load.click()  # the list is asked for with the key that stands there, and refused
    qtbot.waitUntil(lambda: bool(form.picker.said.text()) and window.bridge.idle, timeout=WAIT_MS)
    form.model.setEditText("m-1")
    form.name.clear()
    qtbot.keyClicks(form.name, name)
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(form.isHidden, timeout=WAIT_MS)
    assert form.key.line.text() == ""
    model = do(qtbot, window, lambda services: services.models.named(name))
    assert isinstance(model, ModelRef), model
    return model


def replace_key(qtbot: QtBot, window: MainWindow, model: ModelRef) -> None:
    view = settings(qtbot, window)
    row = next(row for row in view.models.rows if row.model.name == model.name)
    QTest.mouseClick(row.buttons["key"], Qt.MouseButton.LeftButton)
    qtbot.keyClicks(row.key.line, SECOND)
    row.key_given.emit(row.model)
    qtbot.waitUntil(lambda: window.bridge.idle, timeout=WAIT_MS)


def faults(request: Received) -> Reply:
    """Answer badly, and quote the key each time, as some servers do."""
    if request.method == "GET":
        return Reply.error(401, {"error": {"message": f"{FIRST} may not list models"}})
    key = request.headers.get("x-api-key") or request.headers.get("authorization", "")
    asked = request.body.decode()
    if "refused" in asked:
        return Reply.error(401, {"error": {"message": f"no such key: {key}"}})
    if "cut" in asked:
        if request.path == "/v1/messages":
            return Reply.stream([*anthropic_stream(["Half"], stop=None, done=False), CUT])
        return Reply.stream([openai_chunk({"content": "Half"}), sse({"error": {"message": key}})])
    if "rubbish" in asked:
        return Reply(200, {"Content-Type": "text/html", "X-Echo": key}, (key.encode(),))
    if request.path == "/v1/messages":
        return Reply.stream(anthropic_stream(["Whole."]))
    return Reply.stream(openai_stream(["Whole."]))


def family() -> dict[str, bytes]:
    """Return the arguments of this process, and arguments and environment of all it started."""
    found = {"own arguments": Path("/proc/self/cmdline").read_bytes()}
    below = [os.getpid()]
    while below:
        for task in Path(f"/proc/{below.pop()}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                below.append(child)
                for what in ("cmdline", "environ"):
                    found[f"{what} of {child}"] = Path(f"/proc/{child}/{what}").read_bytes()
    return found


def test_a_key_typed_in_settings_is_on_the_wire_and_in_the_keychain_and_nowhere_else(
    qtbot: QtBot,
    tmp_path: Path,
    server: FaultServer,
    keychain: None,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.route = faults
    seen: dict[str, bytes] = {}
    with opened(qtbot, tmp_path) as window:
        # The practice model first: its process is a child whose environment is looked at, too.
        ask(qtbot, window, "The notice was served on 4 March. On which date was it served?")
        last = settled(qtbot, window).id
        cheap = add(qtbot, window, "Small", server.openai_url, "OpenAI Chat Completions", "Cheap")
        big = add(qtbot, window, "Big", server.url, "Anthropic Messages", "Frontier")
        assert {cheap.key_source, big.key_source} == {KeySource.KEYCHAIN}
        kept = KeyringVault().fetch(cheap.key_name)
        assert kept is not None
        assert kept.reveal() == FIRST
        do(qtbot, window, lambda services: services.models.use_pair("Small", "Big"))
        with qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
            window.show_view("compare")
        states = []
        for text in ("whole?", "refused?", "cut?", "rubbish?"):
            ask(qtbot, window, text)
            turn = settled(qtbot, window, last)
            last = turn.id
            states.append([answer.state for answer in turn.answers])
            seen[f"the window after {text}"] = "\n".join(words_of(window)).encode()
        replace_key(qtbot, window, cheap)
        replace_key(qtbot, window, big)
        window.show_view("compare")
        ask(qtbot, window, "whole again?")
        assert settled(qtbot, window, last).votable
        view = settings(qtbot, window)
        seen["the window"] = "\n".join(words_of(view)).encode()
        seen["the clipboard"] = QGuiApplication.clipboard().text().encode()
        seen["the problem report"] = str(do(qtbot, window, problem_report)).encode()
        seen |= family()
        assert any(name.startswith("environ of") for name in seen)
    assert states == [
        [AnswerState.COMPLETE] * 2,
        [AnswerState.FAILED] * 2,
        [AnswerState.INCOMPLETE] * 2,
        [AnswerState.FAILED] * 2,
    ]
    sent = [str(request.headers) for request in server.requests]
    assert sum(FIRST in headers for headers in sent) == 2 + 8  # two lists, four comparisons
    assert sum(SECOND in headers for headers in sent) == 2
    assert not any(key in request.path for key in (FIRST, SECOND) for request in server.requests)
    told = capfd.readouterr()
    seen |= {"standard output": told.out.encode(), "standard error": told.err.encode()}
    seen["the log"] = caplog.text.encode()
    seen |= {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len([name for name in seen if name.startswith(str(tmp_path))]) >= 1
    leaks = [
        name for name, held in seen.items() if FIRST.encode() in held or SECOND.encode() in held
    ]
    assert leaks == []
