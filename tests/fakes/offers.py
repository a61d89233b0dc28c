"""Vendors, lists and servers of this computer that say what a test tells them to.

stage.offers.lists["api.pebble.test"] = (ListedModel("pebble-flash"), …)
stage.offers.problem = Problem(…)            the next lists fail so
stage.offers.servers = (LocalServer(…), …)   found on this computer
stage.offers.handed_on["llama3"] = "ollama.com"
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.adapters.providers.catalog.here import ANY_ADDRESS, OLLAMA
from app.adapters.providers.catalog.hosts import AZURE
from app.domain.errors import ModelListError, Problem
from app.domain.model import Dialect, ModelRef
from app.domain.secret import ApiKey
from app.domain.vendor import (
    DatedFact,
    ListedModel,
    LocalServer,
    Place,
    VendorFacts,
    Wire,
    vendor_at,
)

PEBBLE = VendorFacts(
    "Pebble AI",
    Dialect.OPENAI_CHAT,
    "https://api.pebble.test/v1",
    "https://pebble.test/keys",
    ("pebble-flash",),
    ("pebble-large",),
    receiver="Pebble AI itself.",
    jurisdiction=DatedFact("Iceland."),
    retention=DatedFact("Three days.", "https://pebble.test/terms"),
    also=(Wire(Dialect.OPENAI_RESPONSES, "https://api.pebble.test/v1"),),
    aliases=("pebble",),
)
SUMMIT = VendorFacts("Summit Labs", Dialect.ANTHROPIC, "https://api.summit.test")


class FewVendors:
    """Two vendors to name in a policy, and three rows of the real list."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them."""
        return (PEBBLE, SUMMIT, OLLAMA, AZURE, ANY_ADDRESS)

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor of an address."""
        return vendor_at(self.vendors(), base_url)

    def named(self, word: str) -> VendorFacts | None:
        """Return the vendor of that name or nickname."""
        wanted = word.strip().casefold()
        for vendor in self.vendors():
            if wanted == vendor.name.casefold() or wanted in vendor.aliases:
                return vendor
        return None


@dataclass
class Offers:
    """The ports `ModelLists`, `LocalServers` and `ContextWindows`."""

    lists: dict[str, tuple[ListedModel, ...]] = field(default_factory=dict)
    problem: Problem | None = None
    servers: tuple[LocalServer, ...] = ()
    handed_on: dict[str, str | None] = field(default_factory=dict)
    asked: list[Place] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    async def models_at(self, place: Place, key: ApiKey | None) -> tuple[ListedModel, ...]:
        """Return the list of that host."""
        self.asked.append(place)
        self.keys.append(None if key is None else key.reveal())
        if self.problem is not None:
            raise ModelListError(self.problem)
        return self.lists.get(place.host, ())

    async def found(self) -> tuple[LocalServer, ...]:
        """Return the servers of this computer."""
        return self.servers

    async def hands_on_to(self, model: ModelRef) -> str | None:
        """Return what the test said of that model id."""
        return self.handed_on.get(model.model, "")

    def context_tokens(self, place: Place, model: str) -> int | None:
        """Return that it is not known."""
        return None
