"""The vendors that are offered by name: data rows, no behaviour.

Model ids are those of genai-prices 0.2.3 (November 2026), so that a chosen model has a price.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from app.domain.model import LOOPBACK_HOSTS, Dialect
from app.services.ports import VendorFacts

_OPENAI, _ANTHROPIC = Dialect.OPENAI_CHAT.value, Dialect.ANTHROPIC.value
_USA, _CHINA, _HERE = "United States", "China", "this computer"
_FIREWORKS = "accounts/fireworks/models/"

VENDORS = (
    VendorFacts(
        "OpenAI",
        _OPENAI,
        "https://api.openai.com/v1",
        "https://platform.openai.com/api-keys",
        ("gpt-6-luna", "gpt-5.4-nano", "gpt-5.4-mini"),
        ("gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-astra"),
        _USA,
    ),
    VendorFacts(
        "Anthropic",
        _ANTHROPIC,
        "https://api.anthropic.com",
        "https://platform.claude.com/settings/keys",
        ("claude-haiku-5-5", "claude-haiku-4-5"),
        ("claude-opus-5-5", "claude-sonnet-5-5", "claude-fable-5-2"),
        _USA,
    ),
    VendorFacts(
        "Fireworks AI",
        _OPENAI,
        "https://api.fireworks.ai/inference/v1",
        "https://app.fireworks.ai/settings/users/api-keys",
        (f"{_FIREWORKS}gpt-oss-20b", f"{_FIREWORKS}glm-5p3-flash", f"{_FIREWORKS}gpt-oss-120b"),
        (f"{_FIREWORKS}kimi-k3p1-pro", f"{_FIREWORKS}glm-5p3", f"{_FIREWORKS}kimi-k3"),
        _USA,
    ),
    VendorFacts(
        "DeepSeek",
        _OPENAI,
        "https://api.deepseek.com",
        "https://platform.deepseek.com/api_keys",
        ("deepseek-v4-flash",),
        ("deepseek-v4-pro",),
        _CHINA,
    ),
    VendorFacts(
        "GLM (Z.ai)",
        _OPENAI,
        "https://api.z.ai/api/paas/v4",
        "https://z.ai/manage-apikey/apikey-list",
        ("glm-5.3-flash", "glm-4.5-air"),
        ("glm-5.3",),
        _CHINA,
    ),
    VendorFacts(
        "OpenRouter",
        _OPENAI,
        "https://openrouter.ai/api/v1",
        "https://openrouter.ai/settings/keys",
        ("openai/gpt-6-luna", "deepseek/deepseek-v4-flash", "anthropic/claude-haiku-5.5"),
        ("anthropic/claude-opus-5.5", "openai/gpt-6.1-sol", "z-ai/glm-5.3"),
        "United States, and wherever it forwards to",
    ),
    VendorFacts(
        "Mistral",
        _OPENAI,
        "https://api.mistral.ai/v1",
        "https://console.mistral.ai/api-keys",
        ("mistral-small-latest",),
        ("mistral-medium-latest", "mistral-large-4"),
        "France (EU)",
    ),
    VendorFacts(
        "xAI",
        _OPENAI,
        "https://api.x.ai/v1",
        "https://console.x.ai",
        ("grok-4-1-fast-non-reasoning",),
        ("grok-4.7",),
        _USA,
    ),
    VendorFacts(
        "Groq",
        _OPENAI,
        "https://api.groq.com/openai/v1",
        "https://console.groq.com/keys",
        ("openai/gpt-oss-20b",),
        ("openai/gpt-oss-120b", "qwen/qwen3.8-27b"),
        _USA,
    ),
    VendorFacts(
        "Together",
        _OPENAI,
        "https://api.together.xyz/v1",
        "https://api.together.ai/settings/api-keys",
        ("zai-org/GLM-5.3-Flash", "Qwen/Qwen3.8-Flash", "openai/gpt-oss-120b"),
        ("zai-org/GLM-5.3", "moonshotai/Kimi-K3.1-Pro"),
        _USA,
    ),
    VendorFacts(
        "Moonshot",
        _OPENAI,
        "https://api.moonshot.ai/v1",
        "https://platform.moonshot.ai/console/api-keys",
        ("kimi-k2.6",),
        ("kimi-k3.1-pro", "kimi-k3"),
        _CHINA,
    ),
    VendorFacts("LM Studio", _OPENAI, "http://localhost:1234/v1", "", jurisdiction=_HERE),
    VendorFacts("Ollama", _OPENAI, "http://localhost:11434/v1", "", jurisdiction=_HERE),
    VendorFacts("llama.cpp server", _OPENAI, "http://localhost:8080/v1", "", jurisdiction=_HERE),
)

# Further addresses of the vendors above.
_ALSO = {
    "open.bigmodel.cn": "GLM (Z.ai)",
    "api.moonshot.cn": "Moonshot",
    "api.together.ai": "Together",
    "eu.api.openai.com": "OpenAI",
    "us.api.openai.com": "OpenAI",
}


class VendorCatalog:
    """The `Catalog` port."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them in the order of the list."""
        return VENDORS

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor's name for an address, or an empty string."""
        return vendor_of(base_url)


@lru_cache(maxsize=256)
def vendor_of(base_url: str) -> str:
    """Return who answers at an address: by host, and on this computer by host and port."""
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    for vendor in VENDORS:
        known = urlsplit(vendor.base_url)
        here = known.hostname in LOOPBACK_HOSTS
        if here and host in LOOPBACK_HOSTS and port == known.port:
            return vendor.name
        if not here and host == known.hostname:
            return vendor.name
    return _ALSO.get(host, "")
