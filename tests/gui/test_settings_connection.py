"""Settings, Connection: limits and added certificates, kept and used without a restart."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.adapters.vault.session import SessionVault
from app.domain.connection import Connection
from app.domain.secret import ApiKey
from app.ui.views.settings.connection import ConnectionSection
from app.ui.views.settings.view import SettingsView
from tests.fakes.certificates import Authority
from tests.fakes.rooms import room, told_by
from tests.fakes.scripted import CHEAP, Stage
from tests.fakes.windows import click, wait_until


def shown(qtbot: QtBot, view: SettingsView) -> ConnectionSection:
    wait_until(qtbot, lambda: bool(view.connection.fields["connect_s"].text()))
    return view.connection


def test_the_usual_limits_are_shown_with_their_units(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, Stage(tmp_path)) as view:
        section = shown(qtbot, view)
        figures = {name: line.text() for name, line in section.fields.items()}
        assert figures == {
            "connect_s": "10", "first_token_s": "120", "between_tokens_s": "60",
            "whole_answer_s": "1200", "answer_mb": "10",
        }  # fmt: skip
        assert section.fields["answer_mb"].accessibleName() == "Answer up to, MB"
        told = told_by(section)
        assert "seconds, usually 120" in told
        assert "Only this computer's own certificates are trusted." in told
        # There is nothing here, nor anywhere, that trusts without checking.
        assert "certificates are always checked" in told


def test_no_figure_is_cut_where_text_is_twice_as_large(qtbot: QtBot, tmp_path: Path) -> None:
    with room(qtbot, SettingsView, Stage(tmp_path), scale=2.0) as view:
        line = shown(qtbot, view).fields["whole_answer_s"]
        assert line.fontMetrics().horizontalAdvance("14400") < line.contentsRect().width() - 24


def test_what_is_saved_holds_at_once_and_after_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    with room(qtbot, SettingsView, stage) as view:
        section = shown(qtbot, view)
        section.fields["first_token_s"].setText("300")
        section.fields["answer_mb"].setText("2,5")
        click(section.save)
        wait_until(qtbot, lambda: "Saved. It holds from the next question on." in told_by(section))
        assert stage.in_force.now == Connection(first_token_s=300, answer_mb=2.5)
    again = Stage(tmp_path)
    with room(qtbot, SettingsView, again) as view:
        assert shown(qtbot, view).fields["first_token_s"].text() == "300"
        assert again.in_force.now.first_token_s == 300
        click(view.connection.usual)
        wait_until(qtbot, lambda: again.in_force.now == Connection())


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("connect_s", "0", "The time to connect is between 1 and 120 seconds. 10 is the usual"),
        ("connect_s", "soon", "The time to connect is a number of seconds."),
        ("first_token_s", "nan", "The wait for the first word is a number of seconds."),
        ("between_tokens_s", "9999", "The wait between words is between 5 and 3,600 seconds."),
        ("whole_answer_s", "60", "shorter than the wait for its first word"),
        ("answer_mb", "1e9", "The size of an answer is between 0.1 and 100 MB."),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_a_sentence_and_changes_nothing(
    qtbot: QtBot, tmp_path: Path, name: str, typed: str, told: str
) -> None:
    stage = Stage(tmp_path)
    with room(qtbot, SettingsView, stage) as view:
        section = shown(qtbot, view)
        section.fields[name].setText(typed)
        click(section.save)
        wait_until(qtbot, lambda: told in section.said.text())
        assert stage.in_force.now == Connection()


def test_a_firms_certificates_are_added_named_and_taken_away(qtbot: QtBot, tmp_path: Path) -> None:
    stage, firm = Stage(tmp_path), Authority.made(tmp_path)
    with room(qtbot, SettingsView, stage) as view:
        section = shown(qtbot, view)
        section.add_file(str(firm.file))
        wait_until(qtbot, lambda: "1 certificate: Kanari Root CA." in told_by(section))
        assert section.file.isVisible()
        assert stage.in_force.now.ca_file == str(firm.file)
        firm.file.unlink()
        section.refresh()
        wait_until(qtbot, lambda: "That file cannot be read." in section.certificates.text())
        click(section.remove)
        wait_until(qtbot, lambda: not stage.in_force.now.ca_file)
        wait_until(qtbot, lambda: not section.file.isVisible())


def test_a_file_that_is_no_certificate_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    stage, letter = Stage(tmp_path), tmp_path / "letter.txt"
    letter.write_text("Dear Sirs", encoding="utf-8")
    with room(qtbot, SettingsView, stage) as view:
        section = shown(qtbot, view)
        section.add_file(str(letter))
        wait_until(qtbot, lambda: "no certificate in PEM form" in section.said.text())
        assert stage.in_force.now == Connection()


def test_a_keychain_that_hangs_does_not_keep_settings_from_showing_the_models(
    qtbot: QtBot, tmp_path: Path
) -> None:
    let = threading.Event()

    class Hanging(SessionVault):
        def fetch(self, name: str) -> ApiKey | None:
            let.wait(30)
            return None

    with room(qtbot, SettingsView, Stage(tmp_path, vault=Hanging())) as view:
        wait_until(qtbot, lambda: CHEAP.name in told_by(view.models))
        assert view.connection.isVisible()
    let.set()
