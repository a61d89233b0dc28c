"""Anthropic: `/v1/messages`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    INCOMPLETE,
    LAW,
    REASONING_ONLY,
    REFUSED,
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

MODEL = at(Dialect.ANTHROPIC, "https://api.anthropic.com", "claude-opus-5-5")
SERVED = "claude-opus-5-5"


def usage(written: int, thoughts: int | None = None) -> Usage:
    return Usage(24, written, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=thoughts)


STREAMS = [
    # Input = input + cache creation + cache read; thinking lies inside the output.
    Stream(
        "good",
        (thought("Reading "), thought("the clause."), said("The tenant"), said(LAW)),
        COMPLETE,
        Usage(120, 40, cached_tokens=64, cache_write_tokens=32, reasoning_tokens=24),
        SERVED,
    ),
    # Usage in `message_delta` is cumulative: 3, then 5, is 5.
    Stream("cumulative_usage", (said("Yes"), said(".")), COMPLETE, usage(5), SERVED),
    Stream("max_tokens", (said("Firstly,"),), TRUNCATED, usage(3), SERVED),
    Stream("stop_sequence", (said("Firstly,"),), COMPLETE, usage(3), SERVED),
    Stream("tool_use", (said("Looking it up."),), COMPLETE, usage(9), SERVED),
    # The model means to go on: not the whole answer.
    Stream("pause_turn", (said("Firstly,"),), INCOMPLETE, usage(3), problem="cut_off"),
    Stream("window_exceeded", (said("Firstly,"),), TRUNCATED, usage(3), SERVED),
    Stream("refusal", (said("I can't help with that."),), REFUSED, usage(6), SERVED),
    Stream("overloaded_after_200", (said("The"),), INCOMPLETE, usage(1), problem="provider_error"),
    Stream("thinking_left_out", (said("Yes."),), COMPLETE, usage(30), SERVED),
    Stream("thinking_only", (thought(THOUGHT),), REASONING_ONLY, usage(64, 64), SERVED),
    Stream("unknown_events", (said("Yes."),), COMPLETE, usage(2), SERVED),
    # A gateway's addition, before the end and instead of it.
    Stream("done_of_another_dialect", (said("Yes."), said(" No.")), COMPLETE, usage(2), SERVED),
    Stream("cut", (said("The ten"),), INCOMPLETE, usage(1), problem="cut_off"),
]


def error(kind: str, message: str, code: str = "") -> dict[str, object]:
    details = {"error_code": code} if code else None
    inner = {"type": kind, "message": message, "details": details}
    return {"type": "error", "error": inner, "request_id": "req_011"}


REFUSALS = [
    Refusal(400, error("invalid_request_error", "prompt is too long: 212000 > 200000 maximum"),
            "too_long"),
    Refusal(400, error("invalid_request_error", "Your credit balance is too low."), "payment"),
    Refusal(400, error("invalid_request_error", "Your organization has been disabled.",
                       "organization_on_hold"), "payment"),
    Refusal(401, error("authentication_error", "invalid x-api-key"), "key_refused"),
    Refusal(402, error("billing_error", "There's an issue with your billing."), "payment"),
    Refusal(403, error("permission_error", "Not allowed."), "forbidden"),
    Refusal(404, error("not_found_error", "model: claude-opus-9"), "model_not_found"),
    Refusal(413, error("request_too_large", "Request exceeds the maximum size."), "too_large"),
    Refusal(429, error("rate_limit_error", "This would exceed your limit."), "rate_limited",
            tries=3),
    Refusal(429, error("rate_limit_error", "You have reached your monthly limit.",
                       "enforced_spend_limit_reached"), "payment"),
    Refusal(500, error("api_error", "Internal server error"), "overloaded", tries=3),
    Refusal(529, error("overloaded_error", "Overloaded"), "overloaded", tries=3),
]  # fmt: skip

REQUESTS = [
    Request(
        "the newest version, nothing that it refuses, and thinking that can be read",
        at(Dialect.ANTHROPIC, "https://api.anthropic.com", "claude-opus-5-5"),
        "https://api.anthropic.com/v1/messages",
        {
            "model": "claude-opus-5-5",
            "max_tokens": 32_000,
            "stream": True,
            "thinking": {"type": "adaptive", "display": "summarized"},
        },
        {"x-api-key": "sk-canary", "anthropic-version": "2026-10-21"},
        never=("temperature", "top_p", "top_k", "system"),
        never_headers=("Authorization",),
    ),
    Request(
        "an older model does not know of thinking that adapts",
        at(Dialect.ANTHROPIC, "https://api.anthropic.com", "claude-haiku-4-5"),
        "https://api.anthropic.com/v1/messages",
        {"max_tokens": 32_000},
        never=("thinking",),
    ),
    Request(
        "a compatible server is spoken to in the version that all of them know",
        at(Dialect.ANTHROPIC, "https://gateway.example/anthropic", "glm-5.3"),
        "https://gateway.example/anthropic/v1/messages",
        {"max_tokens": 8_192},
        {"anthropic-version": "2023-06-01"},
        never=("thinking",),
    ),
]

PROVIDERS = (Provider("anthropic", MODEL, STREAMS, REFUSALS, REQUESTS),)
