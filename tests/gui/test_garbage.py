"""What is no longer used is freed by the thread that paints: elsewhere it could stop the window."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.ui.garbage import MainThreadGarbage, collect_due
from tests.fakes.windows import wait_until

ENOUGH = 200_000  # many times what makes Python look for garbage by itself


class Told:
    """Tells on which thread it was freed."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        self.freed = freed

    def __del__(self) -> None:
        self.freed.append(threading.current_thread())


class Listening(QObject):
    """A Qt object in a cycle, as a view and what it listens to are."""

    def __init__(self, freed: list[threading.Thread]) -> None:
        super().__init__()
        self.told = Told(freed)
        self.itself = self


@pytest.fixture
def by_itself() -> Iterator[None]:
    """Let Python collect by itself, as it does where a program starts."""
    gc.collect()
    gc.enable()
    yield
    gc.disable()


def allocate() -> None:
    """Allocate in a thread beside, as the engine does while answers arrive."""
    kept: list[list[int]] = []

    def work() -> None:
        for number in range(ENOUGH):
            kept.append([number])
            if number % 1000 == 0:
                kept.clear()

    beside = threading.Thread(target=work)
    beside.start()
    beside.join()


def test_a_thread_beside_frees_nothing_of_the_window(qtbot: QtBot, by_itself: None) -> None:
    freed: list[threading.Thread] = []
    garbage = MainThreadGarbage()
    try:
        Listening(freed)
        allocate()
        assert freed == []
        wait_until(qtbot, lambda: bool(freed))
        assert freed == [threading.main_thread()]
    finally:
        garbage.give_back()


def test_python_collects_by_itself_again_where_the_window_is_closed(by_itself: None) -> None:
    MainThreadGarbage().give_back()
    assert gc.isenabled()


def test_nothing_is_taken_over_that_was_not_done(qtbot: QtBot) -> None:
    assert not gc.isenabled()
    MainThreadGarbage().give_back()
    assert not gc.isenabled()


def test_what_is_due_is_collected_and_counted_as_python_counts() -> None:
    gc.collect()
    kept = [[number] for number in range(gc.get_threshold()[0] + 100)]
    before = gc.get_count()
    assert before[0] > gc.get_threshold()[0]
    collect_due()
    assert gc.get_count()[0] < before[0]
    assert gc.get_count()[1] == before[1] + 1
    assert len(kept) > 1
