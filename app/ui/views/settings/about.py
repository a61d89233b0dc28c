"""Settings: where the data lie, what the program is made of, and the problem report."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from app.services.container import About, Services
from app.services.problem_report import problem_report
from app.ui.bridge import Bridge
from app.ui.theme import current
from app.ui.views.settings.card import SettingsCard, words
from app.ui.widgets.buttons import flush_row
from app.ui.widgets.elided_label import ElidedLabel

_REPORT_LINES = 9


async def _about(services: Services) -> About:
    return services.about()


class DataSection(SettingsCard):
    """Shows the folder in which everything is kept."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Your data", bridge, parent)
        self.hint(
            "Prompts, answers, costs and votes are in one file in this folder, and nowhere else. "
            "Keys are in your system's keychain, never in the file."
        )
        self.folder = ElidedLabel("", self, Qt.TextElideMode.ElideMiddle)
        self.folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.folder.setAccessibleName("Data folder")
        self.open = QPushButton("Open folder", self)
        self.open.clicked.connect(self._open)
        self.copy = QPushButton("Copy path", self)
        self.copy.setProperty("kind", "ghost")
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.copy)
        row.addWidget(self.open)
        self.box.addLayout(row)

    def refresh(self) -> None:
        """Ask where the folder is."""
        self.read(_about, self._show)

    def _show(self, about: About) -> None:
        self.folder.setText(str(about.data_folder))

    @Slot()
    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text()))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.folder.text())


class AboutSection(SettingsCard):
    """The version, and the parts with their licences."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("About", bridge, parent)
        self.version = self.hint("")
        self.show_parts = QPushButton("Components and licences", self)
        self.show_parts.setProperty("kind", "link")
        self.show_parts.setCheckable(True)
        self.box.addLayout(flush_row(self.show_parts))
        self.parts = QWidget(self)
        self._grid = QGridLayout(self.parts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self.parts.hide()
        self.show_parts.toggled.connect(self.parts.setVisible)
        self.box.addWidget(self.parts)

    def refresh(self) -> None:
        """Read the versions anew."""
        self.read(_about, self._show)

    def _show(self, about: About) -> None:
        self.version.setText(
            f"Counterpart {about.version}, Apache-2.0. {about.system}. It sends prompts to the "
            "providers you choose and to nobody else, and reports nothing home."
        )
        if self._grid.count():
            return
        for line, component in enumerate(about.components):
            for column, text in enumerate(component):
                label = ElidedLabel(text, self.parts)
                label.setProperty("role", "faint" if column else "muted")
                self._grid.addWidget(label, line, column)


class ReportSection(SettingsCard):
    """Shows exactly what will be copied, before it is."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Problem report", bridge, parent)
        self.hint(
            "Versions, counts and kinds of problems. No prompt, no answer, no key, and no name of "
            "a model, a matter or a person. This is all of it:"
        )
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Problem report")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.box.addWidget(self.text)
        self.copy = QPushButton("Copy the problem report", self)
        self.copy.clicked.connect(self._copy)
        self.copied = words("", "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copied, 1)
        row.addWidget(self.copy)
        self.box.addLayout(row)

    def refresh(self) -> None:
        """Write the report anew."""
        self.copied.clear()
        self.read(problem_report, self._show)

    def _show(self, report: str) -> None:
        self.text.setPlainText(report)
        height = self.text.fontMetrics().lineSpacing() * _REPORT_LINES + current().px(18)
        self.text.setFixedHeight(height)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copied.setText("Copied.")
