"""The window's frame: the rail, the views behind it, and the line for what went wrong."""

from __future__ import annotations

from concurrent.futures import Future
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.ui.bridge import Bridge
from app.ui.views.compare.view import CompareView
from app.ui.views.view import View
from app.ui.widgets.banner import Banner
from app.ui.widgets.rail import ROOMS, Rail

if TYPE_CHECKING:
    from app.services.container import Services

SAMPLE = "Sample: invented prompts, votes and costs in a file of their own. Nothing here is yours."
_DRAFT_S = 2.0
_SIZE = (1280, 820)
_SMALLEST = (880, 600)
# Imported when first visited, so that first paint waits for none of them.
_VIEWS = {
    "welcome": ("app.ui.views.welcome", "WelcomeView"),
    "history": ("app.ui.views.history.view", "HistoryView"),
    "savings": ("app.ui.views.savings.view", "SavingsView"),
    "rule": ("app.ui.views.rule.view", "RuleView"),
    "calibrate": ("app.ui.views.calibrate.view", "CalibrateView"),
    "settings": ("app.ui.views.settings.view", "SettingsView"),
}


class MainWindow(QMainWindow):
    """Shows one view at a time; Compare is there from the start.

    Signals:
        painted(): the window has been painted for the first time.
        closed(): the window is closed and everything is kept.
    """

    painted = Signal()
    closed = Signal()

    def __init__(
        self, bridge: Bridge, *, sample: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Counterpart – sample" if sample else "Counterpart")
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self.bridge = bridge
        self._sample = sample
        self._was_painted = False
        self._is_closed = False
        self._views: dict[str, View] = {}
        self.rail = Rail(self)
        self.banner = Banner(self)
        self.ribbon = QLabel(SAMPLE, self)
        self.ribbon.setProperty("badge", "warning")
        self.ribbon.setProperty("chip", "true")
        self.ribbon.setWordWrap(True)
        self.ribbon.setVisible(sample)
        self.stack = QStackedWidget(self)
        self._lay_out()
        self.rail.chosen.connect(self.show_view)
        self.compare = CompareView(bridge, self)
        self._add("compare", self.compare)
        self._make_keys()
        self.show_view("compare")

    def _lay_out(self) -> None:
        lines = QVBoxLayout()
        lines.setContentsMargins(20, 12, 20, 0)
        lines.setSpacing(8)
        lines.addWidget(self.ribbon)
        lines.addWidget(self.banner)
        self._lines = QWidget(self)
        self._lines.setLayout(lines)
        self._lines.setVisible(self._sample)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._lines)
        column.addWidget(self.stack, 1)
        middle = QWidget(self)
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(middle)
        self.banner.changed.connect(self._show_lines)

    def _make_keys(self) -> None:
        for room in ROOMS:
            shortcut = QShortcut(QKeySequence(room.keys), self)
            shortcut.setObjectName(room.name)
            shortcut.activated.connect(self._shortcut)
        settings = QShortcut(QKeySequence("Ctrl+,"), self)
        settings.setObjectName("settings")
        settings.activated.connect(self._shortcut)
        for keys in ("Ctrl+K", "Ctrl+F"):
            QShortcut(QKeySequence(keys), self, self.search)

    @Slot()
    def _shortcut(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.show_view(sender.objectName())

    def _add(self, name: str, view: View) -> None:
        view.went_wrong.connect(self.show_problem)
        view.go_to.connect(self.show_view)
        view.prefilled.connect(self.ask_again)
        view.continue_wanted.connect(self.continue_answer)
        view.turn_wanted.connect(self.show_turn)
        self._views[name] = view
        self.stack.addWidget(view)

    def view(self, name: str) -> View:
        """Return a view, made now if it was never visited."""
        if name not in self._views:
            module, kind = _VIEWS[name]
            self._add(name, getattr(import_module(module), kind)(self.bridge, self))
        return self._views[name]

    @Slot(str)
    def show_view(self, name: str) -> None:
        """Go to a view by its name, as in `_VIEWS`; `add_model` goes to Settings and begins.

        After a colon, Settings is told what to show there: `settings:connection`, or
        `settings:key:7` to mend the key of that model.
        """
        name, _, place = name.partition(":")
        adding = name == "add_model"
        view = self.view("settings" if adding else name)
        self.rail.show_place("settings" if adding else name)
        self.stack.setCurrentWidget(view)
        view.setFocus()
        # Before first paint nothing is asked of the services: they open after it.
        if self._was_painted:
            view.entered()
        add_model = getattr(view, "add_model", None)
        if adding and callable(add_model):
            add_model()
        show_place = getattr(view, "show_place", None)
        if place and callable(show_place):
            show_place(place)

    @Slot()
    def search(self) -> None:
        """Go to History with the cursor in its search field."""
        self.show_view("history")
        focus_search = getattr(self.view("history"), "focus_search", None)
        if callable(focus_search):
            focus_search()

    @Slot(str)
    def ask_again(self, text: str) -> None:
        """Go to Compare with this prompt in the composer."""
        self.show_view("compare")
        self.compare.fill(text)

    @Slot(int, int)
    def continue_answer(self, turn_id: int, answer_id: int) -> None:
        """Go to Compare, where the next prompt continues this answer."""
        self.show_view("compare")
        self.compare.continue_answer(turn_id, answer_id)

    @Slot(int)
    def show_turn(self, turn_id: int) -> None:
        """Go to History with one turn open."""
        self.show_view("history")
        show_turn = getattr(self.view("history"), "show_turn", None)
        if callable(show_turn):
            show_turn(turn_id)

    @Slot(object)
    def show_problem(self, problem: Problem) -> None:
        """Tell what went wrong, above whatever is shown."""
        self.banner.show_problem(problem)

    @Slot()
    def _show_lines(self) -> None:
        self._lines.setVisible(self._sample or not self.banner.isHidden())

    # Start and end

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the first paint is done."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._first_painted)

    @Slot()
    def _first_painted(self) -> None:
        self.painted.emit()
        self.compare.entered()
        if not self._sample:
            self.bridge.run(_welcomed, self._welcome, self.show_problem)

    def _welcome(self, welcomed: bool) -> None:
        # Whoever went somewhere else in the meantime, or has begun to type, is not called back.
        waits = self.stack.currentWidget() is self.compare and self.compare.untouched
        if not welcomed and waits:
            self.show_view("welcome")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the draft and what has arrived, then close everything behind the window."""
        super().closeEvent(event)
        if self._is_closed:
            return
        self._is_closed = True
        # Writing the end of a stream may take a moment: nobody should watch a frozen window.
        self.hide()
        _wait(self.compare.save_draft())
        self.bridge.close()
        self.closed.emit()


async def _welcomed(services: Services) -> bool:
    return (await services.preferences.load()).welcomed


def _wait(saving: Future[None] | None) -> None:
    """Wait for the draft to be written, within reason: its failure must not keep the app open."""
    if saving is None:
        return
    try:
        saving.result(timeout=_DRAFT_S)
    except Exception:  # noqa: BLE001 - told to nobody: the window is gone
        saving.cancel()
