"""List prices, and where newer ones come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.domain.model import ModelRef
from app.domain.money import Price


@dataclass(frozen=True, slots=True)
class PriceData:
    """How old the list prices in use are. `newest_change` is the newest price they know of.

    `refreshed_at` is None for the prices that came with the program; `origin` is where refreshed
    ones came from; `problem` says why a refreshed file that lies there is not used.
    """

    source: str
    newest_change: date | None
    models: int = 0
    refreshed_at: datetime | None = None
    origin: str = ""
    problem: str = ""


class PriceBook(Protocol):
    """Knows list prices, dated; without the network. Blocking: the first look loads them."""

    def price(self, model: ModelRef, at: datetime, served: str = "") -> Price | None:
        """Return the list price of a model at that moment (aware), or None if it is not known.

        `served` is the model that answered, by its own account. The user's own price is not looked
        at here.
        """
        ...

    def data(self, today: date) -> PriceData:
        """Return how old the prices are."""
        ...

    def replace(self, data: bytes, at: datetime, origin: str) -> PriceData:
        """Check a published file, keep it and use it; a CounterpartError says why it is refused."""
        ...


class PriceSource(Protocol):
    """Where newer list prices are published."""

    async def fetch(self, address: str = "") -> bytes:
        """Return the published file, or the one at an address; CounterpartError if it cannot be."""
        ...
