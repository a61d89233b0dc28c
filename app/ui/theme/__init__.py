"""Tokens, palette, icons and stylesheet."""
