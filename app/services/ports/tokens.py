"""Counting tokens."""

from __future__ import annotations

from typing import Protocol


class TokenCounter(Protocol):
    """Counts tokens, for the ≈ before sending and for answers without usage. Blocking at first."""

    def count(self, text: str, model: str = "") -> int:
        """Return about how many tokens the text has for that model."""
        ...
