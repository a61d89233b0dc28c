"""What Savings loads, in one value, so that headline, chart and tables stem from one report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module

from app.domain.model import Pair
from app.domain.routing.groups import GroupKind, label_of
from app.domain.routing.overview import Learned, RuleOverview
from app.domain.savings.values import Savings
from app.services.container import Services


@dataclass(frozen=True, slots=True)
class SavingsScope:
    """What the user chose to see; `practice` is None until they choose a world."""

    practice: bool | None = None
    months: int | None = 12
    matter: str | None = None


@dataclass(frozen=True, slots=True)
class SavingsPage:
    """One report with what stands beside it. `both_worlds`: real and practice prompts exist."""

    scope: SavingsScope
    report: Savings
    groups: tuple[Learned, ...]
    pair_known: bool
    matters: tuple[str, ...]
    both_worlds: bool
    asked_ever: bool


async def load(services: Services, scope: SavingsScope) -> SavingsPage:
    """Read and compute everything the page shows; nothing of it on the interface thread."""
    # The chart library takes long to import: its files are read here, and used there.
    await asyncio.to_thread(import_module, "pyqtgraph")
    real = await services.reports.savings(practice=False)
    practice = await services.reports.savings(practice=True)
    world = scope.practice
    if world is None:
        world = practice.turns > 0 and real.turns == 0
    report = await services.reports.savings(world, scope.months, scope.matter)
    matters = tuple(matter.name for matter in await services.matters.all())
    pair = await _pair_of(services, practice=world)
    groups: tuple[Learned, ...] = ()
    if pair is not None:
        groups = bars_of(await services.rules.overview(pair))
    return SavingsPage(
        SavingsScope(world, scope.months, scope.matter),
        report,
        groups,
        pair is not None,
        matters,
        bool(real.turns and practice.turns),
        bool((practice if world else real).turns),
    )


async def _pair_of(services: Services, *, practice: bool) -> Pair | None:
    """Return the pair whose votes are told; the real pair is known only while it is in use."""
    if practice:
        return services.models.practice_pair()
    pair = await services.models.pair()
    return None if pair.practice else pair


def bars_of(overview: RuleOverview) -> tuple[Learned, ...]:
    """Return the kinds of work, the best first; everything together where none is told apart."""
    tasks = [item for item in overview.groups if item.group.kind is GroupKind.TASK]
    found = tasks or [item for item in overview.groups if item.group.kind is GroupKind.ALL]
    order = sorted(found, key=lambda item: (-item.group.good / item.group.total, item.group.name))
    return tuple(order)


def bar_name(item: Learned) -> str:
    """Return a group's name as a bar shows it."""
    name = label_of(item.group.kind, item.group.name)
    return name[:1].upper() + name[1:]
