"""When the facts of the catalogue were read, and how such a fact is written down.

The vendors' pages were read in stored copies: a copy can be older than the day it was read. Where
only somebody else's account of a page was found, the fact is marked as second hand and dated by
that account. What nobody was found to say is not guessed: its words say that it is not verified.
"""

from __future__ import annotations

from datetime import date

from app.domain.vendor import DatedFact

READ_ON = date(2026, 11, 24)


def read(text: str, source: str) -> DatedFact:
    """Return a fact from the vendor's own page."""
    return DatedFact(text, source, READ_ON)


def heard(text: str, source: str, on: date) -> DatedFact:
    """Return a fact as somebody else reports the vendor's page, who read it on that day."""
    return DatedFact(text, source, on, second_hand=True)


def by_place(text: str) -> DatedFact:
    """Return what is so because the model runs on this computer: no page had to say it."""
    return DatedFact(text, by_place=True)


def open_question(text: str, source: str = "") -> DatedFact:
    """Return what could not be verified, in words that say so."""
    return DatedFact(text, source)
