"""What My rule shows, read at once from the services."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module

from app.domain.model import Pair
from app.domain.routing.overview import RuleOverview
from app.domain.routing.pins import Pin
from app.services.container import Services


@dataclass(frozen=True, slots=True)
class Known:
    """One pair's rule with all that the user told it.

    `real_pair` says that the pair in use is a real one, so that there are two worlds to look at;
    `waiting` are the spot checks to vote on, the oldest first; `check_chance` is 0..1.
    """

    overview: RuleOverview
    pair: Pair
    real_pair: bool
    until_enough: str
    pins: tuple[Pin, ...]
    check_chance: float
    waiting: tuple[int, ...]
    matters: tuple[str, ...]
    tags: tuple[str, ...]


async def read(services: Services, *, practice: bool | None) -> Known:
    """Return what is known of the pair in use, or of the practice pair."""
    await asyncio.to_thread(import_module, "pyqtgraph")
    in_use = await services.models.pair()
    pair = in_use
    if practice and not in_use.practice:
        pair = services.models.practice_pair()
    overview = await services.rules.overview(pair)
    preferences = await services.preferences.load()
    return Known(
        overview=overview,
        pair=pair,
        real_pair=not in_use.practice,
        until_enough=preferences.until_enough,
        pins=await services.pins.all(),
        check_chance=await services.rules.spot_check_chance(),
        waiting=await services.archive.spot_checks_waiting(pair),
        matters=tuple(matter.name for matter in await services.matters.all()),
        tags=tuple(await services.matters.tags()),
    )
