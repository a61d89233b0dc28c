"""The system's keychain."""

from __future__ import annotations

from typing import Protocol

from app.domain.secret import ApiKey


class Vault(Protocol):
    """The system's keychain. Blocking: called away from the interface thread, with a time-out."""

    def store(self, name: str, key: ApiKey) -> None:
        """Keep a key; VaultError if there is no keychain, it is locked, or the key is too long."""
        ...

    def fetch(self, name: str) -> ApiKey | None:
        """Return the key, or None if there is none; VaultError as above."""
        ...

    def delete(self, name: str) -> None:
        """Forget the key; silent when it is not there; VaultError as above."""
        ...
