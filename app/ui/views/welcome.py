"""Welcome: the first start, and three ways to begin."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QProcess, Qt, Slot
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.theme.icons import pixmap
from app.ui.views.view import View
from app.ui.widgets.fitted_area import FittedArea

if TYPE_CHECKING:
    from app.services.container import Services

_CARD_PX = 320
_NARROWEST_PX = 190  # of a card beside two others
_AROUND_PX = 48 + 16  # the margins, and a scroll bar
_TRY = (
    "A small model on this computer. No key, no account, nothing leaves. Its answers are often "
    "wrong; it is for learning the program."
)
_KEY = (
    "OpenAI, Anthropic, Fireworks AI, DeepSeek, GLM, OpenRouter and others, or any compatible "
    "address."
)
_SAMPLE = (
    "Two invented years of prompts, votes and costs, labelled as a sample. It opens in a "
    "window and a file of its own; nothing is sent."
)


class WelcomeView(View):
    """Says what the program is for and offers a start; any of them ends the welcome for good."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._icons: list[tuple[QLabel, str]] = []
        title = _words("See which prompts really need the expensive model", "hero", self)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise = _words(
            "Prompts, answers, prices and votes are kept on this computer, and keys in your "
            "system's keychain. A prompt is sent only to the models that you ask.",
            "muted",
            self,
        )
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.start = self._button("Start practising", "primary", self._practise)
        self.key = self._button("Add a key", "", self._add_key)
        self.sample = self._button("Look at a sample", "", self._open_sample)
        self._cards = QWidget(self)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._cards)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        for name, heading, text, button in (
            ("laptop", "Try it now", _TRY, self.start),
            ("key", "Add a key", _KEY, self.key),
            ("savings", "See two years of it", _SAMPLE, self.sample),
        ):
            self._row.addWidget(self._card(name, heading, text, button), 1)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(5)
        column.addWidget(title)
        column.addSpacing(6)
        column.addWidget(promise)
        column.addSpacing(18)
        column.addWidget(self._cards, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(FittedArea(page))
        self._dress()

    def _button(self, words: str, kind: str, slot: object) -> QPushButton:
        button = QPushButton(words, self)
        if kind:
            button.setProperty("kind", kind)
        button.setAccessibleName(words)
        button.clicked.connect(slot)
        return button

    def _card(self, icon_name: str, heading: str, text: str, button: QPushButton) -> QFrame:
        card = QFrame(self._cards)
        card.setProperty("card", "true")
        picture = QLabel(card)
        self._icons.append((picture, icon_name))
        words = _words(text, "muted", card)
        column = QVBoxLayout(card)
        column.setContentsMargins(20, 20, 20, 18)
        column.setSpacing(8)
        column.addWidget(picture)
        column.addWidget(_words(heading, "title", card))
        column.addWidget(words)
        column.addStretch(1)
        column.addSpacing(30)
        column.addWidget(button)
        return card

    @Slot()
    def _practise(self) -> None:
        self._begun()
        self.go_to.emit("compare")

    @Slot()
    def _add_key(self) -> None:
        self._begun()
        self.go_to.emit("add_model")

    @Slot()
    def _open_sample(self) -> None:
        """Start a second window on the sample: a history of its own in a file of its own."""
        command = [] if getattr(sys, "frozen", False) else ["-m", "app"]
        home = str(Path(__file__).resolve().parents[3])
        started, _ = QProcess.startDetached(sys.executable, [*command, "--sample"], home)
        if not started:
            self.went_wrong.emit(
                Problem(
                    "sample",
                    "The sample could not be opened.",
                    "Start Counterpart with --sample in a terminal.",
                )
            )

    def _begun(self) -> None:
        async def welcomed(services: Services) -> None:
            from dataclasses import replace

            await services.preferences.change(lambda now: replace(now, welcomed=True))

        self.bridge.save(welcomed, None, self.went_wrong.emit)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the first way to begin."""
        super().focusInEvent(event)
        self.start.setFocus(event.reason())

    def changeEvent(self, event: QEvent) -> None:
        """Tint the icons again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        for label, name in self._icons:
            label.setPixmap(pixmap(name, "accent", 26))
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width again."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Put the cards below each other where three of them would be too narrow to read."""
        way = QBoxLayout.Direction
        room = self.width() - _AROUND_PX
        beside = room >= current().px(3 * _NARROWEST_PX)
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._cards.setFixedWidth(max(0, min(current().px(3 * _CARD_PX + 28), room)))


def _words(text: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
