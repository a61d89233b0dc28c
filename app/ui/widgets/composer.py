"""Where a prompt is written: its text, its document, its tags, and what asking it would cost."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.emptying import empty
from app.ui.widgets.flow_row import FlowRow
from app.ui.widgets.focus_card import FocusCard
from app.ui.widgets.prompt_edit import PromptEdit

Figures = tuple[tuple[str, str, str], ...]
"""Parts of the estimate as (name, figure, role of the figure's label: muted, cheap, frontier)."""
_APART_PX = 10
_DOCUMENTS = "Documents (*.pdf *.docx *.txt *.md *.csv *.eml *.json *.html);;All files (*)"


class Composer(FocusCard):
    """The card at the foot of Compare. It shows; the view asks.

    Signals:
        ask_wanted(): the filled button, or Ctrl+Enter.
        stop_wanted(): the same button while answers arrive.
        text_changed(): the prompt, its document or its tags are different now.
        file_chosen(Path): a document to attach.
        file_removed(): the attached document is not wanted any more.
        blind_toggled(bool): compare blind, or with the names open.
    """

    ask_wanted = Signal()
    stop_wanted = Signal()
    text_changed = Signal()
    file_chosen = Signal(object)
    file_removed = Signal()
    blind_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tags: tuple[str, ...] = ()
        self._known_tags: tuple[str, ...] = ()
        self._ask_words = "Ask both"
        self._asking = False
        self._folder = ""
        self.edit = PromptEdit(self)
        self.edit.textChanged.connect(self.text_changed)
        self.edit.file_dropped.connect(self.file_chosen)
        self.edit.focus_changed.connect(self.update)
        self._attach = self._quiet("Attach", "attach", "Attach a PDF, DOCX or text file")
        self._attach.clicked.connect(self._pick_file)
        self._detach = IconButton("close", "Remove the document", self)
        self._detach.clicked.connect(self.file_removed)
        self._detach.hide()
        self._tag = self._quiet("Tag", "tag", "Tags say what kind of work this is")
        self._tag.clicked.connect(self._open_tags)
        self._blind = self._quiet("Blind", "blind", "")
        self._blind.setCheckable(True)
        self._blind.setChecked(True)
        self._blind.toggled.connect(self._blind_changed)
        self._prompts = self._quiet("Practice prompts", "library", "Short prompts to try it with")
        self._prompts.hide()
        self._ask = Button("", "primary", self)
        self._ask.clicked.connect(self._pressed)
        self._lay_out()
        self._say_blind()
        self._say_ask()

    def _lay_out(self) -> None:
        self._quiet_ones = QWidget(self)
        self._left = FlowRow(self._quiet_ones, spacing=6)
        for button in (self._attach, self._detach, self._tag, self._blind, self._prompts):
            self._left.addWidget(button)
        self._figures = QWidget(self)
        self._figure_row = FlowRow(self._figures, spacing=10, at_end=True)
        self._figures.setAccessibleName("Estimate")
        right = QHBoxLayout()
        right.setSpacing(_APART_PX)
        right.addStretch(1)
        right.addWidget(self._figures)
        right.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignBottom)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(_APART_PX)
        self._row.addWidget(self._quiet_ones)
        self._row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addLayout(self._row)

    def event(self, event: QEvent) -> bool:
        """Fit the rows before they are laid out anew."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit_rows()
        return super().event(event)

    def _fit_rows(self) -> None:
        """Keep the quiet buttons in one row; where estimate and button do not fit, below them."""
        column = self.layout()
        if column is None:
            return
        margins = column.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        quiet = self._left.sizeHint().width()
        others = self._figure_row.minimumSize().width() + self._ask.sizeHint().width()
        beside = quiet + others + 2 * _APART_PX <= room
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self._quiet_ones.setMinimumWidth(quiet if beside else 0)

    def _quiet(self, words: str, icon_name: str, tip: str) -> Button:
        button = Button(words, "ghost", self, icon=icon_name)
        button.setToolTip(tip)
        return button

    def wants_ring(self) -> bool:
        """Return whether the prompt is being typed."""
        return self.edit.hasFocus()

    # What is written

    def text(self) -> str:
        """Return what is typed."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Put a text in, with the cursor at its end."""
        self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)

    def tags(self) -> tuple[str, ...]:
        """Return the chosen tags."""
        return self._tags

    def set_tags(self, tags: tuple[str, ...]) -> None:
        """Choose tags."""
        self._tags = tags
        shown = ", ".join(tags)
        words = shown if len(shown) <= 28 else f"{len(tags)} tags"
        self._tag.setText(_plain(words or "Tag"))
        self._tag.setAccessibleName(f"Tags: {shown}" if tags else "Tag")
        self._left.invalidate()

    def show_known_tags(self, tags: tuple[str, ...]) -> None:
        """Offer these tags, most used first."""
        self._known_tags = tags

    def blind(self) -> bool:
        """Return whether to compare blind."""
        return self._blind.isChecked()

    def set_blind(self, blind: bool) -> None:
        """Choose blind or open."""
        self._blind.setChecked(blind)

    # What is shown

    def show_file(self, name: str, tokens: str) -> None:
        """Show the attached document and its size in words; an empty name shows none."""
        short = name if len(name) <= 32 else f"{name[:20]}…{name[-10:]}"
        words = f"{short} · {tokens}" if tokens else short
        self._attach.setText(_plain(words if name else "Attach"))
        self._attach.setAccessibleName(f"Attached: {name}, {tokens}" if name else "Attach")
        self._attach.setToolTip(name or "Attach a PDF, DOCX or text file")
        self._detach.setVisible(bool(name))
        self._left.invalidate()

    def show_figures(self, figures: Figures, basis: str = "") -> None:
        """Show the estimate, a label for each part; `basis` says what it goes by."""
        empty(self._figure_row)
        for name, figure, role in figures:
            pair = _Figure(name, figure, role, self._figures)
            self._figure_row.addWidget(pair)
            pair.show()
        said = " ".join(f"{name} {figure}".strip() for name, figure, _ in figures)
        self._figures.setAccessibleDescription(f"{said}\n{basis}".strip())
        self._figures.setToolTip(basis)
        self._figures.updateGeometry()

    def show_ask(self, words: str, *, blind_matters: bool) -> None:
        """Name the filled button: “Ask both” or “Ask”; only a comparison can be blind."""
        self._ask_words = words
        self._blind.setVisible(blind_matters)
        self._say_ask()

    def set_asking(self, asking: bool) -> None:
        """Turn the filled button into Stop while answers arrive."""
        self._asking = asking
        self._say_ask()

    def show_prompts(self, prompts: tuple[tuple[str, str], ...]) -> None:
        """Offer prompts to try, as (title, text); an empty tuple offers none."""
        old = self._prompts.menu()
        if old is not None:
            old.deleteLater()
        self._prompts.setVisible(bool(prompts))
        menu = QMenu(self._prompts)
        for title, text in prompts:
            action = menu.addAction(_plain(title))
            action.setData(text)
        menu.triggered.connect(self._prompt_picked)
        self._prompts.setMenu(menu)

    def asks(self) -> bool:
        """Return whether the filled button asks; False while it stops."""
        return not self._asking

    def button_words(self) -> str:
        """Return what the filled button says, without its keys."""
        return self._ask.accessibleName()

    # What is done

    def press(self) -> None:
        """Press the filled button."""
        self._ask.click()

    @Slot()
    def _pressed(self) -> None:
        (self.stop_wanted if self._asking else self.ask_wanted).emit()

    @Slot()
    def _pick_file(self) -> None:
        dialog = QFileDialog(self, "Attach a document", self._folder, _DOCUMENTS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_picked)
        dialog.open()

    @Slot(str)
    def _file_picked(self, name: str) -> None:
        path = Path(name)
        self._folder = str(path.parent)
        self.file_chosen.emit(path)

    @Slot()
    def _open_tags(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        field = QLineEdit(menu)
        field.setPlaceholderText("New tag, then Enter")
        field.setAccessibleName("New tag")
        field.returnPressed.connect(self._tag_typed)
        field.returnPressed.connect(menu.close)
        entry = QWidgetAction(menu)
        entry.setDefaultWidget(field)
        menu.addAction(entry)
        for tag in dict.fromkeys((*self._tags, *self._known_tags)):
            action = menu.addAction(_plain(tag))
            action.setData(tag)
            action.setCheckable(True)
            action.setChecked(tag in self._tags)
        menu.triggered.connect(self._tag_picked)
        menu.popup(self._tag.mapToGlobal(self._tag.rect().topLeft()))
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _tag_typed(self) -> None:
        field = self.sender()
        if isinstance(field, QLineEdit) and field.text().strip():
            self.set_tags(tuple(dict.fromkeys((*self._tags, field.text().strip()))))
            self.text_changed.emit()

    @Slot(QAction)
    def _tag_picked(self, action: QAction) -> None:
        if not action.isCheckable():
            return
        tag = str(action.data())
        kept = tuple(other for other in self._tags if other != tag)
        self.set_tags((*kept, tag) if action.isChecked() else kept)
        self.text_changed.emit()

    @Slot(QAction)
    def _prompt_picked(self, action: QAction) -> None:
        self.set_text(str(action.data()))
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(bool)
    def _blind_changed(self, blind: bool) -> None:
        self._say_blind()
        self.blind_toggled.emit(blind)

    def _say_blind(self) -> None:
        blind = self._blind.isChecked()
        self._blind.setText("Blind" if blind else "Names open")
        self._blind.setAccessibleName("Compare blind" if blind else "Compare with the names open")
        self._blind.setToolTip(
            "Names, prices and times stay hidden until you vote"
            if blind
            else "Names are visible from the start; such a vote weighs less"
        )
        self._left.invalidate()

    def _say_ask(self) -> None:
        words, keys = ("Stop", "Esc") if self._asking else (self._ask_words, "Ctrl+↵")
        self._ask.setText(f"{words}   {keys}")
        self._ask.setAccessibleName(words)


class _Figure(QWidget):
    """A name with its figure, which are never torn apart."""

    def __init__(self, name: str, figure: str, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for text, look in ((name, "muted"), (figure, role)):
            if text:
                label = QLabel(text, self)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setProperty("role", look)
                row.addWidget(label)


def _plain(words: str) -> str:
    """Return words in which an ampersand stays one, where Qt would make it a keyboard mark."""
    return words.replace("&", "&&")
