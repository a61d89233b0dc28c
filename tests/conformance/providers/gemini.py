"""Gemini's own interface: `/v1beta/models/{m}:streamGenerateContent?alt=sse`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FILTERED,
    INCOMPLETE,
    LAW,
    REASONING_ONLY,
    THOUGHT,
    TRUNCATED,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    said,
    thought,
)

BASE = "https://generativelanguage.googleapis.com"
MODEL = at(Dialect.GEMINI, BASE, "gemini-3.1-pro")
SERVED = "gemini-3.1-pro"

STREAMS = [
    # Thoughts are counted beside the answer, and billed: 16 + 24 = 40.
    Stream(
        "good",
        (thought(THOUGHT), said("The tenant"), said(LAW)),
        COMPLETE,
        Usage(120, 40, cached_tokens=64, reasoning_tokens=24),
        SERVED,
    ),
    Stream("tools_are_input", (said("Yes."),), COMPLETE, Usage(50, 2), SERVED),
    Stream("max_tokens", (said("Firstly,"),), TRUNCATED, Usage(20, 2), SERVED),
    Stream("continuation", (said("Firstly,"),), TRUNCATED, Usage(20, 2), SERVED),
    Stream("thoughts_used_it_up", (thought(THOUGHT),), REASONING_ONLY,
           Usage(20, 64, reasoning_tokens=64), SERVED),
    # Every finish that is a filter.
    *(
        Stream(reason, (said("The"),), FILTERED, Usage(20, 1), SERVED)
        for reason in ("safety", "recitation", "blocklist", "prohibited_content", "spii",
                       "image_safety", "model_armor", "escalation")
    ),
    # A blocked prompt may have no candidate at all.
    Stream("prompt_blocked", (), FILTERED, Usage(20), SERVED),
    # Not filtered, not whole.
    *(
        Stream(reason, (said("The"),), INCOMPLETE, Usage(20, 1), problem="cut_off")
        for reason in ("other", "language", "malformed_function_call")
    ),
    Stream("error_after_200", (said("The"),), INCOMPLETE, Usage(20, 1), problem="provider_error"),
    # … and without `data:` before it, over several lines.
    Stream("bare_error_after_200", (said("The"),), INCOMPLETE, Usage(20, 1),
           problem="provider_error"),
    Stream("done_of_another_dialect", (said("Yes."),), COMPLETE, Usage(20, 2), SERVED),
    Stream("cut", (said("The ten"),), INCOMPLETE, Usage(20, 2), problem="cut_off"),
]  # fmt: skip


def error(code: int, status: str, message: str, *details: object) -> dict[str, object]:
    inner = {"code": code, "status": status, "message": message, "details": list(details)}
    return {"error": inner}


def info(reason: str) -> object:
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"@type": kind, "reason": reason, "domain": "googleapis.com"}


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}

REFUSALS = [
    # A bad key is a 400.
    Refusal(400, error(400, "INVALID_ARGUMENT", "API key not valid.", info("API_KEY_INVALID")),
            "key_refused"),
    Refusal(403, error(403, "PERMISSION_DENIED", "Method not allowed for this key."), "forbidden"),
    Refusal(404, error(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta."),
            "model_not_found"),
    Refusal(400, error(400, "INVALID_ARGUMENT",
                       "The input token count (1200000) exceeds the maximum number of tokens."),
            "too_long"),
    # One status for a limit a minute, which says when to come back, and for a spent quota.
    Refusal(429, error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", RETRY),
            "rate_limited", tries=3),
    Refusal(429, error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota."), "payment"),
    Refusal(503, error(503, "UNAVAILABLE", "The model is overloaded."), "overloaded", tries=3),
    # Some of its errors come in a list.
    Refusal(400, [error(400, "INVALID_ARGUMENT", "API key not valid.", info("API_KEY_INVALID"))],
            "key_refused"),
]  # fmt: skip

REQUESTS = [
    Request(
        "the key is in a header, never in the address; a model that thinks shows it",
        at(Dialect.GEMINI, BASE, "gemini-3.1-pro", max_output_tokens=50, system_prompt="Be brief."),
        f"{BASE}/v1beta/models/gemini-3.1-pro:streamGenerateContent?alt=sse",
        {
            "contents": [{"role": "user", "parts": [{"text": "Hi"}]}],
            "systemInstruction": {"parts": [{"text": "Be brief."}]},
            "generationConfig": {
                "maxOutputTokens": 50,
                "thinkingConfig": {"includeThoughts": True},
            },
        },
        {"x-goog-api-key": "sk-canary"},
        never_headers=("Authorization",),
    ),
    Request(
        "a model that does not think is not asked to show it",
        at(Dialect.GEMINI, f"{BASE}/v1beta/", "models/gemini-2.0-flash"),
        f"{BASE}/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse",
        never=("generationConfig",),
    ),
]

PROVIDERS = (Provider("gemini", MODEL, STREAMS, REFUSALS, REQUESTS),)
