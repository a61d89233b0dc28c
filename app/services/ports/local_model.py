"""The practice model on this computer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.domain.model import ModelRef
from app.domain.practice import PracticeItem
from app.domain.secret import ApiKey


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the on-device model listens, and its access key."""

    base_url: str
    key: ApiKey


class LocalModel(Protocol):
    """The practice model in a child process of this app."""

    async def ensure(self) -> Endpoint:
        """Start it if need be and return where it listens; LocalModelError if it cannot run."""
        ...

    def close(self) -> None:
        """End the child process."""
        ...

    def settings(self) -> tuple[ModelRef, ModelRef]:
        """Return the practice pair's two settings, cheap first."""
        ...

    def prompts(self) -> tuple[PracticeItem, ...]:
        """Return short prompts of our own with an answer key, for practising on it. Blocking."""
        ...
