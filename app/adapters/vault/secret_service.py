"""The Secret Service of Linux desktops, with its connection closed on every path.

Imported only where `keyring` and SecretStorage are needed.
"""

from __future__ import annotations

import secretstorage
from keyring.backends.SecretService import Keyring
from keyring.errors import KeyringLocked


class SecretServiceKeychain(Keyring):
    """As `keyring` has it, but a locked keychain leaves no open socket behind.

    The original keeps the bus open when it raises, one more socket with every attempt.
    """

    def get_preferred_collection(self) -> secretstorage.Collection:
        """Return the unlocked default collection; the caller closes its connection."""
        bus = secretstorage.dbus_init()
        try:
            collection = secretstorage.get_default_collection(bus)
            if collection.is_locked():
                collection.unlock()  # the system asks the user, and this waits for the answer
            if collection.is_locked():
                raise KeyringLocked("the user did not unlock it")  # noqa: TRY301
        except BaseException:
            bus.close()
            raise
        return collection
