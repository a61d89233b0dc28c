"""DeepSeek: `api.deepseek.com/chat/completions`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    INCOMPLETE,
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

BASE = "https://api.deepseek.com"
MODEL = at(Dialect.OPENAI_CHAT, BASE, "deepseek-v4-pro")
SERVED = "deepseek-v4-pro"

STREAMS = [
    # Blank lines and comments keep the line open.
    Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE,
           Usage(20, 30, cached_tokens=16, reasoning_tokens=24), SERVED),
    # The prompt is the hits and the misses of its cache.
    Stream("hit_and_miss_alone", (said("Yes."),), COMPLETE, Usage(20, 2, cached_tokens=16), SERVED),
    Stream("out_of_resources", (said("The"),), INCOMPLETE, Usage(20, 1), problem="provider_error"),
]  # fmt: skip

REFUSALS = [
    Refusal(400, error("Invalid request body"), "bad_request"),
    Refusal(401, error("Authentication Fails", "authentication_error"), "key_refused"),
    Refusal(402, error("Insufficient Balance", "unknown_error"), "payment"),
    Refusal(422, error("Invalid parameters"), "bad_request"),
    Refusal(429, error("Rate limit reached"), "rate_limited", tries=3),
    Refusal(500, error("Server error"), "overloaded", tries=3),
    Refusal(503, error("Server overloaded"), "overloaded", tries=3),
]

REQUESTS = [
    Request(
        "a temperature would be passed over in silence, so none is sent",
        at(Dialect.OPENAI_CHAT, BASE, "deepseek-v4-pro", max_output_tokens=50),
        f"{BASE}/chat/completions",
        {"max_tokens": 50, "stream_options": {"include_usage": True}},
        {"Authorization": "Bearer sk-canary"},
        never=("temperature", "max_completion_tokens"),
    ),
]

PROVIDERS = (Provider("deepseek", MODEL, STREAMS, REFUSALS, REQUESTS),)
