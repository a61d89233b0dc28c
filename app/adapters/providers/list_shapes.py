"""What each kind of model list says: JSON in, `ListedModel`s out. Pure: no network, no clock.

A list that is not of the expected shape raises ValueError; an entry that cannot be understood, or
that its vendor says is no chat model, is left out. Sources: the vendors' API references, Ollama's
`api/types.go` and llama.cpp's server README (read in November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from app.domain.conversation import clean
from app.domain.model import OLLAMA_CLOUD_HOST, named_as_cloud
from app.domain.money import MILLION, Price
from app.domain.vendor import ListedModel

Entry = Mapping[str, object]
Reader = Callable[[object], "Page"]

_MOST_MODELS = 5_000
_ID_CHARS = 300
_TEXT_CHARS = 500
_CONTEXT_KEYS = (
    "context_length",  # OpenRouter, Together, Fireworks AI, Moonshot
    "context_window",  # Groq
    "max_context_length",  # Mistral, LM Studio
    "max_model_len",  # vLLM
    "max_input_tokens",  # Anthropic
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `cursor` asks for the next one and is empty on the last."""

    models: tuple[ListedModel, ...]
    cursor: str = ""


def openai(body: object) -> Page:
    """Read `{"data": [{"id": …}]}`, or the bare list that some vendors send."""
    return Page(_models(_entries(body, "data"), _openai_model))


def openrouter(body: object, read_on: date) -> Page:
    """Read OpenRouter's list, whose entries bring prices in USD per token."""

    def model(entry: Entry) -> ListedModel | None:
        return _openai_model(entry, _openrouter_price(_section(entry, "pricing"), read_on))

    return Page(_models(_entries(body, "data"), model))


def anthropic(body: object) -> Page:
    """Read `{"data": […], "has_more": …, "last_id": …}`."""
    page = openai(body)
    more = isinstance(body, Mapping) and body.get("has_more") is True
    return Page(
        page.models, _text(body.get("last_id")) if isinstance(body, Mapping) and more else ""
    )


def gemini(body: object) -> Page:
    """Read `{"models": [{"name": "models/…"}], "nextPageToken": …}`."""

    def model(entry: Entry) -> ListedModel | None:
        methods = entry.get("supportedGenerationMethods")
        if isinstance(methods, list) and "generateContent" not in methods:
            return None
        return ListedModel(
            _text(entry.get("name")).removeprefix("models/"),
            _text(entry.get("displayName")),
            _count(entry.get("inputTokenLimit")),
        )

    models = _models(_entries(body, "models"), model)
    return Page(models, _text(body.get("nextPageToken")) if isinstance(body, Mapping) else "")


def ollama(body: object) -> Page:
    """Read `{"models": [{"name": …, "remote_host": …}]}`, cloud models told apart."""
    return Page(_models(_entries(body, "models"), _ollama_model))


def lm_studio(body: object) -> Page:
    """Read LM Studio's own list, which tells chat models from others."""

    def model(entry: Entry) -> ListedModel | None:
        if entry.get("type") not in ("llm", "vlm"):
            return None
        loaded = _count(entry.get("loaded_context_length"))
        context = loaded or _count(entry.get("max_context_length"))
        return ListedModel(_text(entry.get("id")), context_tokens=context)

    return Page(_models(_entries(body, "data"), model))


def remote_host(entry: Entry) -> str:
    """Return the host that Ollama says a model is run by, or nothing for one of its own.

    Works on an entry of `/api/tags` and on the answer of `/api/show`.
    """
    told = _text(entry.get("remote_host"))
    if told:
        return (urlsplit(told if "//" in told else f"//{told}").hostname or told).lower()
    return OLLAMA_CLOUD_HOST if _text(entry.get("remote_model")) else ""


def is_of_models(body: object) -> bool:
    """Return whether an OpenAI-shaped list says of its entries that they are models."""
    return any(entry.get("object") == "model" for entry in _entries(body, "data"))


def maker(body: object) -> str:
    """Return what the entries of an OpenAI-shaped list say they are owned by, or nothing."""
    return next((owner for e in _entries(body, "data") if (owner := _text(e.get("owned_by")))), "")


def _models(
    entries: list[Entry], read: Callable[[Entry], ListedModel | None]
) -> tuple[ListedModel, ...]:
    found: dict[str, ListedModel] = {}
    for entry in entries[:_MOST_MODELS]:
        model = read(entry)
        if model is not None and 0 < len(model.id) <= _ID_CHARS:
            found.setdefault(model.id, model)
    return tuple(found.values())


def _openai_model(entry: Entry, price: Price | None = None) -> ListedModel | None:
    if not _chats(entry):
        return None
    name = _text(entry.get("display_name")) or _text(entry.get("name"))
    model_id = _text(entry.get("id"))
    return ListedModel(model_id, "" if name == model_id else name, _context(entry), price)


def _ollama_model(entry: Entry) -> ListedModel | None:
    abilities = entry.get("capabilities")
    if isinstance(abilities, list) and abilities and "completion" not in abilities:
        return None
    name = _text(entry.get("name")) or _text(entry.get("model"))
    forwards = remote_host(entry) or (OLLAMA_CLOUD_HOST if named_as_cloud(name) else "")
    context = _count(_section(entry, "details").get("context_length"))
    return ListedModel(name, context_tokens=context, forwards_to=forwards)


def _chats(entry: Entry) -> bool:
    """Return whether a vendor leaves open that a model answers in text."""
    abilities = _section(entry, "capabilities")
    if abilities.get("completion_chat") is False or entry.get("supports_chat") is False:
        return False
    kind = entry.get("type")
    if isinstance(kind, str) and kind in ("embedding", "embeddings", "image", "audio", "video",
                                          "moderation", "rerank", "transcribe"):  # fmt: skip
        return False
    written = _section(entry, "architecture").get("output_modalities")
    return not isinstance(written, list) or "text" in written


def _context(entry: Entry) -> int | None:
    for key in _CONTEXT_KEYS:
        if found := _count(entry.get(key)):
            return found
    meta = _section(entry, "meta")  # llama.cpp: what it was started with, else what it could do
    return _count(meta.get("n_ctx")) or _count(meta.get("n_ctx_train"))


def _openrouter_price(pricing: Entry, read_on: date) -> Price | None:
    given, written = (_per_million(pricing.get(key)) for key in ("prompt", "completion"))
    if given is None or written is None:
        return None
    return Price(
        given,
        written,
        cached_per_million=_per_million(pricing.get("input_cache_read")),
        cache_write_per_million=_per_million(pricing.get("input_cache_write")),
        source="OpenRouter's own list",
        as_of=read_on,
    )


def _per_million(value: object) -> Decimal | None:
    """Return USD per million tokens; None where the price varies (it is then below zero)."""
    if not isinstance(value, str):
        return None
    try:
        amount = Decimal(value) * MILLION
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def _entries(body: object, key: str) -> list[Entry]:
    found = body.get(key) if isinstance(body, Mapping) else body
    if found is None and isinstance(body, Mapping) and key in body:
        found = []  # an empty Go list is written as null
    if not isinstance(found, list):
        raise ValueError("not a list of models")  # noqa: TRY004  (a shape, not a type of ours)
    return [entry for entry in found if isinstance(entry, Mapping)]


def _section(entry: Entry, key: str) -> Entry:
    found = entry.get(key)
    return found if isinstance(found, Mapping) else {}


def _text(value: object) -> str:
    """Return a text of one line, without what a terminal or a window could take for an order."""
    if not isinstance(value, str):
        return ""
    line = clean(" ".join(value[:_TEXT_CHARS].split()))
    return "".join(letter for letter in line if letter.isprintable())


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 1_000_000_000 else None
