"""List prices from genai-prices: offline and dated; newer ones only when the user asks."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.prices import price_file
from app.adapters.prices.conversion import changes, price_of
from app.adapters.prices.matching import model_info, provider_id
from app.domain.model import ModelRef
from app.domain.money import Price
from app.services.ports.prices import PriceData

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot

FILE = "prices.json"
PACKAGE = "genai-prices"


@dataclass(frozen=True, slots=True)
class _Edition:
    """Prices in use: the shipped ones, or a refreshed file that is newer."""

    snapshot: DataSnapshot
    source: str
    changes: tuple[date, ...]
    refreshed_at: datetime | None = None
    origin: str = ""
    problem: str = ""

    def newest_change(self, until: date) -> date | None:
        """Return the newest day, not after `until`, on which a price in it changed."""
        return _newest(self.changes, until)

    def as_of(self, day: date) -> date | None:
        """Return when a price of that day was read: the refresh, or the data's newest change."""
        return self.refreshed_at.date() if self.refreshed_at else self.newest_change(day)


class GenaiPriceBook:
    """The `PriceBook` port. A price is never guessed from a model's name alone.

    `folder` is asked for when a refreshed file is looked for or kept; without it there is none.
    Thread-safe: a refresh replaces the whole edition at once.
    """

    def __init__(self, folder: Callable[[], Path] | None = None) -> None:
        self._folder = folder
        self._edition: _Edition | None = None
        self._lock = threading.Lock()

    def price(self, model: ModelRef, at: datetime, served: str = "") -> Price | None:
        """Return the list price of a model at that moment (aware), or None if it is not known."""
        if model.practice:
            return None
        edition = self._current(at.date())
        provider = provider_id(model, edition.snapshot)
        if not provider:
            return None
        found = model_info(edition.snapshot, provider, model, served)
        if found is None:
            return None
        return price_of(*found, at, edition.source, edition.as_of(at.date()))

    def data(self, today: date) -> PriceData:
        """Return how old the prices in use are, and where they come from."""
        edition = self._current(today)
        return PriceData(
            source=edition.source,
            newest_change=edition.newest_change(today),
            models=sum(len(provider.models) for provider in edition.snapshot.providers),
            refreshed_at=edition.refreshed_at,
            origin=edition.origin,
            problem=edition.problem,
        )

    def replace(self, data: bytes, at: datetime, origin: str) -> PriceData:
        """Check a published file, keep it and use it from now on; PriceDataError if it is refused.

        A file whose newest change is older than that of the prices in use is refused too.
        """
        fresh = _refreshed(price_file.Refreshed(price_file.checked(data), at, origin))
        if _older(fresh, self._current(at.date()), at.date()):
            raise price_file.PriceDataError("they are older than the prices in use", "prices_older")
        if self._folder is not None:
            try:
                price_file.keep(self._folder() / FILE, data, at, origin)
            except OSError as error:
                why = f"they could not be kept ({error.strerror})"
                raise price_file.PriceDataError(why, "prices_not_kept") from None
        with self._lock:
            self._edition = fresh
        return self.data(at.date())

    def _current(self, today: date) -> _Edition:
        with self._lock:
            if self._edition is None:
                self._edition = self._opened(today)
            return self._edition

    def _opened(self, today: date) -> _Edition:
        """Return the kept file if there is a good one that is not older than what was shipped."""
        from genai_prices import __version__
        from genai_prices.data_snapshot import get_snapshot

        snapshot = get_snapshot()
        shipped = _Edition(snapshot, f"{PACKAGE} {__version__}", changes(snapshot.providers))
        if self._folder is None:
            return shipped
        try:
            kept = price_file.kept(self._folder() / FILE)
        except price_file.PriceDataError as error:
            return replace(shipped, problem=error.problem.message)
        if kept is None:
            return shipped
        refreshed = _refreshed(kept)
        # A newer program may have brought newer prices than were once refreshed.
        return shipped if _older(refreshed, shipped, today) else refreshed


def _refreshed(found: price_file.Refreshed) -> _Edition:
    from genai_prices.data_snapshot import DataSnapshot

    snapshot = DataSnapshot(found.providers, from_auto_update=True)
    named = f"{PACKAGE}, refreshed"
    return _Edition(snapshot, named, changes(found.providers), found.at, found.origin)


def _older(edition: _Edition, other: _Edition, today: date) -> bool:
    ours, theirs = edition.newest_change(today), other.newest_change(today)
    return theirs is not None and (ours is None or ours < theirs)


def _newest(days: tuple[date, ...], until: date) -> date | None:
    place = bisect_right(days, until)
    return days[place - 1] if place else None
