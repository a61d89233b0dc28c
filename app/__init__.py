"""Counterpart: two models side by side, and a rule learned from one's own votes."""
