"""What the next prompt continues: chosen by a button, told in a line, dropped when it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import Problem
from app.ui.bridge import Bridge
from app.ui.views.compare.drafting import Drafting
from app.ui.views.compare.page import ComparePage

if TYPE_CHECKING:
    from app.domain.thread import Thread
    from app.domain.turn import Turn

    Then = Callable[[Thread], None]
Failed = Callable[[Problem], None]


class Continuing(QObject):
    """Lets one answer be continued by the next prompt. What the line tells is what is sent along.

    Signals:
        went_wrong(Problem): why an answer cannot be continued.
    """

    went_wrong = Signal(object)

    def __init__(
        self, bridge: Bridge, page: ComparePage, drafting: Drafting, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._page = page
        self._drafting = drafting
        self._asked_for = 0
        page.continuing_dropped.connect(self.drop)
        drafting.continued_before.connect(self._resume)

    def start(self, turn_id: int, answer_id: int) -> None:
        """Continue an answer with the next prompt, under the matter of its thread."""
        self._fetch(turn_id, answer_id, self._start, self.went_wrong.emit)

    @Slot(int, int)
    def _resume(self, turn_id: int, answer_id: int) -> None:
        """Take up what the draft continued; it stays by itself if that has been deleted since."""
        self._fetch(turn_id, answer_id, self._show, None)

    def _fetch(self, turn_id: int, answer_id: int, then: Then, failed: Failed | None) -> None:
        self._asked_for += 1
        self._bridge.run(
            lambda services: services.archive.thread(turn_id, answer_id),
            partial(self._found, self._asked_for, then),
            failed,
        )

    def _found(self, number: int, then: Then, thread: Thread) -> None:
        # Another answer may have been chosen meanwhile, or none.
        if number == self._asked_for:
            then(thread)

    def _start(self, thread: Thread) -> None:
        matters, name = self._page.matters, thread.last.matter.name
        if matters.matter() != name:
            matters.set_matter(name)
        self._show(thread)
        composer = self._page.composer
        if self._drafting.drop_asked(thread):
            # What was asked goes as soon as the next prompt is typed, and not before.
            composer.edit.selectAll()
        composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, thread: Thread) -> None:
        self._drafting.continue_with(thread)
        self._page.show_continuing(thread.sentence(), thread.along())

    @Slot()
    def drop(self) -> None:
        """Let the next prompt stand by itself."""
        self._asked_for += 1
        if self._drafting.continued is None:
            return
        self._drafting.continue_with(None)
        self._page.hide_continuing()
        self._page.composer.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def answered(self, turn: Turn) -> None:
        """Drop what a turn continued once it has whole answers; else it can be asked again."""
        thread = self._drafting.continued
        continued = thread is not None and thread.last.answer_id == turn.continued_answer_id
        if continued and turn.shown and all(answer.complete for answer in turn.shown):
            self._forget()

    def _forget(self) -> None:
        """Drop it without taking the focus from the vote."""
        self._drafting.continue_with(None)
        self._page.hide_continuing()

    def refused(self, problem: Problem) -> None:
        """Drop what has been deleted meanwhile: the line must not promise what cannot be sent."""
        if problem.kind == "context_gone":
            self._forget()
