"""Vendors that run other people's models, or pass prompts on. Data only."""

from __future__ import annotations

from datetime import date

from app.adapters.providers.catalog.reading import heard, open_question, read
from app.domain.model import OLLAMA_CLOUD, Dialect
from app.domain.vendor import Blank, VendorFacts, Wire

_SURVEY = date(2026, 8, 5)  # a lawyers' survey of the vendors' own pages
_GATEWAYS = date(2026, 8, 31)  # a survey of gateways and clouds
_DIGEST = date(2026, 10, 18)  # a survey that quotes the vendors' pages
_FIREWORKS = "accounts/fireworks/models/"

FIREWORKS = VendorFacts(
    "Fireworks AI",
    Dialect.OPENAI_CHAT,
    "https://api.fireworks.ai/inference/v1",
    "https://app.fireworks.ai/settings/users/api-keys",
    (f"{_FIREWORKS}gpt-oss-20b", f"{_FIREWORKS}glm-5p3-flash", f"{_FIREWORKS}gpt-oss-120b"),
    (f"{_FIREWORKS}kimi-k3p1-pro", f"{_FIREWORKS}glm-5p3", f"{_FIREWORKS}kimi-k3"),
    receiver="Fireworks AI. It runs open models itself; their makers do not see the prompt.",
    jurisdiction=open_question(
        "United States, by the company's seat. Where requests are computed was not verified.",
        "https://docs.fireworks.ai/guides/security_compliance/data_handling",
    ),
    retention=read(
        "Not stored for open models: in memory while it answers, and some minutes where prompts "
        "are cached.",
        "https://docs.fireworks.ai/guides/security_compliance/data_handling",
    ),
    training=read(
        "Not used to train: prompts are not stored, and tuning data trains your own models only.",
        "https://docs.fireworks.ai/guides/security_compliance/secure_training",
    ),
    aliases=("fireworks", "fireworks.ai"),
)

OPENROUTER = VendorFacts(
    "OpenRouter",
    Dialect.OPENAI_CHAT,
    "https://openrouter.ai/api/v1",
    "https://openrouter.ai/settings/keys",
    ("openai/gpt-6-luna", "deepseek/deepseek-v4-flash", "anthropic/claude-haiku-5.5"),
    ("anthropic/claude-opus-5.5", "openai/gpt-6.1-sol", "z-ai/glm-5.3"),
    receiver="OpenRouter, which forwards it to whoever runs the model: two companies see it.",
    jurisdiction=read(
        "United States, and wherever the provider is that it forwards to.",
        "https://openrouter.ai/docs/guides/privacy/provider-logging",
    ),
    retention=read(
        "OpenRouter stores prompts only if you switch logging on. The provider behind it follows "
        "its own rule.",
        "https://openrouter.ai/docs/guides/features/input-output-logging",
    ),
    training=read(
        "It depends on the provider it forwards to: some may train. Its privacy settings can "
        "exclude those.",
        "https://openrouter.ai/docs/guides/privacy/provider-logging",
    ),
)

GROQ = VendorFacts(
    "Groq",
    Dialect.OPENAI_CHAT,
    "https://api.groq.com/openai/v1",
    "https://console.groq.com/keys",
    ("openai/gpt-oss-20b",),
    ("openai/gpt-oss-120b", "qwen/qwen3.8-27b"),
    receiver="Groq. It runs open models itself; their makers do not see the prompt.",
    jurisdiction=open_question(
        "United States, by the company's seat. Where requests are computed was not verified.",
        "https://console.groq.com/docs/your-data",
    ),
    retention=read(
        "Not kept by default; up to 30 days where a failure or abuse is looked into. Zero "
        "retention by a setting.",
        "https://console.groq.com/docs/your-data",
    ),
    training=heard(
        "Its processing agreement rules training out.",
        "https://console.groq.com/docs/your-data",
        date(2026, 5, 11),
    ),
)

TOGETHER = VendorFacts(
    "Together",
    Dialect.OPENAI_CHAT,
    "https://api.together.xyz/v1",
    "https://api.together.ai/settings/api-keys",
    ("zai-org/GLM-5.3-Flash", "Qwen/Qwen3.8-Flash", "openai/gpt-oss-120b"),
    ("zai-org/GLM-5.3", "moonshotai/Kimi-K3.1-Pro"),
    receiver="Together AI. It runs open models itself; their makers do not see the prompt.",
    jurisdiction=read(
        "United States; its page speaks of data centres in North America.",
        "https://docs.together.ai/docs/privacy-and-security",
    ),
    retention=read(
        "Its own pages disagree: not stored by default, says one; stored until your organisation "
        "switches it off, says another. Check the setting.",
        "https://docs.together.ai/docs/zero-data-retention",
    ),
    training=read(
        "Not used to train, unless you opt in.",
        "https://docs.together.ai/docs/privacy-and-security",
    ),
    hosts=("api.together.ai",),
    aliases=("together ai",),
)

OLLAMA_IN_THE_CLOUD = VendorFacts(
    OLLAMA_CLOUD,
    Dialect.OLLAMA,
    "https://ollama.com",
    "https://ollama.com/settings/keys",
    ("gpt-oss:20b",),
    ("gpt-oss:120b",),
    receiver="Ollama, in its cloud. It does not stay on this computer.",
    jurisdiction=open_question(
        "Not verified: where requests are computed is not said on the page that was read.",
        "https://docs.ollama.com/cloud",
    ),
    retention=open_question(
        "Processed to answer you; how long it is kept was not verified.",
        "https://docs.ollama.com/cloud",
    ),
    training=read("Not used to train.", "https://docs.ollama.com/cloud"),
    aliases=("ollama.com",),
    unpriced=("gpt-oss:20b", "gpt-oss:120b"),
)

AZURE = VendorFacts(
    "Azure OpenAI",
    Dialect.OPENAI_CHAT,
    "https://{resource}.openai.azure.com/openai/v1",
    "https://portal.azure.com/#browse/Microsoft.CognitiveServices/accounts",
    ("gpt-6-luna", "gpt-5.4-nano"),
    ("gpt-6.1-sol", "gpt-6.1-terra"),
    receiver="Microsoft, in your Azure resource. OpenAI does not see it.",
    jurisdiction=heard(
        "The Azure region of your resource. Deployments of the kinds Global and Data Zone may "
        "compute elsewhere.",
        "https://learn.microsoft.com/en-us/azure/ai-foundry/responsible-ai/openai/data-privacy",
        _SURVEY,
    ),
    retention=heard(
        "What is flagged as abuse may be stored and read by people; exempt only after approval.",
        "https://learn.microsoft.com/en-us/azure/foundry/openai/concepts/abuse-monitoring",
        _GATEWAYS,
    ),
    training=heard(
        "Not used to train foundation models.",
        "https://learn.microsoft.com/en-us/azure/ai-foundry/responsible-ai/openai/data-privacy",
        _GATEWAYS,
    ),
    also=(Wire(Dialect.OPENAI_RESPONSES, "https://{resource}.openai.azure.com/openai/v1"),),
    blanks=(Blank("resource", "Azure resource", "my-firm-openai"),),
    hosts=("*.services.ai.azure.com", "*.cognitiveservices.azure.com"),
    aliases=("azure", "microsoft"),
    key_header="api-key",
    key_note="A key of the resource (Keys and Endpoint in the Azure portal).",
    no_list="In Azure the model id is the name that you gave your deployment: type it as it is "
    "in the Azure portal.",
)

BEDROCK = VendorFacts(
    "Amazon Bedrock",
    Dialect.OPENAI_CHAT,
    "https://bedrock-runtime.{region}.amazonaws.com/openai/v1",
    "https://console.aws.amazon.com/bedrock/home#/api-keys",
    ("openai.gpt-oss-20b-1:0", "openai.gpt-oss-120b-1:0"),
    ("openai.gpt-6-sol", "openai.gpt-6-luna"),
    receiver="Amazon Web Services. The maker of the model does not see it, but for models that "
    "demand it.",
    jurisdiction=heard(
        "The AWS Region you choose. Cross-Region inference computes, and keeps, elsewhere.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/abuse-detection.html",
        _SURVEY,
    ),
    retention=read(
        "It depends on your retention mode for the Region and on the model: none, or up to 30 days "
        "for some. The mode “none” keeps nothing.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/data-retention.html",
    ),
    training=heard("Not used to train.", "https://aws.amazon.com/bedrock/faqs/", _DIGEST),
    also=(
        Wire(Dialect.OPENAI_RESPONSES, "https://bedrock-runtime.{region}.amazonaws.com/openai/v1"),
    ),
    blanks=(Blank("region", "AWS Region", "eu-central-1"),),
    hosts=("bedrock-mantle.*.api.aws",),
    aliases=("bedrock", "aws", "aws bedrock"),
    key_note="A Bedrock API key. The usual pair of AWS access keys does not work here.",
    no_list="This address of Amazon's lists no models: type the id as the Bedrock console "
    "shows it for your Region.",
)

VERTEX = VendorFacts(
    "Google Vertex",
    Dialect.OPENAI_CHAT,
    "https://{location}-aiplatform.googleapis.com/v1/projects/{project}/locations/{location}"
    "/endpoints/openapi",
    "https://console.cloud.google.com/apis/credentials",
    ("google/gemini-3.5-flash-lite",),
    ("google/gemini-4-argon", "google/gemini-3.8-flash"),
    receiver="Google Cloud, in your project. It is not forwarded to another vendor.",
    jurisdiction=heard(
        "The location you choose. The global address promises none.",
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/"
        "zero-data-retention",
        _SURVEY,
    ),
    retention=read(
        "For limited times: cached up to a day, and logged for abuse monitoring under some "
        "contracts. Each can be switched off or agreed away.",
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/"
        "zero-data-retention",
    ),
    training=read(
        "Not used to train without your permission.",
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/resources/"
        "zero-data-retention",
    ),
    blanks=(
        Blank("location", "Location", "europe-west1"),
        Blank("project", "Project id", "my-firm-123456"),
    ),
    hosts=("aiplatform.googleapis.com", "aiplatform.*.rep.googleapis.com"),
    aliases=("vertex", "vertex ai", "google vertex ai"),
    key_note="Vertex takes no lasting key: an access token (gcloud auth print-access-token) works "
    "for about an hour.",
    no_list="This address of Google's lists no models: type the id with its maker before "
    "it, such as google/gemini-3.8-flash.",
)
