"""Recorded bytes in, events and one usage out: the Anthropic Messages dialect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from app.adapters.providers.anthropic import AnthropicDecoder, AnthropicMessages
from app.adapters.providers.dialect import NONE
from app.adapters.providers.problems import Problems
from app.domain.events import (
    Finished,
    FinishReason,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
)
from app.domain.model import Dialect, ModelRef, Role, Sampling
from app.domain.money import Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest
from tests.fakes.decoding import events_of, failed, finished, text_of
from tests.fakes.streams import anthropic_error, anthropic_stream, sse

# Input counts the cached and the cache-written ones too: 14 + 2 + 4.
KNOWN = Usage(20, 8, cached_tokens=4, cache_write_tokens=2)


def decode(*chunks: bytes) -> list[StreamEvent]:
    decoder = AnthropicDecoder(Problems("Anthropic", "m"))
    return events_of(decoder, chunks)


def delta(**usage: Any) -> bytes:
    return sse({"type": "message_delta", "delta": {}, "usage": usage}, event="message_delta")


def test_a_good_answer_is_whole_with_thinking_apart_and_its_usage() -> None:
    assert decode(*anthropic_stream(["Hel", "lo"], thinking=["hm", "…"])) == [
        ReasoningArrived("hm"),
        ReasoningArrived("…"),
        TextArrived("Hel"),
        TextArrived("lo"),
        Finished(FinishReason.STOP, KNOWN, "fake-claude"),
    ]


def test_the_same_bytes_cut_at_any_place_say_the_same() -> None:
    body = b"".join(anthropic_stream(["§ 535 — “größer”", " 😀\u2028\x85ende"]))
    whole = decode(body)
    assert text_of(whole) == "§ 535 — “größer” 😀\u2028\x85ende"
    for cut in range(len(body)):
        assert decode(body[:cut], body[cut:]) == whole


def test_cumulative_usage_is_not_summed() -> None:
    stream = anthropic_stream(output_tokens=8)
    early = delta(output_tokens=5)
    assert finished(decode(*stream[:-2], early, *stream[-2:])).usage.output_tokens == 8


def test_a_gateway_that_counts_the_input_only_at_the_end_is_believed() -> None:
    stream = anthropic_stream(input_usage={"input_tokens": 0})
    late = delta(input_tokens=9, cache_read_input_tokens=3, output_tokens=8)
    assert finished(decode(*stream[:-1], late, stream[-1])).usage.input_tokens == 12


def test_thinking_tokens_lie_inside_the_output() -> None:
    told = delta(output_tokens=8, output_tokens_details={"thinking_tokens": 5})
    stream = anthropic_stream()
    usage = finished(decode(*stream[:-1], told, stream[-1])).usage
    assert (usage.output_tokens, usage.reasoning_tokens) == (8, 5)


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ("end_turn", FinishReason.STOP),
        ("stop_sequence", FinishReason.STOP),
        ("tool_use", FinishReason.STOP),
        ("max_tokens", FinishReason.LENGTH),
        ("refusal", FinishReason.REFUSAL),
        ("model_context_window_exceeded", FinishReason.CONTEXT_OVERFLOW),
    ],
)
def test_each_stop_has_its_own_meaning(stop: str, reason: FinishReason) -> None:
    assert finished(decode(*anthropic_stream(stop=stop))).reason is reason


@pytest.mark.parametrize("stop", ["pause_turn", "something_new"])
def test_a_stop_that_is_no_end_is_not_called_complete(stop: str) -> None:
    end = failed(decode(*anthropic_stream(["a"], stop=stop)))
    assert (end.problem.kind, end.cut) == ("cut_off", True)


def test_a_cut_stream_is_never_shown_as_complete_and_keeps_the_usage_known_so_far() -> None:
    end = failed(decode(*anthropic_stream(["a"], stop=None, done=False)))
    assert (end.problem.kind, end.cut) == ("cut_off", True)
    assert end.usage == Usage(20, 1, cached_tokens=4, cache_write_tokens=2)


def test_a_stop_reason_without_the_last_event_is_complete() -> None:
    assert finished(decode(*anthropic_stream(done=False))).usage == KNOWN


def test_the_last_event_without_a_stop_reason_is_not_complete() -> None:
    assert failed(decode(*anthropic_stream(stop=None))).problem.kind == "cut_off"


def test_an_error_after_a_good_status_ends_the_answer_and_keeps_the_text() -> None:
    events = decode(*anthropic_stream(["a"], stop=None, done=False), anthropic_error())
    end = failed(events)
    assert (text_of(events), end.problem.kind, end.cut) == ("a", "provider_error", True)
    assert "overloaded" in end.problem.message


def test_data_after_the_end_is_ignored() -> None:
    late = sse({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "b"}})
    assert text_of(decode(*anthropic_stream(["a"]), late, anthropic_error())) == "a"


def test_unknown_events_and_deltas_are_skipped() -> None:
    new = sse({"type": "content_block_delta", "delta": {"type": "citations_delta"}})
    other = sse({"type": "telemetry", "x": 1}, event="telemetry")
    assert text_of(decode(new, other, *anthropic_stream(["a"]))) == "a"


def test_rubbish_is_said_to_be_rubbish() -> None:
    assert failed(decode(b"event: x\ndata: {no\n\n")).problem.kind == "garbled"


MODEL = ModelRef("M", Dialect.ANTHROPIC, "https://api.anthropic.com", "claude-opus-5-5", Role.CHEAP)


def request_of(model: ModelRef) -> tuple[str, dict[str, str], dict[str, Any]]:
    sent = AnthropicMessages().request(model, ChatRequest("Hi"), ApiKey("k"), NONE)
    return sent.url, dict(sent.headers), json.loads(sent.body)


def test_the_request_has_all_that_is_required_and_no_temperature() -> None:
    url, headers, body = request_of(
        replace(MODEL, system_prompt="Be brief.", sampling=Sampling(temperature=0.5))
    )
    assert url == "https://api.anthropic.com/v1/messages"
    assert headers == {"x-api-key": "k", "anthropic-version": "2026-10-21"}
    assert body == {
        "model": "claude-opus-5-5",
        "max_tokens": 32_000,
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "system": "Be brief.",
        "thinking": {"type": "adaptive", "display": "summarized"},
    }


@pytest.mark.parametrize(
    ("model", "limit"),
    [("claude-3-haiku-20240307", 4_096), ("claude-3-5-haiku", 8_192), ("local-model", 8_192)],
)
def test_older_models_are_not_asked_for_more_than_they_can(model: str, limit: int) -> None:
    assert request_of(replace(MODEL, model=model))[2]["max_tokens"] == limit


def test_the_users_own_limit_wins() -> None:
    assert request_of(replace(MODEL, max_output_tokens=64))[2]["max_tokens"] == 64


@pytest.mark.parametrize("base", ["http://127.0.0.1:9", "http://127.0.0.1:9/v1/"])
def test_an_address_with_or_without_its_version_part_works(base: str) -> None:
    assert request_of(replace(MODEL, base_url=base))[0] == "http://127.0.0.1:9/v1/messages"
