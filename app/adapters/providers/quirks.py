"""How vendors and model families differ within one dialect: data rows.

A row is found by the address, else by the vendor that the user named. What is not known here is
learned from the refusal (`refusals.py`).

Read in November 2026: the vendors' pages on errors (Fireworks, DeepSeek, Z.ai and bigmodel.cn,
OpenRouter, Mistral), Groq's on reasoning, OpenRouter's on context compression and on choosing
providers, AWS on the endpoints of Bedrock, Microsoft on the two interfaces of Azure OpenAI, Google
on the OpenAI-compatible endpoint of Vertex; the types of OpenAI's library; and where the pages are
silent, what users report to be refused (`stream_options` and `max_completion_tokens` by Mistral,
a silent overflow by LM Studio, bills in ticks by xAI).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from app.adapters.providers.catalog import vendor_of
from app.domain.model import ModelRef
from app.domain.secret import ApiKey

COMPLETION_LIMIT = "max_completion_tokens"


@dataclass(frozen=True, slots=True)
class Quirks:
    """One vendor's differences from the common shape.

    `usage_option`: takes `stream_options`; where not, the usage comes without being asked for.
    `silent_overflow`: a prompt longer than the loaded context comes back as an empty good answer.
    `hidden_thoughts`: thoughts are counted in the total of tokens alone.
    `forwards`: hands the prompt on to others, and takes wishes about whom.
    `deployments`: the model's name stands in the path, with the version of the interface.
    """

    limit_field: str = "max_tokens"
    usage_option: bool = True
    extra: Mapping[str, object] = field(default_factory=dict)
    key_header: str = "Authorization"
    silent_overflow: bool = False
    hidden_thoughts: bool = False
    forwards: bool = False
    deployments: str = ""


COMMON = Quirks()

_AZURE = Quirks(COMPLETION_LIMIT, key_header="api-key", deployments="2024-10-21")
_BEDROCK = Quirks(COMPLETION_LIMIT)
_GOOGLE = Quirks(hidden_thoughts=True)
_VENDORS: Mapping[str, Quirks] = {
    # Kept for 30 days by default on newer accounts; a lawyer's prompts are not theirs to keep.
    "OpenAI": Quirks(COMPLETION_LIMIT, extra={"store": False}),
    # Else an overflow silently shrinks the answer.
    "Fireworks AI": Quirks(extra={"context_length_exceeded_behavior": "error"}),
    # Takes `max_tokens` alone, and sends the usage in its last chunk unasked.
    "GLM (Z.ai)": Quirks(usage_option=False),
    # Refuses every field that it does not know, and sends the usage unasked too.
    "Mistral": Quirks(usage_option=False),
    # Else a prompt that is too long loses its middle on models with a short context.
    "OpenRouter": Quirks(
        extra={"plugins": [{"id": "context-compression", "enabled": False}]}, forwards=True
    ),
    "xAI": Quirks(COMPLETION_LIMIT),
    "Groq": Quirks(COMPLETION_LIMIT),
    "Moonshot": Quirks(COMPLETION_LIMIT),
    "LM Studio": Quirks(silent_overflow=True),
    # Behind a firm's own gateway: the address says nothing, and its path is taken as typed.
    "Azure OpenAI": Quirks(COMPLETION_LIMIT, key_header="api-key"),
    "Amazon Bedrock": _BEDROCK,
    "Google Vertex": _GOOGLE,
    "Google Gemini": _GOOGLE,
}

# The large clouds give every customer an address of their own.
_HOSTS: tuple[tuple[re.Pattern[str], Quirks], ...] = (
    (re.compile(r"\.(?:openai|services\.ai|cognitiveservices)\.azure\.com$"), _AZURE),
    (re.compile(r"^bedrock-[a-z]+\..*\.(?:amazonaws\.com|api\.aws)$"), _BEDROCK),
    (re.compile(r"(?:^|-)aiplatform\.(?:[a-z.]+\.)?googleapis\.com$"), _GOOGLE),
    (re.compile(r"^generativelanguage\.googleapis\.com$"), _GOOGLE),
)


@dataclass(frozen=True, slots=True)
class Family:
    """What models whose id fits the pattern differ in, at one vendor or (empty) at any."""

    vendor: str
    pattern: re.Pattern[str]
    extra: Mapping[str, object] = field(default_factory=dict)
    limit_field: str = ""
    fixed_sampling: bool = False


_FAMILIES = (
    # Models that reason refuse `max_tokens`, and any temperature but their own.
    Family(
        "",
        re.compile(r"(?:^|/)(?:gpt-(?:[5-9]|\d\d)|o\d)(?![a-z0-9])"),
        limit_field=COMPLETION_LIMIT,
        fixed_sampling=True,
    ),
    Family("Moonshot", re.compile(r"kimi-k[2-9]"), fixed_sampling=True),
    # Else the thoughts stand inside the answer, between tags. gpt-oss refuses to be asked.
    Family("Groq", re.compile(r"qwen"), extra={"reasoning_format": "parsed"}),
)


def quirks_of(model: ModelRef) -> Quirks:
    """Return the row for a model: by its address, else by the vendor the user named."""
    return _row(model.base_url, model.vendor)


@lru_cache(maxsize=256)
def _row(base_url: str, vendor: str) -> Quirks:
    host = (urlsplit(base_url).hostname or "").lower()
    for pattern, row in _HOSTS:
        if pattern.search(host):
            return row
    return _VENDORS.get(vendor_of(base_url) or vendor, COMMON)


def vendor_name(model: ModelRef) -> str:
    """Return who answers: by the address, else as the user named it."""
    return vendor_of(model.base_url) or model.vendor


def families_of(model: ModelRef) -> tuple[Family, ...]:
    """Return the rows that fit a model's id at its vendor."""
    return _fitting(vendor_name(model), model.model.casefold())


@lru_cache(maxsize=256)
def _fitting(vendor: str, name: str) -> tuple[Family, ...]:
    return tuple(
        family
        for family in _FAMILIES
        if family.vendor in ("", vendor) and family.pattern.search(name)
    )


def key_headers(model: ModelRef, key: ApiKey | None) -> dict[str, str]:
    """Return the header that carries the key where this vendor looks for it."""
    if key is None:
        return {}
    header = quirks_of(model).key_header
    bearer = header == "Authorization"
    return {header: f"Bearer {key.reveal()}" if bearer else key.reveal()}
