"""Matters, their policies and the tags in use."""

from __future__ import annotations

from app.domain.conversation import clean
from app.domain.errors import InputError
from app.domain.matter import Matter, PolicyKind, SendingPolicy
from app.services.store import Store


class Matters:
    """Keeps matters; the policy itself is checked where the sending is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def all(self) -> list[Matter]:
        """Return all matters, `Untagged` first."""
        return await self._store(lambda history: history.matters())

    async def tags(self) -> list[str]:
        """Return the tags in use, most used first."""
        return await self._store(lambda history: history.tags())

    async def save(self, name: str, policy: SendingPolicy) -> Matter:
        """Store a matter's policy; InputError when it has no name or allows nobody by mistake."""
        name = clean(name).strip()
        if not name:
            raise InputError("The matter needs a name.", "Type the client or the case.")
        if policy.kind is PolicyKind.NAMED and not policy.vendors:
            raise InputError(
                "No provider is named, so nothing could be sent.",
                "Name at least one provider, or choose “This computer only”.",
            )
        return await self._store(lambda history: history.save_matter(Matter(name, policy)))
