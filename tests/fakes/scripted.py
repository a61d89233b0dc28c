"""Models that say what a test tells them to, when it tells them, behind the real services.

    stage = Stage(tmp_path)                          a real SQLite file, real services, no network
    stage.use(cheap=CHEAP, frontier=FRONTIER)        the pair in use; practice without it
    stage.cheap.says("Hel")                          now, or as soon as the model is asked
    stage.cheap.finishes(out=12)                     the end of its answer
    stage.frontier.fails("rate_limited")

Scripts may be written from any thread; the provider's stream waits until there is more.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from app.adapters.local_model.prompts import practice_items
from app.adapters.prompt_files.reader import PromptReader
from app.adapters.providers.trust import described
from app.adapters.storage import open_history
from app.adapters.vault.session import SessionVault
from app.bootstrap import LatePrinter
from app.domain.conversation import Attachment
from app.domain.errors import DocumentError, InputError, Problem
from app.domain.events import (
    Failed,
    Finished,
    FinishReason,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
    Waiting,
)
from app.domain.model import Dialect, ModelRef, Role, price_per_million
from app.domain.money import Price, Usage
from app.domain.practice import PracticeItem
from app.domain.routing.defaults import RuleDefaults
from app.domain.secret import ApiKey
from app.services.connections import InForce
from app.services.container import About, Services
from app.services.models import PAIR_SETTING
from app.services.ports.history import History
from app.services.ports.local_model import Endpoint
from app.services.ports.prices import PriceData
from app.services.ports.providers import ChatRequest, Providers
from app.services.ports.vault import Vault
from app.services.preferences import Preferences
from app.services.second_look import SECOND_SETTING, THIRD_SETTING
from app.services.tying import Doors, Draws, tied
from tests.fakes.offers import FewVendors, Offers

CHEAP = ModelRef(
    "Pebble Flash", Dialect.OPENAI_CHAT, "https://api.pebble.test/v1", "pebble-flash",
    Role.CHEAP, vendor="Pebble AI", price=price_per_million("0.10", "0.40"),
)  # fmt: skip
FRONTIER = ModelRef(
    "Summit Large", Dialect.ANTHROPIC, "https://api.summit.test", "summit-large",
    Role.FRONTIER, vendor="Summit Labs", price=price_per_million("15", "75"),
)  # fmt: skip
SECOND = ModelRef(
    "Quartz Mini", Dialect.OPENAI_CHAT, "https://api.quartz.test/v1", "quartz-mini",
    Role.CHEAP, vendor="Quartz", price=price_per_million("0.20", "0.60"),
)  # fmt: skip

THIRD = ModelRef(
    "Slate Nano", Dialect.OPENAI_CHAT, "https://api.slate.test/v1", "slate-nano",
    Role.CHEAP, vendor="Slate", price=price_per_million("0.05", "0.20"),
)  # fmt: skip


class Script:
    """What one model says. Everything pushed before it is asked is said at once."""

    def __init__(self) -> None:
        self._events: deque[StreamEvent] = deque()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more: asyncio.Event | None = None
        self.requests: list[ChatRequest] = []
        self.closed = 0

    def push(self, event: StreamEvent) -> None:
        """Let the model say one thing."""
        with self._lock:
            self._events.append(event)
            if self._loop is not None and self._more is not None:
                self._loop.call_soon_threadsafe(self._more.set)

    def says(self, text: str) -> None:
        """Let a piece of the answer arrive."""
        self.push(TextArrived(text))

    def reasons(self, text: str) -> None:
        """Let a piece of reasoning arrive."""
        self.push(ReasoningArrived(text))

    def waits(self, delay_s: float) -> None:
        """Ask for patience, as a rate limit does."""
        self.push(Waiting("the provider is busy", delay_s, 1))

    def finishes(self, *, out: int = 20, reason: FinishReason = FinishReason.STOP) -> None:
        """End the answer well, with the usage of a provider that counts."""
        self.push(Finished(reason, Usage(1000, out)))

    def fails(self, kind: str = "overloaded", *, cut: bool = False) -> None:
        """End the answer badly."""
        problem = Problem(kind, "The provider is overloaded (529).", "Ask again in a minute.")
        self.push(Failed(problem, cut=cut))

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Say what was pushed, and wait for more until the end was said."""
        with self._lock:
            self._loop, self._more = asyncio.get_running_loop(), asyncio.Event()
            more = self._more
            self.requests.append(request)
        try:
            while True:
                with self._lock:
                    event = self._events.popleft() if self._events else None
                    if event is None:
                        more.clear()
                if event is None:
                    await more.wait()
                    continue
                yield event
                if isinstance(event, Finished | Failed):
                    return
        finally:
            with self._lock:
                self._loop = self._more = None
                self.closed += 1


@dataclass
class ScriptedProvider:
    """The port's Provider over a script."""

    script: Script

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Say what the test said."""
        return self.script.stream(request)


@dataclass
class ScriptedProviders:
    """The port's Providers: one script for each seat, and for the second and third cheap model."""

    scripts: dict[Role, Script]
    second: Script
    third: Script

    def open(self, model: ModelRef, key: ApiKey | None) -> ScriptedProvider:
        """Return the model's script."""
        if model.model == SECOND.model:
            return ScriptedProvider(self.second)
        if model.model == THIRD.model:
            return ScriptedProvider(self.third)
        return ScriptedProvider(self.scripts[model.role])

    async def close(self) -> None:
        """Close nothing: nothing was opened."""


class TestClock:
    """A wall clock that stands, and a monotonic one that ticks a tenth of a second a look."""

    __test__ = False

    def __init__(self) -> None:
        self._ticks = 0
        self.later = timedelta()

    def now(self) -> datetime:
        """Return one fixed day in March (and `later`), a second later each time."""
        self._ticks += 1
        noon = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
        return noon + timedelta(seconds=self._ticks) + self.later

    def utc_offset_min(self, at: datetime) -> int:
        """Return one hour east."""
        return 60

    def monotonic(self) -> float:
        """Return a moment later than the last."""
        self._ticks += 1
        return self._ticks / 10


class NoKeychain:
    """A keychain that holds nothing."""

    def store(self, name: str, key: ApiKey) -> None:
        """Forget it at once."""

    def fetch(self, name: str) -> ApiKey | None:
        """Return that there is none."""
        return None

    def delete(self, name: str) -> None:
        """Do nothing."""


class WordCounter:
    """Counts words as tokens."""

    def count(self, text: str, model: str = "") -> int:
        """Return the number of words."""
        return len(text.split())


class NoPrices:
    """Knows no list price: the models of a test bring their own."""

    def price(self, model: ModelRef, at: datetime, served: str = "") -> Price | None:
        """Return that it is not known."""
        return None

    def data(self, today: date) -> PriceData:
        """Return that the list is six days old."""
        return PriceData("test list", today - timedelta(days=6))

    def replace(self, data: bytes, at: datetime, origin: str) -> PriceData:
        """Take any file."""
        return PriceData("test list, refreshed", at.date(), refreshed_at=at, origin=origin)


class NoPublisher:
    """Publishes no prices."""

    async def fetch(self, address: str = "") -> bytes:
        """Refuse, as a machine without a network does."""
        raise InputError("The prices could not be fetched.", "Try again later.")


class TextReader:
    """Reads text files."""

    def read(self, path: Path) -> Attachment:
        """Return the text, or refuse what is no text file."""
        if path.suffix != ".txt":
            raise DocumentError(f"{path.name} cannot be read.", "Attach a PDF, DOCX or text file.")
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return Attachment(path.name, "text/plain", data.decode(), digest, len(data))


class PracticeModels:
    """The practice pair without its child process."""

    async def ensure(self) -> Endpoint:
        """Return an address that nobody listens at: the scripts answer."""
        return Endpoint("http://127.0.0.1:9/v1", ApiKey("practice-access"))

    def close(self) -> None:
        """Close nothing."""

    def prompts(self) -> tuple[PracticeItem, ...]:
        return practice_items()

    def settings(self) -> tuple[ModelRef, ModelRef]:
        """Return two settings of one model."""
        cheap = replace(CHEAP, name="SmolLM2 short", practice=True, price=None, vendor="")
        frontier = replace(FRONTIER, name="SmolLM2 careful", practice=True, price=None, vendor="")
        return cheap, frontier


@dataclass
class Stage:
    """Real services over scripts and a file in `folder`.

    `seat_a` fixes the draw of the seats, `lot` that of the spot checks (0.5 draws none).
    `over_the_wire` takes the place of the scripts: real providers that ask a real server.
    """

    folder: Path
    seat_a: Role = Role.FRONTIER
    lot: float = 0.5
    votes_needed: int = 50
    welcomed: bool = True
    cheap: Script = field(default_factory=Script)
    frontier: Script = field(default_factory=Script)
    second: Script = field(default_factory=Script)
    third: Script = field(default_factory=Script)
    second_model: ModelRef | None = None  # chosen for a second look; SECOND's script answers
    third_model: ModelRef | None = None  # chosen beside the second; THIRD's script answers
    pair: tuple[ModelRef, ModelRef] | None = (CHEAP, FRONTIER)
    preferences: Preferences = field(default_factory=Preferences)
    clock: TestClock = field(default_factory=TestClock)
    vault: Vault = field(default_factory=NoKeychain)
    over_the_wire: Providers | None = None
    in_force: InForce = field(default_factory=InForce)
    offers: Offers = field(default_factory=Offers)

    def open(self) -> Services:
        """Tie the services to the doors of a test."""
        providers = self.over_the_wire or ScriptedProviders(
            {Role.CHEAP: self.cheap, Role.FRONTIER: self.frontier}, self.second, self.third
        )
        return tied(
            Doors(
                open_history=self._history,
                clock=self.clock,
                vault=self.vault,
                session=SessionVault(),
                environment={},
                providers=providers,
                local=PracticeModels(),
                catalog=FewVendors(),
                lists=self.offers,
                servers=self.offers,
                windows=self.offers,
                prices=NoPrices(),
                published=NoPublisher(),
                counter=WordCounter(),
                documents=TextReader(),
                prompt_files=PromptReader(),
                printer=LatePrinter(),
                certificates=described,
                in_force=self.in_force,
                about=lambda: About("0.0.0", self.folder, False, (), "test"),
                draws=Draws(lambda: self.seat_a, lambda: self.lot),
                defaults=RuleDefaults(votes_needed=self.votes_needed),
            )
        )

    def history(self) -> History:
        """Open the file beside the running services, to see what it holds."""
        return open_history(self.folder / "counterpart.db", self.clock)

    def prepared(self) -> History:
        """Open the file with the pair and the preferences in it, as the services find it."""
        return self._history()

    def _history(self) -> History:
        history = self.history()
        self.in_force.read(history)
        if self.pair is not None and not history.models():
            cheap, frontier = (history.add_model(model) for model in self.pair)
            history.set_setting(PAIR_SETTING, f"{cheap.id},{frontier.id}")
            if self.second_model is not None:
                second = history.add_model(self.second_model)
                history.set_setting(SECOND_SETTING, f"{second.id},{second.name}")
            if self.third_model is not None:
                third = history.add_model(self.third_model)
                history.set_setting(THIRD_SETTING, f"{third.id},{third.name}")
        if history.setting("preferences") is None:
            import json
            from dataclasses import asdict

            chosen = asdict(replace(self.preferences, welcomed=self.welcomed))
            history.set_setting("preferences", json.dumps(chosen))
        return history
