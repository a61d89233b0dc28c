"""A question before a link is opened that stands in an answer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.ui.widgets.confirmation import Confirmation

_OPENED = frozenset({"http", "https", "mailto"})


def ask_to_open(parent: QWidget, address: str) -> None:
    """Show the whole address before it is opened: a model wrote it; silent for other schemes."""
    url = QUrl(address)
    if url.scheme().lower() not in _OPENED:
        return
    Confirmation(
        parent,
        "Open this link in your browser?",
        f"{address}\n\nA model wrote it; it may lead elsewhere than it says.",
        "Open",
        partial(QDesktopServices.openUrl, url),
    ).open()
