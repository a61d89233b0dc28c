"""The local SQLite history."""

from app.adapters.storage.history import SqlHistory
from app.adapters.storage.opening import open_history

__all__ = ["SqlHistory", "open_history"]
