"""The words of an answer for screen readers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class Transcript(QPlainTextEdit):
    """A text field under a view, which covers it: readers find the words where they are seen.

    A widget made in Python cannot offer Qt's accessible text interface; a read-only field does. It
    is the view's sibling, because the children of a scroll area are not told to screen readers.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view.parentWidget() or view)
        self._view = view
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("bare", "true")
        view.installEventFilter(self)
        self._follow()

    def show_words(self, words: str, name: str) -> None:
        """Offer ``words`` under ``name``."""
        self.setAccessibleName(name)
        self.setPlainText(words)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay under the view."""
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
        ):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        beside = self.parentWidget() is self._view.parentWidget()
        self.setGeometry(self._view.geometry() if beside else self._view.rect())
        self.setVisible(not self._view.isHidden() and not self.document().isEmpty())
        self.lower()
