"""Recorded bytes in, events and one usage out: the OpenAI Chat dialect."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.adapters.providers.dialect import NONE
from app.adapters.providers.openai_chat import OpenAiChat, OpenAiChatDecoder, usage_of
from app.adapters.providers.problems import Problems
from app.adapters.providers.quirks import Quirks
from app.domain.events import (
    Finished,
    FinishReason,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
)
from app.domain.model import Dialect, ModelRef, Role, Sampling
from app.domain.money import Money, Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest
from tests.fakes.decoding import events_of, failed, finished, text_of
from tests.fakes.streams import OPENAI_USAGE, openai_chunk, openai_stream, sse

KNOWN = Usage(20, 8, cached_tokens=4, reasoning_tokens=2)


def decode(
    *chunks: bytes, secrets: tuple[str, ...] = (), silent: bool = False
) -> list[StreamEvent]:
    quirks = Quirks(silent_overflow=silent)
    decoder = OpenAiChatDecoder(Problems("OpenAI", "m"), secrets, quirks)
    return events_of(decoder, chunks)


def test_a_good_answer_is_whole_with_its_usage_and_the_model_that_served() -> None:
    assert decode(*openai_stream(["Hel", "lo"], model="gpt-6-luna-2026-07-01")) == [
        TextArrived("Hel"),
        TextArrived("lo"),
        Finished(FinishReason.STOP, KNOWN, "gpt-6-luna-2026-07-01"),
    ]


def test_the_same_bytes_cut_at_any_place_say_the_same() -> None:
    body = b"".join(openai_stream(["§ 535 — “größer”", " 😀\u2028\x85ende"]))
    whole = decode(body)
    assert text_of(whole) == "§ 535 — “größer” 😀\u2028\x85ende"
    for cut in range(len(body)):
        assert decode(body[:cut], body[cut:]) == whole


def test_a_cut_stream_is_never_shown_as_complete() -> None:
    end = failed(decode(*openai_stream(["Hel"], finish=None, usage=None, done=False)))
    assert (end.problem.kind, end.cut) == ("cut_off", True)


def test_done_without_a_finish_is_not_complete() -> None:
    assert failed(decode(*openai_stream(finish=None))).problem.kind == "cut_off"


def test_a_finish_without_done_is_complete() -> None:
    assert finished(decode(*openai_stream(done=False))).usage == KNOWN


def test_usage_that_never_arrives_is_left_open_for_an_estimate() -> None:
    assert finished(decode(*openai_stream(usage=None))).usage == Usage()


def test_usage_sent_twice_is_not_summed_and_the_last_one_counts() -> None:
    early = openai_chunk({}, usage={"prompt_tokens": 20, "completion_tokens": 1})
    stream = openai_stream()
    assert finished(decode(early, *stream[:-1], stream[-2], stream[-1])).usage == KNOWN


def test_what_a_later_count_leaves_out_is_kept_from_the_earlier() -> None:
    early = openai_chunk({}, usage={"prompt_tokens": 20, "cost": 0.5})
    late = sse({"choices": [], "usage": {"completion_tokens": 8, "prompt_tokens": None}})
    stream = openai_stream(usage=None)
    usage = finished(decode(early, *stream[:-1], late, stream[-1])).usage
    assert usage == Usage(20, 8, billed=Money(Decimal("0.5")))


def test_a_second_finish_changes_nothing() -> None:
    again = openai_chunk({}, "length")
    stream = openai_stream()
    assert finished(decode(*stream[:-1], again, stream[-1])).reason is FinishReason.STOP


def test_data_after_done_is_ignored() -> None:
    assert (
        text_of(decode(*openai_stream(["a"]), openai_chunk({"content": "b"}), b"data: {\n\n"))
        == "a"
    )


def test_padding_comments_and_empty_events_add_nothing() -> None:
    padded = openai_chunk({"content": "a"}, obfuscation="x7Gq92")
    noise = (b": keep-alive\n\n", b"\n\n", b"data:\n\n", openai_chunk({"content": None}))
    assert text_of(decode(*noise, padded, *openai_stream([])[1:])) == "a"


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_reasoning_is_kept_apart_from_the_answer(field: str) -> None:
    thought = openai_chunk({field: "hm"})
    assert decode(thought, *openai_stream(["a"]))[:2] == [ReasoningArrived("hm"), TextArrived("a")]


def test_reasoning_sent_under_both_names_is_taken_once() -> None:
    both = openai_chunk({"reasoning_content": "hm", "reasoning": "hm"})
    assert decode(both, *openai_stream(["a"]))[:2] == [ReasoningArrived("hm"), TextArrived("a")]


def test_content_in_parts_is_read_as_text_and_thought() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
        {"type": "text", "text": "a"},
    ]
    assert decode(openai_chunk({"content": parts}))[:2] == [
        ReasoningArrived("hm"),
        TextArrived("a"),
    ]


def test_a_refusal_shows_its_words_and_is_no_complete_answer() -> None:
    events = decode(openai_chunk({"refusal": "I cannot."}), *openai_stream([])[1:])
    assert (text_of(events), finished(events).reason) == ("I cannot.", FinishReason.REFUSAL)


@pytest.mark.parametrize(
    ("finish", "reason"),
    [
        ("stop", FinishReason.STOP),
        ("eos", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("content_filter", FinishReason.CONTENT_FILTER),
        ("sensitive", FinishReason.CONTENT_FILTER),
        ("model_context_window_exceeded", FinishReason.CONTEXT_OVERFLOW),
    ],
)
def test_each_finish_has_its_own_meaning(finish: str, reason: FinishReason) -> None:
    assert finished(decode(*openai_stream(finish=finish))).reason is reason


@pytest.mark.parametrize("finish", ["error", "network_error", "insufficient_system_resource"])
def test_a_finish_that_is_a_fault_is_no_complete_answer(finish: str) -> None:
    end = failed(decode(*openai_stream(["a"], finish=finish)))
    assert (end.problem.kind, end.cut) == ("provider_error", True)


def test_a_finish_nobody_knows_is_not_called_complete() -> None:
    assert failed(decode(*openai_stream(finish="gave_up"))).cut


@pytest.mark.parametrize(
    "frame",
    [
        sse({"error": {"message": "boom", "code": 502}}),
        sse({"error": {"message": "boom", "code": 502}, "choices": [{"delta": {"content": ""}}]}),
        sse({"error": "boom"}),
        sse({"message": "boom"}, event="error"),
        sse("boom", event="error"),
        sse({"object": "error", "message": "boom", "code": 500}),
    ],
)
def test_an_error_inside_a_good_response_ends_it_and_keeps_the_text(frame: bytes) -> None:
    events = decode(openai_chunk({"content": "a"}), frame, *openai_stream(["b"]))
    end = failed(events)
    assert (text_of(events), end.problem.kind, end.cut) == ("a", "provider_error", True)
    assert "boom" not in end.problem.sentence()


def test_an_overflow_told_inside_a_good_response_is_named() -> None:
    error = {"message": "Trying to keep the first 15857 tokens when context the overflows."}
    assert failed(decode(sse({"error": error}, event="error"))).problem.kind == "too_long"


def test_a_silent_overflow_is_told_from_an_empty_answer() -> None:
    nothing = {"prompt_tokens": 9000, "completion_tokens": 0, "total_tokens": 9000}
    cut = decode(*openai_stream([], finish="length", usage=nothing))
    assert finished(cut).reason is FinishReason.CONTEXT_OVERFLOW
    assert finished(decode(*openai_stream([]), silent=True)).reason is FinishReason.CONTEXT_OVERFLOW
    assert finished(decode(*openai_stream([]))).reason is FinishReason.STOP
    hidden = decode(*openai_stream([], finish="length"))  # the length went into hidden reasoning
    assert finished(hidden).reason is FinishReason.LENGTH


@pytest.mark.parametrize("rubbish", [b"data: {not json\n\n", b"data: [1]\n\n", b"data: 7\n\n"])
def test_rubbish_is_said_to_be_rubbish(rubbish: bytes) -> None:
    end = failed(decode(openai_chunk({"content": "a"}), rubbish))
    assert (end.problem.kind, end.cut) == ("garbled", True)


def test_rubbish_after_the_finish_takes_nothing_away() -> None:
    events = decode(*openai_stream(done=False), b"data: {not json\n\n")
    assert finished(events).reason is FinishReason.STOP


def test_half_an_object_at_the_end_is_a_cut_and_not_rubbish() -> None:
    half = openai_chunk({"content": "bcd"})[:40]
    assert failed(decode(openai_chunk({"content": "a"}), half)).problem.kind == "cut_off"


def test_a_last_event_without_its_blank_line_is_still_read() -> None:
    body = b"".join(openai_stream(["a"])).rstrip(b"\n")
    assert finished(decode(body)).usage == KNOWN


def test_an_emoji_escaped_in_two_halves_is_put_together() -> None:
    high, low = rb'data: {"choices":[{"delta":{"content":"\ud83d"}}]}', rb'\ude00!"}}]}'
    second = rb'data: {"choices":[{"delta":{"content":"' + low
    events = decode(high + b"\n\n", second + b"\n\n", *openai_stream([])[1:])
    assert text_of(events) == "😀!"


def test_half_an_emoji_becomes_a_mark_that_every_database_takes() -> None:
    lone = rb'data: {"choices":[{"delta":{"content":"a\ud83d"}}]}' + b"\n\n"
    text = text_of(decode(lone, *openai_stream(["b"])[1:]))
    assert text == "a\ufffdb"
    assert text.encode()  # no surrogate is left
    assert text_of(decode(lone, *openai_stream([])[1:])) == "a\ufffd"


def test_bytes_that_are_no_utf8_do_not_lose_the_rest() -> None:
    broken = b'data: {"choices":[{"delta":{"content":"a\xffb"}}]}\n\n'
    assert text_of(decode(broken, *openai_stream([])[1:])) == "a\ufffdb"


USAGES: list[tuple[dict[str, Any], Usage]] = [
    (OPENAI_USAGE, KNOWN),
    (
        {"prompt_tokens": 9, "completion_tokens": 3,
         "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 5}},
        Usage(9, 3, cached_tokens=0, cache_write_tokens=5),
    ),
    (  # DeepSeek
        {"prompt_cache_hit_tokens": 6, "prompt_cache_miss_tokens": 4, "completion_tokens": 3},
        Usage(10, 3, cached_tokens=6),
    ),
    (  # GLM, Moonshot
        {"prompt_tokens": 9, "completion_tokens": 3, "cached_tokens": 2, "reasoning_tokens": 1},
        Usage(9, 3, cached_tokens=2, reasoning_tokens=1),
    ),
    (  # xAI: reasoning beside the completion, as the total tells
        {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 215,
         "completion_tokens_details": {"reasoning_tokens": 200}},
        Usage(10, 205, reasoning_tokens=200),
    ),
    (  # OpenRouter: the bill itself
        {"prompt_tokens": 9, "completion_tokens": 3, "cost": 0.00014},
        Usage(9, 3, billed=Money(Decimal("0.00014"))),
    ),
    (  # … with the user's own upstream key
        {"prompt_tokens": 9, "completion_tokens": 3, "cost": 0.001, "is_byok": True,
         "cost_details": {"upstream_inference_cost": 0.02}},
        Usage(9, 3, billed=Money(Decimal("0.021"))),
    ),
    (
        {"prompt_tokens": "9", "completion_tokens": -1, "cost": float("nan"),
         "cached_tokens": True},
        Usage(),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "read"), USAGES)
def test_every_vendors_usage_is_counted_as_it_bills(sent: dict[str, Any], read: Usage) -> None:
    assert usage_of(sent) == read


MODEL = ModelRef("M", Dialect.OPENAI_CHAT, "https://llm.example/v1/", "m-1", Role.CHEAP)


def body_of(model: ModelRef, amendments: frozenset[str] = NONE) -> dict[str, Any]:
    sent = OpenAiChat().request(model, ChatRequest("Hi"), ApiKey("k"), amendments)
    read: dict[str, Any] = json.loads(sent.body)
    return read


def changed(**changes: Any) -> ModelRef:
    from dataclasses import replace

    return replace(MODEL, **changes)


def test_the_request_asks_for_a_stream_with_usage_and_never_sends_a_temperature() -> None:
    sampled = changed(system_prompt="Be brief.", sampling=Sampling(temperature=0.2))
    assert body_of(sampled) == {
        "model": "m-1",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hi"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    sent = OpenAiChat().request(MODEL, ChatRequest("Hi"), ApiKey("k"), NONE)
    assert sent.url == "https://llm.example/v1/chat/completions"
    assert sent.headers == {"Authorization": "Bearer k"}
    assert "k" not in repr(sent).replace("WireRequest", "").split("object")[0]


def test_the_practice_model_gets_its_sampling() -> None:
    body = body_of(changed(practice=True, sampling=Sampling(0.0, 1.1, 7)))
    assert (body["temperature"], body["repeat_penalty"], body["seed"]) == (0.0, 1.1, 7)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"base_url": "https://api.openai.com/v1"}, "max_completion_tokens"),
        ({"vendor": "OpenAI"}, "max_completion_tokens"),
        ({"base_url": "https://firm.openai.azure.com/openai/v1"}, "max_completion_tokens"),
        ({}, "max_tokens"),
        ({"base_url": "https://api.z.ai/api/paas/v4"}, "max_tokens"),
    ],
)
def test_the_length_limit_has_the_name_each_vendor_takes(
    changes: dict[str, Any], field: str
) -> None:
    body = body_of(changed(max_output_tokens=50, **changes))
    assert body[field] == 50
    assert len({"max_tokens", "max_completion_tokens"} & body.keys()) == 1


def test_vendors_own_settings_are_sent_to_them_alone() -> None:
    assert body_of(changed(vendor="OpenAI"))["store"] is False
    fireworks = changed(base_url="https://api.fireworks.ai/inference/v1")
    assert body_of(fireworks)["context_length_exceeded_behavior"] == "error"
    assert not {"store", "context_length_exceeded_behavior"} & body_of(MODEL).keys()


@pytest.mark.parametrize(
    "where",
    [
        {"base_url": "https://firm.openai.azure.com/openai/v1"},
        {"base_url": "https://gateway.firm.example/llm", "vendor": "Azure OpenAI"},
    ],
    ids=["its own address", "a firm's gateway"],
)
def test_azure_takes_its_key_in_its_own_header(where: dict[str, Any]) -> None:
    azure = changed(**where)
    sent = OpenAiChat().request(azure, ChatRequest("Hi"), ApiKey("k"), NONE)
    assert sent.headers == {"api-key": "k"}
    assert sent.url == f"{where['base_url']}/chat/completions"


def test_text_with_a_lone_surrogate_can_still_be_sent() -> None:
    sent = OpenAiChat().request(MODEL, ChatRequest("a\ud800\x00b"), None, NONE)
    assert json.loads(sent.body)["messages"][0]["content"] == "a\ufffdb"
    assert sent.headers == {}
