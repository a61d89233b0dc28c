"""What a model refused once is not sent to it again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.adapters.providers.dialect import NONE
from app.adapters.providers.openai_chat import OpenAiChat
from app.adapters.providers.refusals import Refusable, amended, refusal
from app.adapters.providers.wire_error import error_from_body

FIELDS = (
    Refusable(("stream_options",)),
    Refusable(("max_tokens",), instead="max_completion_tokens"),
    Refusable(("max_completion_tokens",), instead="max_tokens"),
    Refusable(("config", "thinking"), also=("thinking_config",)),
)
LIMITS = (("max_tokens",), ("config", "most"))


def learned(body: dict[str, Any], error: object, used: frozenset[str] = NONE) -> str:
    told = error_from_body(json.dumps(error).encode())
    return refusal(told, json.dumps(body).encode(), FIELDS, LIMITS, used)


def changed(body: dict[str, Any], *amendments: str) -> dict[str, Any]:
    return amended(body, FIELDS, LIMITS, frozenset(amendments))


MAX_TOKENS = {
    "error": {
        "message": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
        "type": "invalid_request_error",
        "param": "max_tokens",
        "code": "unsupported_parameter",
    }
}
FORBIDDEN = {
    "object": "error",
    "message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options", "x"]}]},
}


def test_a_field_that_is_refused_is_left_out_or_renamed() -> None:
    body = {"model": "m", "max_tokens": 50, "stream_options": {}}
    assert learned(body, MAX_TOKENS) == "max_tokens"
    assert changed(body, "max_tokens") == {
        "model": "m",
        "max_completion_tokens": 50,
        "stream_options": {},
    }
    assert learned(body, FORBIDDEN) == "stream_options"
    assert changed(body, "stream_options") == {"model": "m", "max_tokens": 50}
    inner = {"config": {"thinking": {"on": True}, "most": 5}}
    assert learned(inner, {"error": {"message": "thinking_config is wrong"}}) == "config.thinking"
    assert changed(inner, "config.thinking") == {"config": {"most": 5}}
    assert changed({"config": {"thinking": 1}}, "config.thinking") == {}


def test_nothing_is_changed_that_was_not_sent_or_not_named_or_changed_before() -> None:
    assert learned({"model": "m"}, MAX_TOKENS) == ""
    assert learned({"max_tokens": 50}, {"error": {"message": "wrong"}}) == ""
    assert learned({"max_tokens": 50}, {"error": {"message": "foo_max_tokens_x"}}) == ""
    assert learned({"stream_options": {}}, FORBIDDEN, frozenset({"stream_options"})) == ""
    # A limit that is refused by both of its names keeps failing, and does not go round.
    both = frozenset({"max_tokens", "max_completion_tokens"})
    assert learned({"max_tokens": 50}, MAX_TOKENS, both) == ""


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens; max_tokens is 50.",
        "You exceeded your current quota. max_tokens",
    ],
)
def test_an_error_about_something_else_changes_nothing(message: str) -> None:
    assert learned({"max_tokens": 50}, {"error": {"message": message}}) == ""


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens",
        "max_tokens is too large: 32000. This model supports at most 8192 completion tokens",
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
        "max_tokens must be less than or equal to 8,192",
    ],
)
def test_a_limit_above_the_models_is_lowered_to_it(message: str) -> None:
    body = {"max_tokens": 32_000}
    told = learned(body, {"error": {"message": message}})
    assert changed(body, told) == {"max_tokens": 8_192}
    assert changed({"max_tokens": 100}, told) == {"max_tokens": 100}
    assert learned(body, {"error": {"message": message}}, frozenset({told})) != told


def test_a_refusal_of_a_temperature_is_learned_by_the_dialect() -> None:
    error = error_from_body(
        b'{"error":{"message":"Unsupported value: \'temperature\' does not support 0.2 with this '
        b'model.","param":"temperature","code":"unsupported_value"}}'
    )
    assert OpenAiChat().amendment(error, b'{"temperature":0.2}', NONE) == "temperature"
