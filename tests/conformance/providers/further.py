"""Mistral, xAI, Groq, Together and Moonshot: what they do otherwise than OpenAI Chat."""

from decimal import Decimal

from app.domain.model import Dialect
from app.domain.money import Money, Usage
from tests.conformance.rows import (
    COMPLETE,
    THOUGHT,
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

MISTRAL_BASE, MAGISTRAL = "https://api.mistral.ai/v1", "magistral-medium-latest"
MISTRAL = Provider(
    "mistral",
    at(Dialect.OPENAI_CHAT, MISTRAL_BASE, MAGISTRAL),
    [
        # The content is a list of parts while it thinks.
        Stream("good", (thought(THOUGHT), said("Yes"), said(".")), COMPLETE, Usage(20, 30),
               MAGISTRAL),
        Stream("model_length", (said("Firstly,"),), TRUNCATED, Usage(20, 2), MAGISTRAL),
    ],
    [
        Refusal(401, {"detail": "Unauthorized"}, "key_refused"),
        Refusal(429, {"object": "error", "message": "Rate limit exceeded", "type": "rate_limited",
                      "code": "1300"}, "rate_limited", tries=3),
    ],
    [
        Request(
            "it refuses every field that it does not know, and sends the usage unasked",
            at(Dialect.OPENAI_CHAT, MISTRAL_BASE, MAGISTRAL, max_output_tokens=50),
            f"{MISTRAL_BASE}/chat/completions",
            {"max_tokens": 50},
            never=("stream_options", "max_completion_tokens", "seed"),
        )
    ],
)  # fmt: skip

XAI_BASE, GROK = "https://api.x.ai/v1", "grok-4.7"
XAI = Provider(
    "xai",
    at(Dialect.OPENAI_CHAT, XAI_BASE, GROK),
    [
        # Reasoning is counted beside the completion; the bill is in ten-billionths of a dollar.
        Stream(
            "good",
            (thought(THOUGHT), said("Yes.")),
            COMPLETE,
            Usage(20, 26, cached_tokens=16, reasoning_tokens=24,
                  billed=Money(Decimal("0.0003183"))),
            GROK,
        )
    ],
    [
        Refusal(400, {"code": "Client specified an invalid argument",
                      "error": "Incorrect API key provided: xa***ry."}, "key_refused"),
        Refusal(429, {"code": "Some resource has been exhausted",
                      "error": "Your team has used all available credits"}, "payment"),
    ],
    [
        Request(
            "models that reason refuse penalties and stops, which are never sent",
            at(Dialect.OPENAI_CHAT, XAI_BASE, GROK, max_output_tokens=50),
            f"{XAI_BASE}/chat/completions",
            {"max_completion_tokens": 50, "stream_options": {"include_usage": True}},
            never=("presence_penalty", "frequency_penalty", "stop", "reasoning_effort"),
        )
    ],
)  # fmt: skip

GROQ_BASE, GPT_OSS = "https://api.groq.com/openai/v1", "openai/gpt-oss-120b"
GROQ = Provider(
    "groq",
    at(Dialect.OPENAI_CHAT, GROQ_BASE, GPT_OSS),
    [
        # The usage stands in a field of its own.
        Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE,
               Usage(20, 30, reasoning_tokens=24), GPT_OSS),
    ],
    [
        Refusal(413, error("Request too large for model in organization on tokens per minute",
                           "tokens", "rate_limit_exceeded"), "too_large"),
        Refusal(400, error("Please reduce the length of the messages or completion.",
                           "invalid_request_error", "context_length_exceeded"), "too_long"),
    ],
    [
        Request(
            "gpt-oss shows its thoughts by itself and refuses to be asked",
            at(Dialect.OPENAI_CHAT, GROQ_BASE, GPT_OSS, max_output_tokens=50),
            f"{GROQ_BASE}/chat/completions",
            {"max_completion_tokens": 50},
            never=("reasoning_format",),
        ),
        Request(
            "Qwen's thoughts would stand inside the answer",
            at(Dialect.OPENAI_CHAT, GROQ_BASE, "qwen/qwen3.8-27b"),
            f"{GROQ_BASE}/chat/completions",
            {"reasoning_format": "parsed"},
        ),
    ],
)  # fmt: skip

TOGETHER_BASE, GLM = "https://api.together.xyz/v1", "zai-org/GLM-5.3"
TOGETHER = Provider(
    "together",
    at(Dialect.OPENAI_CHAT, TOGETHER_BASE, GLM),
    # It ends with `eos`, and its usage comes on the same chunk.
    [Stream("good", (said("Yes"), said(".")), COMPLETE, Usage(20, 2), GLM)],
    [
        Refusal(402, error("Credit limit exceeded", "credit_limit"), "payment"),
        Refusal(422, error("`inputs` tokens + `max_new_tokens` must be <= 131073; the input length "
                           "exceeds it", "invalid_request_error"), "too_long"),
    ],
    [
        Request(
            "nothing special",
            at(Dialect.OPENAI_CHAT, TOGETHER_BASE, GLM, max_output_tokens=50),
            f"{TOGETHER_BASE}/chat/completions",
            {"max_tokens": 50},
        )
    ],
)  # fmt: skip

MOONSHOT_BASE, KIMI = "https://api.moonshot.ai/v1", "kimi-k3"
MOONSHOT = Provider(
    "moonshot",
    at(Dialect.OPENAI_CHAT, MOONSHOT_BASE, KIMI),
    # The usage stands inside the choice.
    [Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE, Usage(20, 30, cached_tokens=16),
            KIMI)],
    [
        Refusal(429, error("Your account has insufficient balance",
                           "exceeded_current_quota_error"), "payment"),
        Refusal(429, error("The engine is currently overloaded", "engine_overloaded_error"),
                "rate_limited", tries=3),
        Refusal(400, error("Your request exceeded model token limit: 262144",
                           "invalid_request_error"), "too_long"),
    ],
    [
        Request(
            "its models take no temperature but their own",
            at(Dialect.OPENAI_CHAT, MOONSHOT_BASE, KIMI, max_output_tokens=50),
            f"{MOONSHOT_BASE}/chat/completions",
            {"max_completion_tokens": 50},
            never=("temperature", "top_p", "n"),
        )
    ],
)  # fmt: skip

PROVIDERS = (MISTRAL, XAI, GROQ, TOGETHER, MOONSHOT)
