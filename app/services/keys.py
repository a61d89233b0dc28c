"""Keys: where each is kept, fetched late and dropped early."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping

from app.domain.errors import CounterpartError, InputError, Problem, VaultError
from app.domain.model import KeySource, ModelRef
from app.domain.secret import ApiKey
from app.services.ports import Vault


class KeyMissingError(CounterpartError):
    """A model is set up with a key that is not there."""

    def __init__(self, model: ModelRef) -> None:
        where = {
            KeySource.ENVIRONMENT: f"the environment variable {model.key_name} is empty",
            KeySource.SESSION: "its key was kept for one run only, and that run has ended",
        }.get(model.key_source, "the keychain holds no key for it")
        step = "Add the key again in Settings."
        if model.key_source is KeySource.ENVIRONMENT:
            step = f"Set {model.key_name} before starting Counterpart, or add a key in Settings."
        super().__init__(Problem("key_missing", f"{model.name} was not asked: {where}.", step))


class Keys:
    """Stores and fetches keys; the keychain is called off the event loop."""

    def __init__(self, vault: Vault, session: Vault, environment: Mapping[str, str]) -> None:
        self._vault = vault
        self._session = session
        self._environment = environment

    async def keep(self, key: ApiKey) -> tuple[KeySource, str]:
        """Store a key in the keychain and return where it is; VaultError if that cannot be."""
        name = f"key-{secrets.token_hex(8)}"
        await asyncio.to_thread(self._vault.store, name, key)
        return KeySource.KEYCHAIN, name

    async def keep_for_this_run(self, key: ApiKey) -> tuple[KeySource, str]:
        """Keep a key in memory until the app closes."""
        name = f"session-{secrets.token_hex(8)}"
        self._session.store(name, key)
        return KeySource.SESSION, name

    async def keychain_problem(self) -> Problem | None:
        """Return why keys cannot be kept in the keychain now, or None."""
        try:
            await asyncio.to_thread(self._vault.fetch, "availability-check")
        except VaultError as error:
            return error.problem
        return None

    def in_variable(self, name: str) -> ApiKey:
        """Return the key that an environment variable holds now; InputError if it holds none."""
        value = self._environment.get(name, "").strip()
        if not value:
            raise InputError(
                "That environment variable is empty.",
                "Set it before starting Counterpart, and give its name, never the key itself.",
                "key_missing",
            )
        return ApiKey(value)

    async def fetch(self, model: ModelRef) -> ApiKey | None:
        """Return the key for one request; KeyMissingError or VaultError when it cannot be had."""
        if model.key_source in (KeySource.NONE, KeySource.PRACTICE):
            return None
        if model.key_source is KeySource.ENVIRONMENT:
            value = self._environment.get(model.key_name, "").strip()
            key = ApiKey(value) if value else None
        elif model.key_source is KeySource.KEYCHAIN:
            key = await asyncio.to_thread(self._vault.fetch, model.key_name)
        else:
            key = self._session.fetch(model.key_name)
        if key is None:
            raise KeyMissingError(model)
        return key

    async def forget(self, model: ModelRef) -> None:
        """Delete the key of a model that is removed or whose key is replaced."""
        if model.key_source is KeySource.KEYCHAIN:
            await asyncio.to_thread(self._vault.delete, model.key_name)
        elif model.key_source is KeySource.SESSION:
            self._session.delete(model.key_name)
