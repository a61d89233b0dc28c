"""The local SQLite history."""
