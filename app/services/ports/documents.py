"""Documents that are attached to a prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.domain.conversation import Attachment


class DocumentReader(Protocol):
    """Reads a PDF, DOCX or text file. Blocking."""

    def read(self, path: Path) -> Attachment:
        """Return its text; DocumentError says why not."""
        ...
