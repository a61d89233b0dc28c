"""The one HTTP transport that all providers share.

httpx's transport interface without its client above it: what the client adds (following
redirects, keeping cookies, signing in) is what must never happen here, and it costs time.
"""

from __future__ import annotations

import logging
import urllib.request
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import cast

import httpcore
import httpx

from app.adapters.providers.coarse_stream import CoarseBackend
from app.adapters.providers.limits import Limits
from app.adapters.providers.trust import TrustFileError, trust
from app.domain.model import LOOPBACK_HOSTS

_KEEP = 8
_KEEP_S = 30.0
_HEADERS = {
    "User-Agent": "Counterpart",
    "Accept": "text/event-stream",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
}


def post(url: str, headers: Mapping[str, str], body: bytes, limits: Limits) -> httpx.Request:
    """Return a request for the transport; httpx.InvalidURL or ValueError if it cannot be one.

    Only connecting is timed here: reading is timed by the guard, which knows progress from
    keep-alives.
    """
    timing = {"timeout": {"connect": limits.connect_s}}
    whole = {**_HEADERS, **headers}
    return httpx.Request("POST", url, headers=whole, content=body, extensions=timing)


class RoutedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over the system's trust store, direct or through the system's proxy.

    `ca_file` names certificates that are trusted as well; while they cannot be read, nothing that
    needs trust is sent (TrustFileError). Never through a proxy to this computer itself: a prompt
    for the model on this machine does not leave it. Raises httpcore's own exceptions: unlike
    httpx's they carry no request.
    """

    def __init__(self, ca_file: str = "") -> None:
        # At its chattier levels the library writes down whole response headers.
        logging.getLogger("httpcore").setLevel(logging.WARNING)
        self.ca_file = ca_file
        self._untrusted: TrustFileError | None = None
        try:
            self._trust = trust(ca_file)
        except TrustFileError as error:
            self._untrusted, self._trust = error, trust("", {})
        self._backend = CoarseBackend()
        self._direct = httpcore.AsyncConnectionPool(
            ssl_context=self._trust,
            max_keepalive_connections=_KEEP,
            keepalive_expiry=_KEEP_S,
            network_backend=self._backend,
        )
        self._proxied: dict[str, httpcore.AsyncHTTPProxy] = {}

    @property
    def trusts(self) -> bool:
        """Return whether all certificates that were added could be read."""
        return self._untrusted is None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its response, the body still to be read."""
        url = request.url
        if self._untrusted is not None and url.scheme == "https":
            raise TrustFileError(chosen=self._untrusted.chosen)
        sent = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = await self._pool(url.scheme, url.host).handle_async_request(sent)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(cast("AsyncIterable[bytes]", answer.stream)),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in (self._direct, *self._proxied.values()):
            await pool.aclose()

    def _pool(self, scheme: str, host: str) -> httpcore.AsyncConnectionPool:
        address = proxy_for(scheme, host)
        if not address:
            return self._direct
        if address not in self._proxied:
            proxy = httpx.Proxy(address)
            self._proxied[address] = httpcore.AsyncHTTPProxy(
                proxy_url=httpcore.URL(str(proxy.url)),
                proxy_auth=proxy.raw_auth,
                proxy_headers=proxy.headers.raw,
                ssl_context=self._trust,
                proxy_ssl_context=self._trust if address.startswith("https") else None,
                max_keepalive_connections=_KEEP,
                keepalive_expiry=_KEEP_S,
                network_backend=self._backend,
            )
        return self._proxied[address]


class _Body(httpx.AsyncByteStream):
    """The library's body in the shape that the client wants."""

    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        close = getattr(self._stream, "aclose", None)
        if close is not None:
            await close()


def proxy_for(scheme: str, host: str) -> str:
    """Return the proxy that the system's settings name for an address, or an empty string.

    UnusableProxyError when it is one that cannot be used (not http or https).
    """
    if host in LOOPBACK_HOSTS:
        return ""
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all") or ""
    if not address or urllib.request.proxy_bypass(host):
        return ""
    if "://" not in address:
        address = f"http://{address}"
    if not address.startswith(("http://", "https://")):
        raise UnusableProxyError
    return address


class UnusableProxyError(Exception):
    """The system names a proxy of a kind that this program does not speak."""
