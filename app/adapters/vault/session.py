"""API keys in memory, for one run of the app."""

from __future__ import annotations

from app.domain.secret import ApiKey


class SessionVault:
    """Keeps keys until the app closes; nothing is written anywhere."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}

    def store(self, name: str, key: ApiKey) -> None:
        """Keep a key for this run."""
        self._keys[name] = key

    def fetch(self, name: str) -> ApiKey | None:
        """Return the key, or None if there is none."""
        return self._keys.get(name)

    def delete(self, name: str) -> None:
        """Forget the key; silent when it is not there."""
        self._keys.pop(name, None)
