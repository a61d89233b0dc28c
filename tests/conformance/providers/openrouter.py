"""OpenRouter: `openrouter.ai/api/v1/chat/completions`."""

from decimal import Decimal

from app.domain.model import Dialect
from app.domain.money import Money, Usage
from app.services.ports.providers import Wishes
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

BASE = "https://openrouter.ai/api/v1"
CLAUDE = "anthropic/claude-opus-5.5"
MODEL = at(Dialect.OPENAI_CHAT, BASE, CLAUDE)

STREAMS = [
    # `usage.cost` is the bill itself; the thought comes in two fields and is taken once.
    Stream(
        "good",
        (thought(THOUGHT), said("Yes.")),
        COMPLETE,
        Usage(
            20,
            30,
            cached_tokens=16,
            cache_write_tokens=4,
            reasoning_tokens=24,
            billed=Money(Decimal("0.00095")),
        ),
        CLAUDE,
    ),
    # With one's own key upstream, the upstream's bill comes on top of the fee.
    Stream("own_upstream_key", (said("Yes."),), COMPLETE,
           Usage(20, 2, billed=Money(Decimal("0.0021"))), CLAUDE),
    Stream("error_after_200", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("finish_error", (said("The"),), INCOMPLETE, problem="provider_error"),
]  # fmt: skip

REFUSALS = [
    Refusal(401, error("User not found.", code=401), "key_refused"),
    # 402 passes by itself only where it says when.
    Refusal(402, error("Insufficient credits", code=402), "payment"),
    Refusal(402, error("In-flight budget reached", code=402), "overloaded", tries=3,
            headers={"Retry-After": "1"}),
    Refusal(403, error("Your input was flagged for violating a content policy", code=403),
            "content_filter"),
    Refusal(429, error("Rate limited", code=429), "rate_limited", tries=3),
    Refusal(502, error("Provider returned error", code=502), "overloaded", tries=3),
    Refusal(503, error("No provider meets your requirements", code=503), "overloaded", tries=3),
]  # fmt: skip

REQUESTS = [
    Request(
        "nothing is taken out of the middle of a prompt",
        at(Dialect.OPENAI_CHAT, BASE, CLAUDE, max_output_tokens=50),
        f"{BASE}/chat/completions",
        {
            "max_tokens": 50,
            "stream_options": {"include_usage": True},
            "plugins": [{"id": "context-compression", "enabled": False}],
        },
        {"Authorization": "Bearer sk-canary"},
        never=("provider", "transforms"),
    ),
    Request(
        "what the user asks of whoever answers is passed on",
        at(Dialect.OPENAI_CHAT, BASE, CLAUDE),
        f"{BASE}/chat/completions",
        {"provider": {"data_collection": "deny", "zdr": True, "only": ["anthropic"]}},
        wishes=Wishes(no_training=True, no_retention=True, only_at=("anthropic",)),
    ),
]

PROVIDERS = (Provider("openrouter", MODEL, STREAMS, REFUSALS, REQUESTS),)
