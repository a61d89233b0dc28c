"""The vendors that are offered by name: data rows, and how an address tells whose it is.

Model ids are those of genai-prices 0.2.3 (November 2026) where it knows them, so that a chosen
model has a price; the others are named in `unpriced`.
"""

from __future__ import annotations

from functools import lru_cache

from app.adapters.providers.catalog.here import ANY_ADDRESS, LLAMA_CPP, LM_STUDIO, OLLAMA
from app.adapters.providers.catalog.hosts import (
    AZURE,
    BEDROCK,
    FIREWORKS,
    GROQ,
    OLLAMA_IN_THE_CLOUD,
    OPENROUTER,
    TOGETHER,
    VERTEX,
)
from app.adapters.providers.catalog.labs import (
    ANTHROPIC,
    DEEPSEEK,
    GEMINI,
    GLM,
    MISTRAL,
    MOONSHOT,
    OPENAI,
    XAI,
)
from app.domain.vendor import VendorFacts, vendor_at

VENDORS = (
    OPENAI,
    ANTHROPIC,
    FIREWORKS,
    DEEPSEEK,
    GLM,
    OPENROUTER,
    OLLAMA,
    GEMINI,
    LM_STUDIO,
    LLAMA_CPP,
    MISTRAL,
    XAI,
    GROQ,
    TOGETHER,
    MOONSHOT,
    AZURE,
    BEDROCK,
    VERTEX,
    OLLAMA_IN_THE_CLOUD,
    ANY_ADDRESS,
)


class VendorCatalog:
    """The `Catalog` port."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them in the order of the list; the last is “any compatible address”."""
        return VENDORS

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor's name for an address, or an empty string."""
        return vendor_of(base_url)

    def named(self, word: str) -> VendorFacts | None:
        """Return the vendor of that name or nickname, in any case, or None."""
        wanted = word.strip().casefold()
        for vendor in VENDORS:
            if wanted == vendor.name.casefold() or wanted in vendor.aliases:
                return vendor
        return None


@lru_cache(maxsize=256)
def vendor_of(base_url: str) -> str:
    """Return who answers at an address: by host, and on this computer by host and port."""
    return vendor_at(VENDORS, base_url)
