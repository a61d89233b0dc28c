"""Models: adding, testing and removing them, and the pair in use."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from app.domain.answer import Answer
from app.domain.conversation import Prompt
from app.domain.errors import InputError, NotFoundError
from app.domain.matter import Matter
from app.domain.model import LOOPBACK_HOSTS, Dialect, KeySource, ModelRef, Pair, Role
from app.domain.money import Price
from app.domain.practice import PracticeItem
from app.domain.secret import ApiKey
from app.services.keys import Keys
from app.services.ports import Catalog, LocalModel
from app.services.send import Sender, Stop
from app.services.store import Store

PAIR_SETTING = "pair"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_OUTPUT_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model as the user typed it, before it is checked."""

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


class Models:
    """Knows the models, their keys and the pair in use."""

    def __init__(
        self, store: Store, keys: Keys, sender: Sender, catalog: Catalog, local: LocalModel
    ) -> None:
        self._store = store
        self._keys = keys
        self._sender = sender
        self._catalog = catalog
        self._local = local

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
        models = await self.all()
        for model in models:
            if model.name.casefold() == name.strip().casefold():
                return model
        known = ", ".join(model.name for model in models) or "none yet"
        raise NotFoundError(f"There is no model called “{name}”.", f"Models you added: {known}.")

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
        model = self.check(new)
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
        return await self._swap(model, replace(model, key_source=source, key_name=where))

    async def change(self, model: ModelRef, new: NewModel) -> ModelRef:
        """Store a changed version of a model under the same key; old answers keep the old one."""
        checked = self.check(new)
        changed = replace(checked, key_source=model.key_source, key_name=model.key_name)
        if changed.host != model.host and model.key_source is not KeySource.NONE:
            raise InputError(
                f"The key of {model.name} belongs to {model.host}.",
                "Remove the model and add it again to send its key to another address.",
            )
        refuse_insecure(changed)
        return await self._swap(model, changed, forget=False)

    async def _swap(self, old: ModelRef, new: ModelRef, *, forget: bool = True) -> ModelRef:
        pair = await self.pair()
        await self._store(lambda history: history.remove_model(old.id))
        stored = await self._store(lambda history: history.add_model(replace(new, id=0)))
        if not pair.practice and old.id in (pair.cheap.id, pair.frontier.id):
            cheap = stored if pair.cheap.id == old.id else pair.cheap
            frontier = stored if pair.frontier.id == old.id else pair.frontier
            await self._remember(Pair(cheap, frontier))
        if forget:
            await self._keys.let_go(old)
        return stored

    async def remove(self, name: str) -> ModelRef:
        """Take a model out of use and delete its key; its answers stay in History."""
        model = await self.named(name)
        await self._keys.forget(model)
        await self._store(lambda history: history.remove_model(model.id))
        return model

    async def test(self, model: ModelRef) -> Answer:
        """Make one small real call and return what came; nothing is recorded."""
        small = replace(model, max_output_tokens=min(model.max_output_tokens or 64, 64))
        prompt = Prompt("Reply with the single word: ready")
        sent = await self._sender.send(
            prompt, Matter("Test"), Answer(model.role, small), lambda _event: None, Stop()
        )
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
        pair = Pair(await self.named(cheap), await self.named(frontier))
        if pair.cheap.id == pair.frontier.id:
            raise InputError("A comparison needs two different models.", "Choose another one.")
        for model, role in ((pair.cheap, Role.CHEAP), (pair.frontier, Role.FRONTIER)):
            if model.role is not role:
                raise InputError(
                    f"{model.name} was added as a {model.role} model.",
                    f"Choose a {role} model for that place.",
                )
        await self._remember(pair)
        return pair

    async def use_practice_pair(self) -> Pair:
        """Go back to the practice pair."""
        await self._store(lambda history: history.set_setting(PAIR_SETTING, ""))
        return self.practice_pair()

    async def _remember(self, pair: Pair) -> None:
        value = f"{pair.cheap.id},{pair.frontier.id}"
        await self._store(lambda history: history.set_setting(PAIR_SETTING, value))

    def check(self, new: NewModel) -> ModelRef:
        """Return the model with clean fields, or raise InputError with what to mend."""
        name, url = new.name.strip(), checked_url(new.base_url)
        for value, field in ((name, "a name"), (new.model.strip(), "a model id")):
            if not value:
                raise InputError(f"The model needs {field}.", "Fill it in and save again.")
        if new.max_output_tokens is not None and not 1 <= new.max_output_tokens <= (
            MAX_OUTPUT_TOKENS
        ):
            raise InputError("The maximum length is a number of tokens.", "Try 4000.")
        dialect = _one_of(Dialect, new.dialect, "dialect")
        if dialect is Dialect.ANTHROPIC:
            url = url.removesuffix("/v1")
        model = ModelRef(
            name=name,
            dialect=dialect,
            base_url=url,
            model=new.model.strip(),
            role=_one_of(Role, new.role, "role"),
            vendor=new.vendor.strip() or self._catalog.vendor_of(url),
            system_prompt=new.system_prompt.strip(),
            max_output_tokens=new.max_output_tokens,
            local=new.local,
            price=new.price,
        )
        if new.local and model.host not in LOOPBACK_HOSTS:
            raise InputError(
                f"{model.host} is not this computer, so the model cannot be called local.",
                "Leave “local” off, or give the address of this computer (127.0.0.1).",
            )
        return model


E = TypeVar("E", bound=StrEnum)


def _one_of(kind: type[E], word: str, what: str) -> E:
    try:
        return kind(word)
    except ValueError:
        known = " or ".join(item.value for item in kind)
        raise InputError(f"“{word}” is not a {what}.", f"Use {known}.") from None


def checked_url(text: str) -> str:
    """Return an http(s) address without a trailing slash; InputError otherwise."""
    url = text.strip().rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"“{text.strip()}” is not an address.", "It starts with https:// and names a server."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError(
            "The address holds more than a server and a path.",
            "Leave out user names, keys and everything after “?” or “#”.",
        )
    return url


def checked_variable(name: str) -> str:
    """Return the name of an environment variable; InputError if it looks like anything else."""
    if not _VARIABLE.fullmatch(name.strip()):
        raise InputError(
            "That is not the name of an environment variable.",
            "Give the variable's name, never the key itself.",
        )
    return name.strip()


def refuse_insecure(model: ModelRef) -> None:
    """Raise InputError when a key would travel in the clear to another machine."""
    if urlsplit(model.base_url).scheme == "http" and model.host not in LOOPBACK_HOSTS:
        raise InputError(
            f"A key would travel unprotected to {model.host}.",
            "Use an address that starts with https://.",
            "insecure_address",
        )
