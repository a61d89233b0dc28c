"""What stands behind an answer, folded away until asked for: reasoning, or another answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.card import Card
from app.ui.widgets.markdown_view import MarkdownView

_SHARE = 0.4
_LOWEST_PX = 40
_LEAST_CHARS = 10


class Fold(QWidget):
    """Markdown under a button that unfolds it, within the card it lies on."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._fold = Button(title, "ghost", icon="folded")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._toggled)
        self._view: MarkdownView | None = None
        self._text: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(4)
        self._column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)

    def unfold(self) -> None:
        """Show what lies under the button."""
        self._fold.setChecked(True)

    def has_text(self) -> bool:
        """Whether there is anything to unfold."""
        return bool(self._text)

    @property
    def title(self) -> str:
        """Return the words on the button."""
        return self._title

    def set_text(self, text: str) -> None:
        """Show this Markdown and nothing else."""
        if self._text == [text]:
            return
        self._text[:] = [text]
        if self._view is not None and self._fold.isChecked():
            self._view.set_markdown(text)
            self._take_room()

    def grow(self, text: str) -> None:
        """Add Markdown."""
        self._text.append(text)
        if self._view is not None and self._fold.isChecked():
            self._view.append(text)
            self._take_room()

    def settle(self) -> None:
        """Finish: no more text will come."""
        if self._view is not None:
            self._view.settle()

    def clear(self) -> None:
        """Forget everything, and fold."""
        self._text.clear()
        self._fold.setChecked(False)
        if self._view is not None:
            self._view.clear()

    @Slot(bool)
    def _toggled(self, unfolded: bool) -> None:
        self._fold.set_icon("unfolded" if unfolded else "folded")
        # Most people never look: the text is laid out only once they do.
        if self._view is None:
            self._view = MarkdownView(quiet=True)
            self._view.setAccessibleName(self._title)
            self._column.addWidget(self._view)
        self._view.setVisible(unfolded)
        if unfolded:
            self._view.set_markdown("".join(self._text))
        self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take no more room than the pane can spare."""
        super().resizeEvent(event)
        self._fit_title()
        self._take_room()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the title again when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_column"):
            self._fit_title()

    def _fit_title(self) -> None:
        """End a title that is too long in an ellipsis, and tell it whole in the tooltip."""
        metrics = self._fold.fontMetrics()
        now = self._fold.text().replace("&&", "&")
        around = self._fold.sizeHint().width() - metrics.horizontalAdvance(now)
        room = max(0, self.width() - around)
        shown = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        if shown != now:
            self._fold.setText(shown.replace("&", "&&"))
        self._fold.setToolTip(self._title if shown != self._title else "")

    def minimumSizeHint(self) -> QSize:
        """Ask for no more width than a few letters of the title."""
        least = self._fold.fontMetrics().averageCharWidth() * _LEAST_CHARS
        return QSize(least, super().minimumSizeHint().height())

    def _take_room(self) -> None:
        """Be as tall as the text, but leave the answer the larger part of the pane."""
        pane = self.parentWidget()
        while pane is not None and not isinstance(pane, Card):
            pane = pane.parentWidget()
        if self._view is not None and pane is not None:
            room = round(pane.height() * _SHARE)
            self._view.setFixedHeight(max(_LOWEST_PX, min(room, self._view.content_height())))


class ReasoningFold(Fold):
    """What the model thought before it answered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ReasoningFold", "Reasoning"), parent)


class BesideFolds(QWidget):
    """What other models said to the same prompt, each folded under its own name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds: list[Fold] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_said(self, said: Sequence[tuple[str, str]]) -> None:
        """Show titles with the Markdown under each; what was unfolded and stays, stays so."""
        if [fold.title for fold in self._folds] != [title for title, _ in said]:
            for old in self._folds:
                old.hide()
                old.deleteLater()
            self._folds = [Fold(title) for title, _ in said]
            for fold in self._folds:
                self._column.addWidget(fold)
        for fold, (_, text) in zip(self._folds, said, strict=True):
            fold.set_text(text)
        self.setVisible(bool(said))
