"""How much a model can read, from genai-prices: offline, kept by others."""

from __future__ import annotations

from app.adapters.providers.catalog import vendor_of
from app.domain.model import LOOPBACK_HOSTS
from app.domain.vendor import Place


class GenaiContextWindows:
    """The `ContextWindows` port. Only what is known of a model at that very address is told."""

    def context_tokens(self, place: Place, model: str) -> int | None:
        """Return the context length of a model at an address, or None if it is not known."""
        # Only a vendor of our list: the library itself takes any longer host name for its start.
        if place.host in LOOPBACK_HOSTS or not vendor_of(place.base_url):
            return None
        from genai_prices.data_snapshot import get_snapshot

        try:
            _, info = get_snapshot().find_provider_model(
                model, None, None, f"https://{place.host}/"
            )
        except LookupError:
            return None
        return info.context_window
