"""Fireworks AI: `api.fireworks.ai/inference/v1/chat/completions`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
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

BASE = "https://api.fireworks.ai/inference/v1"
# Ids are whole.
GLM = "accounts/fireworks/models/glm-5p3"
MODEL = at(Dialect.OPENAI_CHAT, BASE, GLM)

STREAMS = [
    # Usage on a chunk, without a count of the reasoning.
    Stream("good", (thought(THOUGHT), said("Yes, "), said("it is.")), COMPLETE,
           Usage(20, 9, cached_tokens=16), GLM),
]  # fmt: skip

REFUSALS = [
    Refusal(400, error("The prompt is too long: 140000, model maximum context length: 131071",
                       "invalid_request_error"), "too_long"),
    Refusal(401, error("Unauthorized"), "key_refused"),
    Refusal(402, error("Payment required"), "payment"),
    Refusal(403, error("Forbidden"), "forbidden"),
    Refusal(404, error("Model not found, inaccessible, and/or not deployed", code="NOT_FOUND"),
            "model_not_found"),
    Refusal(405, error("Method not allowed"), "bad_request"),
    Refusal(408, error("Request timeout"), "stalled", tries=3),
    # The account is suspended: asking again cannot help.
    Refusal(412, error("Account is suspended"), "payment"),
]  # fmt: skip

REQUESTS = [
    Request(
        "an overflow is an error, where it would silently shorten the answer",
        at(Dialect.OPENAI_CHAT, BASE, GLM, max_output_tokens=50),
        f"{BASE}/chat/completions",
        {
            "model": GLM,
            "context_length_exceeded_behavior": "error",
            "max_tokens": 50,
            "stream_options": {"include_usage": True},
        },
        {"Authorization": "Bearer sk-canary"},
    ),
]

PROVIDERS = (Provider("fireworks", MODEL, STREAMS, REFUSALS, REQUESTS),)
