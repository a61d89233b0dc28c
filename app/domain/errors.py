"""What can go wrong, in words that a lawyer can act on."""

from __future__ import annotations

from dataclasses import dataclass

KEPT, NOTHING_CAME = "What arrived is kept", "Nothing had arrived"
"""How a next step begins that tells of the text so far; the second where there is none."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault as shown and stored: what happened, and what to do next.

    `kind` is a stable identifier for tests and `--json` (for example `key_refused`,
    `rate_limited`, `cut_off`). Neither text may ever hold a key, a header or a prompt.
    """

    kind: str
    message: str
    next_step: str

    def sentence(self) -> str:
        """Return both parts as one line."""
        return f"{self.message} {self.next_step}".strip()


class CounterpartError(Exception):
    """A fault that the user can meet; carries its Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence())
        self.problem = problem


class InputError(CounterpartError):
    """What was typed or handed in cannot be used as it is."""

    def __init__(self, message: str, next_step: str, kind: str = "bad_input") -> None:
        super().__init__(Problem(kind, message, next_step))


class NotFoundError(CounterpartError):
    """The named model, matter or comparison does not exist."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(Problem("not_found", message, next_step))


class VaultError(CounterpartError):
    """The system's keychain is absent, locked or refused the entry."""

    def __init__(self, message: str, next_step: str, kind: str = "keychain") -> None:
        super().__init__(Problem(kind, message, next_step))


class StorageError(CounterpartError):
    """The history cannot be opened, read or written."""

    def __init__(self, message: str, next_step: str, kind: str = "storage") -> None:
        super().__init__(Problem(kind, message, next_step))


class DocumentError(CounterpartError):
    """An attachment cannot be read."""

    def __init__(self, message: str, next_step: str, kind: str = "attachment") -> None:
        super().__init__(Problem(kind, message, next_step))


class LocalModelError(CounterpartError):
    """The on-device model cannot be started."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(Problem("local_model", message, next_step))


class ModelListError(CounterpartError):
    """A server did not tell which models it offers."""
