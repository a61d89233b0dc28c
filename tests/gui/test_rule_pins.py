"""Always do this: the user's own words, kept, mended and taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.routing.pins import Pin, PinTo, PinWhen, pin_of
from app.domain.routing.why import pin_condition
from app.ui.views.rule.view import RuleView
from app.ui.widgets.pin_form import PinForm
from tests.fakes.rooms import room, told_by
from tests.fakes.rule_histories import Past, lived
from tests.fakes.scripted import Stage
from tests.fakes.windows import press, wait_until


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, votes_needed=24)


def known(qtbot: QtBot, view: RuleView) -> None:
    wait_until(qtbot, lambda: view._known is not None and view.bridge.idle)


def add(qtbot: QtBot, view: RuleView, words: str) -> None:
    view.page.pins.add.click()
    view.page.pins.form.words.setText(words)
    press(view.page.pins.form.words, Qt.Key.Key_Return)
    wait_until(qtbot, lambda: view.bridge.idle)


def choose(menu: QMenu, *path: str) -> None:
    """Choose an entry of a menu by its words, through submenus."""
    for action in menu.actions():
        if action.text() == path[0]:
            inner = action.menu()
            if isinstance(inner, QMenu):
                choose(inner, *path[1:])
            else:
                action.trigger()
            return
    raise AssertionError(f"no {path[0]} in {[action.text() for action in menu.actions()]}")


def test_a_pin_typed_in_words_is_listed_and_binds_the_next_prompt(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        add(qtbot, view, "prompt mentions “privilege” → frontier")
        told = told_by(view.page.pins)
        assert "Mentions “privilege”" in told
        assert "frontier" in told
        assert view.page.pins.form.isHidden()
        assert view.page.pins.add.hasFocus()
        add(qtbot, view, "has an attachment -> this computer")
        assert "on this computer" in told_by(view.page.pins)
    history = stage.history()
    kept = history.setting("pins") or ""
    history.close()
    assert "privilege" in kept
    assert "this_computer" in kept


def test_words_that_say_no_pin_are_answered_by_a_sentence_beneath_and_stay_to_be_mended(
    qtbot: QtBot, stage: Stage
) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        told: list[object] = []
        view.went_wrong.connect(told.append)
        add(qtbot, view, "privilege to the frontier")
        form = view.page.pins.form
        assert "does not say where to" in form.fault.text()
        assert "prompt mentions “privilege” → frontier" in form.fault.text()
        assert form.words.text() == "privilege to the frontier"
        assert form.words.hasFocus()
        # The first letter of a mended pin takes the fault away.
        press(form.words, Qt.Key.Key_End)
        form.words.insert("!")
        form.words.textEdited.emit(form.words.text())
        assert form.fault.isHidden()
        assert not told  # it is told where it was typed, not in the window's banner


def test_a_pin_there_is_already_is_told_and_not_kept_twice(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        for _ in range(2):
            add(qtbot, view, "tag is notice → cheap")
        assert "already this pin" in view.page.pins.form.fault.text()
        assert len(view.page.pins.removers) == 1


def test_a_removed_pin_can_be_put_back(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        pins = view.page.pins
        add(qtbot, view, "prompt mentions “privilege” → frontier")
        (remove,) = pins.removers
        assert "privilege" in remove.accessibleName()
        remove.click()
        wait_until(qtbot, lambda: not pins.removers)
        assert pins.none.isVisible()
        pins.undo.click()
        wait_until(qtbot, lambda: len(pins.removers) == 1)
        assert not pins.undo_row.isVisible()


def test_the_menus_write_a_pin_that_is_understood(qtbot: QtBot, stage: Stage) -> None:
    lived(stage, Past(compared=6))
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view.page.pins.add.click()
        form = view.page.pins.form
        choose(form.when_menu, "Matter is…", "Board memo Q3")
        assert pin_of(form.words.text()) == Pin(PinWhen.MATTER, "Board memo Q3", PinTo.FRONTIER)
        choose(form.where_menu, "This computer")
        choose(form.when_menu, "Tag is…", "summary")
        assert pin_of(form.words.text()) == Pin(PinWhen.TAG, "summary", PinTo.THIS_COMPUTER)
        choose(form.when_menu, "Longer than…")
        assert form.words.selectedText() == "4,000"
        assert pin_of(form.words.text()) == Pin(PinWhen.LONGER, "4000", PinTo.THIS_COMPUTER)
        choose(form.when_menu, "Has an attachment")
        assert pin_of(form.words.text()) == Pin(PinWhen.ATTACHMENT, "", PinTo.THIS_COMPUTER)
        choose(form.where_menu, "Cheap")
        choose(form.when_menu, "Mentions…")
        # What is to be filled in is selected: typing replaces it.
        form.words.insert("redundancy")
        assert pin_of(form.words.text()) == Pin(PinWhen.MENTIONS, "redundancy", PinTo.CHEAP)


def test_escape_leaves_the_form_and_keeps_nothing(qtbot: QtBot, stage: Stage) -> None:
    with room(qtbot, RuleView, stage) as view:
        known(qtbot, view)
        view.page.pins.add.click()
        form = view.page.pins.form
        form.words.setText("tag is notice → cheap")
        press(form.words, Qt.Key.Key_Escape)
        assert form.isHidden()
        assert not form.words.text()
        assert view.page.pins.add.isEnabled()


def test_an_empty_line_is_answered_by_an_example(qtbot: QtBot) -> None:
    form = PinForm()
    qtbot.addWidget(form)
    form.save.click()
    assert "for example: prompt mentions" in form.fault.text()


def test_a_row_says_its_condition_without_repeating_where_it_goes() -> None:
    words = {
        "matter is Hartwell v. Oceanic → frontier": "Matter is “Hartwell v. Oceanic”",
        "tagged advice → cheap": "Tag is “advice”",
        "mentions privilege → frontier": "Mentions “privilege”",
        "has an attachment → this computer": "Has an attachment",
        "longer than 40,000 tokens → frontier": "Longer than 40,000 tokens",
    }
    for typed, shown in words.items():
        assert pin_condition(pin_of(typed)) == shown
