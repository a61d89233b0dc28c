"""List prices: who is asked, what that costs at which hour and length, and how old the data is."""

from app.adapters.prices.book import GenaiPriceBook

__all__ = ["GenaiPriceBook"]
