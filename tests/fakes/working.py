"""Work on the services of a stage, without a window: opened, asked and closed again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.services.container import Services
from tests.fakes.scripted import Stage

T = TypeVar("T")


def on(stage: Stage, work: Callable[[Services], Awaitable[T]]) -> T:
    """Do work on real services and close them, whatever came of it."""

    async def whole() -> T:
        services = stage.open()
        try:
            return await work(services)
        finally:
            await services.close()

    return asyncio.run(whole())
