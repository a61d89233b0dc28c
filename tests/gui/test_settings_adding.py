"""Adding a model in Settings: the vendor's facts, its list, and what runs on this computer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.domain.errors import Problem
from app.domain.model import Dialect
from app.domain.money import Price
from app.domain.vendor import ListedModel, LocalServer, Place
from app.ui.views.settings.view import SettingsView
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.model_form import ModelForm
from tests.fakes.cutting import cut_in
from tests.fakes.rooms import cells_of, room, told_by
from tests.fakes.scripted import CHEAP, Stage
from tests.fakes.windows import wait_until

CANARY = "sk-canary-77a0"
USD = Price(Decimal("0.10"), Decimal("0.50"), source="list")
LIST = (
    ListedModel("pebble-flash", "Pebble Flash", 400_000, USD, priced=True),
    ListedModel("pebble-new", "Pebble New", None, replace(USD, input_per_million=Decimal("1.50"))),
    ListedModel("pebble-odd"),
)
OLLAMA = LocalServer(
    "Ollama",
    Place(Dialect.OLLAMA, "http://127.0.0.1:11434", "Ollama"),
    (
        ListedModel("llama3", context_tokens=8192),
        ListedModel("my-alias", forwards_to="big-box.lan"),
    ),
)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path)
    stage.offers.lists["api.pebble.test"] = LIST
    return stage


@contextmanager
def form_in(qtbot: QtBot, stage: Stage, **room_options: Any) -> Iterator[ModelForm]:
    with room(qtbot, SettingsView, stage, **room_options) as view:
        wait_until(qtbot, lambda: view.models.form is not None and view.bridge._running == 0)
        view.open_add_form()
        wait_until(qtbot, lambda: view.bridge._running == 0)
        assert view.models.form is not None
        yield view.models.form


def choose(form: ModelForm, vendor: str) -> None:
    form.vendor.setCurrentIndex(form.vendor.findText(vendor))


def load(qtbot: QtBot, form: ModelForm) -> None:
    form.picker.load.click()
    wait_until(qtbot, form.picker.load.isEnabled)


def test_a_vendors_facts_are_there_before_anything_is_sent(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        told = told_by(form.panel)
        assert "Pebble AI itself." in told
        assert "Three days." in told
        assert "not verified" in told
        assert stage.offers.asked == []
        choose(form, "Azure OpenAI")
        told = told_by(form.panel)
        assert "Pebble" not in told
        assert "second hand, 5 Aug 2026" in told
        assert len(form.panel.sources) == 3


def test_a_source_is_opened_only_after_asking(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    with form_in(qtbot, stage) as form:
        form.panel.sources[0].click()
        question = form.window().findChild(Confirmation)
        assert isinstance(question, Confirmation)
        assert "https://pebble.test/terms" in question.informativeText()
        assert opened == []
        question.yes.click()
        assert opened == ["https://pebble.test/terms"]


def test_the_list_is_loaded_searched_and_chosen_from(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        QTest.keyClicks(form.key.line, CANARY)
        load(qtbot, form)
        assert stage.offers.keys == [CANARY]
        assert form.key.line.text() == CANARY  # it is still to be saved
        table = form.picker.table
        assert cells_of(table)[0] == ["pebble-flash", "400,000", "$0.10", "$0.50"]
        assert cells_of(table)[2] == ["pebble-odd", "not known", "not known", "not known"]
        QTest.keyClicks(form.picker.words, "NEW pebble")
        assert [row[0] for row in cells_of(table)] == ["pebble-new"]
        assert form.picker.said.text() == "1 of 3 models."
        table.selectRow(0)
        assert form.model.currentText() == "pebble-new"
        assert form.name.text() == "pebble-new"
        # The price book does not know this one, so the list's own price is filled in.
        assert (form.price_in.text(), form.price_out.text()) == ("1.5", "0.5")
        form._model_picked(replace(LIST[1], priced=True))
        assert form.price_in.text() == ""
        assert CANARY not in told_by(form.picker)


def test_a_list_that_fails_says_why_and_the_form_can_still_be_used(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.offers.problem = Problem("key_refused", "Pebble AI did not accept the API key.", "Check.")
    with form_in(qtbot, stage) as form:
        load(qtbot, form)
        assert form.picker.said.text() == "Pebble AI did not accept the API key. Check."
        assert form.picker.said.property("role") == "bad"
        assert not form.picker.table.isVisible()
        form.model.setEditText("typed-by-hand")
        form.save.click()
        wait_until(qtbot, form.isHidden)
    kept = stage.history()
    names = [model.model for model in kept.models()]
    kept.close()
    assert "typed-by-hand" in names


def test_the_list_of_another_vendor_is_not_mistaken_for_this_ones(
    qtbot: QtBot, stage: Stage
) -> None:
    with form_in(qtbot, stage) as form:
        place = form.place()
        load(qtbot, form)
        form.picker.table.selectRow(1)
        choose(form, "Summit Labs")
        assert form.picker.models.rowCount() == 0
        assert form.model.currentText() == ""
        form.show_list(place, LIST)  # comes late
        assert form.picker.models.rowCount() == 0


def test_a_vendor_without_a_list_says_what_to_type(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        choose(form, "Azure OpenAI")
        form.where.parts[0].setText("my-firm")
        assert not form.picker.load.isVisible()
        assert "name that you gave your deployment" in form.picker.said.text()


def test_the_users_own_part_of_an_address_is_asked_for_and_filled_in(
    qtbot: QtBot, stage: Stage
) -> None:
    with form_in(qtbot, stage) as form:
        assert not form.where.parts[0].isVisible()
        choose(form, "Azure OpenAI")
        (part, unused) = form.where.parts
        assert part.isVisible()
        assert not unused.isVisible()
        form.name.setText("Ours")
        form.save.click()
        wait_until(qtbot, form.fault.isVisible)
        assert "resource" in form.fault.text()
        QTest.keyClicks(part, "my-firm")
        assert form.address.text() == "https://my-firm.openai.azure.com/openai/v1"
        new = form.new_model()
        assert (new.vendor, new.base_url) == ("Azure OpenAI", form.address.text())


def test_the_format_is_asked_only_where_there_is_a_choice(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        assert form.where.dialect.isVisible()
        form.where.dialect.setCurrentIndex(1)
        assert form.new_model().dialect == "openai-responses"
        choose(form, "Summit Labs")
        assert not form.where.dialect.isVisible()
        assert form.new_model().dialect == "anthropic"
        choose(form, "Any compatible address")
        assert form.where.dialect.count() == len(Dialect)


def test_a_vendor_is_found_by_a_part_of_its_name(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        line = form.vendor.lineEdit()
        assert line is not None
        line.setText("summ")  # typed keys would open the popup, which this platform cannot
        line.editingFinished.emit()
        assert form.vendor.currentText() == "Summit Labs"
        assert form.address.text() == "https://api.summit.test"
        line.setText("no such vendor")
        line.editingFinished.emit()
        assert form.vendor.currentText() == "Summit Labs"


def test_an_address_that_is_not_the_vendors_does_not_carry_its_name(
    qtbot: QtBot, stage: Stage
) -> None:
    with form_in(qtbot, stage) as form:
        form.address.setText("https://api.pebble.test.evil.example/v1")
        assert form.new_model().vendor == ""
        choose(form, "Azure OpenAI")
        form.address.setText("https://x.evil.example/openai/v1")
        assert form.new_model().vendor == ""
        form.address.setText("https://evil.example/x.openai.azure.com/openai/v1")
        assert form.new_model().vendor == ""


def test_an_address_that_loses_the_vendors_name_says_what_that_means_for_matters(
    qtbot: QtBot, stage: Stage
) -> None:
    with form_in(qtbot, stage) as form:
        assert form.whose.isHidden()
        form.address.setText("https://gateway.firm.example/v1")
        assert form.whose.isVisible()
        assert form.whose.text() == (
            "This is not an address of Pebble AI: the model will stand under the name "
            "gateway.firm.example. A matter that allows only Pebble AI will not allow it."
        )
        form.address.setText("https://api.pebble.test/v1")
        assert form.whose.isHidden()
        form.address.setText("https://")
        assert form.whose.isHidden(), "nothing is said of what is not typed yet"


def test_a_vendors_name_given_before_to_another_address_is_dropped_with_a_sentence(
    qtbot: QtBot, stage: Stage
) -> None:
    """Else the change would be refused, and the form has no place to mend it."""
    model = replace(CHEAP, base_url="https://gateway.firm.example/v1", vendor="Pebble AI")
    with form_in(qtbot, stage) as form:
        form.edit(model)
        assert form.new_model().vendor == ""
        assert "not an address of Pebble AI" in form.whose.text()
        assert form.whose.isVisible()
        here = "http://127.0.0.1:4000/v1"
        form.edit(replace(model, base_url=here))
        assert form.new_model().vendor == "Pebble AI", "a way to the vendor of the user's own"


def test_a_model_that_is_changed_keeps_the_name_it_was_given_at_its_address_alone(
    qtbot: QtBot, stage: Stage
) -> None:
    vendor = "Firm's own gateway"  # as the terminal's --vendor gives it
    model = replace(CHEAP, base_url="https://gateway.firm.example/v1", vendor=vendor)
    with form_in(qtbot, stage) as form:
        form.edit(model)
        assert form.new_model().vendor == vendor
        assert form.whose.isHidden()
        form.address.setText("https://elsewhere.example/v1")
        assert form.new_model().vendor == "", "a matter that allows the name must not allow this"
        assert f"not an address of {vendor}" in form.whose.text()
        assert "under the name elsewhere.example" in form.whose.text()
        form.edit(model)
        choose(form, "Summit Labs")
        form.address.setText(model.base_url)
        assert form.new_model().vendor == ""


def test_what_runs_on_this_computer_stands_at_the_top_and_is_one_press_away(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.offers.servers = (OLLAMA,)
    with form_in(qtbot, stage) as form:
        wait_until(qtbot, form.found.isVisible)
        assert "1 model, and 1 that it hands on (not local)" in told_by(form.found)
        form.found.buttons[0].click()
        assert form.vendor.currentText() == "Ollama"
        assert form.new_model().base_url == "http://127.0.0.1:11434"
        assert [row[0] for row in cells_of(form.picker.table)] == [
            "llama3",
            "my-alias · not local: big-box.lan",
        ]
        form.picker.table.selectRow(0)
        assert form.local.isChecked()
        assert not form.handed_on.isVisible()
        assert form.new_model().local


def test_a_model_that_is_handed_on_is_never_called_local_in_the_form(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.offers.servers = (OLLAMA,)
    with form_in(qtbot, stage) as form:
        wait_until(qtbot, form.found.isVisible)
        form.found.buttons[0].click()
        form.picker.table.selectRow(0)
        form.picker.table.selectRow(1)
        assert form.handed_on.isVisible()
        assert "big-box.lan" in form.handed_on.text()
        assert not form.local.isEnabled()
        assert not form.new_model().local
        form.model.setEditText("gpt-oss:120b-cloud")
        assert "ollama.com" in form.handed_on.text()
        form.model.setEditText("llama3")
        assert form.local.isEnabled()


def test_the_form_opens_at_its_beginning_however_low_the_window(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage, size=(900, 420)) as form:
        area = form.window().findChild(QScrollArea)
        assert isinstance(area, QScrollArea)
        wait_until(qtbot, lambda: 0 <= form.vendor.mapTo(area, QPoint(0, 0)).y() < 300)


def test_nothing_found_shows_nothing(qtbot: QtBot, stage: Stage) -> None:
    with form_in(qtbot, stage) as form:
        assert not form.found.isVisible()


def test_a_model_that_is_not_local_any_more_says_so_in_its_row(qtbot: QtBot, stage: Stage) -> None:
    kept = stage.history()
    from tests.fakes.scripted import CHEAP

    kept.add_model(
        replace(CHEAP, name="Mine", base_url="http://localhost:11434", model="m", local=True)
    )
    kept.close()
    stage.offers.handed_on["m"] = "ollama.com"
    with room(qtbot, SettingsView, stage) as view:
        wait_until(qtbot, lambda: "not on this computer" in told_by(view.models))
        assert "runs on this computer, free" not in told_by(view.models)


def test_a_servers_words_are_never_read_as_markup(qtbot: QtBot, stage: Stage) -> None:
    stage.offers.lists["api.pebble.test"] = (ListedModel("<b>x</b>", "<img src='file:///etc/x'>"),)
    with form_in(qtbot, stage) as form:
        load(qtbot, form)
        index = form.picker.models.index(0, 0)
        tip = str(index.data(Qt.ItemDataRole.ToolTipRole))
        assert "<img" not in tip
        assert "&lt;img" in tip


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_form_is_whole_at_every_text_size(qtbot: QtBot, stage: Stage, scale: float) -> None:
    stage.offers.servers = (OLLAMA,)
    with form_in(qtbot, stage, scale=scale) as form:
        wait_until(qtbot, form.found.isVisible)
        load(qtbot, form)
        for button in (form.picker.load, form.save, *form.found.buttons, *form.panel.sources):
            assert button.width() >= button.minimumSizeHint().width()
        assert form.width() <= 1352


def test_at_twice_the_text_the_form_of_no_vendor_is_cut_or_scrolls_sideways(
    qtbot: QtBot, stage: Stage
) -> None:
    stage.offers.servers = (OLLAMA,)
    with room(qtbot, SettingsView, stage, size=(858, 680), scale=2.0) as view:
        wait_until(qtbot, lambda: view.models.form is not None and view.bridge._running == 0)
        view.open_add_form()
        wait_until(qtbot, lambda: view.bridge._running == 0)
        form = view.models.form
        assert form is not None
        load(qtbot, form)
        for place in range(form.vendor.count()):
            form.vendor.setCurrentIndex(place)
            wait_until(qtbot, lambda: cut_in(view) == [])
        form.show_fault("That address cannot be reached. Nothing was saved. Check it, then save.")
        wait_until(qtbot, lambda: cut_in(view) == [])
        # What a vendor says has the whole width there, not what its heading and source leave.
        widest = max(label.width() for label in form.panel.findChildren(QLabel))
        assert widest > form.panel.width() * 0.9
