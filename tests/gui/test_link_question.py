"""A link in an answer: the whole address is shown, and nothing is opened unasked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets.link_question import ask_to_open

ADDRESS = "https://example.org/act?section=14"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []

    def open_url(url: QUrl) -> bool:
        addresses.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return addresses


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_a_link_is_opened_only_after_its_whole_address_was_shown(
    parent: QWidget, opened: list[str]
) -> None:
    ask_to_open(parent, ADDRESS)
    box = parent.findChild(QMessageBox)
    assert box is not None
    assert ADDRESS in box.informativeText()
    assert not opened
    next(b for b in box.buttons() if b.text() == "Open").click()
    assert opened == [ADDRESS]


def test_a_link_that_is_declined_is_not_opened(parent: QWidget, opened: list[str]) -> None:
    ask_to_open(parent, ADDRESS)
    box = parent.findChild(QMessageBox)
    assert box is not None
    box.reject()
    assert not opened


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "notes.txt"])
def test_an_address_that_leads_nowhere_safe_is_not_even_offered(
    parent: QWidget, opened: list[str], address: str
) -> None:
    ask_to_open(parent, address)
    assert parent.findChild(QMessageBox) is None
    assert not opened
