"""Whether a model is where it was promised to be, asked before the prompt leaves."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator
from typing import cast

import httpx

from app.adapters.providers.dialect import Dialect, WireRequest
from app.adapters.providers.faults import LINE_FAULTS, SEND_FAULTS, fault_of
from app.adapters.providers.guard import Guard, OverdueError
from app.adapters.providers.json_text import loads
from app.adapters.providers.limits import Limits
from app.adapters.providers.problems import Problems
from app.adapters.providers.transport import RoutedTransport, post
from app.adapters.providers.wire_error import WireError
from app.domain.errors import Problem
from app.domain.model import ModelRef

_MOST_BYTES = 4_000_000  # a model's description holds its licences


async def refused_after_inquiry(
    dialect: Dialect,
    model: ModelRef,
    inquiry: WireRequest,
    transport: RoutedTransport,
    guard: Guard,
    limits: Limits,
) -> Problem | None:
    """Return why the prompt must not leave, or None. Without an answer it does not leave either.

    A model that is not found is no answer against it: the prompt's own request will say so.
    """
    problems = Problems.about(model)
    guard.allow_until(guard.now() + limits.first_token_s)
    try:
        sent = post(inquiry.url, inquiry.headers, inquiry.body, limits)
        response = await guard.run(transport.handle_async_request(sent))
        try:
            status, told = response.status_code, await _body(response, guard)
        finally:
            await response.aclose()
    except OverdueError:
        return problems.no_first_token(limits.first_token_s, heard=False)
    except SEND_FAULTS as error:
        return fault_of(error, problems, model.base_url, limits).problem
    if status not in (200, 404):
        return problems.status(status, WireError(), "") if status >= 400 else problems.not_an_api()
    host = dialect.elsewhere(model, told)
    return problems.not_local(host) if host else None


async def _body(response: httpx.Response, guard: Guard) -> object:
    data = bytearray()
    with contextlib.suppress(StopAsyncIteration, *LINE_FAULTS):
        chunks = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
        async with contextlib.aclosing(chunks):
            while len(data) < _MOST_BYTES:
                data += await guard.run(anext(chunks))
    try:
        return loads(bytes(data))
    except ValueError:
        return None
