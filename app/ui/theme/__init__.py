"""Tokens, palette, icons and stylesheet."""

from app.ui.theme.active import Choice, Theme, apply, current

__all__ = ["Choice", "Theme", "apply", "current"]
