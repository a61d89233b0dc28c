"""Prices: the user's own before the list's, how old the list is, and newer ones when asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.model import ModelRef
from app.domain.money import Price
from app.domain.words import counted, date_text, price_text
from app.services.ports.clock import Clock
from app.services.ports.prices import PriceBook, PriceData, PriceSource
from app.services.store import Store


@dataclass(frozen=True, slots=True)
class PricePair:
    """A model's own price and its list price today, each None where there is none."""

    model: ModelRef
    own: Price | None
    listed: Price | None

    @property
    def free(self) -> bool:
        """Return whether nobody is paid."""
        return self.model.local or self.model.practice

    def in_words(self) -> str:
        """Return the price that counts."""
        if self.free:
            return "runs on this computer, free"
        return price_text(self.listed if self.own is None else self.own)


@dataclass(frozen=True, slots=True)
class PriceState:
    """What Settings and `prices show` tell: the data in use today, and the models' prices."""

    data: PriceData
    today: date
    models: tuple[PricePair, ...]

    @property
    def age_days(self) -> int | None:
        """Return how many days ago the data was refreshed or last changed, or None."""
        refreshed = self.data.refreshed_at
        since = self.data.newest_change if refreshed is None else refreshed.date()
        return None if since is None else max(0, (self.today - since).days)

    def age_in_words(self) -> str:
        """Return how old the list prices are: 'genai-prices 0.2.3 (newest change …)'."""
        data, days = self.data, self.age_days
        day = data.newest_change if data.refreshed_at is None else data.refreshed_at.date()
        if day is None or days is None:
            return f"{data.source}, of an unknown age"
        ago = "today" if not days else f"{counted(days, 'day')} ago"
        what = "newest change" if data.refreshed_at is None else "on"
        return f"{data.source} ({what} {date_text(day)}, {ago})"


@dataclass(frozen=True, slots=True)
class Refresh:
    """What came of asking for newer prices: the state now, and the models whose price changed."""

    state: PriceState
    changed: tuple[tuple[PricePair, PricePair], ...]  # before, after


class Pricing:
    """Says what a model costs. The list takes a moment to load: never on the event loop."""

    def __init__(self, book: PriceBook, clock: Clock, source: PriceSource, store: Store) -> None:
        self._book = book
        self._clock = clock
        self._source = source
        self._store = store

    def price(self, model: ModelRef, at: datetime | None = None, served: str = "") -> Price | None:
        """Return the price a model's cost is computed with, or None. Blocking.

        The user's own is first; what is free has none; an address on this computer has one only if
        a vendor is named.
        """
        if model.practice or model.local:
            return None
        if model.price is not None:
            return model.price
        return self._book.price(model, at or self._clock.now(), served)

    def today(self) -> date:
        """Return the user's own day."""
        now = self._clock.now()
        return (now + timedelta(minutes=self._clock.utc_offset_min(now))).date()

    async def state(self) -> PriceState:
        """Return how old the prices are, and what each model in use costs."""
        models = await self._store(lambda history: history.models())
        return await asyncio.to_thread(self._state, models)

    async def refresh(self, address: str = "") -> Refresh:
        """Fetch newer prices, check them and use them from now on; old answers keep theirs.

        `address` is empty for the published file, or names another copy of it. A CounterpartError
        says why they were refused; the prices in use then stay.
        """
        models = await self._store(lambda history: history.models())
        before = await asyncio.to_thread(self._state, models)
        data = await self._source.fetch(address)
        origin = address.strip() or "the published file"
        await asyncio.to_thread(self._book.replace, data, self._clock.now(), origin)
        after = await asyncio.to_thread(self._state, models)
        changed = [
            (old, new)
            for old, new in zip(before.models, after.models, strict=True)
            if _rates(old.listed) != _rates(new.listed)
        ]
        return Refresh(after, tuple(changed))

    async def pair(self, model: ModelRef) -> PricePair:
        """Return a model's own price and its list price."""
        return await asyncio.to_thread(self._pair, model, self._clock.now())

    def _state(self, models: Sequence[ModelRef]) -> PriceState:
        now, today = self._clock.now(), self.today()
        pairs = tuple(self._pair(model, now) for model in models)
        return PriceState(self._book.data(today), today, pairs)

    def _pair(self, model: ModelRef, now: datetime) -> PricePair:
        return PricePair(model, model.price, self._book.price(model, now))


def _rates(price: Price | None) -> object:
    if price is None:
        return None
    return (
        price.input_per_million, price.output_per_million, price.cached_per_million,
        price.cache_write_per_million, price.tiers,
    )  # fmt: skip
