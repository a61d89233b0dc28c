"""The `Providers` port: one shared HTTP transport, made when first needed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.adapters.providers.limits import Limits
from app.adapters.providers.retry import RetryPolicy
from app.domain.connection import Connection
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.services.ports.clock import Clock
from app.services.ports.providers import Provider

if TYPE_CHECKING:
    from app.adapters.providers.provider import Wires
    from app.adapters.providers.transport import RoutedTransport


class HttpProviders:
    """Builds providers. Used on one event loop; `close` ends every connection.

    `connection` says what the user has set; it is asked for each provider, so that a change holds
    from the next request on. Without it the given `limits` hold.
    Importing this module loads no HTTP library: that waits for the first `open` or `warm`.
    """

    def __init__(
        self,
        clock: Clock,
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        retries: RetryPolicy = RetryPolicy(),  # noqa: B008  (frozen)
        *,
        connection: Callable[[], Connection] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._connection = connection
        self._retries = retries
        self._sleep = sleep
        self._dice = dice
        self._wires: Wires | None = None
        self._left: list[RoutedTransport] = []

    def open(self, model: ModelRef, key: ApiKey | None) -> Provider:
        """Return the provider for a model; `model.base_url` is where it is reached now."""
        from app.adapters.providers.dialects import dialect_of
        from app.adapters.providers.provider import HttpProvider

        return HttpProvider(self._shared(), dialect_of(model), model, key)

    def wires(self) -> Wires:
        """Return what every request to a server shares; made when first needed."""
        return self._shared()

    async def close(self) -> None:
        """Close every connection."""
        wires, self._wires = self._wires, None
        left, self._left = self._left, []
        if wires is not None:
            left.append(wires.transport)
        for transport in left:
            await transport.aclose()

    def _shared(self) -> Wires:
        """Return what the next request uses; answers that are under way keep what they began with.

        Other certificates need other connections: one made under the old ones proves nothing.
        """
        from app.adapters.providers.provider import Wires
        from app.adapters.providers.transport import RoutedTransport

        limits, ca_file = self._limits, ""
        if self._connection is not None:
            connection = self._connection()
            limits, ca_file = limits.under(connection), connection.ca_file
        if self._wires is None:
            self._wires = Wires(
                RoutedTransport(ca_file),
                self._clock, limits, self._retries, self._sleep, self._dice,
            )  # fmt: skip
        elif self._wires.transport.ca_file != ca_file or not self._wires.transport.trusts:
            self._left.append(self._wires.transport)
            self._wires = replace(self._wires, transport=RoutedTransport(ca_file), limits=limits)
        elif self._wires.limits != limits:
            self._wires = replace(self._wires, limits=limits)
        return self._wires
