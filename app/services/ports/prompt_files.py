"""Prompts that were written elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.domain.calibration.prompts import Import


class PromptFiles(Protocol):
    """Reads prompts that the user wrote elsewhere. Blocking."""

    def read(self, path: Path) -> Import:
        """Return the prompts of a CSV, JSONL, JSON or text file, or of a folder of text files.

        InputError says why it cannot be used.
        """
        ...

    def parse(self, text: str) -> Import:
        """Return the prompts of a text: JSON lines where it is such, else pasted prompts."""
        ...
