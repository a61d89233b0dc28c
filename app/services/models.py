"""Models: adding, testing and removing them, and the pair in use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from app.domain.answer import Answer
from app.domain.conversation import Prompt
from app.domain.errors import InputError, NotFoundError, Problem
from app.domain.matter import Matter
from app.domain.model import LOOPBACK_HOSTS, Dialect, KeySource, ModelRef, Pair, Role
from app.domain.money import Price, own_price
from app.domain.practice import PracticeItem
from app.domain.secret import ApiKey
from app.domain.vendor import whole_address
from app.services.keys import Keys
from app.services.model_checks import (
    checked_url,
    checked_variable,
    named_in,
    one_of,
    refuse_insecure,
    refuse_to_call_local,
    refuse_unfit,
    same_price,
)
from app.services.ports.history import History
from app.services.ports.local_model import LocalModel
from app.services.ports.vendors import Catalog, LocalServers
from app.services.send import Sender, Stop
from app.services.store import Store

PAIR_SETTING = "pair"
MAX_OUTPUT_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model as the user typed it, before it is checked.

    An empty `dialect` or `base_url` is that of the vendor, where the vendor is one of the list.
    """

    name: str
    dialect: str
    base_url: str
    model: str
    role: str
    vendor: str = ""
    system_prompt: str = ""
    max_output_tokens: int | None = None
    local: bool = False
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """A model that was taken out of use, and what is left of its key, if anything is."""

    model: ModelRef
    key_left: Problem | None = None


class Models:
    """Knows the models, their keys and the pair in use."""

    def __init__(
        self,
        store: Store,
        keys: Keys,
        sender: Sender,
        catalog: Catalog,
        local: LocalModel,
        servers: LocalServers | None = None,
    ) -> None:
        self._store = store
        self._keys = keys
        self._sender = sender
        self._catalog = catalog
        self._local = local
        self._servers = servers

    async def all(self) -> list[ModelRef]:
        """Return the models that the user added."""
        return await self._store(lambda history: history.models())

    def practice_pair(self) -> Pair:
        """Return the two settings of the on-device model."""
        return Pair(*self._local.settings())

    async def practice_prompts(self) -> tuple[PracticeItem, ...]:
        """Return the short prompts that go with the practice pair."""
        return await asyncio.to_thread(self._local.prompts)

    async def named(self, name: str) -> ModelRef:
        """Return the model of that name; NotFoundError tells which there are."""
        return named_in(await self.all(), name)

    async def add(
        self,
        new: NewModel,
        *,
        key: ApiKey | None = None,
        key_variable: str = "",
        this_run_only: bool = False,
    ) -> ModelRef:
        """Check and store a model; its key goes to the keychain, or for this run into memory.

        InputError says what to mend; VaultError when the keychain refuses the key (nothing is
        stored then).
        """
        model = await self._placed(self.check(new))
        if any(known.name.casefold() == model.name.casefold() for known in await self.all()):
            raise InputError(
                f"There is already a model called “{model.name}”.",
                "Choose another name, or remove that one first.",
                "name_in_use",
            )
        source, where = KeySource.NONE, ""
        if key is not None:
            refuse_insecure(model)
            keep = self._keys.keep_for_this_run if this_run_only else self._keys.keep
            source, where = await keep(key)
        elif key_variable:
            refuse_insecure(model)
            source, where = KeySource.ENVIRONMENT, checked_variable(key_variable)
        keyed = replace(model, key_source=source, key_name=where)
        try:
            return await self._store(lambda history: history.add_model(keyed))
        except Exception:
            await self._keys.forget(keyed)
            raise

    async def replace_key(
        self, model: ModelRef, key: ApiKey, *, this_run_only: bool = False
    ) -> ModelRef:
        """Give a model a new key and delete the old entry."""
        refuse_insecure(model)
        keep = self._keys.keep_for_this_run if this_run_only else self._keys.keep
        source, where = await keep(key)

        def keyed(now: ModelRef) -> ModelRef:
            if now.host != model.host:
                raise InputError(
                    f"{now.name} is reached at {now.host} now: the key was not kept.",
                    f"Give it again if it is a key for {now.host}.",
                )
            return replace(now, key_source=source, key_name=where)

        try:
            old, stored = await self._swap(model, keyed)
        except Exception:
            await self._keys.forget(replace(model, key_source=source, key_name=where))
            raise
        await self._keys.let_go(old)
        return stored

    async def change(self, model: ModelRef, new: NewModel) -> ModelRef:
        """Store a changed version of a model under the same key; old answers keep the old one."""
        checked = await self._placed(self.check(new))

        def changed(now: ModelRef) -> ModelRef:
            if checked.host != now.host and now.key_source is not KeySource.NONE:
                raise InputError(
                    f"The key of {now.name} belongs to {now.host}.",
                    "Remove the model and add it again to send its key to another address.",
                )
            # A price that was not typed anew is none: what it was meanwhile given stays, with its
            # day, its currency and its cached rate.
            price = now.price if same_price(checked.price, model.price) else checked.price
            return replace(checked, price=price, key_source=now.key_source, key_name=now.key_name)

        refuse_insecure(replace(checked, key_source=model.key_source))
        _, stored = await self._swap(model, changed)
        return stored

    async def set_price(
        self, model: ModelRef, price_in: str, price_out: str, cached: str = "", currency: str = ""
    ) -> ModelRef:
        """Give a model a price of the user's own, dated today; old answers keep what they cost.

        InputError where one of them is not a price.
        """
        today = self._sender.today()
        try:
            price = own_price(price_in, price_out, cached, currency, today)
        except ValueError as error:
            raise InputError(
                f"That price cannot be used: {error}.", "Give amounts per million tokens."
            ) from None
        _, stored = await self._swap(model, lambda now: replace(now, price=price))
        return stored

    async def use_list_price(self, model: ModelRef) -> ModelRef:
        """Forget the user's own price of a model."""
        if model.price is None:
            return model
        _, stored = await self._swap(model, lambda now: replace(now, price=None))
        return stored

    async def _swap(
        self, model: ModelRef, change: Callable[[ModelRef], ModelRef]
    ) -> tuple[ModelRef, ModelRef]:
        """Put what `change` makes of a model in its place, in the pair too; return both.

        It is read and written in one step, and what another change made of the model meanwhile is
        what is changed: neither undoes the other, and none leaves the model there twice.
        """

        def swap(history: History) -> tuple[ModelRef, ModelRef]:
            known = history.models()
            now = next((each for each in known if each.id == model.id), None)
            now = named_in(known, model.name) if now is None else now
            new = change(now)
            if new == now:
                return now, now
            stored = history.replace_model(now.id, replace(new, id=0))
            ids = (history.setting(PAIR_SETTING) or "").split(",")
            if str(now.id) in ids:
                put = (str(stored.id) if each == str(now.id) else each for each in ids)
                history.set_setting(PAIR_SETTING, ",".join(put))
            return now, stored

        return await self._store(swap)

    async def remove(self, name: str) -> Removed:
        """Take a model out of use and delete its key; its answers stay in History.

        A keychain that is gone or locked keeps the key, and not the model: what is left is told.
        """

        def remove(history: History) -> ModelRef:
            model = named_in(history.models(), name)
            history.remove_model(model.id)
            return model

        # The model first: without its key it would stand there as one that cannot be asked.
        model = await self._store(remove)
        return Removed(model, await self._keys.forget_if_possible(model))

    async def look_again(self) -> bool:
        """Ask the servers of this computer which models they hand on; return whether that is news.

        A model that was added as local can have become one of a cloud since.
        """
        news = False
        for model in await self.all():
            told = (await self._asked_where(model)).forwards_to
            if told != model.forwards_to:
                # Removed while its server was asked: there is nothing to say of it any more.
                with suppress(NotFoundError):
                    news = await self._handed_on(model, told) or news
        return news

    async def _handed_on(self, model: ModelRef, told: str) -> bool:
        """Note who a model is handed on to, unless it is another by now; return whether it was.

        The server was asked about this model at this address, and told nothing of any other.
        """

        def noted(now: ModelRef) -> ModelRef:
            if (now.base_url, now.model) != (model.base_url, model.model):
                return now
            return replace(now, forwards_to=told, local=False)

        old, stored = await self._swap(model, noted)
        return stored.forwards_to != old.forwards_to

    async def _placed(self, model: ModelRef) -> ModelRef:
        """Return the model with where it is handed on to; InputError if it was called local."""
        placed = await self._asked_where(model)
        refuse_to_call_local(placed)
        return placed

    async def _asked_where(self, model: ModelRef) -> ModelRef:
        told = await self._servers.hands_on_to(model) if self._servers is not None else None
        return replace(model, forwards_to=told) if told and told != model.forwards_to else model

    async def test(self, model: ModelRef) -> Answer:
        """Make one small real call and return what came; nothing is recorded.

        It was asked for by name and is a few tokens: it is not held against the budget.
        """
        small = replace(model, max_output_tokens=min(model.max_output_tokens or 64, 64))
        prompt = Prompt("Reply with the single word: ready")
        sent = await self._sender.send(
            prompt, Matter("Test"), Answer(model.role, small), lambda _event: None, Stop(),
            cleared=True,
        )  # fmt: skip
        return sent.answer

    async def price(self, model: ModelRef) -> Price | None:
        """Return the price a model's cost is computed with now, or None if it is not known."""
        return await asyncio.to_thread(self._sender.price, model)

    async def pair(self) -> Pair:
        """Return the pair in use: the chosen one while both exist, else the practice pair."""
        chosen = await self._store(lambda history: history.setting(PAIR_SETTING))
        if chosen:
            models = {str(model.id): model for model in await self.all()}
            cheap, _, frontier = chosen.partition(",")
            if cheap in models and frontier in models:
                return Pair(models[cheap], models[frontier])
        return self.practice_pair()

    async def use_pair(self, cheap: str, frontier: str) -> Pair:
        """Choose the pair by names; InputError if a model sits in the wrong seat or twice."""

        def use(history: History) -> Pair:
            known = history.models()
            pair = Pair(named_in(known, cheap), named_in(known, frontier))
            refuse_unfit(pair)
            history.set_setting(PAIR_SETTING, f"{pair.cheap.id},{pair.frontier.id}")
            return pair

        return await self._store(use)

    async def use_practice_pair(self) -> Pair:
        """Go back to the practice pair."""
        await self._store(lambda history: history.set_setting(PAIR_SETTING, ""))
        return self.practice_pair()

    def check(self, new: NewModel) -> ModelRef:
        """Return the model with clean fields, or raise InputError with what to mend."""
        new = self._completed(new)
        name, url = new.name.strip(), checked_url(new.base_url)
        for value, field in ((name, "a name"), (new.model.strip(), "a model id")):
            if not value:
                raise InputError(f"The model needs {field}.", "Fill it in and save again.")
        if new.max_output_tokens is not None and not 1 <= new.max_output_tokens <= (
            MAX_OUTPUT_TOKENS
        ):
            raise InputError("The maximum length is a number of tokens.", "Try 4000.")
        dialect = one_of(Dialect, new.dialect, "dialect")
        if dialect is Dialect.ANTHROPIC:
            url = url.removesuffix("/v1")
        model = ModelRef(
            name=name,
            dialect=dialect,
            base_url=url,
            model=new.model.strip(),
            role=one_of(Role, new.role, "role"),
            vendor=self._whose(new.vendor.strip(), url),
            system_prompt=new.system_prompt.strip(),
            max_output_tokens=new.max_output_tokens,
            local=new.local,
            price=self._dated(new.price),
        )
        refuse_to_call_local(model)
        return model

    def _completed(self, new: NewModel) -> NewModel:
        """Return it with its vendor's own dialect and address, where none were given."""
        vendor = self._catalog.named(new.vendor) if new.vendor.strip() else None
        if new.base_url.strip():
            dialect = new.dialect or (vendor.dialect.value if vendor is not None else "")
            return replace(new, dialect=dialect)
        if vendor is None:
            known = ", ".join(vendor.name for vendor in self._catalog.vendors())
            missing = f"“{new.vendor.strip()}” is not a vendor of the list" if new.vendor else (
                "Neither a vendor nor an address was given"
            )  # fmt: skip
            raise InputError(f"{missing}.", f"Give an address, or a vendor: {known}.")
        dialect = new.dialect or vendor.dialect.value
        wire = vendor.wire(one_of(Dialect, dialect, "dialect"))
        if wire is None:
            spoken = " or ".join(wire.dialect.value for wire in vendor.wires)
            raise InputError(f"{vendor.name} is not asked in “{dialect}”.", f"Use {spoken}.")
        url = whole_address(vendor, wire.base_url)
        return replace(new, dialect=dialect, base_url=url, vendor=vendor.name)

    def _whose(self, name: str, url: str) -> str:
        """Return who is asked at an address; InputError where the name given is another's.

        Matters allow providers by name: elsewhere a listed vendor's holds at its own addresses
        alone, and at those nobody goes by another name. A server on this computer is the user's
        own, who knows whether it is a way to a vendor; only one known to be another is not.
        """
        host, at = urlsplit(url).hostname or "", self._catalog.vendor_of(url)
        here = host in LOOPBACK_HOSTS
        listed = self._catalog.named(name) if name else None
        if not name or (listed is not None and not listed.base_url):
            return at
        if listed is None and (here or not at):
            return name
        if listed is not None and (listed.name == at or (here and (listed.here or not at))):
            return listed.name
        called = listed.name if listed is not None else f"“{name}”"
        if at and not here:
            raise InputError(
                f"{host} is an address of {at}, not of {called}.",
                "Leave the vendor out: matters allow providers by name.",
                "vendor_elsewhere",
            )
        raise InputError(
            f"{host} is not an address of {called}.",
            "Leave the vendor out, or give a name of its own that no listed vendor has: matters "
            "allow providers by name.",
            "vendor_elsewhere",
        )

    def _dated(self, price: Price | None) -> Price | None:
        """Return the user's own price with the day it was given."""
        if price is None or price.as_of is not None:
            return price
        return replace(price, as_of=self._sender.today())
