"""What a prompt continues is sent by every dialect, in the dialect's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.adapters.providers.dialect import NONE
from app.adapters.providers.dialects import dialect_of
from app.domain.matter import Matter
from app.domain.model import Dialect
from app.domain.thread import Exchange
from app.services.ports.providers import ChatRequest
from tests.conformance.rows import at
from tests.fakes.asking import ask
from tests.fakes.fault_server import FaultServer, Reply

EARLIER = (
    Exchange(1, 1, "May she\x00 sublet?", "Only with consent. \ud800", Matter("Larch")),
    Exchange(
        2, 4, '<document name="a.pdf">\nRent\n</document>\n\nAnd assign?', "No.", Matter("Larch")
    ),
)
ASKED = ChatRequest("Why?", earlier=EARLIER)
TEXTS = (
    "May she sublet?",
    "Only with consent. �",
    '<document name="a.pdf">\nRent\n</document>\n\nAnd assign?',
    "No.",
    "Why?",
)


def plain(*roles: str) -> list[dict[str, Any]]:
    return [{"role": role, "content": text} for role, text in zip(roles, TEXTS, strict=True)]


SAID = plain("user", "assistant", "user", "assistant", "user")
SYSTEM = {"role": "system", "content": "Be brief."}
BODIES: dict[Dialect, dict[str, Any]] = {
    Dialect.OPENAI_CHAT: {"messages": [SYSTEM, *SAID]},
    Dialect.OPENAI_RESPONSES: {"input": SAID, "instructions": "Be brief."},
    Dialect.ANTHROPIC: {"messages": SAID, "system": "Be brief."},
    Dialect.OLLAMA: {"messages": [SYSTEM, *SAID]},
    Dialect.GEMINI: {
        "contents": [
            {"role": role, "parts": [{"text": text}]}
            for role, text in zip(("user", "model", "user", "model", "user"), TEXTS, strict=True)
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    },
}


def body(dialect: Dialect, asked: ChatRequest) -> Any:
    model = at(dialect, "https://api.example.com", system_prompt="Be brief.")
    return json.loads(dialect_of(model).request(model, asked, None, NONE).body)


def test_no_dialect_was_forgotten() -> None:
    assert set(BODIES) == set(Dialect)


@pytest.mark.parametrize("dialect", Dialect)
def test_earlier_exchanges_come_before_the_prompt_oldest_first(dialect: Dialect) -> None:
    sent = body(dialect, ASKED)
    assert {name: sent[name] for name in BODIES[dialect]} == BODIES[dialect]


@pytest.mark.parametrize("dialect", Dialect)
def test_nothing_else_of_the_request_changes(dialect: Dialect) -> None:
    continued, alone = body(dialect, ASKED), body(dialect, ChatRequest("Why?"))
    talk = {"messages", "input", "contents"}
    assert {n: v for n, v in continued.items() if n not in talk} == {
        name: value for name, value in alone.items() if name not in talk
    }


def test_ollama_is_given_a_context_that_holds_all_of_it() -> None:
    long = Exchange(1, 1, "word " * 9_000, "word " * 9_000, Matter("Larch"))
    alone = body(Dialect.OLLAMA, ChatRequest("Why?"))["options"]["num_ctx"]
    continued = body(Dialect.OLLAMA, ChatRequest("Why?", earlier=(long,)))["options"]["num_ctx"]
    # 90,000 bytes at three a token, and room for an answer.
    assert (alone, continued) == (8_192, 65_536)


@pytest.mark.parametrize("echoed", ["May_she_sublet", "Only_with_consent"])
def test_a_provider_that_echoes_what_came_earlier_does_not_get_it_into_an_error(
    echoed: str,
) -> None:
    earlier = (Exchange(1, 1, "May_she_sublet", "Only_with_consent", Matter("Larch")),)
    with FaultServer() as server:
        server.default = Reply.error(418, {"error": {"code": echoed, "message": echoed}})
        failed = ask(at(Dialect.OPENAI_CHAT, server.openai_url), earlier=earlier).failed
    assert echoed not in failed.problem.sentence()
