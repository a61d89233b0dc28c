from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.adapters.vault.keychain import in_words
from app.domain.errors import Problem, VaultError
from app.domain.matter import PolicyKind
from app.domain.model import KeySource, Role
from app.domain.secret import ApiKey
from app.services.container import Services
from app.services.keys import Keys
from app.ui import theme
from app.ui.views.settings.view import SettingsView
from app.ui.widgets.confirmation import Confirmation
from app.ui.widgets.key_field import KeyField
from app.ui.widgets.model_form import ModelForm
from tests.fakes.rooms import room, told_by
from tests.fakes.scripted import CHEAP, FRONTIER, Stage
from tests.fakes.windows import wait_until

CANARY = "sk-canary-3f9a1d77c2"


class MemoryKeychain:
    """A keychain that works, or says why not."""

    def __init__(self, *, absent: bool = False) -> None:
        self.entries: dict[str, ApiKey] = {}
        self.absent = absent

    def store(self, name: str, key: ApiKey) -> None:
        self._try()
        self.entries[name] = key

    def fetch(self, name: str) -> ApiKey | None:
        self._try()
        return self.entries.get(name)

    def delete(self, name: str) -> None:
        self._try()
        self.entries.pop(name, None)

    def _try(self) -> None:
        if self.absent:
            raise VaultError("This system has no keychain.", "Install one, or keep keys in memory.")


class KeyedStage(Stage):
    """A stage whose keys go to a keychain of the test's own."""

    keychain = MemoryKeychain()
    session = MemoryKeychain()

    def open(self) -> Services:
        services = super().open()
        keys = Keys(self.keychain, self.session, {})
        services.models._keys = keys
        services.models._sender._keys = keys
        return replace(services, keys=keys)


@pytest.fixture
def stage(tmp_path: Path) -> KeyedStage:
    stage = KeyedStage(tmp_path)
    stage.keychain, stage.session = MemoryKeychain(), MemoryKeychain()
    return stage


def known(qtbot: QtBot, view: SettingsView) -> None:
    wait_until(qtbot, lambda: view.models.form is not None and view.bridge._running == 0)


def filled_form(qtbot: QtBot, view: SettingsView, name: str = "My Nova") -> ModelForm:
    known(qtbot, view)
    view.open_add_form()
    form = view.models.form
    assert form is not None
    form.vendor.setCurrentIndex(form.vendor.findText("Any compatible address"))
    form.address.setText("https://api.nova.test/v1")
    form.model.setEditText("nova-1")
    form.name.setText(name)
    QTest.keyClicks(form.key.line, CANARY)
    return form


def widgets_that_know(text: str) -> list[QObject]:
    """Return every widget of the program that still holds a text, hidden ones included."""
    found: list[QObject] = []
    for widget in QApplication.allWidgets():
        for read in ("text", "toPlainText", "placeholderText", "toolTip", "accessibleName"):
            said = getattr(widget, read, None)
            if callable(said) and text in str(said()):
                found.append(widget)
        if isinstance(widget, QLineEdit) and widget.isUndoAvailable():
            widget.undo()
            if text in widget.text():
                found.append(widget)
    return found


def test_a_key_leaves_its_field_at_once_and_is_in_no_widget_and_no_file(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view)
        assert form.key.line.echoMode() is QLineEdit.EchoMode.Password
        assert CANARY not in form.key.line.displayText()
        form.save.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 3)
        known(qtbot, view)
        assert [key.reveal() for key in stage.keychain.entries.values()] == [CANARY]
        gc.collect()
        assert widgets_that_know(CANARY) == []
        assert CANARY not in told_by(view)
        view.report.copy.click()
        assert CANARY not in QApplication.clipboard().text()
    for file in stage.folder.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes()


def test_a_key_field_forgets_its_key_the_moment_it_hands_it_over(qtbot: QtBot) -> None:
    field = KeyField()
    qtbot.addWidget(field)
    QTest.keyClicks(field.line, f" {CANARY} ")
    taken = field.take()
    assert taken is not None
    assert taken.reveal() == CANARY
    assert field.line.text() == ""
    assert not field.line.isUndoAvailable()
    assert field.take() is None


def test_what_is_mistyped_is_told_before_the_key_must_be_typed_again(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view, name="")
        form.save.click()
        wait_until(qtbot, form.fault.isVisible)
        assert "needs a name" in form.fault.text()
        assert form.key.line.text() == CANARY
        form.price_in.setText("cheap")
        form.save.click()
        assert "two numbers" in form.fault.text()
        form.cancel.click()
        assert form.key.line.text() == ""
        assert stage.keychain.entries == {}


class NoKeyringError(Exception):
    """What keyring raises where there is no keychain."""


class KeyringLocked(Exception):  # noqa: N818 - keyring's own name
    """What keyring raises where it is locked."""


@pytest.mark.parametrize(
    "error", [NoKeyringError(), KeyringLocked(), OSError()], ids=["absent", "locked", "refused"]
)
def test_that_a_key_can_be_kept_for_this_run_is_said_once(
    qtbot: QtBot, stage: KeyedStage, error: Exception
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        wait_until(qtbot, lambda: view.bridge.idle)
        view.models._show_keychain(in_words(error).problem)
        told = view.models._notice.text()
        assert told.count("for this run") == 1, told
        assert told.endswith("History and everything else work as usual.")


def test_without_a_keychain_it_says_so_and_keeps_the_key_for_this_run_only(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    stage.keychain.absent = True
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view)
        assert "no keychain" in told_by(view)
        assert form.key.this_run.isVisible()
        form.save.click()
        wait_until(qtbot, form.fault.isVisible)
        assert "Keep the key for this run only" in form.fault.text()
        assert len(view.models.rows) == 2
        assert form.key.line.text() == CANARY, "nobody wants to fetch and paste it twice"
        form.key.this_run.setChecked(True)
        form.save.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 3)
        assert view.models.rows[2].model.key_source is KeySource.SESSION
        assert "never on disk" in told_by(view.models.rows[2])


def test_removing_a_model_asks_first_and_deletes_its_key(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view)
        form.save.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 3)
        known(qtbot, view)
        view.models.rows[2].buttons["remove"].click()
        question = view.findChild(Confirmation)
        assert isinstance(question, Confirmation)
        assert len(stage.keychain.entries) == 1
        question.yes.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 2)
        assert stage.keychain.entries == {}


def test_a_model_goes_although_the_keychain_does_not_let_go_of_its_key(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view)
        form.save.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 3)
        known(qtbot, view)
        (entry,) = stage.keychain.entries
        stage.keychain.absent = True
        told: list[Problem] = []
        view.went_wrong.connect(told.append)
        view.models.rows[2].buttons["remove"].click()
        question = view.findChild(Confirmation)
        assert isinstance(question, Confirmation)
        question.yes.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 2)
        wait_until(qtbot, lambda: bool(told))
        (problem,) = told
        assert "is removed, but its key is still in the system's keychain" in problem.message
        assert f"Delete the entry “{entry}” of “Counterpart”" in problem.next_step
        assert CANARY not in problem.sentence()


def test_a_replaced_key_is_the_only_one_left(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        form = filled_form(qtbot, view)
        form.save.click()
        wait_until(qtbot, lambda: len(view.models.rows) == 3)
        known(qtbot, view)
        row = view.models.rows[2]
        row.buttons["key"].click()
        QTest.keyClicks(row.key.line, "sk-second")
        row.key_given.emit(row.model)
        assert row.key.line.text() == ""
        wait_until(
            qtbot,
            lambda: [key.reveal() for key in stage.keychain.entries.values()] == ["sk-second"],
        )


def test_a_test_says_in_one_sentence_what_happened_and_what_it_cost(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    stage.cheap.says("ready")
    stage.cheap.finishes(out=10)
    stage.frontier.fails("key_refused")
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        cheap, frontier = view.models.rows
        cheap.buttons["test"].click()
        frontier.buttons["test"].click()
        wait_until(qtbot, lambda: view.bridge._running == 0)
        assert "It works: “ready”" in cheap.said.text()
        assert "cost $0.0001" in cheap.said.text()
        assert "Ask again in a minute." in frontier.said.text()
        assert frontier.said.property("role") == "bad"


def test_a_changed_model_keeps_its_key_and_its_place_in_the_pair(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        view.models.rows[1].buttons["edit"].click()
        form = view.models.form
        assert form is not None
        assert form.role.currentData() == Role.FRONTIER
        assert not form.key.isVisible()
        form.length.setText("4,000")
        form.save.click()
        wait_until(qtbot, form.isHidden)
        known(qtbot, view)
        lengths = {row.model.name: row.model.max_output_tokens for row in view.models.rows}
        assert lengths == {CHEAP.name: None, FRONTIER.name: 4000}
        assert view.pair.frontier.currentData() == FRONTIER.name


def test_the_pair_is_chosen_by_seat_and_practice_is_one_button_away(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        assert view.pair.cheap.findData(FRONTIER.name) < 0
        view.pair.practice.click()
        wait_until(qtbot, lambda: "practice pair" in view.pair.now.text())
        known(qtbot, view)
        assert not view.pair.practice.isEnabled()
        view.pair.cheap.setCurrentIndex(view.pair.cheap.findData(CHEAP.name))
        view.pair.frontier.setCurrentIndex(view.pair.frontier.findData(FRONTIER.name))
        view.pair.frontier.activated.emit(view.pair.frontier.currentIndex())
        wait_until(qtbot, view.pair.practice.isEnabled)


def test_a_matter_policy_is_kept_and_an_empty_one_is_refused(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        view.matters.add.click()
        form = view.matters.form
        form.name.setText("Hartwell v. Oceanic")
        form.kind.setCurrentIndex(form.kind.findData(PolicyKind.NAMED))
        form.save.click()
        wait_until(qtbot, lambda: "No provider is named" in form.fault.text())
        form.others.setText("Summit Labs")
        form.save.click()
        wait_until(qtbot, form.isHidden)
        known(qtbot, view)
        assert "Only Summit Labs" in told_by(view.matters)
    kept = stage.history()
    matter = kept.matter("Hartwell v. Oceanic")
    kept.close()
    assert matter is not None
    assert matter.policy.vendors == {"Summit Labs"}


def test_dark_and_large_text_apply_at_once_and_survive(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        view.appearance._choose_scheme("dark")
        wait_until(qtbot, lambda: theme.current().is_dark)
        view.appearance.text_size.setCurrentIndex(view.appearance.text_size.count() - 1)
        view.appearance.text_size.activated.emit(view.appearance.text_size.count() - 1)
        wait_until(qtbot, lambda: theme.current().scale == 2.0)
    kept = stage.history()
    text = kept.setting("preferences") or ""
    kept.close()
    assert '"dark"' in text
    assert "2.0" in text


def test_the_report_that_is_shown_is_the_one_that_is_copied(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage) as view:
        known(qtbot, view)
        view.report.copy.click()
        copied = QApplication.clipboard().text()
        assert copied == view.report.text.toPlainText()
        assert copied.startswith("Counterpart 0.0.0")


def test_the_form_can_be_opened_before_the_models_are_read(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage) as view:
        view.open_add_form()
        known(qtbot, view)
        assert view.models.form is not None
        assert view.models.form.isVisible()


def test_at_twice_the_text_size_the_form_is_still_whole(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage, scale=2.0) as view:
        form = filled_form(qtbot, view)
        for button in (form.save, form.cancel, view.models.add, view.pair.practice):
            assert button.width() >= button.minimumSizeHint().width()


def crushed(cards: tuple[QWidget, ...]) -> list[str]:
    """Return the cards that are lower than what lies on them."""
    found = []
    for card in cards:
        layout = card.layout()
        assert layout is not None
        if card.height() < layout.heightForWidth(card.width()):
            found.append(type(card).__name__)
    return found


def test_in_a_narrow_window_the_pair_follows_the_models_and_the_report_comes_late(
    qtbot: QtBot, stage: KeyedStage
) -> None:
    with room(qtbot, SettingsView, stage, size=(940, 700)) as view:
        page = view.area.widget()
        assert page is not None

        def tops() -> list[int]:
            sections = (view.models, view.pair, view.prices, view.budget, view.matters,
                        view.connection, view.appearance, view.data, view.report,
                        view.about)  # fmt: skip
            return [section.mapTo(page, QPoint(0, 0)).y() for section in sections]

        wait_until(qtbot, lambda: tops() == sorted(tops()) and len(set(tops())) == 10)
        assert {section.x() for section in (view.models, view.pair, view.about)} == {0}
        # Rows that were read later have made the cards higher: none is crushed.
        wait_until(qtbot, lambda: bool(view.models.rows) and view.bridge._running == 0)
        cards: tuple[QWidget, ...] = (
            view.models, view.pair, view.prices, view.budget, view.matters, view.about,
        )  # fmt: skip
        wait_until(qtbot, lambda: not crushed(cards))
        view.resize(1352, 900)
        wait_until(qtbot, lambda: view.pair.y() == view.models.y() == 0)
        assert view.pair.x() > view.models.width()
        view.resize(940, 700)
        wait_until(qtbot, lambda: view.pair.y() > view.models.y() and view.pair.x() == 0)


def test_the_way_out_of_a_reached_budget_leads_to_it(qtbot: QtBot, stage: KeyedStage) -> None:
    with room(qtbot, SettingsView, stage, size=(940, 500)) as view:
        wait_until(qtbot, lambda: bool(view.models.rows) and view.bridge._running == 0)
        view.show_place("budget")
        wait_until(qtbot, view.budget.month.hasFocus)
        assert not view.budget.month.visibleRegion().isEmpty()
