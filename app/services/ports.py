"""The doors that the services need and that the adapters build."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from app.domain.answer import Answer
from app.domain.budget import Month
from app.domain.calibration.prompts import Import
from app.domain.calibration.report import CalibrationReport
from app.domain.calibration.run import Pause, Run, RunState
from app.domain.conversation import Attachment
from app.domain.events import Attempted, StreamEvent
from app.domain.matter import Matter
from app.domain.model import ModelRef, Pair
from app.domain.money import Money, Price
from app.domain.practice import PracticeItem
from app.domain.routing.decision import Decision
from app.domain.routing.question import Question
from app.domain.secret import ApiKey
from app.domain.thread import Exchange
from app.domain.turn import HistoryQuery, LedgerTurn, Lesson, Turn, TurnRow
from app.domain.vendor import ListedModel, LocalServer, Place, VendorFacts
from app.domain.vote import Vote


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asks of whoever answers; a provider passes on what its server can be told.

    `no_training`, `no_retention`: nobody may learn from it, or keep it. `only_at`: if it is
    forwarded, then to these alone. Whether it may leave this computer is no wish: a matter's policy
    decides, where the sending is.
    """

    no_training: bool = False
    no_retention: bool = False
    only_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One question to one model: the user's message as sent; the model brings the rest.

    `earlier` comes before it, oldest first: each a message of the user's and the model's answer.
    """

    text: str
    wishes: Wishes = Wishes()
    earlier: tuple[Exchange, ...] = ()


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


class Catalog(Protocol):
    """The vendors that are offered by name."""

    def vendors(self) -> tuple[VendorFacts, ...]:
        """Return them in the order of the list."""
        ...

    def vendor_of(self, base_url: str) -> str:
        """Return the vendor's name for an address, or an empty string."""
        ...

    def named(self, word: str) -> VendorFacts | None:
        """Return the vendor of that name or nickname, in any case, or None."""
        ...


class ModelLists(Protocol):
    """Asks servers for what they offer. Nothing of the user's is sent but the key."""

    async def models_at(self, place: Place, key: ApiKey | None) -> tuple[ListedModel, ...]:
        """Return what a vendor lists; ModelListError says why not."""
        ...


class LocalServers(Protocol):
    """Looks at the model servers of this computer. Never reaches beyond it, never with a key."""

    async def found(self) -> tuple[LocalServer, ...]:
        """Return those that run now, at their usual ports; looks at all at once, and briefly."""
        ...

    async def hands_on_to(self, model: ModelRef) -> str | None:
        """Return the host that the model's server hands prompts on to, or nothing if it says none.

        None where a server answers but cannot say. Asks only servers on this computer that are
        known to be able to (Ollama).
        """
        ...


class ContextWindows(Protocol):
    """Knows how much models can read. Blocking."""

    def context_tokens(self, place: Place, model: str) -> int | None:
        """Return the context length of a model at an address, or None if it is not known."""
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


@dataclass(frozen=True, slots=True)
class PriceData:
    """How old the list prices in use are. `newest_change` is the newest price they know of.

    `refreshed_at` is None for the prices that came with the program; `origin` is where refreshed
    ones came from; `problem` says why a refreshed file that lies there is not used.
    """

    source: str
    newest_change: date | None
    models: int = 0
    refreshed_at: datetime | None = None
    origin: str = ""
    problem: str = ""


class PriceBook(Protocol):
    """Knows list prices, dated; without the network. Blocking: the first look loads them."""

    def price(self, model: ModelRef, at: datetime, served: str = "") -> Price | None:
        """Return the list price of a model at that moment (aware), or None if it is not known.

        `served` is the model that answered, by its own account. The user's own price is not looked
        at here.
        """
        ...

    def data(self, today: date) -> PriceData:
        """Return how old the prices are."""
        ...

    def replace(self, data: bytes, at: datetime, origin: str) -> PriceData:
        """Check a published file, keep it and use it; a CounterpartError says why it is refused."""
        ...


class PriceSource(Protocol):
    """Where newer list prices are published."""

    async def fetch(self, address: str = "") -> bytes:
        """Return the published file, or the one at an address; CounterpartError if it cannot be."""
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


@dataclass(frozen=True, slots=True)
class SpendingCheck:
    """Asked what a month has cost inside the transaction that stores a prompt.

    Two prompts at once, from two windows even, thus see each other. `decide` raises what keeps the
    prompt from being stored.
    """

    month: str
    start: datetime
    end: datetime
    decide: Callable[[Month], None]


@dataclass(frozen=True, slots=True)
class OutputLength:
    """One complete answer: its id, the beginning of its prompt, and how many tokens it had."""

    answer_id: int
    prompt_start: str
    output_tokens: int


class PromptFiles(Protocol):
    """Reads prompts that the user wrote elsewhere. Blocking."""

    def read(self, path: Path) -> Import:
        """Return the prompts of a CSV, JSONL, JSON or text file, or of a folder of text files.

        InputError says why it cannot be used.
        """
        ...

    def parse(self, text: str) -> Import:
        """Return the prompts of a text: JSON lines where it is such, else pasted prompts."""
        ...


class ReportPrinter(Protocol):
    """Puts a calibration report on paper. Blocking, a fraction of a second."""

    def print_report(self, report: CalibrationReport, path: Path, paper: str) -> None:
        """Write a PDF on `a4` or `letter`; InputError when the file cannot be written."""
        ...


class CalibrationHistory(Protocol):
    """Calibration runs, as the history keeps them. Blocking; each method is one transaction.

    NotFoundError when a run is gone; StorageError in words.
    """

    def add_calibration(self, run: Run) -> Run:
        """Store a fixed list and return it with ids; InputError when the name is in use."""
        ...

    def calibrations(self) -> list[Run]:
        """Return every run with its items, the newest first."""
        ...

    def calibration(self, name: str) -> Run | None:
        """Return the run of that name (case-insensitive), or None."""
        ...

    def claim_calibration(self, run_id: int) -> None:
        """Take a run for this program, to ask its prompts.

        InputError when another living program asks for it, or its voting has ended.
        """
        ...

    def begin_item(
        self, run_id: int, item_id: int, turn: Turn, spending: SpendingCheck | None = None
    ) -> Turn | None:
        """Store an item's turn as `begin_turn` does and tie it to the item, both or neither.

        None where the item was asked before, or the run was paused or is not this program's.
        """
        ...

    def begin_side(
        self, run_id: int, item_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer | None:
        """Store one more attempt of a side that did not end well; returns it with its id.

        None where that side is answered or being answered, or the run may not go on.
        """
        ...

    def pause_calibration(self, run_id: int, why: Pause) -> None:
        """Let a running run begin nothing more, whichever program asks for it."""
        ...

    def release_calibration(self, run_id: int, state: RunState, why: Pause | None) -> None:
        """Let go of a run, in that state, or paused where `why` says so or it was meanwhile."""
        ...

    def limit_calibration(self, run_id: int, limit: Money | None) -> None:
        """Change what a run may spend."""
        ...

    def skip_item(self, item_id: int) -> None:
        """Note that the vote on an item was put off."""
        ...

    def see_calibration(self, run_id: int) -> None:
        """Note that the count by model is looked at now, if it was not before."""
        ...

    def close_calibration(self, run_id: int) -> None:
        """Note that the voting is ended now, if it was not before."""
        ...

    def delete_calibration(self, run_id: int) -> None:
        """Delete a run and its list, overwritten; the turns that were asked stay."""
        ...


class History(CalibrationHistory, Protocol):
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

    def begin_turn(self, turn: Turn, spending: SpendingCheck | None = None) -> Turn:
        """Store the prompt, its attachments, tags and empty answers before anything is sent.

        Creates the matter if it is new. Returns the turn with ids on it and on its answers. What
        `spending` raises leaves everything as it was.
        """
        ...

    def add_answer(
        self, turn_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer:
        """Add one more answer to a turn (the other model asked afterwards); returns it with id.

        Of several answers of one role the latest counts; the others become the turn's `earlier`.
        """
        ...

    def spending(self, month: str, start: datetime, end: datetime) -> Month:
        """Return what was sent from `start` to before `end` has cost, what is held included."""
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

    def unreckoned(self) -> list[int]:
        """Return the turns with an answer that ended with the app and has no known cost yet."""
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
        without such a vote is there all the same where a vote on it was asked for: as a spot check,
        or by a calibration run, of which every prompt of the list comes with its chance of 1.
        """
        ...

    def questions(self, pair_key: str) -> list[tuple[int, Question]]:
        """Return every prompt asked of that pair as the rule sees it, by its turn, oldest first."""
        ...

    def spot_checks_waiting(self, pair_key: str) -> list[int]:
        """Return the turns of that pair whose spot check waits for a vote, the oldest first."""
        ...

    def earlier_versions(self, pair: Pair) -> list[str]:
        """Return the keys of pairs whose models had the same names and were not quite these."""
        ...

    def votes_left_out(self, pair_key: str, earlier: Sequence[str] = ()) -> dict[str, int]:
        """Return how many votes do not train, by reason in words; those on `earlier` ones do."""
        ...

    def ledger(self, *, practice: bool) -> list[LedgerTurn]:
        """Return every turn of that world, oldest first, without its texts."""
        ...

    def output_lengths(self, model: ModelRef, after: int, most: int) -> list[OutputLength]:
        """Return how long complete answers of any version of a model were, the newest `most`.

        Only answers with an id above `after`, oldest first.
        """
        ...

    def close(self) -> None:
        """Close the file, writing the log back."""
        ...
