"""Vendors: who is offered, what each lists, and which model servers run on this computer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

from app.domain.errors import InputError, NotFoundError
from app.domain.model import Dialect, KeySource, ModelRef, Role
from app.domain.secret import ApiKey
from app.domain.vendor import ListedModel, LocalServer, Place, VendorFacts, whole_address
from app.services.keys import Keys
from app.services.model_checks import checked_url, checked_variable
from app.services.ports.clock import Clock
from app.services.ports.prices import PriceBook
from app.services.ports.vendors import Catalog, ContextWindows, LocalServers, ModelLists
from app.services.store import Store


class Vendors:
    """Tells what can be added, before anything of the user's is sent."""

    def __init__(
        self,
        catalog: Catalog,
        lists: ModelLists,
        servers: LocalServers,
        prices: PriceBook,
        windows: ContextWindows,
        keys: Keys,
        store: Store,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._lists = lists
        self._servers = servers
        self._prices = prices
        self._windows = windows
        self._keys = keys
        self._store = store
        self._clock = clock

    def all(self) -> tuple[VendorFacts, ...]:
        """Return every vendor that is offered by name."""
        return self._catalog.vendors()

    def named(self, word: str) -> VendorFacts:
        """Return the vendor of that name or nickname; NotFoundError tells which there are."""
        vendor = self._catalog.named(word)
        if vendor is None:
            known = ", ".join(vendor.name for vendor in self.all())
            raise NotFoundError(f"There is no vendor called “{word}”.", f"Known are: {known}.")
        return vendor

    def place(
        self, vendor: VendorFacts, base_url: str = "", dialect: Dialect | None = None
    ) -> Place:
        """Return where a vendor's list is asked for; InputError where the address is not whole."""
        if vendor.no_list and not base_url:
            raise InputError(f"{vendor.name} has no list to read here.", vendor.no_list, "no_list")
        spoken = dialect or vendor.dialect
        wire = vendor.wire(spoken)
        url = checked_url(base_url or whole_address(vendor, wire.base_url if wire else ""))
        theirs = vendor.name if vendor.base_url else ""
        return Place(spoken, url, self._catalog.vendor_of(url) or theirs)

    async def models_at(
        self, place: Place, key: ApiKey | None = None, *, key_variable: str = ""
    ) -> tuple[ListedModel, ...]:
        """Return what the vendor lists, each with its context length and price where known.

        Without a key, that of a model which was added for the same server is used. ModelListError
        says why there is no list; KeyMissingError and VaultError, why there is no key.
        """
        if key_variable:
            key = self._keys.in_variable(checked_variable(key_variable))
        listed = await self._lists.models_at(place, key or await self._key_for(place))
        del key
        return await asyncio.to_thread(self._priced, place, listed)

    async def found(self) -> tuple[LocalServer, ...]:
        """Return the model servers that run on this computer now."""
        return await self._servers.found()

    async def _key_for(self, place: Place) -> ApiKey | None:
        for model in await self._store(lambda history: history.models()):
            keyed = model.key_source is not KeySource.NONE
            if keyed and _origin(model.base_url) == _origin(place.base_url):
                return await self._keys.fetch(model)
        return None

    def _priced(self, place: Place, listed: tuple[ListedModel, ...]) -> tuple[ListedModel, ...]:
        now = self._clock.now()

        def one(model: ListedModel) -> ListedModel:
            asked = ModelRef(
                model.id, place.dialect, place.base_url, model.id, Role.CHEAP, place.vendor
            )
            known = None if asked.on_this_computer else self._prices.price(asked, now)
            context = model.context_tokens or self._windows.context_tokens(place, model.id)
            return replace(
                model,
                price=model.price or known,
                context_tokens=context,
                priced=known is not None,
            )

        return tuple(one(model) for model in listed)


def _origin(url: str) -> tuple[str, str, int | None]:
    """Return what a key belongs to: another port of the same host is another server."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port
