"""Vendors that answer with models of their own. Data only."""

from __future__ import annotations

from datetime import date

from app.adapters.providers.catalog.reading import heard, open_question, read
from app.domain.model import Dialect
from app.domain.vendor import VendorFacts, Wire

_SURVEY = date(2026, 8, 5)  # a lawyers' survey of the vendors' own pages
_EU_SURVEY = date(2026, 4, 11)  # a survey of processing agreements
_ITSELF = "{} itself. It is not forwarded to another vendor."

OPENAI = VendorFacts(
    "OpenAI",
    Dialect.OPENAI_CHAT,
    "https://api.openai.com/v1",
    "https://platform.openai.com/api-keys",
    ("gpt-6-luna", "gpt-5.4-nano", "gpt-5.4-mini"),
    ("gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-astra"),
    receiver=_ITSELF.format("OpenAI"),
    jurisdiction=read(
        "United States. A project pinned to a region has an address of its own, such as "
        "eu.api.openai.com.",
        "https://developers.openai.com/api/docs/guides/your-data",
    ),
    retention=read(
        "Up to 30 days, for abuse monitoring; longer where the law or safety demands it. Zero "
        "retention only after OpenAI approves it.",
        "https://developers.openai.com/api/docs/guides/your-data",
    ),
    training=read(
        "Not used to train, unless your organisation opts in.",
        "https://developers.openai.com/api/docs/guides/your-data",
    ),
    also=(Wire(Dialect.OPENAI_RESPONSES, "https://api.openai.com/v1"),),
    hosts=("eu.api.openai.com", "us.api.openai.com"),
)

ANTHROPIC = VendorFacts(
    "Anthropic",
    Dialect.ANTHROPIC,
    "https://api.anthropic.com",
    "https://platform.claude.com/settings/keys",
    ("claude-haiku-5-5", "claude-haiku-4-5"),
    ("claude-opus-5-5", "claude-sonnet-5-5", "claude-fable-5-2"),
    receiver=_ITSELF.format("Anthropic"),
    jurisdiction=heard(
        "United States: data is stored there. This address has no EU-only option.",
        "https://privacy.claude.com/en/articles/7996890",
        _SURVEY,
    ),
    retention=heard(
        "30 days; what was flagged, up to 2 years. Zero retention by agreement, but some models "
        "keep 30 days even then.",
        "https://privacy.claude.com/en/articles/7996866",
        _SURVEY,
    ),
    training=read(
        "Not used to train, unless agreed otherwise. Feedback that you send is kept.",
        "https://privacy.claude.com/en/articles/7996875-can-you-delete-data-that-i-sent-via-api",
    ),
    aliases=("claude",),
)

DEEPSEEK = VendorFacts(
    "DeepSeek",
    Dialect.OPENAI_CHAT,
    "https://api.deepseek.com",
    "https://platform.deepseek.com/api_keys",
    ("deepseek-v4-flash",),
    ("deepseek-v4-pro",),
    receiver=_ITSELF.format("DeepSeek"),
    jurisdiction=heard(
        "China: data is stored there, and its law governs the terms.",
        "https://cdn.deepseek.com/policies/en-US/deepseek-privacy-policy.html",
        date(2026, 11, 24),
    ),
    retention=heard(
        "No period is published: as long as it is needed for the service.",
        "https://cdn.deepseek.com/policies/en-US/deepseek-privacy-policy.html",
        date(2026, 11, 24),
    ),
    training=heard(
        "Its policy speaks of training, and its API terms do not rule it out. Assume that it may.",
        "https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html",
        date(2026, 11, 24),
    ),
)

GLM = VendorFacts(
    "GLM (Z.ai)",
    Dialect.OPENAI_CHAT,
    "https://api.z.ai/api/paas/v4",
    "https://z.ai/manage-apikey/apikey-list",
    ("glm-5.3-flash", "glm-4.5-air"),
    ("glm-5.3",),
    receiver="Z.ai, a Singapore company of Zhipu AI, Beijing. It is not forwarded to another.",
    jurisdiction=heard(
        "Singapore, says its agreement. The address open.bigmodel.cn is a separate service in "
        "China.",
        "https://docs.z.ai/legal-agreement/privacy-policy",
        _EU_SURVEY,
    ),
    retention=heard(
        "Its agreement for the API says that content is processed at once and not stored.",
        "https://docs.z.ai/legal-agreement/privacy-policy",
        _EU_SURVEY,
    ),
    training=heard(
        "Its agreement for the API says that content is processed on your behalf only.",
        "https://docs.z.ai/legal-agreement/privacy-policy",
        _EU_SURVEY,
    ),
    hosts=("open.bigmodel.cn",),
    aliases=("glm", "z.ai", "zai", "zhipu"),
)

GEMINI = VendorFacts(
    "Google Gemini",
    Dialect.GEMINI,
    "https://generativelanguage.googleapis.com",
    "https://aistudio.google.com/apikey",
    ("gemini-3.5-flash-lite", "gemini-3.1-flash-lite"),
    ("gemini-4-argon", "gemini-3.8-flash"),
    receiver=_ITSELF.format("Google"),
    jurisdiction=heard(
        "United States. There is no regional address: for one, use Google Vertex.",
        "https://ai.google.dev/gemini-api/terms",
        date(2026, 11, 24),
    ),
    retention=read(
        "55 days, for abuse monitoring. Paid projects made since 26 Oct 2026 are reported to log "
        "requests as well, unless that is switched off.",
        "https://ai.google.dev/gemini-api/docs/usage-policies",
    ),
    training=heard(
        "Paid: not used to train. Without billing: used, and people may read it, except in the "
        "EEA, Switzerland and the UK.",
        "https://ai.google.dev/gemini-api/terms",
        _SURVEY,
    ),
    aliases=("gemini", "google", "google ai studio"),
)

MISTRAL = VendorFacts(
    "Mistral",
    Dialect.OPENAI_CHAT,
    "https://api.mistral.ai/v1",
    "https://console.mistral.ai/api-keys",
    ("mistral-small-latest",),
    ("mistral-medium-latest", "mistral-large-4"),
    receiver=_ITSELF.format("Mistral AI, Paris,"),
    jurisdiction=heard(
        "France (EU). Some of its machines are Microsoft's and Google's.",
        "https://trust.mistral.ai/subprocessors",
        _SURVEY,
    ),
    retention=heard(
        "30 days, for abuse monitoring. Zero retention on request, on paid plans.",
        "https://docs.mistral.ai/admin/monitor-comply/zero-data-retention",
        _SURVEY,
    ),
    training=heard(
        "Paid plans: not used, but for feedback, flagged content and Labs models. Free plans: used "
        "unless you opt out.",
        "https://legal.mistral.ai/terms/commercial-terms-of-service",
        _SURVEY,
    ),
    aliases=("mistral ai",),
)

XAI = VendorFacts(
    "xAI",
    Dialect.OPENAI_CHAT,
    "https://api.x.ai/v1",
    "https://console.x.ai",
    ("grok-4-1-fast-non-reasoning",),
    ("grok-4.7",),
    receiver=_ITSELF.format("xAI"),
    jurisdiction=open_question(
        "United States, by the company's seat. Where requests are computed was not verified.",
        "https://docs.x.ai/docs/faq/security",
    ),
    retention=read(
        "30 days, for auditing abuse. Zero retention by a team setting.",
        "https://docs.x.ai/docs/faq/security",
    ),
    training=read(
        "Not used to train without your explicit permission.",
        "https://docs.x.ai/docs/faq/security",
    ),
    also=(Wire(Dialect.OPENAI_RESPONSES, "https://api.x.ai/v1"),),
    aliases=("grok", "x.ai", "x ai"),
)

MOONSHOT = VendorFacts(
    "Moonshot",
    Dialect.OPENAI_CHAT,
    "https://api.moonshot.ai/v1",
    "https://platform.moonshot.ai/console/api-keys",
    ("kimi-k2.6",),
    ("kimi-k3.1-pro", "kimi-k3"),
    receiver="Moonshot AI, a Singapore company of a Chinese group. It is not forwarded to another.",
    jurisdiction=read(
        "Singapore is the contracting party. The address api.moonshot.cn is a separate service in "
        "China.",
        "https://platform.kimi.ai/docs/agreement/modeluse",
    ),
    retention=open_question(
        "Not verified: no period was found.", "https://platform.kimi.ai/docs/agreement/modeluse"
    ),
    training=open_question(
        "Not verified: nothing was found that rules it out. Assume that it may.",
        "https://platform.kimi.ai/docs/agreement/modeluse",
    ),
    hosts=("api.moonshot.cn",),
    aliases=("kimi", "moonshot ai"),
)
