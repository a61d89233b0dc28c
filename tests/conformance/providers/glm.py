"""GLM (Z.ai): `api.z.ai/api/paas/v4/chat/completions`; in China `open.bigmodel.cn`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FAILED,
    FILTERED,
    INCOMPLETE,
    THOUGHT,
    TOO_LONG,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    error,
    said,
    thought,
)

BASE = "https://api.z.ai/api/paas/v4"
MODEL = at(Dialect.OPENAI_CHAT, BASE, "glm-5.3")
SERVED = "glm-5.3"

STREAMS = [
    Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE,
           Usage(20, 30, cached_tokens=16, reasoning_tokens=24), SERVED),
    Stream("sensitive", (said("The"),), FILTERED, Usage(20, 1), SERVED),
    Stream("network_error", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("window_exceeded", (), TOO_LONG, Usage(200_000, 0), SERVED),
    # A business code inside a good status.
    Stream("no_balance_inside_200", (), FAILED, problem="payment"),
    Stream("business_code_in_one_piece", (), FAILED, problem="key_refused"),
]  # fmt: skip

REFUSALS = [
    Refusal(401, error("Authentication token expired", code="1003"), "key_refused"),
    Refusal(400, error("Unknown Model, please check the model code.", code="1211"),
            "model_not_found"),
    Refusal(400, error("Prompt exceeds max length", code="1261"), "too_long"),
    Refusal(400, error("Potentially unsafe or sensitive content", code="1301"), "content_filter"),
    # 429 is too many requests, but also no balance and a locked account.
    Refusal(429, error("Concurrency too high", code="1302"), "rate_limited", tries=3),
    Refusal(429, error("Insufficient balance", code="1113"), "payment"),
    Refusal(429, error("Your account has been locked", code="1112"), "payment"),
    Refusal(429, error("Account violation, locked", code="1121"), "payment"),
    Refusal(434, error("No API permission"), "bad_request"),
    Refusal(435, error("File size exceeds 100MB"), "bad_request"),
    Refusal(500, error("Internal error", code="500"), "overloaded", tries=3),
]  # fmt: skip

REQUESTS = [
    Request(
        "the usage comes unasked, and the option for it may be refused",
        at(Dialect.OPENAI_CHAT, BASE, "glm-5.3", max_output_tokens=50),
        f"{BASE}/chat/completions",
        {"max_tokens": 50, "stream": True},
        {"Authorization": "Bearer sk-canary"},
        never=("stream_options", "max_completion_tokens", "thinking"),
    ),
    Request(
        "the address in China is the same vendor",
        at(Dialect.OPENAI_CHAT, "https://open.bigmodel.cn/api/paas/v4", "glm-5.3"),
        "https://open.bigmodel.cn/api/paas/v4/chat/completions",
        never=("stream_options",),
    ),
]

PROVIDERS = (Provider("glm", MODEL, STREAMS, REFUSALS, REQUESTS),)
