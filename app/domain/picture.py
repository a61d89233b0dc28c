"""A picture of one view, as the tour shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """One view as a PNG; `live` when it shows what just happened, else the sample history."""

    title: str
    live: bool
    dark: bool
    png: bytes
