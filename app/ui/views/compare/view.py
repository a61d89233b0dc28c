"""Compare: one prompt, two answers, one vote; or one answer from the model the rule chose.

This part is there at first paint: what is needed to type. The answers' part is imported after it.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.bridge import Bridge
from app.ui.views.compare.continuing import Continuing
from app.ui.views.compare.drafting import Drafting, Surroundings
from app.ui.views.compare.page import AUTO_ROUTE, COMPARE, ComparePage
from app.ui.views.view import View
from app.ui.widgets.fitted_area import FittedArea

if TYPE_CHECKING:
    from app.ui.views.compare.desk import CompareDesk
    from app.ui.views.compare.turn import LiveTurn


class CompareView(View):
    """Asks, shows the answers as they arrive, takes the vote and reveals."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.page = ComparePage(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._area = FittedArea(self.page, self)
        column.addWidget(self._area)
        self.page.composer.text_changed.connect(self._show_what_is_typed)
        self.drafting = Drafting(bridge, self.page.composer, self.page.matters, self)
        self.continuing = Continuing(bridge, self.page, self.drafting, self)
        self.continuing.went_wrong.connect(self.went_wrong)
        self._desk: CompareDesk | None = None
        self.drafting.loaded.connect(self._loaded)
        self.drafting.outlook_changed.connect(self._outlook_changed)
        self.drafting.went_wrong.connect(self.went_wrong)
        self.page.mode.chosen.connect(self._mode_chosen)
        self.page.composer.ask_wanted.connect(self.ask)
        self.page.composer.stop_wanted.connect(self.stop)
        self._make_keys()

    def _make_keys(self) -> None:
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.ask, context=here)
        for place, slot in enumerate((self._one, self._two, self._three, self._four), start=1):
            QShortcut(QKeySequence(str(place)), self, slot, context=here)
        for keys, slot in (("Ctrl+Shift+A", self._continue_a), ("Ctrl+Shift+B", self._continue_b)):
            QShortcut(QKeySequence(keys), self, slot, context=here)
        # Anywhere in the window: stopping must not depend on where the focus happens to be.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.stop)
        self._escape.setEnabled(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the prompt; a focus proxy would keep Tab from reaching the rest."""
        super().focusInEvent(event)
        self.page.composer.edit.setFocus(event.reason())

    @Slot()
    def _show_what_is_typed(self) -> None:
        """Scroll to the composer while it is typed in, where the page is longer than the window."""
        edit = self.page.composer.edit
        if edit.hasFocus():
            self._area.ensureWidgetVisible(edit)

    @property
    def desk(self) -> CompareDesk:
        """Return the answers' part, made when it is first needed."""
        if self._desk is None:
            from app.ui.views.compare.desk import CompareDesk

            self._desk = CompareDesk(self.bridge, self.page, self.drafting, self.continuing, self)
            self._desk.went_wrong.connect(self.went_wrong)
            self._desk.go_to.connect(self.go_to)
            self._desk.turn_wanted.connect(self.turn_wanted)
            self._desk.busy_changed.connect(self._escape.setEnabled)
        return self._desk

    @property
    def live(self) -> LiveTurn:
        """Return the turn on the screen."""
        return self.desk.live

    @property
    def busy(self) -> bool:
        """Return whether something is being asked."""
        return self._desk is not None and self._desk.busy

    @property
    def untouched(self) -> bool:
        """Return whether nothing was typed here yet, nor asked."""
        return not self.page.composer.text() and not self.busy

    @property
    def auto_route(self) -> bool:
        """Return whether the rule chooses the model."""
        return self.drafting.preferences.auto_route

    def entered(self) -> None:
        """Learn which pair, matters and preferences hold now."""
        self.drafting.load()

    def fill(self, text: str) -> None:
        """Put a prompt into the composer, ready to be asked again."""
        self.page.composer.set_text(text)
        self.page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def continue_answer(self, turn_id: int, answer_id: int) -> None:
        """Let the next prompt continue an answer of the history."""
        self.continuing.start(turn_id, answer_id)

    def save_draft(self) -> Future[None] | None:
        """Keep what stands in the composer; None when nothing was loaded yet."""
        return self.drafting.save()

    @Slot()
    def ask(self) -> None:
        """Ask what stands in the composer; while something is being asked this does nothing."""
        self.desk.ask()

    @Slot()
    def stop(self) -> None:
        """End the answers that still arrive, keeping what came."""
        self.desk.stop()

    @Slot(object)
    def _loaded(self, found: Surroundings) -> None:
        self.page.show_practice(found.pair.practice)
        self.page.mode.choose(AUTO_ROUTE if found.preferences.auto_route else COMPARE)
        self.desk.show_mode()

    @Slot()
    def _outlook_changed(self) -> None:
        self.desk.show_outlook()

    @Slot(str)
    def _mode_chosen(self, mode: str) -> None:
        if self.auto_route != (mode == AUTO_ROUTE):
            self.drafting.prefer(auto_route=mode == AUTO_ROUTE)
        self.desk.change_mode()

    @Slot()
    def _one(self) -> None:
        self._vote_by_key(1)

    @Slot()
    def _two(self) -> None:
        self._vote_by_key(2)

    @Slot()
    def _three(self) -> None:
        self._vote_by_key(3)

    @Slot()
    def _four(self) -> None:
        self._vote_by_key(4)

    @Slot()
    def _continue_a(self) -> None:
        if self._desk is not None:
            self.page.a.press("continue")

    @Slot()
    def _continue_b(self) -> None:
        if self._desk is not None:
            self.page.b.press("continue")

    def _vote_by_key(self, place: int) -> None:
        if self._desk is not None and self.page.votes.isVisible():
            self.page.votes.press(place)
