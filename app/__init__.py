"""Counterpart: two models side by side, and a rule learned from one's own votes."""

__version__ = "0.1.0"
