"""API keys, which must never be printed."""

from __future__ import annotations


class ApiKey:
    """A key that shows itself as dots in any `repr`, log or traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself, for the one header that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "ApiKey(••••)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
