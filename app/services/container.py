"""All services in one value, as the window and the terminal are handed them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.services.archive import Archive
from app.services.ask import Asking
from app.services.attach import Attachments
from app.services.budget import Budgets
from app.services.calibrate import Calibrations
from app.services.compare import Comparisons
from app.services.connections import Connections
from app.services.estimate import Estimates
from app.services.keys import Keys
from app.services.matters import Matters
from app.services.models import Models
from app.services.pins import Pins
from app.services.ports.local_model import LocalModel
from app.services.ports.providers import Providers
from app.services.ports.vendors import Catalog
from app.services.preferences import PreferenceStore
from app.services.pricing import Pricing
from app.services.replay import Replays
from app.services.report import Reports
from app.services.route import Router
from app.services.rule import Rules
from app.services.second_look import SecondLook
from app.services.store import Store
from app.services.vendors import Vendors
from app.services.votes import Votes


@dataclass(frozen=True, slots=True)
class About:
    """What Settings and a problem report may say: nothing secret, nothing confidential."""

    version: str
    data_folder: Path
    sample: bool
    components: tuple[tuple[str, str, str], ...]  # name, version, licence
    system: str


@dataclass(frozen=True, slots=True)
class Services:
    """What the app does: the services, tied to one another and to their doors."""

    asking: Asking
    comparisons: Comparisons
    router: Router
    second_look: SecondLook
    votes: Votes
    archive: Archive
    models: Models
    matters: Matters
    keys: Keys
    rules: Rules
    pins: Pins
    replays: Replays
    reports: Reports
    estimates: Estimates
    pricing: Pricing
    budgets: Budgets
    attachments: Attachments
    calibrations: Calibrations
    preferences: PreferenceStore
    connections: Connections
    catalog: Catalog
    vendors: Vendors
    about: Callable[[], About]
    store: Store
    providers: Providers
    local: LocalModel

    async def close(self) -> None:
        """Stop what runs, write its end, and close the file, the connections and the child."""
        await self.calibrations.close()
        await self.asking.stop_and_wait()
        await self.providers.close()
        await self.store.close()
        self.local.close()
