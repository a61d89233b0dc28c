"""How much a model can read: told only where it is known of that very address."""

from __future__ import annotations

import pytest

from app.adapters.context_windows import GenaiContextWindows
from app.domain.model import Dialect
from app.domain.vendor import Place


@pytest.mark.parametrize(
    ("address", "model", "tokens"),
    [
        ("https://api.openai.com/v1", "gpt-6-luna", 1_050_000),
        ("https://generativelanguage.googleapis.com", "gemini-4-argon", 1_048_576),
        ("https://api.openai.com/v1", "no-such-model", None),
        ("https://api.openai.com.evil.example/v1", "gpt-6-luna", None),
        ("https://proxy.firm.example/v1", "gpt-6-luna", None),
        ("http://127.0.0.1:1234/v1", "gpt-6-luna", None),
    ],
)
def test_a_context_length_is_never_guessed_from_a_name(
    address: str, model: str, tokens: int | None
) -> None:
    place = Place(Dialect.OPENAI_CHAT, address)
    assert GenaiContextWindows().context_tokens(place, model) == tokens
