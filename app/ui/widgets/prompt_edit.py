"""The field a prompt is typed into: plain text, one line that grows to eight, then scrolls."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

MOST_LINES = 8


class PromptEdit(QPlainTextEdit):
    """Takes typed and pasted text, never its formatting; a dropped file is an attachment.

    Signals:
        file_dropped(Path): a local file was dropped here.
        focus_changed(): typing began or ended here.
    """

    file_dropped = Signal(object)
    focus_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", "true")
        self.setTabChangesFocus(True)
        self.setAcceptDrops(True)
        self.setPlaceholderText("Ask anything. Attach the document it is about.")
        self.setAccessibleName("Prompt")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return a height that holds the lines typed so far, at most eight."""
        # A plain text layout counts its height in lines, wrapped ones included.
        lines = min(max(1, math.ceil(self.document().size().height())), MOST_LINES)
        first = self.document().firstBlock()
        # A fallback font may make lines taller than the font itself says.
        taken = self.blockBoundingRect(first).height() / max(1, first.layout().lineCount())
        line = max(self.fontMetrics().lineSpacing(), math.ceil(taken))
        frame = 2 * math.ceil(self.document().documentMargin()) + 2 * self.frameWidth() + 4
        return QSize(super().sizeHint().width(), lines * line + frame)

    def minimumSizeHint(self) -> QSize:
        """Return one narrow line."""
        return QSize(120, self.sizeHint().height())

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height again: wrapping may have changed the number of lines."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fit the height again when the text's size changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing began."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that typing ended."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802 - Qt's own name
        """Take text and local files."""
        return source.hasText() or bool(_local_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's own name
        """Insert the plain text of what is pasted or dropped; hand on a file."""
        files = _local_files(source)
        if files:
            self.file_dropped.emit(files[0])
        elif source.hasText():
            self.insertPlainText(source.text())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files too, which a text field would refuse."""
        if _local_files(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Keep accepting a file while it is moved over the field."""
        if _local_files(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on a dropped file; text is inserted as usual."""
        files = _local_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.file_dropped.emit(files[0])
        else:
            super().dropEvent(event)


def _local_files(source: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
