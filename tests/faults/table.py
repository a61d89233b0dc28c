"""The fault table's one way to try a row, and its one list of what must hold in every row.

    with desk(tmp_path, speech, limits=…) as tried:      real services, real file, real sockets
        tried.server.default = Reply.error(401)
        tried.ask()                                      both sides; the cheap one is the faulty one
        tried.holds(Row(6, "401", FAILED, "key_refused", NOTHING))

The side that is tried has a key, the canary, in a keychain; what the server answers echoes it. The
other side streams a good answer meanwhile, and must not be touched. No test waits where the app
would wait: retries are noted and not slept.
"""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import os
import sqlite3
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.adapters.providers.factory import HttpProviders
from app.adapters.providers.limits import Limits
from app.adapters.storage import open_history
from app.adapters.vault.session import SessionVault
from app.domain.answer import Answer, AnswerState
from app.domain.connection import Connection
from app.domain.conversation import prompt_of
from app.domain.errors import CounterpartError
from app.domain.events import Attempted, TextArrived, Waiting
from app.domain.matter import UNTAGGED
from app.domain.model import Dialect, KeySource, ModelRef, Role, price_per_million
from app.domain.money import Certainty, Money
from app.domain.secret import ApiKey
from app.domain.turn import Lesson, Turn
from app.services.ask import SideSaid, TurnEvent
from app.services.container import Services
from app.services.ports.vault import Vault
from app.services.problem_report import problem_report
from tests.fakes.fault_server import FaultServer, Reply
from tests.fakes.scripted import Stage, TestClock
from tests.fakes.speech import SPEECH, Speech

CANARY = "sk-canary-7be04d1f92c6a8"
PROMPT = "Is the tenant of Kanari & Sons liable?"
ECHO = {"X-Request-Id": CANARY, "Set-Cookie": f"key={CANARY}", "Location-Of": CANARY}
GOOD_PIECES = ("No", ": clause", " 7", " forbids", " it", ".")
GOOD = "".join(GOOD_PIECES)
# Between two beats the loop's thread may work this long, and anything may take that long: work is
# counted in the thread's own processor time, which no busy neighbour makes longer.
MOST_WORK_S, LONGEST_STILL_S = 1.5, 30.0
BEAT_S = 0.005
JARGON = ("Error", "Exception", "http://", "{", "<", "None", "\n", CANARY)
NOTHING = "nothing"  # charged; measured
ALL = tuple(SPEECH.values())
COMPLETE, INCOMPLETE, FAILED = AnswerState.COMPLETE, AnswerState.INCOMPLETE, AnswerState.FAILED


@dataclass(frozen=True)
class Row:
    """One line of the table: what goes wrong, and what must come of it.

    `cost` is `NOTHING`, or how sure the amount is. `tries` is how often the server was asked and
    `slept` what was waited in between, seconds. `besides`: a try that broke may be billed too.
    """

    number: int
    fault: str
    state: AnswerState
    kind: str = ""
    cost: Certainty | str = NOTHING
    text: str = ""
    tries: int = 1
    slept: tuple[float, ...] = ()
    cut: bool = False
    besides: bool = False


def rows(*cases: Any) -> list[Any]:
    """Return cases for `parametrize`, each (Row, …) named by the row's number and fault."""
    return [pytest.param(*case, id=f"{case[0].number:02}-{case[0].fault}") for case in cases]


def echoing(reply: Reply) -> Reply:
    """Return the reply with the key echoed in its headers, as a careless proxy would."""
    return replace(reply, headers={**ECHO, **reply.headers})


def refusing(status: int, error: dict[str, Any] | str | None = None, **headers: str) -> Reply:
    """Return an error that quotes the key and the prompt."""
    if isinstance(error, str):
        return echoing(Reply.error(status, f"{error} {CANARY}", headers))
    told = {"message": f"No: {CANARY} {PROMPT}", "param": CANARY, **(error or {})}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return echoing(Reply.error(status, {"error": told}, named))


@dataclass
class Desk:
    """Two models behind real services, and everything that was seen of them."""

    folder: Path
    speech: Speech
    server: FaultServer
    other: FaultServer
    stage: Stage
    slept: list[float] = field(default_factory=list)
    heard: list[TurnEvent] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)
    longest_still_s: float = 0.0
    most_work_s: float = 0.0
    beats: int = 0
    turn: Turn | None = None
    services: Services | None = None
    after: list[Callable[[Desk], None]] = field(default_factory=list)
    beat_s: float = BEAT_S  # of the loop's own time
    loop_factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
    before_asking: Callable[[Desk, Services], Awaitable[None]] | None = None
    while_asking: Callable[[Desk], Awaitable[None]] | None = None
    lessons_before: int = 0
    matter: str = UNTAGGED
    hold: asyncio.Event | None = None
    report: str = ""
    vote: str = ""
    lessons: list[Lesson] = field(default_factory=list)
    spoken: str = ""
    stopped_both: bool = False

    def keep_key(self, key: str) -> None:
        """Put another key in the keychain."""
        self.stage.vault.store("key-1", ApiKey(key))

    # Asking

    def ask(self, *, blind: bool = True) -> Turn:
        """Ask both sides on a loop of its own, then vote, and learn, and report."""
        loop = self.loop_factory()
        try:
            return loop.run_until_complete(self._scene(blind=blind))
        finally:
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _scene(self, *, blind: bool) -> Turn:
        services = self.services = self.stage.open()
        heart = asyncio.create_task(self._beat())
        try:
            if self.before_asking is not None:
                await self.before_asking(self, services)
            asking = asyncio.create_task(
                services.comparisons.compare(
                    prompt_of(PROMPT, self.matter), self._hear, blind=blind
                )
            )
            if self.while_asking is not None:
                await self.while_asking(self)
            turn = self.turn = await asking
            heart.cancel()
            await self._afterwards(services, turn)
            self._look_in_files()  # while the history is open and its log beside it
        finally:
            heart.cancel()
            await services.close()
        return turn

    def _hear(self, event: TurnEvent) -> None:
        self.heard.append(event)

    async def _beat(self) -> None:
        last, worked = time.monotonic(), time.thread_time()
        while True:
            await asyncio.sleep(self.beat_s)
            self.longest_still_s = max(self.longest_still_s, time.monotonic() - last)
            self.most_work_s = max(self.most_work_s, time.thread_time() - worked)
            last, worked = time.monotonic(), time.thread_time()
            self.beats += 1

    async def _afterwards(self, services: Services, turn: Turn) -> None:
        try:
            await services.votes.cast(turn.id, "a")
            self.vote = "taken"
        except CounterpartError as error:
            self.vote = error.problem.kind
        self.lessons = await services.store(lambda history: history.lessons(turn.pair_key))
        kept = await services.store(lambda history: history.turn(turn.id))
        assert kept is not None
        self.spoken = repr((turn, kept, self.heard, services, vars(services.asking)))
        self.turn = kept
        self.report = await problem_report(services)

    # What came of it

    @property
    def tried(self) -> Answer:
        """Return the stored answer of the side that was tried."""
        assert self.turn is not None
        answer = self.turn.answer(Role.CHEAP)
        assert answer is not None
        return answer

    @property
    def attempts(self) -> list[Attempted]:
        """Return the attempts of the side that was tried."""
        return [event for event in self._said() if isinstance(event, Attempted)]

    @property
    def waits(self) -> list[Waiting]:
        """Return the waits that were announced, without the words that end them."""
        return [event for event in self._said() if isinstance(event, Waiting) and event.delay_s]

    def tried_has_text(self) -> bool:
        """Return whether the side that is tried has said anything yet."""
        return any(isinstance(event, TextArrived) for event in self._said())

    def _said(self) -> list[object]:
        return [
            event.event
            for event in self.heard
            if isinstance(event, SideSaid) and event.role is Role.CHEAP
        ]

    def holds(self, row: Row) -> Answer:
        """Check all that must hold in every row; return the stored answer for what is special."""
        answer = self.tried
        assert (answer.state, answer.problem and answer.problem.kind) == (
            row.state, row.kind or None,
        ), answer.problem  # fmt: skip
        assert answer.text == row.text, "what arrived is kept, and nothing else"
        shown = "".join(event.text for event in self._said() if isinstance(event, TextArrived))
        assert shown == row.text, "what is stored is what was shown"
        self._words_are_fit_to_read(answer)
        self._the_loop_kept_turning()
        if not self.stopped_both:
            self._the_other_side_is_whole()
        self._cost_is(answer, row.cost)
        self._attempts_tell_the_truth(answer, row)
        self._only_a_whole_answer_teaches(answer)
        self._look_for_the_key()
        return answer

    def _words_are_fit_to_read(self, answer: Answer) -> None:
        problem = answer.problem
        if problem is None:
            return
        assert problem.message.endswith("."), problem
        assert problem.next_step.endswith("."), problem
        for jargon in JARGON:
            assert jargon not in problem.sentence(), problem

    def _the_loop_kept_turning(self) -> None:
        assert self.beats > 0
        assert self.most_work_s < MOST_WORK_S, "the event loop was kept busy"
        assert self.longest_still_s < LONGEST_STILL_S, "the event loop stood still"

    def _the_other_side_is_whole(self) -> None:
        assert self.turn is not None
        other = self.turn.answer(Role.FRONTIER)
        assert other is not None
        assert (other.state, other.text, other.problem) == (AnswerState.COMPLETE, GOOD, None)
        assert other.cost.certainty is Certainty.MEASURED
        assert len(self.other.requests) == 1

    def _cost_is(self, answer: Answer, expected: Certainty | str) -> None:
        if expected == NOTHING:
            assert answer.cost.certainty is Certainty.MEASURED, answer.cost
            assert answer.cost.money == Money(answer.cost.money.amount * 0), answer.cost  # type: ignore[union-attr]
            return
        assert answer.cost.certainty is expected, answer.cost
        if expected in (Certainty.MEASURED, Certainty.ESTIMATED):
            assert answer.cost.money is not None
            assert answer.cost.money.amount > 0

    def _attempts_tell_the_truth(self, answer: Answer, row: Row) -> None:
        attempts = self.attempts
        assert len(attempts) == row.tries, attempts
        assert [attempt.attempt for attempt in attempts] == list(range(1, row.tries + 1))
        assert tuple(self.slept) == row.slept
        assert tuple(wait.delay_s for wait in self.waits) == row.slept
        may_be_billed = any(attempt.may_be_billed for attempt in attempts)
        assert may_be_billed is (row.cost != NOTHING or row.besides), attempts
        database = sqlite3.connect(self.folder / "data" / "counterpart.db")
        try:
            stored = database.execute(
                "select status, outcome, may_be_billed from attempt where answer_id = ? "
                "order by attempt",
                (answer.id,),
            ).fetchall()
        finally:
            database.close()
        assert stored == [
            (attempt.status, attempt.outcome, attempt.may_be_billed) for attempt in attempts
        ]

    def _only_a_whole_answer_teaches(self, answer: Answer) -> None:
        whole = answer.complete and not self.stopped_both
        assert (self.vote == "taken") is whole, self.vote
        assert len(self.lessons) == self.lessons_before + int(whole)

    # The canary

    def _look_for_the_key(self) -> None:
        for place in (self.spoken, self.report, *self.logged, _exceptions(), _processes()):
            assert CANARY not in place, place[max(0, place.find(CANARY) - 200) :][:400]
        self._look_in_files()

    def _look_in_files(self) -> None:
        needles = (CANARY.encode(), CANARY.encode("utf-16-le"))
        for path in self.folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert not any(needle in data for needle in needles), path


def _exceptions() -> str:
    """Return every exception that is alive, printed."""
    out = io.StringIO()
    for each in gc.get_objects():
        if isinstance(each, BaseException):
            with suppress(Exception):
                traceback.print_exception(each, file=out)
                out.write(repr(each.args))
    return out.getvalue()


def _processes() -> str:
    """Return arguments and variables of this process and its children, where the system tells."""
    if not sys.platform.startswith("linux"):
        return ""
    told: list[bytes] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if os.getpid() in (parent, int(process.name)):
                told += [(process / "cmdline").read_bytes(), (process / "environ").read_bytes()]
    return b"\n".join(told).decode("latin-1")


class _Ear(logging.Handler):
    """Hears every record of every logger, at every level, with all that hangs on it."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(1)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(f"{self.format(record)} {record.args!r} {record.msg!r}")


@cache
def _new_history() -> bytes:
    """Return a history's file as it is after the first start: made once for all rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.db"
        open_history(path, TestClock()).close()
        return path.read_bytes()


def tried_model(base_url: str, speech: Speech, **changes: Any) -> ModelRef:
    """Return the model that is tried: priced, with its key in the keychain."""
    made = ModelRef(
        "Pebble Flash", Dialect(speech.dialect), base_url, "pebble-flash", Role.CHEAP,
        vendor="Pebble AI", price=price_per_million("0.10", "0.40"),
        key_source=KeySource.KEYCHAIN, key_name="key-1",
    )  # fmt: skip
    return replace(made, **changes)


@contextmanager
def desk(
    folder: Path,
    speech: Speech,
    *,
    limits: Limits | None = None,
    base_url: str | None = None,
    connection: Connection | Callable[[], Connection] | None = None,
    server: FaultServer | None = None,
    vault: Vault | None = None,
    clock: TestClock | None = None,
    waits: asyncio.Event | None = None,
    **model: Any,
) -> Iterator[Desk]:
    """Open two servers, a history and services over them; the cheap side is the one to try.

    `waits` holds each wait before another try until the test sets it.
    """
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if waits is not None:
            await waits.wait()

    logged: list[str] = []
    ear, root = _Ear(logged), logging.getLogger()
    before, scratch = root.level, tempfile.tempdir
    (folder / "tmp").mkdir()
    with FaultServer() as own, FaultServer() as other:
        faulty = server or own
        other_speech = SPEECH["openai-chat" if speech.dialect == "anthropic" else "anthropic"]
        steps = [part for piece in other_speech.whole(*GOOD_PIECES) for part in (piece, 0.003)]
        other.default = other_speech.reply(steps)
        if vault is None:
            vault = SessionVault()
            vault.store("key-1", ApiKey(CANARY))
        frontier = ModelRef(
            "Summit Large", Dialect(other_speech.dialect), other_speech.base_url(other),
            "summit-large", Role.FRONTIER, vendor="Summit Labs",
            price=price_per_million("15", "75"),
        )  # fmt: skip
        where = speech.base_url(faulty) if base_url is None else base_url
        (folder / "data").mkdir()
        (folder / "data" / "counterpart.db").write_bytes(_new_history())
        stage = Stage(
            folder / "data",
            pair=(tried_model(where, speech, **model), frontier),
            vault=vault,
            clock=clock or TestClock(),
        )
        stage.over_the_wire = HttpProviders(
            stage.clock,
            limits or Limits(),
            sleep=sleep,
            dice=lambda: 0.0,
            connection=(lambda: connection) if isinstance(connection, Connection) else connection,
        )
        root.addHandler(ear)
        root.setLevel(1)
        tempfile.tempdir = str(folder / "tmp")
        try:
            yield Desk(folder, speech, faulty, other, stage, slept, logged=logged, hold=waits)
        finally:
            tempfile.tempdir = scratch
            root.setLevel(before)
            root.removeHandler(ear)
