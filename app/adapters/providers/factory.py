"""The `Providers` port: one shared HTTP transport, made when first needed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app.adapters.providers.limits import Limits
from app.adapters.providers.retry import RetryPolicy
from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.services.ports import Clock, Provider

if TYPE_CHECKING:
    from app.adapters.providers.provider import Wires


class HttpProviders:
    """Builds providers. Used on one event loop; `close` ends every connection.

    Importing this module loads no HTTP library: that waits for the first `open` or `warm`.
    """

    def __init__(
        self,
        clock: Clock,
        limits: Limits = Limits(),  # noqa: B008  (frozen)
        retries: RetryPolicy = RetryPolicy(),  # noqa: B008  (frozen)
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._retries = retries
        self._sleep = sleep
        self._dice = dice
        self._wires: Wires | None = None

    def warm(self) -> None:
        """Load the HTTP library ahead of time; may be called from any thread."""
        import app.adapters.providers.dialects
        import app.adapters.providers.provider  # noqa: F401

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
        if wires is not None:
            await wires.transport.aclose()

    def _shared(self) -> Wires:
        if self._wires is None:
            from app.adapters.providers.provider import Wires
            from app.adapters.providers.transport import RoutedTransport

            self._wires = Wires(
                RoutedTransport(), self._clock, self._limits, self._retries, self._sleep, self._dice
            )
        return self._wires
