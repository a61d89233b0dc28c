"""Ollama's own interface: `/api/chat`, one object a line."""

from app.domain.model import Dialect
from app.domain.money import Usage
from tests.conformance.rows import (
    COMPLETE,
    FAILED,
    INCOMPLETE,
    LAW,
    TOO_LONG,
    TRUNCATED,
    Provider,
    Refusal,
    Request,
    Stream,
    at,
    said,
    thought,
)

BASE = "http://127.0.0.1:11434"
MODEL = at(Dialect.OLLAMA, BASE, "qwen3:8b")
SERVED = "qwen3:8b"
THOUGHTS = (thought("Reading "), thought("the clause."))
CLOUD = "gpt-oss:120b-cloud at ollama.com"

STREAMS = [
    Stream("good", (*THOUGHTS, said("The tenant"), said(LAW)), COMPLETE, Usage(120, 40), SERVED),
    Stream("length", (said("Firstly,"),), TRUNCATED, Usage(20, 2), SERVED),
    # Older versions leave the thoughts in the text, and give no reason for the end.
    Stream(
        "old_version_without_reason",
        (thought("Reading"), thought(" the clause."), said("Yes.")),
        COMPLETE,
        Usage(20, 30),
        SERVED,
    ),
    # A count of zero is left out, as is one that is not known.
    Stream("prompt_count_left_out", (said("Yes."),), COMPLETE, Usage(None, 2), SERVED),
    Stream("error_after_200", (said("The"),), INCOMPLETE, problem="provider_error"),
    Stream("overflow_after_200", (), TOO_LONG, problem="too_long"),
    Stream("loaded_only", (), INCOMPLETE, Usage(None, 0), problem="cut_off"),
    Stream("cut", (said("The ten"),), INCOMPLETE, problem="cut_off"),
    # A cloud model says where it really ran …
    Stream("cloud", (said("Yes."),), COMPLETE, Usage(20, 2), CLOUD),
    # … and is no answer of a model that was called local.
    Stream("cloud", (), FAILED, problem="not_local", local=True),
]

REFUSALS = [
    Refusal(404, {"error": "model 'qwen9' not found"}, "model_not_found"),
    Refusal(400, {"error": '"qwen3" does not support chat'}, "bad_request"),
    Refusal(400, {"error": "the prompt is longer than the context length currently available"},
            "too_long"),
    Refusal(401, {"error": "unauthorized", "signin_url": "https://ollama.com/connect"},
            "key_refused"),
    Refusal(500, {"error": "llama runner process has terminated: signal: killed"}, "overloaded",
            tries=3),
    Refusal(503, {"error": "server busy, please try again."}, "overloaded", tries=3),
]  # fmt: skip

REQUESTS = [
    Request(
        "the context takes the prompt and the answer, and nothing is cut without a word",
        at(Dialect.OLLAMA, f"{BASE}/v1", "qwen3:8b", max_output_tokens=50),
        f"{BASE}/api/chat",
        {
            "model": "qwen3:8b",
            "stream": True,
            "truncate": False,
            "shift": False,
            "options": {"num_ctx": 8192, "num_predict": 50},
        },
        never=("think", "keep_alive", "max_tokens"),
        never_headers=(),
    ),
]

PROVIDERS = (Provider("ollama", MODEL, STREAMS, REFUSALS, REQUESTS),)
