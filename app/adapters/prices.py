"""List prices from genai-prices: offline, dated, kept by others."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.adapters.providers.catalog import vendor_of
from app.domain.model import LOOPBACK_HOSTS, ModelRef
from app.domain.money import Price

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot

# Our catalog's names, and others that users type, as genai-prices calls them.
_PROVIDERS = {
    "anthropic": "anthropic",
    "amazon bedrock": "aws",
    "aws bedrock": "aws",
    "azure openai": "azure",
    "azure": "azure",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "fireworks ai": "fireworks",
    "gemini": "google",
    "glm": "zai",
    "glm (z.ai)": "zai",
    "google": "google",
    "groq": "groq",
    "mistral": "mistral",
    "mistral ai": "mistral",
    "moonshot": "moonshotai",
    "moonshot ai": "moonshotai",
    "openai": "openai",
    "openrouter": "openrouter",
    "together": "together",
    "together ai": "together",
    "x ai": "x-ai",
    "xai": "x-ai",
    "z.ai": "zai",
    "zai": "zai",
    "zhipu": "zhipuai",
}


class GenaiPriceBook:
    """The `PriceBook` port. A price is never guessed from a model's name alone."""

    def __init__(self) -> None:
        self._dates: tuple[date, ...] | None = None

    def price(self, model: ModelRef, at: datetime) -> Price | None:
        """Return the price of a model at that moment (aware), or None if it is not known.

        The user's own price wins. Where a price rises with the prompt's length, this is the base.
        """
        if model.price is not None:
            return model.price
        if model.practice:
            return None
        from genai_prices import __version__
        from genai_prices.data_snapshot import get_snapshot

        snapshot = get_snapshot()
        provider = _provider(model, snapshot)
        if not provider:
            return None
        try:
            _, info = snapshot.find_provider_model(model.model, None, provider, None)
        except LookupError:
            return None
        prices = info.get_prices(at)
        given = _base(getattr(prices, "input_mtok", None))
        written = _base(getattr(prices, "output_mtok", None))
        if given is None or written is None:
            return None
        return Price(
            given,
            written,
            cached_per_million=_base(getattr(prices, "cache_read_mtok", None)),
            cache_write_per_million=_base(getattr(prices, "cache_write_mtok", None)),
            source=f"genai-prices {__version__}",
            as_of=self._as_of(snapshot, at),
        )

    def _as_of(self, snapshot: DataSnapshot, at: datetime) -> date | None:
        """Return the newest past date that the data speaks of: it is at least that new."""
        if self._dates is None:
            self._dates = tuple(sorted(_dates(snapshot)))
        past = [day for day in self._dates if day <= at.date()]
        return past[-1] if past else None


def _provider(model: ModelRef, snapshot: DataSnapshot) -> str:
    """Return who is asked, as genai-prices names it: by the address, else by the vendor."""
    if model.host not in LOOPBACK_HOSTS:
        address = f"https://{model.host}/"
        for provider in snapshot.providers:
            found = re.match(provider.api_pattern, address)
            # The pattern must cover the whole host, not the start of a longer one.
            if found and address[found.end() :] in ("", "/"):
                return provider.id
    known = _PROVIDERS.get(vendor_of(model.base_url).casefold())
    if known:
        return known
    named = model.vendor.strip().casefold()
    if named in _PROVIDERS:
        return _PROVIDERS[named]
    return next((p.id for p in snapshot.providers if named in (p.id, p.name.casefold())), "")


def _base(price: object) -> Decimal | None:
    """Return a price, of a tiered one its first tier."""
    value = getattr(price, "base", price)
    return value if isinstance(value, Decimal) else None


def _dates(snapshot: DataSnapshot) -> set[date]:
    found: set[date] = set()
    for provider in snapshot.providers:
        for model in provider.models:
            for conditional in model.prices if isinstance(model.prices, list) else ():
                start = getattr(conditional.constraint, "start_date", None)
                if isinstance(start, date):
                    found.add(start)
    return found
