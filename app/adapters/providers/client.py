"""The one HTTP client that all providers share."""

from __future__ import annotations

import logging
import ssl
import urllib.request
from collections.abc import AsyncIterable, AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import cast

import httpcore
import httpx
import truststore

from app.adapters.providers.coarse_stream import CoarseBackend
from app.adapters.providers.limits import Limits
from app.domain.model import LOOPBACK_HOSTS

_KEEP = 8
_KEEP_S = 30.0


def make_client(limits: Limits) -> httpx.AsyncClient:
    """Return the client: HTTP/1.1, the system's trust store, no redirects, no cookies kept."""
    for name in ("httpx", "httpcore"):
        # At their chattier levels they write down addresses and whole response headers.
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        transport=RoutedTransport(),
        follow_redirects=False,
        # Reading and writing are timed by the guard, which knows progress from keep-alives.
        timeout=httpx.Timeout(None, connect=limits.connect_s),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={
            "User-Agent": "Counterpart",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
        },
    )


class RoutedTransport(httpx.AsyncBaseTransport):
    """Connects directly, or through the system's proxy where one is set.

    Never through a proxy to this computer itself: a prompt for the model on this machine does not
    leave it. Raises httpcore's own exceptions: unlike httpx's they carry no request.
    """

    def __init__(self) -> None:
        self._trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._backend = CoarseBackend()
        self._direct = httpcore.AsyncConnectionPool(
            ssl_context=self._trust,
            max_keepalive_connections=_KEEP,
            keepalive_expiry=_KEEP_S,
            network_backend=self._backend,
        )
        self._proxied: dict[str, httpcore.AsyncHTTPProxy] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and return its response, the body still to be read."""
        url = request.url
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
