"""Limits and trust: kept in the history's settings, used by the next request without a restart."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from app.domain.connection import Connection
from app.domain.errors import InputError
from app.services.ports.history import History
from app.services.store import Store

SETTING = "connection"
DescribeCertificates = Callable[[str], str]
"""Names the certificates of a PEM file in words; InputError when it holds none. Blocking."""


@dataclass(slots=True)
class InForce:
    """The settings that hold now; whoever connects asks at each request."""

    now: Connection = field(default_factory=Connection)

    def read(self, history: History) -> None:
        """Learn what was stored, when the history opens: before anything can be sent."""
        self.now = _parsed(history.setting(SETTING))


class Connections:
    """Shows and changes the limits and the extra certificates."""

    def __init__(self, store: Store, in_force: InForce, describe: DescribeCertificates) -> None:
        self._store = store
        self._in_force = in_force
        self._describe = describe

    async def load(self) -> Connection:
        """Return what holds now."""
        text = await self._store(lambda history: history.setting(SETTING))
        self._in_force.now = _parsed(text)
        return self._in_force.now

    async def save(self, wanted: Connection) -> Connection:
        """Check and store; it holds from the next request on. InputError says what to mend."""
        wanted = replace(wanted, ca_file=wanted.ca_file.strip()).checked()
        if wanted.ca_file:
            await self.certificates(wanted)
        text = json.dumps(asdict(wanted), ensure_ascii=False)
        await self._store(lambda history: history.set_setting(SETTING, text))
        self._in_force.now = wanted
        return wanted

    async def certificates(self, connection: Connection) -> str:
        """Return what the extra file holds, in words; InputError when it cannot be used."""
        if not connection.ca_file:
            return ""
        return await asyncio.to_thread(self._describe, connection.ca_file)


def _parsed(text: str | None) -> Connection:
    """Return stored settings; whatever cannot be read or used falls back to the usual."""
    usual = Connection()
    try:
        values = json.loads(text) if text else {}
    except ValueError:
        return usual
    if not isinstance(values, dict):
        return usual
    found = usual
    for name, value in values.items():
        known = getattr(usual, name, None) if name in asdict(usual) else None
        fits = isinstance(value, str) if isinstance(known, str) else (
            isinstance(value, int | float) and not isinstance(value, bool)
        )  # fmt: skip
        if known is not None and fits:
            found = replace(found, **{name: value})
    try:
        return found.checked()
    except InputError:
        return replace(usual, ca_file=found.ca_file)
