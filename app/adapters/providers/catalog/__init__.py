"""The vendors that are offered by name: data rows, and how an address tells whose it is.

Model ids are those of genai-prices 0.2.3 (November 2026) where it knows them, so that a chosen
model has a price; the others are named in `unpriced`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

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
from app.domain.model import LOOPBACK_HOSTS
from app.domain.vendor import VendorFacts

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

_PART = r"[a-z0-9-]+"


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
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    here = host in LOOPBACK_HOSTS
    for vendor in VENDORS:
        if here and vendor.here and port == urlsplit(vendor.base_url).port:
            return vendor.name
        if not here and not vendor.here and _hosts(vendor).fullmatch(host):
            return vendor.name
    return ""


@lru_cache(maxsize=64)
def _hosts(vendor: VendorFacts) -> re.Pattern[str]:
    """Return a pattern for every host name of a vendor; a blank or a `*` is one name part."""
    home = re.sub(r"\{[a-z_]+\}", "*", vendor.base_url.partition("://")[2].partition("/")[0])
    names = [re.escape(name).replace(r"\*", _PART) for name in (home, *vendor.hosts) if name]
    return re.compile("|".join(names) or r"(?!)")
