from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.answer import AnswerState
from app.domain.errors import Problem
from app.domain.turn import HistoryQuery
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.views.history.view import HistoryView
from app.ui.views.welcome import WelcomeView
from tests.fakes.rooms import room
from tests.fakes.scripted import Stage
from tests.fakes.windows import WAIT_MS, click, frames, main_window, press, wait_until, words_of

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "numpy", "sqlalchemy", "alembic", "httpx", "keyring", "tiktoken", "pyqtgraph", "genai_prices",
    "orjson", "truststore", "pypdfium2", "docx", "_hashlib", "platform",
)  # fmt: skip
OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def in_own_process(code: str, *, timeout: float = 60, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**OFFSCREEN, **variables},
        capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_first_paint_waits_for_no_heavy_import() -> None:
    code = f"""
import os, sys
from PySide6.QtWidgets import QApplication
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
import app.ui.window
app = QApplication([])
theme.apply(app, "light")
def services():
    raise RuntimeError("nothing may be opened before the first paint")
bridge = Bridge(services)
window = MainWindow(bridge)
def painted():
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    views = [n for n in sys.modules if n.startswith("app.ui.views.") and n.split(".")[3] in
             ("history", "savings", "rule", "settings", "welcome", "calibrate")
             or n == "app.ui.views.compare.desk"]
    print(loaded, views, flush=True)
    os._exit(0)
window.painted.connect(painted)
window.show()
app.exec()
"""
    assert in_own_process(code).split("\n")[0] == "[] []"


def test_the_start_is_traced_for_whoever_measures_it(tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    code = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tests.fakes.scripted import Stage
from app.ui import window
app = QApplication([])
timer = QTimer()
timer.timeout.connect(
    lambda: Path({str(trace)!r}).exists()
    and "history_ready" in Path({str(trace)!r}).read_text()
    and [w.close() for w in app.topLevelWidgets()]
)
timer.start(20)
sys.exit(window.open_window(Stage(Path({str(tmp_path)!r})).open, sample=False))
"""
    in_own_process(code, COUNTERPART_TRACE_START=str(trace))
    events = [json.loads(line) for line in trace.read_text().splitlines()]
    assert [event["event"] for event in events] == ["first_paint", "history_ready"]
    assert events[0]["monotonic"] < events[1]["monotonic"]
    assert all(isinstance(event["rss"], int) for event in events)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ending_the_process_politely_loses_nothing(tmp_path: Path, number: int) -> None:
    trace = tmp_path / "trace.jsonl"
    code = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tests.fakes.scripted import Stage
from app.ui import window
app = QApplication([])
stage = Stage(Path({str(tmp_path)!r}))
def ask():
    main = next(w for w in app.topLevelWidgets() if hasattr(w, "compare"))
    main.compare.page.composer.set_text("May the tenant sublet?")
    main.compare.ask()
    stage.cheap.says("Yes, with")
    stage.frontier.says("No: clause")
    told = QTimer(main)
    told.timeout.connect(lambda: main.compare.page.a.text() and window.trace("streaming"))
    told.start(20)
QTimer.singleShot(600, ask)
sys.exit(window.open_window(stage.open, sample=False))
"""
    started = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**OFFSCREEN, "COUNTERPART_TRACE_START": str(trace)},
    )
    try:
        until = time.monotonic() + 30
        while not trace.exists() or "streaming" not in trace.read_text():
            assert time.monotonic() < until
            assert started.poll() is None
            time.sleep(0.02)
        started.send_signal(number)
        assert started.wait(timeout=60) == 0
    finally:
        started.kill()
    history = Stage(tmp_path).history()
    (row,) = history.page(HistoryQuery())
    turn = history.turn(row.id)
    draft = history.setting("draft")
    history.close()
    assert turn is not None
    assert [a.state for a in turn.answers] == [AnswerState.STOPPED, AnswerState.STOPPED]
    assert [a.text for a in turn.answers] == ["Yes, with", "No: clause"]
    assert draft is not None
    assert "May the tenant sublet?" in draft


def test_closing_while_it_streams_keeps_what_came(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with main_window(qtbot, stage) as window:
        window.compare.page.composer.set_text("May the tenant sublet?")
        window.compare.ask()
        stage.cheap.says("Yes, with")
        stage.frontier.says("No: clause")
        wait_until(qtbot, lambda: bool(window.compare.page.a.text()))
        turn = window.compare.live.turn
    assert turn is not None
    history = stage.history()
    kept = history.turn(turn.id)
    history.close()
    assert kept is not None
    assert [a.state for a in kept.answers] == [AnswerState.STOPPED, AnswerState.STOPPED]
    assert [a.text for a in kept.answers] == ["Yes, with", "No: clause"]


def test_the_keys_of_the_rail_go_where_it_says(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        for key, name in (
            (Qt.Key.Key_2, "history"),
            (Qt.Key.Key_3, "savings"),
            (Qt.Key.Key_4, "rule"),
            (Qt.Key.Key_5, "calibrate"),
            (Qt.Key.Key_6, "settings"),
            (Qt.Key.Key_1, "compare"),
            (Qt.Key.Key_Comma, "settings"),
            (Qt.Key.Key_K, "history"),
        ):
            press(window, key, Qt.KeyboardModifier.ControlModifier)
            assert _shown(window) is window.view(name)
            assert _checked(window) == name
        assert not window.banner.isVisible(), words_of(window.banner)
        frames(qtbot)


def _shown(window: MainWindow) -> QWidget | None:
    return window.stack.currentWidget()


def _checked(window: MainWindow) -> str:
    buttons = window.rail.findChildren(QToolButton)
    return next((button.objectName() for button in buttons if button.isChecked()), "")


def test_at_twice_the_text_no_way_to_begin_lies_beyond_a_small_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with room(
        qtbot, WelcomeView, Stage(tmp_path, welcomed=False), size=(858, 680), scale=2.0
    ) as view:
        frames(qtbot)
        assert view.width() == 858
        for button in (view.start, view.key, view.sample):
            assert button.width() >= button.sizeHint().width()
            assert button.mapTo(view, button.rect().bottomRight()).x() <= view.width()
        for words in view.findChildren(QLabel):
            assert words.height() >= words.heightForWidth(words.width()), words.text()


def test_the_sentences_of_an_empty_view_break_where_the_window_is_narrow(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with room(qtbot, HistoryView, Stage(tmp_path), size=(858, 680), scale=2.0) as view:
        wait_until(qtbot, view.empty.isVisible)
        frames(qtbot)
        assert view.width() == 858
        for words in view.empty.findChildren(QLabel):
            assert words.mapTo(view, words.rect().topLeft()).x() >= 0
            assert words.mapTo(view, words.rect().topRight()).x() <= 858


def test_the_welcome_shows_once_and_leads_to_practice(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path, welcomed=False, pair=None)) as window:
        wait_until(qtbot, lambda: isinstance(_shown(window), WelcomeView))
        start = next(b for b in _shown_buttons(window) if b.text() == "Start practising")
        click(start)
        assert _shown(window) is window.compare
        assert QApplication.focusWidget() is window.compare.page.composer.edit
    with main_window(qtbot, Stage(tmp_path, pair=None)) as window:
        frames(qtbot)
        assert _shown(window) is window.compare


def test_whoever_has_begun_to_type_is_not_called_to_the_welcome(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """On a slow disk it becomes known late that the welcome was never seen."""
    bridge = Bridge(Stage(tmp_path, welcomed=False, pair=None).open)
    window = MainWindow(bridge)
    window.painted.connect(bridge.open)
    window.compare.page.composer.set_text("May the tenant sublet?")
    with qtbot.waitSignal(window.compare.drafting.loaded, timeout=WAIT_MS):
        window.show()
    wait_until(qtbot, lambda: bridge.idle)
    shown = _shown(window)
    window.close()
    window.deleteLater()
    assert shown is window.compare


def _shown_buttons(window: MainWindow) -> list[QPushButton]:
    shown = _shown(window)
    return shown.findChildren(QPushButton) if shown is not None else []


def test_a_problem_is_told_with_its_next_step_and_can_be_dismissed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        problem = Problem(
            "disk", "The disk is full & <b>nothing</b> was saved.", "Free some space."
        )
        window.show_problem(problem)
        assert window.banner.isVisible()
        label = next(w for w in words_of(window.banner) if "Free some space." in w)
        assert "<b>nothing</b>" in label  # told as it is, never taken for markup
        close = window.banner.findChild(QToolButton)
        assert close is not None
        click(close)
        assert not window.banner.isVisible()


def test_a_prompt_from_history_lands_in_the_composer(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path)) as window:
        window.show_view("history")
        window.view("history").prefilled.emit("Ask me again")
        assert _shown(window) is window.compare
        assert window.compare.page.composer.text() == "Ask me again"
        assert QApplication.focusWidget() is window.compare.page.composer.edit


def test_every_control_has_a_name_and_tab_reaches_it(qtbot: QtBot, tmp_path: Path) -> None:
    with main_window(qtbot, Stage(tmp_path, pair=None)) as window:
        controls = [
            each
            for kind in (QPushButton, QToolButton, QComboBox)
            for each in window.findChildren(kind)
            if each.isVisible() and each.objectName() != "qt_toolbar_ext_button"
        ]
        nameless = [each for each in controls if not _name(each)]
        assert [(type(each).__name__, each.objectName()) for each in nameless] == []
        reached: set[QObject | None] = set()
        focused = QApplication.focusWidget()
        for _ in range(60):
            reached.add(focused)
            assert focused is not None
            press(focused, Qt.Key.Key_Tab)
            focused = QApplication.focusWidget()
        missed = [
            _name(each)
            for each in controls
            if each not in reached and each.isEnabled() and each.focusPolicy() & _BY_TAB
        ]
        assert missed == []


def _name(control: QWidget) -> str:
    # Qt itself tells a button's words to a screen reader where it has no other name.
    words = control.text() if isinstance(control, QPushButton) else ""
    return control.accessibleName() or words


_BY_TAB = Qt.FocusPolicy.TabFocus


def test_a_small_window_at_twice_the_text_cuts_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    from app.ui import theme

    with main_window(qtbot, Stage(tmp_path, pair=None), (1440, 900)) as window:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, "light", 2.0)
        window.compare.page.composer.set_text("May the tenant sublet?")
        try:
            frames(qtbot)
            assert window.width() <= 1440
            for button in window.compare.findChildren(QPushButton):
                if button.isVisible():
                    corner = button.mapTo(window, button.rect().bottomRight())
                    assert corner.x() <= window.width(), button.text()
                    assert corner.y() <= window.height(), button.text()
        finally:
            theme.apply(app, "light", 1.0)
