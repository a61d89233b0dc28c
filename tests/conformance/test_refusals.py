"""Every refusal means what the table says, over a real connection."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.adapters.providers.quirks import vendor_name
from tests.conformance.rows import Provider, Refusal
from tests.conformance.table import REFUSALS, named
from tests.fakes.asking import ask
from tests.fakes.fault_server import FaultServer, Reply


@pytest.mark.parametrize(("provider", "row"), REFUSALS, ids=named)
def test_a_refusal_is_told_as_its_row_says(provider: Provider, row: Refusal) -> None:
    body = (json.dumps(row.body).encode(),)
    headers = {"Content-Type": "application/json", **row.headers}
    with FaultServer() as server:
        server.default = Reply(row.status, headers, body, "length")
        vendor = vendor_name(provider.model)
        asked = ask(replace(provider.model, base_url=server.openai_url, vendor=vendor))
    assert asked.failed.problem.kind == row.problem
    assert len(asked.attempts) == row.tries
    assert not asked.text
    assert asked.failed.problem.next_step
