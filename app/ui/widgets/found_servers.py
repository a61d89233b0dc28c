"""Model servers that run on this computer, each one press away."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.vendor import LocalServer
from app.domain.words import counted
from app.ui.widgets.elided_label import ElidedLabel
from app.ui.widgets.emptying import empty
from app.ui.widgets.labels import Label


class FoundServers(QFrame):
    """Shows nothing until a server was found.

    Signals:
        chosen(LocalServer): the user wants a model of this server.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("strip", "accent")
        self.buttons: list[QPushButton] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 8, 12, 8)
        self._rows.setSpacing(4)
        self.hide()

    def show_servers(self, servers: tuple[LocalServer, ...]) -> None:
        """Show those that run now."""
        empty(self._rows)
        self.buttons = []
        self.setVisible(bool(servers))
        if servers:
            self._rows.addWidget(Label("Running on this computer", "strong"))
        for server in servers:
            self._rows.addWidget(self._row(server))

    def _row(self, server: LocalServer) -> QWidget:
        row = QWidget(self)
        words = ElidedLabel(f"{server.name} · {server_text(server)}", row)
        use = QPushButton("Give its key" if server.locked else "Choose a model", row)
        use.setAccessibleName(f"{use.text()}: {server.name}")
        use.clicked.connect(lambda _on=False: self.chosen.emit(server))
        self.buttons.append(use)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(words, 1)
        line.addWidget(use)
        return row


def server_text(server: LocalServer) -> str:
    """Return what is known of a server: how many models, and how many of them are not local."""
    if server.locked:
        return "asks for a key"
    remote = sum(model.remote for model in server.models)
    here = counted(len(server.models) - remote, "model")
    return f"{here}, and {remote} that it hands on (not local)" if remote else here
