"""Azure OpenAI, Amazon Bedrock and Google Vertex, by their OpenAI-compatible endpoints."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FILTERED,
    THOUGHT,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    error,
    said,
    thought,
)

AZURE_SERVED = "gpt-6-luna-2026-07-01"
AZURE = Provider(
    "azure",
    at(Dialect.OPENAI_CHAT, "https://firm.openai.azure.com", "our-gpt"),
    [
        # The first chunk tells what was filtered, without any choice.
        Stream("good", (said("Yes."),), COMPLETE, Usage(20, 2, cached_tokens=0), AZURE_SERVED),
        Stream("filtered", (said("The"),), FILTERED, served=AZURE_SERVED),
    ],
    [
        Refusal(401, error("Access denied due to invalid subscription key.", code="401"),
                "key_refused"),
        Refusal(404, error("The API deployment for this resource does not exist.",
                           code="DeploymentNotFound"), "model_not_found"),
        Refusal(400, error("The response was filtered due to the prompt triggering Azure OpenAI's "
                           "content management policy.", code="content_filter"), "content_filter"),
        Refusal(429, error("Requests have exceeded the call rate limit.", code="429"),
                "rate_limited", tries=3),
    ],
    [
        Request(
            "the deployment is in the path, with the version; the key has its own header",
            at(Dialect.OPENAI_CHAT, "https://firm.openai.azure.com", "our gpt",
               max_output_tokens=50),
            "https://firm.openai.azure.com/openai/deployments/our%20gpt/chat/completions"
            "?api-version=2024-10-21",
            {"max_completion_tokens": 50, "stream_options": {"include_usage": True}},
            {"api-key": "sk-canary"},
            never=("max_tokens", "store"),
            never_headers=("Authorization",),
        ),
        Request(
            "the newer interface takes the deployment as a model, and no version",
            at(Dialect.OPENAI_CHAT, "https://firm.openai.azure.com/openai/v1", "our-gpt"),
            "https://firm.openai.azure.com/openai/v1/chat/completions",
            {"model": "our-gpt"},
            {"api-key": "sk-canary"},
        ),
    ],
)  # fmt: skip

BEDROCK_BASE = "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1"
GPT_OSS = "openai.gpt-oss-120b-1:0"
BEDROCK = Provider(
    "bedrock",
    at(Dialect.OPENAI_CHAT, BEDROCK_BASE, GPT_OSS),
    # Thoughts stand inside the answer, between tags that may be cut anywhere.
    [Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE, Usage(20, 30), GPT_OSS)],
    [
        Refusal(403, {"message": "Authentication failed: invalid API key"}, "key_refused"),
        Refusal(429, error("Too many requests", code="throttling_exception"), "rate_limited",
                tries=3),
    ],
    [
        Request(
            "an API key of Bedrock is a bearer token",
            at(Dialect.OPENAI_CHAT, BEDROCK_BASE, GPT_OSS, max_output_tokens=50),
            f"{BEDROCK_BASE}/chat/completions",
            {"max_completion_tokens": 50},
            {"Authorization": "Bearer sk-canary"},
        )
    ],
)  # fmt: skip

VERTEX_BASE = (
    "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4"
    "/endpoints/openapi"
)
GEMINI = "google/gemini-3.1-pro"
VERTEX = Provider(
    "vertex",
    at(Dialect.OPENAI_CHAT, VERTEX_BASE, GEMINI),
    # Thoughts are counted in the total alone: 46 = 20 + 2 + 24.
    [Stream("good", (said("Yes."),), COMPLETE, Usage(20, 26, reasoning_tokens=24), GEMINI)],
    [
        Refusal(401, [error("Request had invalid authentication credentials.",
                            code="UNAUTHENTICATED")], "key_refused"),
    ],
    [
        Request(
            "an access token is a bearer token",
            at(Dialect.OPENAI_CHAT, VERTEX_BASE, GEMINI),
            f"{VERTEX_BASE}/chat/completions",
            {"model": GEMINI},
            {"Authorization": "Bearer sk-canary"},
        )
    ],
)  # fmt: skip

PROVIDERS = (AZURE, BEDROCK, VERTEX)
