"""Fetches the published file of prices, when the user asks for it and at no other time.

It goes over the same transport as everything else: the system's trust store and proxy, no
redirect, nothing kept between requests. The request says nothing of the user or their models.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import httpcore
import httpx

from app.adapters.prices.price_file import MOST_BYTES, PriceDataError
from app.adapters.providers.faults import SEND_FAULTS
from app.adapters.providers.transport import RoutedTransport
from app.domain.errors import InputError
from app.domain.model import LOOPBACK_HOSTS

# The address that the package itself names; written down here so that asking for it loads no
# second HTTP client. A test compares the two.
PUBLISHED = (
    "https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/"
    "data.json"
)
_HEADERS = {
    "User-Agent": "Counterpart",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
}
_CONNECT_S = 10.0
_WHOLE_S = 60.0


class PublishedPrices:
    """The `PriceSource` port."""

    published = PUBLISHED

    def __init__(
        self,
        transport: Callable[[], RoutedTransport] = RoutedTransport,
        whole_s: float = _WHOLE_S,
    ) -> None:
        self._transport = transport
        self._whole_s = whole_s

    async def fetch(self, address: str = "") -> bytes:
        """Return the bytes at an address or of a file here; those of the published file if empty.

        PriceDataError when it cannot be had, InputError for an address that is not safe to ask.
        """
        wanted = address.strip() or PUBLISHED
        if "://" not in wanted:
            return await asyncio.to_thread(_read, wanted)
        parts = urlsplit(wanted)
        host = (parts.hostname or "").lower()
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK_HOSTS):
            raise InputError(
                "Prices are fetched over https only.", "Give an address that starts with https://."
            )
        transport = self._transport()
        try:
            async with asyncio.timeout(self._whole_s):
                return await _get(transport, wanted)
        except TimeoutError:
            raise PriceDataError(
                f"{host} did not send them within {self._whole_s:.0f} s", "prices_not_fetched"
            ) from None
        except SEND_FAULTS as error:
            # The exception's own words may quote an address; its kind is enough.
            why = f"{host} could not be reached ({_kind(error)})"
            raise PriceDataError(why, "prices_not_fetched") from None
        finally:
            await transport.aclose()


async def _get(transport: RoutedTransport, address: str) -> bytes:
    timing = {"timeout": {"connect": _CONNECT_S}}
    request = httpx.Request("GET", address, headers=_HEADERS, extensions=timing)
    response = await transport.handle_async_request(request)
    try:
        if response.status_code != 200:
            raise PriceDataError(
                f"{request.url.host} answered {response.status_code}", "prices_not_fetched"
            )
        data = bytearray()
        parts = cast("AsyncGenerator[bytes, None]", response.aiter_raw())
        async with aclosing(parts):
            async for part in parts:
                data += part
                if len(data) > MOST_BYTES:
                    raise PriceDataError(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
        return bytes(data)
    finally:
        await response.aclose()


def _read(name: str) -> bytes:
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        why = f"{path} cannot be read ({error.strerror or type(error).__name__})"
        raise PriceDataError(why, "prices_not_fetched") from None


def _kind(error: Exception) -> str:
    match error:
        case httpcore.ConnectTimeout():
            return "no connection in time"
        case httpcore.ConnectError():
            return "no connection"
        case httpcore.ProxyError():
            return "the proxy refused"
        case _:
            return "the connection broke"
