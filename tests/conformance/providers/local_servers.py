"""LM Studio (`:1234/v1`) and llama.cpp's server (`:8080/v1`)."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
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

QWEN = "qwen3-8b"
LM_STUDIO_BASE = "http://localhost:1234/v1"
LM_STUDIO = Provider(
    "lmstudio",
    at(Dialect.OPENAI_CHAT, LM_STUDIO_BASE, QWEN),
    [
        Stream("good", (thought("Reading the clause.\n"), said("Yes.")), COMPLETE, Usage(20, 30),
               QWEN),
        # An error can come as a 200 and an `event: error` …
        Stream("error_event", (said("The"),), INCOMPLETE, problem="provider_error"),
        Stream("overflow_event", (), TOO_LONG, problem="too_long"),
        # … and an overflow as a good answer of no words.
        Stream("zero_deltas", (), TOO_LONG, Usage(36_000, 0), QWEN),
    ],
    [
        Refusal(400, {"error": "Model unloaded."}, "bad_request"),
        Refusal(404, error("No model found", code="model_not_found"), "model_not_found"),
    ],
    [
        Request(
            "no key is needed",
            at(Dialect.OPENAI_CHAT, LM_STUDIO_BASE, QWEN, max_output_tokens=50),
            f"{LM_STUDIO_BASE}/chat/completions",
            {"max_tokens": 50, "stream_options": {"include_usage": True}},
        )
    ],
)  # fmt: skip

LLAMA = "qwen3-8b-q4"
LLAMA_BASE = "http://127.0.0.1:8080/v1"
LLAMA_CPP = Provider(
    "llamacpp",
    at(Dialect.OPENAI_CHAT, LLAMA_BASE, LLAMA),
    [
        Stream("good", (thought(THOUGHT), said("Yes.")), COMPLETE, Usage(20, 30, cached_tokens=16),
               LLAMA),
        Stream("overflow_after_200", (), TOO_LONG, problem="too_long"),
        # Older versions call the field itself `error`.
        Stream("error_field", (said("The"),), INCOMPLETE, problem="provider_error"),
    ],
    [
        Refusal(400, error("request (4390 tokens) exceeds the available context size (4096 tokens)",
                           "exceed_context_size_error", 400), "too_long"),
        Refusal(500, error("Context size has been exceeded.", "server_error", 500), "too_long"),
        Refusal(401, error("Invalid API Key", "authentication_error", 401), "key_refused"),
        Refusal(503, error("Loading model", "unavailable_error", 503), "overloaded", tries=3),
    ],
    [
        Request(
            "a server of one's own gets nothing that only vendors know",
            at(Dialect.OPENAI_CHAT, LLAMA_BASE, LLAMA),
            f"{LLAMA_BASE}/chat/completions",
            never=("store", "max_tokens", "max_completion_tokens", "plugins", "provider"),
        )
    ],
)  # fmt: skip

PROVIDERS = (LM_STUDIO, LLAMA_CPP)
