"""Where an API key is typed: hidden while it stands there, and gone once it is handed over."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import Problem
from app.domain.secret import ApiKey


class KeyField(QWidget):
    """A field for one key. Without a keychain it offers to keep the key for this run only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        # Copying a key out again would put it on the clipboard of every program.
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.line.setPlaceholderText("Goes to your system's keychain; may stay empty")
        self.line.setAccessibleName("API key")
        self.setFocusProxy(self.line)
        self._why = QLabel(self)
        self._why.setProperty("role", "warning")
        self._why.setWordWrap(True)
        self._why.hide()
        self.this_run = QCheckBox("Keep the key for this run only", self)
        self.this_run.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.line, self._why, self.this_run):
            layout.addWidget(widget)

    def show_keychain(self, problem: Problem | None) -> None:
        """Say that the keychain cannot keep a key now, and offer what can be done instead."""
        absent = problem is not None
        self._why.setText(problem.sentence() if problem is not None else "")
        self._why.setVisible(absent)
        self.this_run.setVisible(absent)
        self.this_run.setChecked(False)
        hint = "Kept in memory, gone when Counterpart closes" if absent else (
            "Goes to your system's keychain; may stay empty")  # fmt: skip
        self.line.setPlaceholderText(hint)

    @property
    def this_run_only(self) -> bool:
        """Return whether the user chose to keep the key in memory."""
        return not self.this_run.isHidden() and self.this_run.isChecked()

    @property
    def would_be_lost(self) -> bool:
        """Return whether a key stands here that nothing would keep: no keychain, no wish."""
        absent = not self.this_run.isHidden() and not self.this_run.isChecked()
        return absent and bool(self.line.text().strip())

    def take(self) -> ApiKey | None:
        """Return the key that was typed, or None, and forget it here."""
        typed = self.line.text().strip()
        self.forget()
        return ApiKey(typed) if typed else None

    def copy(self) -> ApiKey | None:
        """Return the key that stands here, which stays: for asking what it opens, before saving."""
        typed = self.line.text().strip()
        return ApiKey(typed) if typed else None

    def forget(self) -> None:
        """Empty the field; `setText` drops the undo history, which `clear` would keep."""
        self.line.setText("")
