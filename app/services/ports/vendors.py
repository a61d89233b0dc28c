"""What vendors and the model servers of this computer offer."""

from __future__ import annotations

from typing import Protocol

from app.domain.model import ModelRef
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, LocalServer, Place, VendorFacts


class Catalog(Protocol):
    """The vendors that are offered by name."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them in the order of the list."""
        ...

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor's name for an address, or an empty string."""
        ...

    def named(self, word: str) -> VendorFacts | None:
        """Return the vendor of that name or nickname, in any case, or None."""
        ...


class ModelLists(Protocol):
    """Asks servers for what they offer. Nothing of the user's is sent but the key."""

    async def models_at(self, place: Place, key: ApiKey | None) -> tuple[ListedModel, ...]:
        """Return what a vendor lists; ModelListError says why not."""
        ...


class LocalServers(Protocol):
    """Looks at the model servers of this computer. Never reaches beyond it, never with a key."""

    async def found(self) -> tuple[LocalServer, ...]:
        """Return those that run now, at their usual ports; looks at all at once, and briefly."""
        ...

    async def hands_on_to(self, model: ModelRef) -> str | None:
        """Return the host that the model's server hands prompts on to, or nothing if it says none.

        None where a server answers but cannot say. Asks only servers on this computer that are
        known to be able to (Ollama).
        """
        ...


class ContextWindows(Protocol):
    """Knows how much models can read. Blocking."""

    def context_tokens(self, place: Place, model: str) -> int | None:
        """Return the context length of a model at an address, or None if it is not known."""
        ...
