"""OpenAI Chat: `/v1/chat/completions`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FAILED,
    FILTERED,
    INCOMPLETE,
    LAW,
    REFUSED,
    TRUNCATED,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    error,
    said,
)

MODEL = at(Dialect.OPENAI_CHAT, "https://api.openai.com/v1", "gpt-6-luna")
SERVED = "gpt-6-luna-2026-07-01"

STREAMS = [
    # The usage comes in a last chunk without choices; `obfuscation` is padding.
    Stream(
        "good",
        (said("The tenant"), said(LAW)),
        COMPLETE,
        Usage(120, 40, cached_tokens=64, cache_write_tokens=32, reasoning_tokens=24),
        SERVED,
    ),
    # … and may never arrive.
    Stream("no_usage", (said("Yes."),), COMPLETE, served=SERVED),
    # Zeros where something was read and written are no count: else the answer would look free.
    Stream("zero_usage", (said("Yes."),), COMPLETE, served=SERVED),
    Stream(
        "refusal",
        (said("I can't"), said(" help with that.")),
        REFUSED,
        Usage(20, 6),
        SERVED,
    ),
    Stream("length", (said("Firstly,"),), TRUNCATED, Usage(20, 2), SERVED),
    Stream("reasoning_used_it_up", (), TRUNCATED, Usage(20, 64, reasoning_tokens=64), SERVED),
    Stream("content_filter", (said("The"),), FILTERED, Usage(20, 1), SERVED),
    Stream("error_after_200", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("quota_spent_after_200", (), FAILED, problem="payment"),
    Stream("cut", (said("The ten"),), INCOMPLETE, problem="cut_off"),
    Stream("clean_end_without_finish", (said("The tenant"),), INCOMPLETE, problem="cut_off"),
    # A compatible server that does not stream.
    Stream("in_one_piece", (said("Yes."),), COMPLETE, Usage(9, 2), "local-7b"),
]


REFUSALS = [
    Refusal(401, error("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
            "key_refused"),
    Refusal(404, error("The model does not exist.", "invalid_request_error", "model_not_found"),
            "model_not_found"),
    Refusal(400, error("This model's maximum context length is 128000 tokens.",
                       "invalid_request_error", "context_length_exceeded", "messages"),
            "too_long"),
    # 429 is a rate limit or a spent quota: only the first is asked again.
    Refusal(429, error("Rate limit reached.", "requests", "rate_limit_exceeded"),
            "rate_limited", tries=3),
    Refusal(429, error("You exceeded your current quota.", "insufficient_quota",
                       "insufficient_quota"), "payment"),
    Refusal(429, error("Overloaded.", "requests"), "rate_limited",
            headers={"x-should-retry": "false"}),
    Refusal(503, error("The engine is overloaded.", "server_error"), "overloaded", tries=3),
    Refusal(400, error("Your input was flagged for violating our policy.",
                       "invalid_request_error", "content_policy_violation"), "content_filter"),
]  # fmt: skip

REQUESTS = [
    Request(
        "nothing is stored, the usage is asked for, the limit has its newer name",
        at(Dialect.OPENAI_CHAT, "https://api.openai.com/v1", "gpt-6-luna", max_output_tokens=50),
        "https://api.openai.com/v1/chat/completions",
        {
            "model": "gpt-6-luna",
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_completion_tokens": 50,
            "store": False,
        },
        {"Authorization": "Bearer sk-canary"},
        never=("max_tokens", "temperature", "top_p", "seed"),
    ),
    Request(
        "an unknown compatible server gets the older name, and nothing of OpenAI's own",
        at(Dialect.OPENAI_CHAT, "https://llm.example/v1", max_output_tokens=50),
        "https://llm.example/v1/chat/completions",
        {"max_tokens": 50},
        never=("max_completion_tokens", "store"),
    ),
]

PROVIDERS = (Provider("openai-chat", MODEL, STREAMS, REFUSALS, REQUESTS),)
