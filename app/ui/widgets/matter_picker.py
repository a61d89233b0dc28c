"""Which matter a prompt belongs to, and who may see that matter's prompts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.domain.matter import UNTAGGED, Matter, PolicyKind, SendingPolicy
from app.ui.theme import current

_CORNER_PX = 7
_NAME_CHARS = 29
_AFTER_PREFIX_PX = 4
_INSET_PX = 3  # from the edge of a line to its letters: its padding, and Qt's own two pixels


class _PrefixedEdit(QLineEdit):
    """A line that begins with a word which is not part of its text.

    Where a name has no room beside the word, the word gives way; where it has none even then, the
    name ends in an ellipsis and its tooltip tells it whole, as long as it is not being typed.
    """

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bare", True)
        self._prefix = QLabel(prefix, self)
        self._prefix.setProperty("role", "muted")
        self.textChanged.connect(self._show_beginning)
        self.textChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the word at the left."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the word again when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the beginning of a long name again."""
        super().focusOutEvent(event)
        self._show_beginning()

    def _show_beginning(self) -> None:
        if not self.hasFocus():
            self.setCursorPosition(0)

    @Slot()
    def _fit(self) -> None:
        self._prefix.ensurePolished()
        width = self._prefix.sizeHint().width()
        named = self.fontMetrics().horizontalAdvance(self.text())
        beside = named + width + _AFTER_PREFIX_PX <= self._room()
        self._prefix.setVisible(beside or not self.text())
        self._prefix.setGeometry(2, 0, width, self.height())
        self.setTextMargins(0 if self._prefix.isHidden() else width + _AFTER_PREFIX_PX, 0, 0, 0)
        self.setToolTip("" if self._shown() == self.text() else self.text())

    def _room(self) -> int:
        """Return the width in pixels that a name has where the word gives way."""
        return self.width() - 2 * _INSET_PX

    def _shown(self) -> str:
        room = self._room() - self.textMargins().left()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a name that does not fit with an ellipsis, unless it is being typed."""
        shown = self._shown()
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        inner = self.rect().adjusted(_INSET_PX + self.textMargins().left(), 0, 0, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class PolicyButton(QPushButton):
    """The badge beside the matter; pressing it opens the choice of policies."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the badge, and a ring when it has the focus."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corner = theme.px(_CORNER_PX)
        ringed = self.hasFocus() or self.underMouse()
        painter.setPen(QPen(theme.colour("warning"), 2 if self.hasFocus() else 1))
        if not ringed:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warning_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), corner, corner)
        font = theme.interface_font(strong=True)
        font.setPixelSize(theme.px(12))
        painter.setFont(font)
        painter.setPen(theme.colour("warning"))
        room = self.width() - theme.px(20)
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)

    def sizeHint(self) -> QSize:
        """Return room for the words, within reason."""
        theme = current()
        font = theme.interface_font(strong=True)
        font.setPixelSize(theme.px(12))
        self.setFont(font)
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(words + theme.px(26), theme.px(260)), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        """Return room for a few letters."""
        return QSize(current().px(64), self.sizeHint().height())


class MatterPicker(QWidget):
    """A field that knows the matters and takes new names, with the policy of the one chosen.

    Signals:
        matter_chosen(str): another matter is chosen or typed.
        policy_wanted(SendingPolicy): the user chose who may see this matter's prompts.
    """

    matter_chosen = Signal(str)
    policy_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matters: dict[str, Matter] = {UNTAGGED.casefold(): Matter(UNTAGGED)}
        self._vendors: tuple[str, ...] = ()
        self._combo = QComboBox(self)
        self._combo.setEditable(True)
        self._combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._combo.setAccessibleName("Matter")
        self._combo.setToolTip("The client's matter; type a new name to open one")
        self._combo.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._combo.setMinimumContentsLength(_NAME_CHARS)
        edit = _PrefixedEdit("Matter:")
        self._combo.setLineEdit(edit)
        edit.setPlaceholderText(UNTAGGED)
        edit.editingFinished.connect(self._told)
        self._combo.activated.connect(self._told)
        self._combo.editTextChanged.connect(self._show_policy)
        completer = self._combo.completer()
        if completer is not None:
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._policy = PolicyButton(self)
        self._policy.setToolTip("Who may be sent this matter's prompts")
        self._policy.clicked.connect(self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._combo)
        row.addWidget(self._policy)
        self._combo.addItem(UNTAGGED)
        self._told_last = UNTAGGED
        self._dress()
        self._show_policy()

    def show_matters(self, matters: list[Matter]) -> None:
        """Offer these; what is typed stays."""
        typed = self.matter()
        self._matters = {matter.name.casefold(): matter for matter in matters}
        self._combo.blockSignals(True)
        self._combo.clear()
        self._combo.addItems([matter.name for matter in matters])
        self._combo.setEditText(typed)
        self._combo.blockSignals(False)
        self._show_policy()

    def show_vendors(self, vendors: tuple[str, ...]) -> None:
        """Know which providers a policy can name."""
        self._vendors = vendors

    def matter(self) -> str:
        """Return the name chosen or typed; Untagged where the field is empty."""
        return self._combo.currentText().strip() or UNTAGGED

    def set_matter(self, name: str) -> None:
        """Choose a matter by name."""
        self._combo.setEditText(name.strip() or UNTAGGED)
        self._told_last = self.matter()

    def policy(self) -> SendingPolicy:
        """Return who may see the chosen matter's prompts; a new matter begins without a limit."""
        known = self._matters.get(self.matter().casefold())
        return known.policy if known else SendingPolicy()

    def open_policy(self) -> None:
        """Open the choice of policies, as pressing the badge does."""
        self._open_menu()

    @Slot()
    def _told(self) -> None:
        if self.matter() != self._told_last:
            self._told_last = self.matter()
            self.matter_chosen.emit(self._told_last)

    @Slot()
    def _show_policy(self) -> None:
        words = self.policy().in_words()
        self._policy.setText(words)
        self._policy.setAccessibleName(f"Sending policy of this matter: {words}")
        self._policy.updateGeometry()
        self._policy.update()

    @Slot()
    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        policy = self.policy()
        for kind, words in (
            (PolicyKind.ANY, "Any provider"),
            (PolicyKind.THIS_COMPUTER, "This computer only"),
        ):
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(policy.kind is kind)
            action.setData(kind.value)
        menu.addSection("Only these providers")
        named = policy.vendors if policy.kind is PolicyKind.NAMED else frozenset()
        for vendor in sorted(set(self._vendors) | named, key=str.casefold):
            action = menu.addAction(vendor.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(vendor in named)
            action.setData(f"{PolicyKind.NAMED.value}:{vendor}")
        menu.triggered.connect(self._policy_picked)
        menu.popup(self._policy.mapToGlobal(self._policy.rect().bottomLeft()))

    @Slot(QAction)
    def _policy_picked(self, action: QAction) -> None:
        kind, _, vendor = str(action.data()).partition(":")
        policy = self.policy()
        if kind != PolicyKind.NAMED:
            self.policy_wanted.emit(SendingPolicy(PolicyKind(kind)))
            return
        named = policy.vendors if policy.kind is PolicyKind.NAMED else frozenset()
        wanted = named | {vendor} if action.isChecked() else named - {vendor}
        self.policy_wanted.emit(SendingPolicy(PolicyKind.NAMED, frozenset(wanted)))

    def changeEvent(self, event: QEvent) -> None:
        """Measure the words again when the text grows."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        theme = current()
        self._combo.setMinimumWidth(theme.px(170))
        self._combo.setMaximumWidth(theme.px(330))
