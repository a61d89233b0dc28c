"""API keys in the system's keychain, through `keyring`.

Only keychains of the system itself are used: `keyring` would also take a plain text file, a null
store or whatever a configuration file or an environment variable names, so it is not asked to
choose.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.domain.errors import VaultError
from app.domain.secret import ApiKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Counterpart"
TIME_LIMIT_S = 10.0
NOT_KEPT = "Or keep the key for this run only, or in an environment variable."

_WINDOWS = ("keyring.backends.Windows.WinVaultKeyring",)
_MAC = ("keyring.backends.macOS.Keyring",)
_FREEDESKTOP = (
    "app.adapters.vault.secret_service.SecretServiceKeychain",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.libsecret.Keyring",
)

T = TypeVar("T")
Choose = Callable[[], "KeyringBackend | None"]


def system_keychain() -> KeyringBackend | None:
    """Return the best keychain of this system that answers now, or None. May block."""
    names = {"win32": _WINDOWS, "darwin": _MAC}.get(sys.platform, _FREEDESKTOP)
    classes = [_load(name) for name in names]
    usable = [kind for kind in classes if kind is not None and kind.viable]
    if not usable:
        return None
    return max(usable, key=lambda kind: float(kind.priority))()


def _load(name: str) -> type[KeyringBackend] | None:
    module, _, kind = name.rpartition(".")
    try:
        loaded: type[KeyringBackend] = getattr(importlib.import_module(module), kind)
    except (ImportError, AttributeError):
        return None
    return loaded


class KeyringVault:
    """Keeps keys in the system's keychain under the service name “Counterpart”.

    Every call runs in a thread of its own and gives up after `time_limit_s` seconds, because a
    keychain may wait for a password that nobody types. VaultError kinds: `keychain_absent`,
    `keychain_locked`, `keychain_slow`, and `keychain` for any other refusal.
    """

    def __init__(
        self, choose: Choose = system_keychain, time_limit_s: float = TIME_LIMIT_S
    ) -> None:
        self._choose = choose
        self._time_limit_s = time_limit_s

    def store(self, name: str, key: ApiKey) -> None:
        """Keep a key; VaultError says why it is not kept, and then it is not there either."""

        def work(keychain: KeyringBackend) -> None:
            keychain.set_password(SERVICE, name, key.reveal())

        def undo(keychain: KeyringBackend) -> None:
            keychain.delete_password(SERVICE, name)

        self._within_limit(work, undo)

    def fetch(self, name: str) -> ApiKey | None:
        """Return the key, or None if there is none; VaultError when the keychain cannot say."""

        def work(keychain: KeyringBackend) -> ApiKey | None:
            found = keychain.get_password(SERVICE, name)
            return None if found is None else ApiKey(found)

        return self._within_limit(work)

    def delete(self, name: str) -> None:
        """Forget the key, silently when it is not there; VaultError when the keychain refuses."""

        def work(keychain: KeyringBackend) -> None:
            if keychain.get_password(SERVICE, name) is not None:
                keychain.delete_password(SERVICE, name)

        self._within_limit(work)

    def _within_limit(
        self,
        work: Callable[[KeyringBackend], T],
        undo: Callable[[KeyringBackend], None] | None = None,
    ) -> T:
        """Run the work and return its result; after the limit raise, and undo it if it still ends.

        The user was told that it failed then, so nothing of it may stay.
        """
        turn = threading.Lock()
        results: list[T] = []
        faults: list[VaultError] = []
        given_up = False

        def run() -> None:
            try:
                keychain = self._choose()
                if keychain is None:
                    raise _absent()  # noqa: TRY301
                result = work(keychain)
                with turn:
                    if not given_up:
                        results.append(result)
                        return
                if undo is not None:
                    undo(keychain)
            except Exception as error:  # noqa: BLE001 - each backend raises its own kinds
                # The original is dropped on purpose: its traceback holds the key.
                faults.append(error if isinstance(error, VaultError) else in_words(error))

        worker = threading.Thread(target=run, name="keychain", daemon=True)
        worker.start()
        worker.join(self._time_limit_s)
        with turn:
            if results:
                return results[0]
            given_up = True
        raise faults[0] if faults else self._slow()

    def _slow(self) -> VaultError:
        return VaultError(
            f"The keychain did not answer within {self._time_limit_s:g} seconds.",
            "If the system asks for your password, type it there, then try again. " + NOT_KEPT,
            "keychain_slow",
        )


def in_words(error: Exception) -> VaultError:
    """Return what a keychain's error means for the user; its own text is left out."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"}:
        return VaultError(
            "The system's keychain is locked.",
            "Unlock it (logging in with your password does), then try again. " + NOT_KEPT,
            "keychain_locked",
        )
    if names & {"NoKeyringError", "SecretServiceNotAvailableException"}:
        return _absent()
    return VaultError(
        f"The system's keychain refused ({type(error).__name__}).",
        "Open the system's own keychain program to see whether it works, then try again. "
        + NOT_KEPT,
    )


def _absent() -> VaultError:
    step = "Log in to your desktop as usual and try again."
    if sys.platform.startswith("linux"):
        step = "Install GNOME Keyring or KWallet and log in to your desktop again."
    return VaultError(
        "This computer offers no keychain to keep the key in.",
        f"{step} {NOT_KEPT}",
        "keychain_absent",
    )
