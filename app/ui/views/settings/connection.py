"""Settings: how long an answer may take, how large it may be, and which certificates are added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.domain.connection import BOUNDS, Connection
from app.domain.errors import CounterpartError, Problem
from app.services.container import Services
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.settings.card import SettingsCard, words
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.field_rows import FieldRows
from app.ui.widgets.labels import Label

_LINES = (
    ("connect_s", "Connect within"),
    ("first_token_s", "First word within"),
    ("between_tokens_s", "Next word within"),
    ("whole_answer_s", "Whole answer within"),
    ("answer_mb", "Answer up to"),
)
_NONE = "Only this computer's own certificates are trusted."
_FIELD_PX = 84


@dataclass(frozen=True, slots=True)
class _Known:
    connection: Connection
    certificates: str
    fault: str


async def _read(services: Services) -> _Known:
    return await _described(services, await services.connections.load())


async def _described(services: Services, connection: Connection) -> _Known:
    try:
        return _Known(connection, await services.connections.certificates(connection), "")
    except CounterpartError as error:
        # The file may be gone since it was chosen: it is named, with what to do.
        return _Known(connection, "", error.problem.sentence())


class ConnectionSection(SettingsCard):
    """Five figures and a file. What is saved holds from the next request on."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Connection", bridge, parent)
        self.hint(
            "What does not come in time, or is larger, ends with what had arrived. The proxy is "
            "the one that this computer's settings name; certificates are always checked."
        )
        self._connection = Connection()
        self.fields: dict[str, QLineEdit] = {}
        form = FieldRows()
        for name, label in _LINES:
            form.add_field(label, self._line(name, label))
        self.box.addLayout(form)
        self.file = ElidedLabel("", self, Qt.TextElideMode.ElideMiddle)
        self.certificates = words(_NONE, "muted")
        self.add = QPushButton("Add a certificate file", self)
        self.add.clicked.connect(self._choose)
        self.remove = QPushButton("Take it away", self)
        self.remove.setProperty("kind", "ghost")
        self.remove.clicked.connect(self._remove)
        self.save = QPushButton("Save", self)
        self.save.clicked.connect(self._save)
        self.usual = QPushButton("Usual figures", self)
        self.usual.setProperty("kind", "ghost")
        self.usual.clicked.connect(self._fill_usual)
        self.said = Label("", "muted", self, wrap=True)
        self.said.hide()
        self._lay_out()

    def _line(self, name: str, label: str) -> QWidget:
        row = QWidget(self)
        line = QLineEdit(row)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        unit = BOUNDS[name].unit
        line.setAccessibleName(f"{label}, {unit}")
        line.returnPressed.connect(self._save)
        row.setFocusProxy(line)
        row.setAccessibleName(label)
        beside = QHBoxLayout(row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(line)
        told = QLabel(f"{unit}, usually {getattr(Connection(), name):,g}", row)
        told.setProperty("role", "muted")
        beside.addWidget(told)
        beside.addStretch(1)
        self.fields[name] = line
        return row

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text's scale: no figure may be cut."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "said"):
            self._fit_fields()

    def _fit_fields(self) -> None:
        for line in self.fields.values():
            line.setFixedWidth(current().px(_FIELD_PX))

    def _lay_out(self) -> None:
        self._fit_fields()
        figures = QHBoxLayout()
        figures.setSpacing(8)
        figures.addStretch(1)
        figures.addWidget(self.usual)
        figures.addWidget(self.save)
        self.box.addLayout(figures)
        self.box.addWidget(self.said)
        self.box.addWidget(self.certificates)
        self.box.addWidget(self.file)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        buttons.addWidget(self.add)
        self.box.addLayout(buttons)

    def refresh(self) -> None:
        """Read what holds now."""
        self.said.hide()
        self.read(_read, self._show)

    def _show(self, known: _Known) -> None:
        connection = self._connection = known.connection
        self._fill(connection)
        added = bool(connection.ca_file)
        self.file.setText(connection.ca_file)
        self.file.setVisible(added)
        self.remove.setVisible(added)
        self.add.setText("Choose another file" if added else "Add a certificate file")
        told = f"Trusted beside this computer's own: {known.certificates}." if added else _NONE
        self.certificates.setText(known.fault or told)
        self.certificates.setProperty("role", "bad" if known.fault else "muted")
        self.certificates.style().polish(self.certificates)

    def _fill(self, connection: Connection) -> None:
        for name, line in self.fields.items():
            line.setText(f"{getattr(connection, name):g}")

    @Slot()
    def _fill_usual(self) -> None:
        self._fill(Connection())
        self._save()

    @Slot()
    def _save(self) -> None:
        figures: dict[str, float] = {}
        for name, line in self.fields.items():
            typed = _figure(line.text())
            if typed is None:
                self._say(f"{BOUNDS[name].name} is a number of {BOUNDS[name].unit}.", "bad")
                line.setFocus()
                return
            figures[name] = typed
        self._keep(replace(self._connection, **figures))  # type: ignore[arg-type]  # figures only

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, "Add a certificate file")
        dialog.setNameFilters(["Certificates (*.pem *.crt *.cer)", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.add_file)
        dialog.open()

    @Slot(str)
    def add_file(self, path: str) -> None:
        """Trust the certificates of this file as well, once they could be read."""
        self._keep(replace(self._connection, ca_file=path))

    @Slot()
    def _remove(self) -> None:
        self._keep(replace(self._connection, ca_file=""))

    def _keep(self, wanted: Connection) -> None:
        async def keep(services: Services) -> _Known:
            return await _described(services, await services.connections.save(wanted))

        def kept(known: _Known) -> None:
            self.overtake()
            self._show(known)
            self._say("Saved. It holds from the next question on.", "muted")

        def refused(problem: Problem) -> None:
            self._say(problem.sentence(), "bad")

        self.bridge.save(keep, kept, refused)

    def _say(self, sentence: str, role: str) -> None:
        self.said.set_role("bad" if role == "bad" else "muted")
        self.said.setText(sentence)
        self.said.show()


def _figure(text: str) -> float | None:
    """Return the number that was typed, with a point or a comma, or None."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return float(value) if value.is_finite() else None
