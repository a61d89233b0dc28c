"""OpenAI Responses: `/v1/responses`."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FILTERED,
    INCOMPLETE,
    LAW,
    REFUSED,
    TOO_LONG,
    TRUNCATED,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    error,
    said,
    thought,
)

MODEL = at(Dialect.OPENAI_RESPONSES, "https://api.openai.com/v1", "gpt-6.1-sol")
SERVED = "gpt-6.1-sol-2026-09-15"


def usage(given: int, written: int) -> Usage:
    return Usage(given, written, cached_tokens=0, cache_write_tokens=0, reasoning_tokens=0)


STREAMS = [
    # Reasoning is summed up in parts, which are kept apart.
    Stream(
        "good",
        (
            thought("Reading "),
            thought("the clause."),
            thought("\n\n"),
            thought("Checking § 535."),
            said("The tenant"),
            said(LAW),
        ),
        COMPLETE,
        Usage(120, 40, cached_tokens=64, cache_write_tokens=32, reasoning_tokens=24),
        SERVED,
    ),
    Stream("refusal", (said("I can't"), said(" help with that.")), REFUSED, usage(20, 6), SERVED),
    Stream("incomplete_length", (said("Firstly,"),), TRUNCATED, usage(20, 2), SERVED),
    Stream("incomplete_filter", (said("The"),), FILTERED, usage(20, 1), SERVED),
    Stream("incomplete_for_another_reason", (said("The"),), INCOMPLETE, usage(20, 1),
           problem="cut_off"),
    Stream("failed", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("failed_policy", (), FILTERED, usage(20, 0), SERVED),
    # An error may carry an empty message, and its code inside or outside.
    Stream("error_with_empty_message", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("overflow_with_empty_message", (), TOO_LONG, problem="too_long"),
    Stream("text_in_the_last_event_only", (said("Yes."),), COMPLETE, usage(20, 2), SERVED),
    Stream("cut", (said("The ten"),), INCOMPLETE, problem="cut_off"),
]  # fmt: skip

REFUSALS = [
    Refusal(401, error("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
            "key_refused"),
    Refusal(400, error("Your input exceeds the context window of this model.",
                       "invalid_request_error", "context_length_exceeded", "input"), "too_long"),
    Refusal(429, error("You exceeded your current quota.", "insufficient_quota",
                       "insufficient_quota"), "payment"),
]  # fmt: skip

REQUESTS = [
    Request(
        "nothing is stored; a model that reasons is asked for the summary of it",
        at(
            Dialect.OPENAI_RESPONSES,
            "https://api.openai.com/v1",
            "gpt-6.1-sol",
            max_output_tokens=50,
            system_prompt="Be brief.",
        ),
        "https://api.openai.com/v1/responses",
        {
            "model": "gpt-6.1-sol",
            "instructions": "Be brief.",
            "max_output_tokens": 50,
            "store": False,
            "stream": True,
            "reasoning": {"summary": "auto"},
        },
        {"Authorization": "Bearer sk-canary"},
        never=("max_tokens", "temperature", "messages", "previous_response_id"),
    ),
    Request(
        "a model that does not reason is not asked for it",
        at(Dialect.OPENAI_RESPONSES, "https://api.openai.com/v1", "gpt-4.1-mini"),
        "https://api.openai.com/v1/responses",
        {"store": False},
        never=("reasoning", "max_output_tokens", "instructions"),
    ),
    Request(
        "on Azure the key has a header of its own",
        at(Dialect.OPENAI_RESPONSES, "https://firm.openai.azure.com/openai/v1", "our-gpt"),
        "https://firm.openai.azure.com/openai/v1/responses",
        {"store": False},
        {"api-key": "sk-canary"},
        never_headers=("Authorization",),
    ),
]

PROVIDERS = (Provider("openai-responses", MODEL, STREAMS, REFUSALS, REQUESTS),)
