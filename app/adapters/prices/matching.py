"""Who is asked, and for which model, in the names that genai-prices knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.adapters.providers.catalog import vendor_of
from app.domain.model import LOOPBACK_HOSTS, ModelRef

if TYPE_CHECKING:
    from genai_prices.data_snapshot import DataSnapshot
    from genai_prices.types import ModelInfo, Provider

# Our catalog's names, and others that users type, as genai-prices calls them.
_PROVIDERS = {
    "anthropic": "anthropic",
    "amazon bedrock": "aws",
    "aws bedrock": "aws",
    "bedrock": "aws",
    "azure openai": "azure",
    "azure": "azure",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "fireworks ai": "fireworks",
    "gemini": "google",
    "glm": "zai",
    "glm (z.ai)": "zai",
    "google": "google",
    "google gemini": "google",
    "google vertex": "google",
    "vertex": "google",
    "vertex ai": "google",
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
_SCHEME = "https://"
# What a pattern says of the end of a host, as opposed to a path that it requires.
_HOST_END = re.compile(r"\((?:\?:)?/\|\$\)$")
# Google's OpenAI-shaped addresses put the publisher before the model.
_PUBLISHERS = ("publishers/google/models/", "publishers/anthropic/models/", "models/", "google/")
AZURE = "azure"


def provider_id(model: ModelRef, snapshot: DataSnapshot) -> str:
    """Return who is asked: by the address, else by the vendor; empty where that is not known."""
    if model.host not in LOOPBACK_HOSTS:
        for provider in snapshot.providers:
            if _answers_at(provider, model):
                return provider.id
    known = _PROVIDERS.get(vendor_of(model.base_url).casefold())
    if known:
        return known
    named = model.vendor.strip().casefold()
    if named in _PROVIDERS:
        return _PROVIDERS[named]
    return next((p.id for p in snapshot.providers if named in (p.id, p.name.casefold())), "")


def _answers_at(provider: Provider, model: ModelRef) -> bool:
    """Return whether the provider's pattern covers the whole host, not the start of a longer one.

    A pattern that asks for a path is held against the path too.
    """
    if "/" in _HOST_END.sub("", provider.api_pattern.split("://")[-1].removeprefix("?")):
        address = f"{_SCHEME}{model.host}{urlsplit(model.base_url).path}/"
        return re.match(provider.api_pattern, address) is not None
    address = f"{_SCHEME}{model.host}/"
    found = re.match(provider.api_pattern, address)
    return found is not None and address[found.end() :] in ("", "/")


def model_info(
    snapshot: DataSnapshot, provider: str, model: ModelRef, served: str
) -> tuple[Provider, ModelInfo] | None:
    """Return what the data says of a model, or None.

    The id that was asked for counts, and where it is not known the one that answered: a dated
    snapshot, or what a gateway's own name stands for. On Azure it is the other way round: there
    the user names a deployment as they like, and the answer says which model that is.
    """
    asked, answered = model.model.strip(), served.strip()
    names = (answered, asked) if provider == AZURE else (asked, answered)
    for name in names:
        for candidate in _spellings(provider, name):
            try:
                return snapshot.find_provider_model(candidate, None, provider, None)
            except LookupError:
                continue
    return None


def _spellings(provider: str, name: str) -> tuple[str, ...]:
    if not name:
        return ()
    bare = [name.removeprefix(prefix) for prefix in _PUBLISHERS if name.startswith(prefix)]
    return (name, *bare) if provider == "google" else (name,)
