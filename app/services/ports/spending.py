"""What a month has cost, asked at the moment when more is about to be spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.budget import Month


@dataclass(frozen=True, slots=True)
class SpendingCheck:
    """Asked what a month has cost inside the transaction that stores a prompt.

    Two prompts at once, from two windows even, thus see each other. `decide` raises what keeps the
    prompt from being stored.
    """

    month: str
    start: datetime
    end: datetime
    decide: Callable[[Month], None]
