"""Attaching one document to a prompt."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.domain.conversation import Attachment
from app.services.ports.documents import DocumentReader


class Attachments:
    """Reads documents away from the interface thread."""

    def __init__(self, reader: DocumentReader) -> None:
        self._reader = reader

    async def read(self, path: Path) -> Attachment:
        """Return the document's text; DocumentError says why it cannot be used."""
        return await asyncio.to_thread(self._reader.read, path)
