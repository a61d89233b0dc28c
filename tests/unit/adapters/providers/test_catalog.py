"""The vendors that are offered by name."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from app.adapters.prices import GenaiPriceBook
from app.adapters.providers.catalog import VENDORS, VendorCatalog
from app.domain.model import Dialect, ModelRef, Role
from app.services.ports import VendorFacts

NOVEMBER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = {vendor.name for vendor in VENDORS}


def test_every_vendor_of_the_list_is_there() -> None:
    assert {
        "OpenAI", "Anthropic", "Fireworks AI", "DeepSeek", "GLM (Z.ai)", "OpenRouter", "Mistral",
        "xAI", "Groq", "Together", "Moonshot", "LM Studio", "Ollama", "llama.cpp server",
    } == NAMES  # fmt: skip


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_is_reached_safely_and_in_a_dialect_we_speak(vendor: VendorFacts) -> None:
    address = urlsplit(vendor.base_url)
    assert address.scheme == ("http" if address.hostname == "localhost" else "https")
    assert Dialect(vendor.dialect)
    assert vendor.jurisdiction
    if address.scheme == "https":
        assert vendor.key_page.startswith("https://")
        assert vendor.cheap_models
        assert vendor.frontier_models


@pytest.mark.parametrize(
    ("vendor", "model"),
    [(v, m) for v in VENDORS for m in v.cheap_models + v.frontier_models],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_every_model_that_is_offered_has_a_price(vendor: VendorFacts, model: str) -> None:
    offered = ModelRef("x", Dialect(vendor.dialect), vendor.base_url, model, Role.CHEAP)
    assert GenaiPriceBook().price(offered, NOVEMBER) is not None


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_the_cheap_models_are_cheaper_than_the_frontier_ones(vendor: VendorFacts) -> None:
    def output_price(model: str) -> float:
        offered = ModelRef("x", Dialect(vendor.dialect), vendor.base_url, model, Role.CHEAP)
        price = GenaiPriceBook().price(offered, NOVEMBER)
        assert price is not None
        return float(price.output_per_million)

    if vendor.cheap_models:
        assert output_price(vendor.cheap_models[0]) < output_price(vendor.frontier_models[0])


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://api.openai.com/v1", "OpenAI"),
        ("https://API.OpenAI.com/v1/", "OpenAI"),
        ("https://open.bigmodel.cn/api/paas/v4", "GLM (Z.ai)"),
        ("http://127.0.0.1:1234/v1", "LM Studio"),
        ("http://localhost:11434/v1", "Ollama"),
        ("http://127.0.0.1:5000/v1", ""),
        ("https://api.openai.com.evil.example/v1", ""),
        ("https://x:port/", ""),
        ("", ""),
    ],
)
def test_who_answers_is_told_by_the_address(address: str, name: str) -> None:
    assert VendorCatalog().vendor_of(address) == name
