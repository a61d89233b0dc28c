"""What is sent is what each vendor takes, and nothing that it refuses."""

from __future__ import annotations

import json

import pytest

from app.adapters.providers.dialect import NONE
from app.adapters.providers.dialects import dialect_of
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest
from tests.conformance.rows import Provider, Request
from tests.conformance.table import REQUESTS, named


@pytest.mark.parametrize(("provider", "row"), REQUESTS, ids=named)
def test_a_request_is_what_its_row_says(provider: Provider, row: Request) -> None:
    asked = ChatRequest("Hi", row.wishes)
    sent = dialect_of(row.model).request(row.model, asked, ApiKey("sk-canary"), NONE)
    body = json.loads(sent.body)
    assert sent.url == row.path
    assert {name: body.get(name) for name in row.body} == row.body
    assert {name: sent.headers.get(name) for name in row.headers} == row.headers
    assert not set(row.never) & body.keys()
    assert not set(row.never_headers) & set(sent.headers)
    assert "sk-canary" not in sent.url + sent.body.decode()
