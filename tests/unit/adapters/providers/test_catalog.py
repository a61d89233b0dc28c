"""The vendors that are offered by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from app.adapters.prices import GenaiPriceBook
from app.adapters.providers.catalog import VENDORS, VendorCatalog
from app.adapters.providers.dialects import dialect_of
from app.domain.model import Dialect, ModelRef, Role
from app.domain.money import Price
from app.domain.secret import ApiKey
from app.domain.vendor import DatedFact, VendorFacts, Wire, blanks_in, filled
from app.services.ports.providers import ChatRequest

NOVEMBER = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = [vendor.name for vendor in VENDORS]
AWAY = [vendor for vendor in VENDORS if vendor.base_url and not vendor.here]
OFFERED = [(vendor, model) for vendor in VENDORS for model in vendor.offered]
FACTS = [(vendor, heading, fact) for vendor in VENDORS for heading, fact in vendor.facts()]


def name(value: object) -> str:
    return value.name if isinstance(value, VendorFacts) else str(value)


def price_of(vendor: VendorFacts, model: str) -> Price | None:
    address = filled(vendor.base_url, {blank.name: blank.example for blank in vendor.blanks})
    offered = ModelRef("x", vendor.dialect, address, model, Role.CHEAP, vendor.name)
    return GenaiPriceBook().price(offered, NOVEMBER)


def test_every_vendor_that_was_asked_for_is_there_once() -> None:
    assert {
        "OpenAI", "Anthropic", "Fireworks AI", "DeepSeek", "GLM (Z.ai)", "OpenRouter", "Ollama",
        "Google Gemini", "LM Studio", "llama.cpp server", "Mistral", "xAI", "Groq", "Together",
        "Moonshot", "Azure OpenAI", "Amazon Bedrock", "Google Vertex", "Any compatible address",
    } <= set(NAMES)  # fmt: skip
    assert len(NAMES) == len(set(NAMES))
    assert NAMES[-1] == "Any compatible address"  # the form relies on it


def test_every_dialect_can_be_chosen_for_any_address() -> None:
    assert {wire.dialect for wire in VENDORS[-1].wires} == set(Dialect)


@pytest.mark.parametrize("vendor", [v for v in VENDORS if v.base_url], ids=name)
def test_a_vendor_is_reached_safely_and_only_what_the_user_must_know_is_left_open(
    vendor: VendorFacts,
) -> None:
    for wire in vendor.wires:
        address = urlsplit(wire.base_url)
        assert address.scheme == ("http" if vendor.here else "https")
        assert set(blanks_in(wire.base_url)) == {blank.name for blank in vendor.blanks}
        assert not wire.base_url.endswith("/")
    assert vendor.needs_key is not vendor.here
    assert len({wire.dialect for wire in vendor.wires}) == len(vendor.wires)


@pytest.mark.parametrize("vendor", AWAY, ids=name)
def test_a_vendor_says_where_keys_are_and_offers_both_seats(vendor: VendorFacts) -> None:
    assert vendor.key_page.startswith("https://")
    assert vendor.cheap_models
    assert vendor.frontier_models


@pytest.mark.parametrize(("vendor", "heading", "fact"), FACTS, ids=name)
def test_a_fact_is_dated_and_sourced_or_says_that_it_is_not_verified(
    vendor: VendorFacts, heading: str, fact: DatedFact
) -> None:
    assert fact.text.endswith(".")
    if fact.by_place:
        assert vendor.here, "of a vendor elsewhere somebody has to have read it"
        assert (fact.read_on, fact.source) == (None, ""), "nobody read it anywhere"
        assert "read" not in fact.as_of()
        return
    if fact.read_on is None:
        assert fact.as_of() == "not verified"
        assert "verified" in fact.text or "Not known" in fact.text
    else:
        assert fact.source.startswith("https://")
        assert date(2026, 1, 1) < fact.read_on <= date(2026, 11, 24)
    assert vendor.name == "Any compatible address" or fact.source


@pytest.mark.parametrize("vendor", [v for v in VENDORS if v.here], ids=name)
def test_of_a_model_on_this_computer_it_is_not_said_that_a_vendor_was_read(
    vendor: VendorFacts,
) -> None:
    for fact in (vendor.retention, vendor.training):
        assert fact.as_of() == "because it runs here"
    assert "stays on this computer" in vendor.retention.text
    assert "no vendor" in vendor.training.text


@pytest.mark.parametrize("vendor", VENDORS, ids=name)
def test_it_is_plain_who_receives_the_prompt(vendor: VendorFacts) -> None:
    assert vendor.receiver.endswith(".")
    assert ("forwards it" in vendor.receiver) == (vendor.name == "OpenRouter")


@pytest.mark.parametrize("vendor", AWAY, ids=name)
def test_the_key_travels_in_the_header_that_the_row_names(vendor: VendorFacts) -> None:
    address = filled(vendor.base_url, {blank.name: blank.example for blank in vendor.blanks})
    model = ModelRef("x", vendor.dialect, address, "m", Role.CHEAP, vendor.name)
    sent = dialect_of(model).request(model, ChatRequest("?"), ApiKey("sk-canary"), frozenset())
    carrying = [header for header, value in sent.headers.items() if "sk-canary" in value]
    assert carrying == [vendor.auth]
    assert "sk-canary" not in sent.url


def test_a_second_hand_fact_is_told_from_one_that_was_read() -> None:
    assert DatedFact("x", "https://y", date(2026, 8, 5)).as_of() == "read 5 Aug 2026"
    heard = DatedFact("x", "https://y", date(2026, 8, 5), second_hand=True)
    assert heard.as_of() == "second hand, 5 Aug 2026"


@pytest.mark.parametrize(("vendor", "model"), OFFERED, ids=name)
def test_every_model_that_is_offered_has_a_price_or_is_said_to_have_none(
    vendor: VendorFacts, model: str
) -> None:
    assert (price_of(vendor, model) is None) == (model in vendor.unpriced)


@pytest.mark.parametrize("vendor", [v for v in AWAY if not v.unpriced], ids=name)
def test_the_first_cheap_model_is_cheaper_than_the_first_frontier_one(vendor: VendorFacts) -> None:
    cheap = price_of(vendor, vendor.cheap_models[0])
    frontier = price_of(vendor, vendor.frontier_models[0])
    assert cheap is not None
    assert frontier is not None
    assert cheap.output_per_million < frontier.output_per_million


@pytest.mark.parametrize(
    ("address", "vendor"),
    [
        ("https://api.openai.com/v1", "OpenAI"),
        ("https://API.OpenAI.com/v1/", "OpenAI"),
        ("https://eu.api.openai.com/v1", "OpenAI"),
        ("https://open.bigmodel.cn/api/paas/v4", "GLM (Z.ai)"),
        ("https://generativelanguage.googleapis.com", "Google Gemini"),
        ("https://ollama.com", "Ollama Cloud"),
        ("https://my-firm.openai.azure.com/openai/v1", "Azure OpenAI"),
        ("https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1", "Amazon Bedrock"),
        ("https://europe-west1-aiplatform.googleapis.com/v1/projects/p", "Google Vertex"),
        ("http://127.0.0.1:1234/v1", "LM Studio"),
        ("http://localhost:11434/v1", "Ollama"),
        ("http://[::1]:11434", "Ollama"),
        ("http://127.0.0.1:5000/v1", ""),
        ("https://api.openai.com.evil.example/v1", ""),
        ("https://evil.example/.openai.azure.com/openai/v1", ""),
        ("https://a.evil.openai.azure.com/v1", ""),
        ("https://notopenrouter.ai/api/v1", ""),
        ("https://evil.example/endpoints/openapi", ""),
        ("https://x:port/", ""),
        ("", ""),
    ],
)
def test_who_answers_is_told_by_the_address(address: str, vendor: str) -> None:
    assert VendorCatalog().vendor_of(address) == vendor


@pytest.mark.parametrize(
    ("word", "vendor"),
    [
        ("openai", "OpenAI"), ("Fireworks", "Fireworks AI"), (" z.ai ", "GLM (Z.ai)"),
        ("GEMINI", "Google Gemini"), ("azure", "Azure OpenAI"), ("bedrock", "Amazon Bedrock"),
        ("vertex", "Google Vertex"), ("llama.cpp", "llama.cpp server"), ("kimi", "Moonshot"),
    ],
)  # fmt: skip
def test_a_vendor_is_found_by_the_name_people_use(word: str, vendor: str) -> None:
    found = VendorCatalog().named(word)
    assert found is not None
    assert found.name == vendor


def test_no_two_vendors_answer_to_one_name() -> None:
    words = [w for v in VENDORS for w in (v.name.casefold(), *v.aliases)]
    assert len(words) == len(set(words))
    assert all(word == word.casefold() for vendor in VENDORS for word in vendor.aliases)
    assert VendorCatalog().named("nobody") is None


def test_a_template_is_filled_in_and_what_is_missing_stays_to_be_seen() -> None:
    template = "https://{location}-x.example/{project}/{location}"
    assert (
        filled(template, {"location": "eu", "project": " "}) == "https://eu-x.example/{project}/eu"
    )
    assert blanks_in(template) == ("location", "project")


def test_a_vendor_of_two_dialects_is_reached_in_each() -> None:
    openai = VENDORS[0]
    assert openai.wire(Dialect.OPENAI_RESPONSES) == Wire(
        Dialect.OPENAI_RESPONSES, "https://api.openai.com/v1"
    )
    assert openai.wire(Dialect.GEMINI) is None
