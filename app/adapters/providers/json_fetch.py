"""Small JSON, fetched through the providers' own transport: no redirect, no retry, capped."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpcore
import httpx

from app.adapters.providers.faults import LINE_FAULTS, SEND_FAULTS, broke, fault_of
from app.adapters.providers.inflate import Inflater
from app.adapters.providers.json_text import loads
from app.adapters.providers.limits import Limits
from app.adapters.providers.list_problems import ListProblems
from app.adapters.providers.transport import RoutedTransport
from app.adapters.providers.wire_error import error_from_body
from app.domain.errors import ModelListError, Problem
from app.domain.secret import ApiKey

KEY_LETTERS = re.compile(r"[!-~]+")
_HEADERS = {
    "User-Agent": "Counterpart",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
_ERROR_BYTES = 65_536
_WEB_PAGE = (b"<!doctype", b"<html")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Seconds to connect, seconds for the whole, and bytes after decompression."""

    connect_s: float = 10.0
    whole_s: float = 30.0
    body_bytes: int = 16_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. It may hold the key, so it never shows itself."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


class FetchError(ModelListError):
    """No JSON came; `status` is the server's, where it answered at all."""

    def __init__(self, problem: Problem, status: int | None = None) -> None:
        super().__init__(problem)
        self.status = status


async def fetch_json(
    transport: RoutedTransport,
    ask: Ask,
    problems: ListProblems,
    limits: FetchLimits,
    key: ApiKey | None = None,
) -> object:
    """Return the JSON that an address answers with; FetchError says why not.

    A GET, or a POST where there is a body. The key is needed here only to keep it out of what is
    told of an error.
    """
    try:
        async with asyncio.timeout(limits.whole_s):
            return await _fetch(transport, ask, problems, limits, key)
    except TimeoutError:
        raise FetchError(problems.too_slow(limits.whole_s)) from None


async def _fetch(
    transport: RoutedTransport,
    ask: Ask,
    problems: ListProblems,
    limits: FetchLimits,
    key: ApiKey | None,
) -> object:
    try:
        response = await transport.handle_async_request(_request(ask, limits))
    except SEND_FAULTS as error:
        allowed = Limits(connect_s=limits.connect_s)
        raise FetchError(fault_of(error, problems, ask.url, allowed).problem) from None
    try:
        status = response.status_code
        if status >= 400:
            data = await _body(response, problems, _ERROR_BYTES, cut=True)
            told = error_from_body(data)
            label = told.label((key.reveal(),) if key is not None else ())
            raise FetchError(problems.status(status, told, label), status)
        if status >= 300:
            place = response.headers.get("location", "").strip().lower()
            downgrade = ask.url.startswith("https:") and place.startswith("http:")
            raise FetchError(problems.redirected(unprotected=downgrade), status)
        return _parsed(await _body(response, problems, limits.body_bytes), response, problems)
    finally:
        with contextlib.suppress(*LINE_FAULTS):
            await response.aclose()


def _request(ask: Ask, limits: FetchLimits) -> httpx.Request:
    return httpx.Request(
        "GET" if ask.body is None else "POST",
        ask.url,
        headers={
            **_HEADERS,
            **({} if ask.body is None else {"Content-Type": "application/json"}),
            **ask.headers,
        },
        content=ask.body,
        extensions={"timeout": {"connect": limits.connect_s}},
    )


async def _body(
    response: httpx.Response, problems: ListProblems, most_bytes: int, *, cut: bool = False
) -> bytes:
    """Return the body, opened if it comes compressed; with `cut`, only its start if it is long."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    inflater = None if encoding in ("", "identity") else Inflater()
    data = bytearray()
    try:
        async for chunk in response.aiter_raw():
            for piece in (chunk,) if inflater is None else inflater.pieces(chunk):
                data += piece
                if len(data) > most_bytes:
                    if cut:
                        return bytes(data[:most_bytes])
                    raise FetchError(problems.too_much())
    except ValueError:
        raise FetchError(problems.garbled()) from None
    except LINE_FAULTS as error:
        if cut:
            return bytes(data)
        garbled = isinstance(error, httpcore.RemoteProtocolError) and not broke(error)
        raise FetchError(problems.garbled() if garbled else problems.cut_off()) from None
    return bytes(data)


def _parsed(data: bytes, response: httpx.Response, problems: ListProblems) -> object:
    kind = response.headers.get("content-type", "").lower()
    if "html" in kind or data.lstrip()[:9].lower().startswith(_WEB_PAGE):
        raise FetchError(problems.web_page())
    try:
        return loads(data)
    except ValueError:
        raise FetchError(problems.not_an_api()) from None
