"""Model lists as vendors write them, entry by entry. Recorded by us from the documented shapes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.adapters.providers import list_shapes as shapes
from app.domain.vendor import ListedModel

TODAY = date(2026, 11, 24)

OPENAI = {
    "object": "list",
    "data": [
        {"id": "gpt-6-luna", "object": "model", "created": 1760000000, "owned_by": "system"},
        {"id": "gpt-6.1-sol", "object": "model", "created": 1760000001, "owned_by": "system"},
    ],
}
GROQ = {
    "object": "list",
    "data": [{"id": "openai/gpt-oss-20b", "object": "model", "owned_by": "OpenAI", "active": True,
              "context_window": 131072, "max_completion_tokens": 65536}],
}  # fmt: skip
MISTRAL = {
    "object": "list",
    "data": [
        {"id": "mistral-small-latest", "object": "model", "name": "mistral-small-2603",
         "max_context_length": 262144, "capabilities": {"completion_chat": True}},
        {"id": "mistral-embed", "object": "model", "capabilities": {"completion_chat": False}},
    ],
}  # fmt: skip
TOGETHER = [
    {"id": "zai-org/GLM-5.3", "object": "model", "type": "chat", "display_name": "GLM 5.3",
     "context_length": 1048575, "pricing": {"input": 1.4, "output": 4.4}},
    {"id": "BAAI/bge-base", "object": "model", "type": "embedding", "context_length": 512},
]  # fmt: skip
FIREWORKS = {
    "data": [
        {"id": "accounts/fireworks/models/glm-5p3", "object": "model", "supports_chat": True,
         "context_length": 1040000},
        {"id": "accounts/fireworks/models/flux", "object": "model", "supports_chat": False},
    ]
}  # fmt: skip
VLLM = {"object": "list", "data": [{"id": "Qwen/Qwen3-8B", "object": "model", "owned_by": "vllm",
                                    "max_model_len": 40960}]}  # fmt: skip
LLAMA_CPP = {
    "models": [{"name": "model.gguf"}],
    "object": "list",
    "data": [{"id": "../models/Llama-3.1-8B.gguf", "object": "model", "owned_by": "llamacpp",
              "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
              "meta": {"n_ctx_train": 131072, "n_ctx": 8192, "size": 4912898304}}],
}  # fmt: skip
OPENROUTER = {
    "data": [
        {"id": "openai/gpt-6-luna", "name": "OpenAI: GPT-6 Luna", "context_length": 1050000,
         "architecture": {"output_modalities": ["text"]},
         "pricing": {"prompt": "0.0000001", "completion": "0.0000005", "request": "0",
                     "input_cache_read": "0.00000001"}},
        {"id": "openrouter/auto", "name": "Auto Router", "context_length": 2000000,
         "architecture": {"output_modalities": ["text"]},
         "pricing": {"prompt": "-1", "completion": "-1"}},
        {"id": "some/painter", "name": "Painter", "architecture": {"output_modalities": ["image"]},
         "pricing": {"prompt": "0", "completion": "0"}},
        {"id": "free/model:free", "name": "Free", "context_length": 8192,
         "pricing": {"prompt": "0", "completion": "0"}},
    ]
}  # fmt: skip
ANTHROPIC = {
    "data": [{"type": "model", "id": "claude-opus-5-5", "display_name": "Claude Opus 5.5",
              "created_at": "2026-09-01T00:00:00Z", "max_input_tokens": 1000000,
              "capabilities": {"citations": {"supported": True}}}],
    "has_more": True, "first_id": "claude-opus-5-5", "last_id": "claude-opus-5-5",
}  # fmt: skip
GEMINI = {
    "models": [
        {"name": "models/gemini-4-argon", "displayName": "Gemini 4 Argon", "version": "4",
         "inputTokenLimit": 1048576, "outputTokenLimit": 65536,
         "supportedGenerationMethods": ["generateContent", "countTokens"]},
        {"name": "models/gemini-embedding-2", "displayName": "Embedding",
         "supportedGenerationMethods": ["embedContent"]},
    ],
    "nextPageToken": "abc=",
}  # fmt: skip
OLLAMA = {
    "models": [
        {"name": "llama3.2:latest", "model": "llama3.2:latest", "size": 2019393189,
         "details": {"family": "llama", "parameter_size": "3.2B", "context_length": 131072},
         "capabilities": ["completion", "tools"]},
        {"name": "gpt-oss:120b-cloud", "model": "gpt-oss:120b-cloud", "size": 384,
         "remote_model": "gpt-oss:120b", "remote_host": "https://ollama.com:443"},
        {"name": "my-alias:latest", "model": "my-alias:latest", "size": 400,
         "remote_model": "llama3:70b", "remote_host": "http://big-box.lan:11434"},
        {"name": "nomic-embed-text:latest", "capabilities": ["embedding"]},
    ]
}  # fmt: skip
LM_STUDIO = {
    "object": "list",
    "data": [
        {"id": "qwen2-vl-7b", "object": "model", "type": "vlm", "state": "not-loaded",
         "max_context_length": 32768},
        {"id": "llama-3.1-8b", "object": "model", "type": "llm", "state": "loaded",
         "max_context_length": 131072, "loaded_context_length": 4096},
        {"id": "nomic-embed", "object": "model", "type": "embeddings", "max_context_length": 2048},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "models"),
    [
        (OPENAI, [("gpt-6-luna", None), ("gpt-6.1-sol", None)]),
        (GROQ, [("openai/gpt-oss-20b", 131072)]),
        (MISTRAL, [("mistral-small-latest", 262144)]),
        (TOGETHER, [("zai-org/GLM-5.3", 1048575)]),
        (FIREWORKS, [("accounts/fireworks/models/glm-5p3", 1040000)]),
        (VLLM, [("Qwen/Qwen3-8B", 40960)]),
        (LLAMA_CPP, [("../models/Llama-3.1-8B.gguf", 8192)]),
        ({"object": "list", "data": None}, []),
    ],
)
def test_an_openai_shaped_list_keeps_what_chats_and_how_much_it_reads(
    body: object, models: list[tuple[str, int | None]]
) -> None:
    page = shapes.openai(body)
    assert [(model.id, model.context_tokens) for model in page.models] == models
    assert page.cursor == ""


def test_openrouters_prices_are_per_token_and_a_varying_one_is_not_a_price() -> None:
    models = {model.id: model for model in shapes.openrouter(OPENROUTER, TODAY).models}
    assert list(models) == ["openai/gpt-6-luna", "openrouter/auto", "free/model:free"]
    price = models["openai/gpt-6-luna"].price
    assert price is not None
    assert (price.input_per_million, price.output_per_million) == (Decimal("0.1"), Decimal("0.5"))
    assert price.cached_per_million == Decimal("0.01")
    assert (price.source, price.as_of) == ("OpenRouter's own list", TODAY)
    assert models["openrouter/auto"].price is None
    free = models["free/model:free"].price
    assert free is not None
    assert free.input_per_million == 0


def test_anthropics_list_tells_where_its_next_page_begins() -> None:
    page = shapes.anthropic(ANTHROPIC)
    assert page.models == (ListedModel("claude-opus-5-5", "Claude Opus 5.5", 1000000),)
    assert page.cursor == "claude-opus-5-5"
    assert shapes.anthropic({**ANTHROPIC, "has_more": False}).cursor == ""


def test_geminis_list_leaves_out_what_cannot_write() -> None:
    page = shapes.gemini(GEMINI)
    assert page.models == (ListedModel("gemini-4-argon", "Gemini 4 Argon", 1048576),)
    assert page.cursor == "abc="


def test_ollamas_list_tells_the_models_that_run_elsewhere_from_those_that_run_here() -> None:
    models = shapes.ollama(OLLAMA).models
    assert [(model.id, model.forwards_to) for model in models] == [
        ("llama3.2:latest", ""),
        ("gpt-oss:120b-cloud", "ollama.com"),
        ("my-alias:latest", "big-box.lan"),
    ]
    assert [model.remote for model in models] == [False, True, True]


@pytest.mark.parametrize(
    "entry",
    [{"name": "glm-5.2:cloud"}, {"name": "gpt-oss:20b-CLOUD"},
     {"name": "x", "remote_model": "y"}, {"name": "x", "remote_host": "ollama.com"}],
)  # fmt: skip
def test_an_ollama_model_is_remote_by_any_sign_of_it(entry: dict[str, object]) -> None:
    (model,) = shapes.ollama({"models": [entry]}).models
    assert model.forwards_to == "ollama.com"


def test_lm_studios_list_tells_what_is_loaded_now() -> None:
    models = shapes.lm_studio(LM_STUDIO).models
    assert [(model.id, model.context_tokens) for model in models] == [
        ("qwen2-vl-7b", 32768),
        ("llama-3.1-8b", 4096),
    ]


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": "x"}, "x", None, 3, {"models": []}])
def test_what_is_no_list_is_refused(body: object) -> None:
    with pytest.raises(ValueError, match="not a list"):
        shapes.openai(body)


def test_entries_that_cannot_be_understood_are_left_out_and_none_comes_twice() -> None:
    odd = ["x", None, 3, {}, {"id": 5}, {"id": ""}, {"id": "y" * 400}, {"id": "a"}, {"id": "a"},
           {"id": "b", "context_length": "many"}, {"id": "c", "context_length": True},
           {"id": "d", "context_length": -5}]  # fmt: skip
    models = shapes.openai({"data": odd}).models
    assert [(model.id, model.context_tokens) for model in models] == [
        ("a", None), ("b", None), ("c", None), ("d", None),
    ]  # fmt: skip


def test_a_servers_names_cannot_give_orders_to_a_terminal() -> None:
    (model,) = shapes.openai({"data": [{"id": "m\x1b[2J\x07", "name": "A\nB\u202eC\x00"}]}).models
    assert model.id == "m[2J"
    assert model.name == "A BC"
    assert model.name.isprintable()


def test_an_endless_list_is_cut() -> None:
    models = shapes.openai({"data": [{"id": f"m{n}"} for n in range(6_000)]}).models
    assert len(models) == 5_000
