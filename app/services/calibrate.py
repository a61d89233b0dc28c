"""Calibration: prompts chosen and fixed, asked unattended, voted blind, and what came of it."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.calibration.ballot import Ballot, ballot_of
from app.domain.calibration.item import Item
from app.domain.calibration.prompts import Entry, Found, Import
from app.domain.calibration.report import CalibrationReport, report_of
from app.domain.calibration.run import Run, RunState, fixed_run
from app.domain.errors import CounterpartError, InputError, NotFoundError, Problem
from app.domain.model import Pair
from app.domain.money import Money
from app.domain.turn import HistoryQuery, Turn
from app.domain.vote import Reason, Vote, VoteKind
from app.services.archive import Archive
from app.services.calibrate_review import Review, Reviews
from app.services.calibrate_run import Report, Runner
from app.services.models import Models
from app.services.ports.clock import Clock
from app.services.ports.printer import ReportPrinter
from app.services.ports.prompt_files import PromptFiles
from app.services.store import Store

PAPERS = ("a4", "letter")
_PAGE = 200
_log = logging.getLogger(__name__)


class Calibrations:
    """Everything about calibration runs; the running itself is `Runner`'s."""

    def __init__(
        self,
        store: Store,
        archive: Archive,
        models: Models,
        reviews: Reviews,
        runner: Runner,
        files: PromptFiles,
        printer: ReportPrinter,
        clock: Clock,
    ) -> None:
        self._store = store
        self._archive = archive
        self._models = models
        self._reviews = reviews
        self._runner = runner
        self._files = files
        self._printer = printer
        self._clock = clock
        self._listeners: list[Report] = []
        self._failures: list[Callable[[Problem], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    # Choosing

    async def read(self, path: Path) -> Import:
        """Return the prompts of a file or a folder; InputError says why not."""
        return await asyncio.to_thread(self._files.read, path)

    def parse(self, text: str) -> Import:
        """Return the prompts of a pasted or piped text."""
        return self._files.parse(text)

    async def of_history(self, turn_ids: Sequence[int]) -> Import:
        """Return the prompts of these turns, with their matters, tags and documents."""
        return Import(tuple([_found(await self._archive.show(number)) for number in turn_ids]))

    async def newest(self, count: int, words: str = "", matter: str | None = None) -> Import:
        """Return one's own newest prompts, each once; of the practice pair only while it is used.

        `words` and `matter` narrow them as in History.
        """
        practice = (await self._models.pair()).practice
        found: dict[str, Found] = {}
        query = HistoryQuery(words=words, matter=matter, limit=_PAGE)
        while len(found) < count:
            rows = (await self._archive.page(query)).rows
            if not rows:
                break
            for row in rows:
                if row.practice != practice or len(found) >= count:
                    continue
                item = _found(await self._archive.show(row.id))
                found.setdefault(" ".join(item.text.casefold().split()), item)
            query = replace(query, before_id=rows[-1].id)
        return Import(tuple(found.values()))

    async def review(self, entries: Sequence[Entry], pair: Pair | None = None) -> Review:
        """Return what the run would cost and who would be sent what; nothing is stored or sent."""
        return await self._reviews.review(entries, pair or await self._models.pair())

    async def fix(self, name: str, review: Review, limit: Money | None) -> Run:
        """Fix the list that was reviewed, durably, before anything is sent.

        InputError when it is too short or too long, when nothing may be spent though something
        costs, or when the name is in use.
        """
        if limit is not None and limit.amount <= 0:
            raise InputError("The limit is more than nothing.", "Say what the run may spend.")
        if limit is None and review.high is not None:
            raise InputError("The run needs a limit.", "Say what it may spend at most.")
        now = self._clock.now()
        run = fixed_run(
            name,
            review.entries,
            review.pair,
            limit,
            seed=secrets.token_hex(16),
            created_at=now,
            utc_offset_min=self._clock.utc_offset_min(now),
        )
        return await self._store(lambda history: history.add_calibration(run))

    # Runs

    async def all(self) -> list[Run]:
        """Return every run, the newest first."""
        return await self._store(lambda history: history.calibrations())

    async def named(self, name: str) -> Run:
        """Return the run of that name; NotFoundError tells which there are."""
        run = await self._store(lambda history: history.calibration(name))
        if run is None:
            known = ", ".join(item.name for item in await self.all()) or "none yet"
            raise NotFoundError(f"There is no calibration run called “{name}”.", f"Runs: {known}.")
        return run

    async def run(self, name: str, report: Report) -> Run:
        """Ask what has not been asked yet, and return when that has ended."""
        return await self._runner.run(await self.named(name), report)

    async def start(self, name: str) -> None:
        """Begin to ask in the background; whoever listens hears how it goes."""
        run = await self.named(name)
        task = asyncio.ensure_future(self._in_background(run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_background(self, run: Run) -> None:
        try:
            await self._runner.run(run, self._tell)
        except CounterpartError as error:
            for failed in self._failures:
                failed(error.problem)

    async def wait(self) -> None:
        """Return once nothing is being asked in the background any more."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    def listen(self, report: Report, failed: Callable[[Problem], None]) -> None:
        """Tell of every step of every run that is asked in the background from now on."""
        self._listeners.append(report)
        self._failures.append(failed)

    def _tell(self, run: Run) -> None:
        for report in self._listeners:
            report(run)

    def running_here(self, run: Run) -> bool:
        """Return whether this program is asking for the run just now."""
        return self._runner.running_here(run.id)

    async def pause(self, name: str) -> Run:
        """Begin nothing more; what is being answered ends by itself."""
        await self._runner.pause(await self.named(name))
        return await self.named(name)

    def stop(self) -> None:
        """End the answers of a run that still arrive, keeping what came; on the event loop."""
        self._runner.stop()

    async def limit(self, name: str, limit: Money) -> Run:
        """Change what the run may spend; InputError when that is nothing."""
        if limit.amount <= 0:
            raise InputError("The limit is more than nothing.", "Say what the run may spend.")
        run = await self.named(name)
        await self._store(lambda history: history.limit_calibration(run.id, limit))
        return await self.named(name)

    async def delete(self, name: str) -> None:
        """Delete a run and its list; what was asked stays in History. InputError while it runs."""
        run = await self.named(name)
        if run.stored_state is RunState.RUNNING:
            raise InputError(f"The run “{run.name}” is being answered.", "Pause it first.")
        await self._store(lambda history: history.delete_calibration(run.id))

    # Voting

    async def next_ballot(self, name: str) -> Ballot | None:
        """Return the next item to vote on, by the lot, skipped ones last; None where none waits."""
        run = await self.named(name)
        _refuse_closed(run)
        for item in run.to_vote:
            turn = await self._turn(item)
            if turn is not None and turn.votable:
                return ballot_of(run, item.place, turn)
        return None

    async def ballot(self, name: str, place: int) -> Ballot:
        """Return one item to vote on, or to correct where it was voted on last; InputError else."""
        run = await self.named(name)
        _refuse_closed(run)
        item = run.item(place)
        turn = await self._turn(item)
        if turn is None or not turn.votable or turn.seating is None:
            raise InputError(
                f"Prompt {place} of “{run.name}” cannot be voted on: it does not have two whole "
                "answers.",
                "`calibrate next` gives one that can.",
                "not_votable",
            )
        if item.vote is not None and last_voted(run) != item:
            raise InputError(
                f"Prompt {place} of “{run.name}” has its vote already.",
                "Only the last vote can be corrected.",
                "already_voted",
            )
        return ballot_of(run, place, turn, item.vote)

    async def last_ballot(self, name: str) -> Ballot | None:
        """Return the item that was voted on last, to correct it; None where there is none."""
        run = await self.named(name)
        _refuse_closed(run)
        item = last_voted(run)
        return None if item is None else await self.ballot(name, item.place)

    async def vote(self, name: str, place: int, word: str, reasons: tuple[Reason, ...] = ()) -> Run:
        """Cast a blind vote (a, equal, b or neither) on an item; nothing is revealed.

        InputError when the voting has ended, or the item cannot be voted on (any more).
        """
        await self.ballot(name, place)
        run = await self.named(name)
        item = run.item(place)
        turn = await self._turn(item)
        assert turn is not None
        assert turn.seating is not None
        try:
            choice = turn.seating.choice(word)
        except ValueError:
            raise InputError(f"“{word}” is not a vote.", "Use a, equal, b or neither.") from None
        vote = Vote(choice, VoteKind.BLIND, tuple(dict.fromkeys(reasons)), self._clock.now())
        await self._store(lambda history: history.add_vote(turn.id, vote))
        return await self.named(name)

    async def skip(self, name: str, place: int) -> Run:
        """Put an item off: it comes again after the others."""
        run = await self.named(name)
        _refuse_closed(run)
        item = run.item(place)
        await self._store(lambda history: history.skip_item(item.id))
        return await self.named(name)

    async def end_voting(self, name: str) -> Run:
        """End the voting: what has no vote counts against the cheap model from now on."""
        run = await self.named(name)
        if not run.answered:
            raise InputError(f"Nothing of “{run.name}” has been answered yet.", "Let it run first.")
        if run.stored_state is RunState.RUNNING:
            raise InputError(f"The run “{run.name}” is being answered.", "Pause it first.")
        await self._store(lambda history: history.close_calibration(run.id))
        return await self.named(name)

    async def _turn(self, item: Item) -> Turn | None:
        turn_id = item.turn_id
        if turn_id is None:
            return None
        return await self._store(lambda history: history.turn(turn_id))

    # The report

    async def outline(self, run: Run) -> CalibrationReport:
        """Return the report without noting that it was looked at: for what tells no count."""
        return await asyncio.to_thread(report_of, run, self._clock.now())

    async def report(self, name: str) -> CalibrationReport:
        """Return the report, and note that the count was looked at before the voting ended.

        Where nothing is left to vote on or to ask, the voting is over, and that is noted.
        """
        run = await self.named(name)
        if run.voted and run.closed_at is None:
            over = run.stored_state is RunState.ANSWERED and not run.to_vote and not run.retryable
            if over:
                await self._store(lambda history: history.close_calibration(run.id))
            else:
                await self._store(lambda history: history.see_calibration(run.id))
            run = await self.named(name)
        return await self.outline(run)

    async def print_report(self, name: str, path: Path, paper: str = "a4") -> None:
        """Write the report as a PDF, on a4 or letter; InputError when it cannot be written."""
        if paper not in PAPERS:
            raise InputError(f"“{paper}” is not a paper size.", "Use a4 or letter.")
        self._printer.print_report(await self.report(name), path, paper)

    async def close(self) -> None:
        """End what is being answered, keeping what came."""
        await self._runner.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def last_voted(run: Run) -> Item | None:
    """Return the item whose vote was cast last."""
    voted = [item for item in run.items if item.vote is not None and item.vote.cast_at is not None]
    return max(
        voted,
        key=lambda item: (item.vote.cast_at if item.vote else None, item.order),
        default=None,
    )


def _refuse_closed(run: Run) -> None:
    if run.closed_at is not None:
        raise InputError(
            f"The voting on “{run.name}” has ended: the models are named in its report.",
            "Start a new run to vote again.",
            "calibration_closed",
        )


def _found(turn: Turn) -> Found:
    prompt = turn.prompt
    return Found(
        prompt.text, prompt.matter, prompt.tags, f"History, no. {turn.id}", prompt.attachments
    )
