"""The doors that the services need and that the adapters build."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.domain.answer import Answer
from app.domain.conversation import Attachment
from app.domain.events import Attempted, StreamEvent
from app.domain.matter import Matter
from app.domain.model import ModelRef
from app.domain.money import Price
from app.domain.practice import PracticeItem
from app.domain.routing.decision import Decision
from app.domain.secret import ApiKey
from app.domain.turn import HistoryQuery, LedgerTurn, Lesson, Turn, TurnRow
from app.domain.vote import Vote


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asks of whoever answers; a provider passes on what its server can be told.

    `stay_here`: nobody outside this computer may see the prompt. `no_training`, `no_retention`:
    nobody may learn from it, or keep it. `only_at`: if it is forwarded, then to these alone.
    """

    stay_here: bool = False
    no_training: bool = False
    no_retention: bool = False
    only_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to one model: the user's message as sent; the model brings the rest."""

    text: str
    wishes: Wishes = Wishes()


class Provider(Protocol):
    """One model that can answer, reached with one key."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the answer as it arrives; exactly one Finished or Failed is the last event.

        Never raises for a fault of the network or the server: that is a Failed. Closing the
        generator (or cancelling the task) closes the connection at once.
        """
        ...


class Providers(Protocol):
    """Builds providers over one shared HTTP client."""

    def open(self, model: ModelRef, key: ApiKey | None) -> Provider:
        """Return the provider for a model; `model.base_url` is where it is reached now."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


@dataclass(frozen=True, slots=True)
class VendorFacts:
    """A vendor the user can choose from a list: address, dialect and sensible model ids."""

    name: str
    dialect: str
    base_url: str
    key_page: str
    cheap_models: tuple[str, ...] = ()
    frontier_models: tuple[str, ...] = ()
    jurisdiction: str = ""


class Catalog(Protocol):
    """The vendors that are offered by name."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them in the order of the list."""
        ...

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor's name for an address, or an empty string."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the on-device model listens, and its access key."""

    base_url: str
    key: ApiKey


class LocalModel(Protocol):
    """The practice model in a child process of this app."""

    async def ensure(self) -> Endpoint:
        """Start it if need be and return where it listens; LocalModelError if it cannot run."""
        ...

    def close(self) -> None:
        """End the child process."""
        ...

    def settings(self) -> tuple[ModelRef, ModelRef]:
        """Return the practice pair's two settings, cheap first."""
        ...

    def prompts(self) -> tuple[PracticeItem, ...]:
        """Return short prompts of our own with an answer key, for practising on it. Blocking."""
        ...


class Vault(Protocol):
    """The system's keychain. Blocking: called away from the interface thread, with a time-out."""

    def store(self, name: str, key: ApiKey) -> None:
        """Keep a key; VaultError if there is no keychain, it is locked, or the key is too long."""
        ...

    def fetch(self, name: str) -> ApiKey | None:
        """Return the key, or None if there is none; VaultError as above."""
        ...

    def delete(self, name: str) -> None:
        """Forget the key; silent when it is not there; VaultError as above."""
        ...


class TokenCounter(Protocol):
    """Counts tokens, for the ≈ before sending and for answers without usage. Blocking at first."""

    def count(self, text: str, model: str = "") -> int:
        """Return about how many tokens the text has for that model."""
        ...


class PriceBook(Protocol):
    """Knows list prices, offline and dated."""

    def price(self, model: ModelRef, at: datetime) -> Price | None:
        """Return the price of a model at that moment, or None if it is not known."""
        ...


class Clock(Protocol):
    """Time is asked for."""

    def now(self) -> datetime:
        """Return the wall clock, UTC and aware."""
        ...

    def utc_offset_min(self, at: datetime) -> int:
        """Return the user's local offset from UTC at that moment, minutes."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never jump, for latency."""
        ...


class DocumentReader(Protocol):
    """Reads a PDF, DOCX or text file. Blocking."""

    def read(self, path: Path) -> Attachment:
        """Return its text; DocumentError says why not."""
        ...


class History(Protocol):
    """The local history. Blocking, and called from one thread only.

    Each method is one transaction. What `begin_turn`, `finish_answer`, `add_vote` and
    `add_decision` return from is durable (synchronous=FULL). StorageError in words otherwise.
    """

    def models(self) -> list[ModelRef]:
        """Return the models in use, in the order they were added; never the practice ones."""
        ...

    def add_model(self, model: ModelRef) -> ModelRef:
        """Store a model and return it with its id; InputError when the name is in use."""
        ...

    def remove_model(self, model_id: int) -> None:
        """Take a model out of use; its answers stay readable."""
        ...

    def matters(self) -> list[Matter]:
        """Return all matters by name, `Untagged` first; it always exists."""
        ...

    def save_matter(self, matter: Matter) -> Matter:
        """Store a matter, new or known by its name, with its policy."""
        ...

    def matter(self, name: str) -> Matter | None:
        """Return the matter of that name (case-insensitive), or None."""
        ...

    def tags(self) -> list[str]:
        """Return the tags in use, the most used first."""
        ...

    def setting(self, name: str) -> str | None:
        """Return a stored setting."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        ...

    def begin_turn(self, turn: Turn) -> Turn:
        """Store the prompt, its attachments, tags and empty answers before anything is sent.

        Creates the matter if it is new. Returns the turn with ids on it and on its answers.
        """
        ...

    def add_answer(self, turn_id: int, answer: Answer) -> Answer:
        """Add one more answer to a turn (the other model asked afterwards); returns it with id."""
        ...

    def save_partial(self, answer_id: int, text: str, reasoning: str) -> None:
        """Store what has arrived so far; about once a second, so it need not be durable."""
        ...

    def finish_answer(self, answer: Answer, attempts: tuple[Attempted, ...]) -> None:
        """Store the final state, text, times, usage, cost and attempts of `answer.id`."""
        ...

    def set_mode(self, turn_id: int, mode: str) -> None:
        """Change how a turn counts: a routed one becomes an open comparison."""
        ...

    def add_vote(self, turn_id: int, vote: Vote) -> None:
        """Append a vote; earlier ones stay."""
        ...

    def add_decision(self, turn_id: int, decision: Decision) -> None:
        """Store the decision that sent a turn, whole, so it can be shown as it was."""
        ...

    def recover(self) -> int:
        """Mark answers that were streaming when the app died as incomplete; return how many.

        Answers being streamed by another live process are left alone.
        """
        ...

    def turn(self, turn_id: int) -> Turn | None:
        """Return a whole turn, or None."""
        ...

    def page(self, query: HistoryQuery) -> list[TurnRow]:
        """Return one page, newest first."""
        ...

    def count(self, query: HistoryQuery) -> int:
        """Return how many turns match, ignoring `before_id` and `limit`."""
        ...

    def delete_turn(self, turn_id: int) -> None:
        """Delete a turn and all that hangs on it, the search index included, overwritten."""
        ...

    def lessons(self, pair_key: str) -> list[Lesson]:
        """Return the first vote of each turn of that pair, oldest first; incomplete ones left out.

        A vote that was changed later is left out: neither version is trusted to train. A turn
        without such a vote is there all the same where a vote on it was asked for.
        """
        ...

    def spot_checks_waiting(self, pair_key: str) -> list[int]:
        """Return the turns of that pair whose spot check waits for a vote, the oldest first."""
        ...

    def votes_left_out(self, pair_key: str) -> dict[str, int]:
        """Return how many votes do not train, by reason in words."""
        ...

    def ledger(self, *, practice: bool) -> list[LedgerTurn]:
        """Return every turn of that world, oldest first, without its texts."""
        ...

    def typical_output_tokens(self, model_id: int) -> int | None:
        """Return the median output length of a model's latest complete answers, or None."""
        ...

    def close(self) -> None:
        """Close the file, writing the log back."""
        ...
