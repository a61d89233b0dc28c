"""Attached documents read as text."""

from app.adapters.documents.reader import Documents

__all__ = ["Documents"]
