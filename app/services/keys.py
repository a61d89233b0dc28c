"""Keys: where each is kept, fetched late and dropped early."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from app.domain.errors import CounterpartError, InputError, Problem, VaultError
from app.domain.model import KeySource, ModelRef
from app.domain.secret import ApiKey
from app.services.ports.vault import Vault

T = TypeVar("T")
_log = logging.getLogger(__name__)
LONGEST_KEY_BYTES = 2560  # what Windows keeps of one entry, as UTF-16


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
    """Stores and fetches keys; the keychain is called off the event loop.

    A keychain may wait for ever, so each call has a thread of its own that nobody waits for at the
    end: neither stopping an answer nor closing the app is held up by it.
    """

    def __init__(self, vault: Vault, session: Vault, environment: Mapping[str, str]) -> None:
        self._vault = vault
        self._session = session
        self._environment = environment

    async def keep(self, key: ApiKey) -> tuple[KeySource, str]:
        """Store a key in the keychain and return where it is; VaultError if that cannot be."""
        _refuse_too_long(key)
        name = f"key-{secrets.token_hex(8)}"
        await _aside(lambda: self._vault.store(name, key))
        return KeySource.KEYCHAIN, name

    async def keep_for_this_run(self, key: ApiKey) -> tuple[KeySource, str]:
        """Keep a key in memory until the app closes."""
        name = f"session-{secrets.token_hex(8)}"
        self._session.store(name, key)
        return KeySource.SESSION, name

    async def keychain_problem(self) -> Problem | None:
        """Return why keys cannot be kept in the keychain now, or None."""
        try:
            await _aside(lambda: self._vault.fetch("availability-check"))
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
            key = await _aside(lambda: self._vault.fetch(model.key_name))
        else:
            key = self._session.fetch(model.key_name)
        if key is None:
            raise KeyMissingError(model)
        return key

    async def forget(self, model: ModelRef) -> None:
        """Delete the key of a model that is removed or whose key is replaced."""
        if model.key_source is KeySource.KEYCHAIN:
            await _aside(lambda: self._vault.delete(model.key_name))
        elif model.key_source is KeySource.SESSION:
            self._session.delete(model.key_name)

    async def forget_if_possible(self, model: ModelRef) -> Problem | None:
        """Delete the key of a model that is gone; return what remains where, or None."""
        try:
            await self.forget(model)
        except VaultError as error:
            return Problem(
                "key_left",
                f"{model.name} is removed, but its key is still in the system's keychain. "
                f"{error.problem.message}",
                f"Delete the entry “{model.key_name}” of “Counterpart” in the system's own "
                "keychain program once it opens, or withdraw the key on the vendor's page.",
            )
        return None

    async def let_go(self, model: ModelRef) -> None:
        """Delete a key whose place another has taken; a keychain that refuses keeps its entry.

        The new key is in use by then: a broken keychain must not keep a user from mending it.
        """
        try:
            await self.forget(model)
        except VaultError as error:
            _log.warning("an old key stays in the keychain: %s", error.problem.kind)


def _refuse_too_long(key: ApiKey) -> None:
    """Refuse on every system what only one of them cannot keep: keys move between computers."""
    size = len(key.reveal().encode("utf-16-le", "surrogatepass"))
    if size > LONGEST_KEY_BYTES:
        raise VaultError(
            f"The key has {size // 2:,} characters; the keychain of Windows keeps at most "
            f"{LONGEST_KEY_BYTES // 2:,}, so Counterpart stores no longer one.",
            "Check that only the key was pasted; or keep it for this run only, or in an "
            "environment variable.",
            "key_too_long",
        )


async def _aside(work: Callable[[], T]) -> T:
    """Run blocking work in a thread that ends with the program, whatever the work does."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # None is what the work returned

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="keychain-call", daemon=True).start()
    return await done
