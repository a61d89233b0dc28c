"""The history port over SQL: each method is one transaction, in words when it fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.adapters.storage import (
    budget,
    calibrations,
    learning,
    ledger,
    matters,
    models,
    reading,
    recovery,
    spot_checks,
    writing,
)
from app.adapters.storage.owners import Owner
from app.adapters.storage.sqlite import Database
from app.domain.answer import Answer
from app.domain.budget import Month
from app.domain.calibration.run import Pause, Run, RunState
from app.domain.events import Attempted
from app.domain.matter import Matter
from app.domain.model import ModelRef, Pair
from app.domain.money import Money
from app.domain.routing.decision import Decision
from app.domain.routing.question import Question
from app.domain.turn import HistoryQuery, LedgerTurn, Lesson, Turn, TurnMode, TurnRow
from app.domain.vote import Vote
from app.services.ports.clock import Clock
from app.services.ports.learning import OutputLength
from app.services.ports.spending import SpendingCheck


class SqlHistory:
    """`app.services.ports.History` over one database; blocking, used from one thread only.

    Each method's contract is the port's. `durable=False` marks what may be lost with the power:
    partial text, which arrives again every second.
    """

    def __init__(self, database: Database, owner: Owner, clock: Clock) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock

    def models(self) -> list[ModelRef]:
        """Return the models in use, in the order they were added; never the practice ones."""
        with self._database.reading() as connection:
            return models.in_use(connection)

    def add_model(self, model: ModelRef) -> ModelRef:
        """Store a model and return it with its id; InputError when the name is in use."""
        with self._database.writing() as connection:
            return models.add(connection, model, self._clock.now())

    def replace_model(self, model_id: int, new: ModelRef) -> ModelRef:
        """Store a new version of a model in the place of one in use; return it with its id."""
        with self._database.writing() as connection:
            models.remove(connection, model_id, self._clock.now())
            return models.add(connection, new, self._clock.now())

    def remove_model(self, model_id: int) -> None:
        """Take a model out of use; its answers stay readable."""
        with self._database.writing() as connection:
            models.remove(connection, model_id, self._clock.now())

    def matters(self) -> list[Matter]:
        """Return all matters by name, `Untagged` first."""
        with self._database.reading() as connection:
            return matters.all_by_name(connection)

    def save_matter(self, matter: Matter) -> Matter:
        """Store a matter, new or known by its name (in any case), with its policy."""
        with self._database.writing() as connection:
            return matters.save(connection, matter)

    def matter(self, name: str) -> Matter | None:
        """Return the matter of that name (in any case), or None."""
        with self._database.reading() as connection:
            return matters.find(connection, name)

    def tags(self) -> list[str]:
        """Return the tags in use, the most used first."""
        with self._database.reading() as connection:
            return matters.tags_by_use(connection)

    def setting(self, name: str) -> str | None:
        """Return a stored setting."""
        with self._database.reading() as connection:
            return matters.setting(connection, name)

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting."""
        with self._database.writing() as connection:
            matters.set_setting(connection, name, value)

    def begin_turn(self, turn: Turn, spending: SpendingCheck | None = None) -> Turn:
        """Store a turn before anything is sent; return it with ids on it and on its answers."""
        with self._database.writing() as connection:
            return writing.begin_turn(
                connection, turn, self._owner.token, self._clock.now(), spending
            )

    def add_answer(
        self, turn_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer:
        """Add one more answer to a turn; NotFoundError if the turn is gone."""
        with self._database.writing() as connection:
            return writing.add_answer(
                connection, turn_id, answer, self._owner.token, self._clock.now(), spending
            )

    def spending(self, month: str, start: datetime, end: datetime) -> Month:
        """Return what was sent from `start` to before `end` has cost, what is held included."""
        with self._database.reading() as connection:
            return budget.month(connection, month, start, end)

    def save_partial(self, answer_id: int, text: str, reasoning: str) -> None:
        """Store what has arrived so far."""
        with self._database.writing(durable=False) as connection:
            writing.save_partial(connection, answer_id, text, reasoning)

    def finish_answer(self, answer: Answer, attempts: tuple[Attempted, ...]) -> None:
        """Store the final state of `answer.id`; silent when its turn was deleted meanwhile."""
        with self._database.writing() as connection:
            writing.finish_answer(connection, answer, attempts)

    def set_mode(self, turn_id: int, mode: str) -> None:
        """Change how a turn counts; NotFoundError if it is gone."""
        with self._database.writing() as connection:
            writing.set_mode(connection, turn_id, TurnMode(mode))

    def add_vote(self, turn_id: int, vote: Vote) -> None:
        """Append a vote; earlier ones stay. NotFoundError if the turn is gone."""
        with self._database.writing() as connection:
            writing.add_vote(connection, turn_id, vote, self._clock.now())

    def add_decision(self, turn_id: int, decision: Decision) -> None:
        """Store the decision that sent a turn, whole. NotFoundError if the turn is gone."""
        with self._database.writing() as connection:
            writing.add_decision(connection, turn_id, decision)

    def recover(self) -> int:
        """Mark answers that a dead program was streaming as incomplete; return how many."""
        with self._database.writing() as connection:
            recovered = recovery.recover(connection, self._owner)
        self._owner.clear_away_dead()
        return recovered

    def unreckoned(self) -> list[int]:
        """Return the turns with an answer that ended with the app and has no known cost yet."""
        with self._database.reading() as connection:
            return recovery.unreckoned(connection)

    def undecided(self) -> list[int]:
        """Return the late turns whose second look may have broken off between two of its steps.

        None while another program uses the history: it may be between two steps itself.
        """
        if not self._owner.alone():
            return []
        with self._database.reading() as connection:
            return recovery.undecided(connection)

    def turn(self, turn_id: int) -> Turn | None:
        """Return a whole turn, or None."""
        with self._database.reading() as connection:
            return reading.turn(connection, turn_id)

    def page(self, query: HistoryQuery) -> list[TurnRow]:
        """Return one page, newest first."""
        with self._database.reading() as connection:
            return reading.page(connection, query)

    def count(self, query: HistoryQuery) -> int:
        """Return how many turns match, ignoring `before_id` and `limit`."""
        with self._database.reading() as connection:
            return reading.count(connection, query)

    def delete_turn(self, turn_id: int) -> None:
        """Delete a turn and all that hangs on it, overwritten in the file, index and log."""
        with self._database.writing() as connection:
            writing.delete_turn(connection, turn_id)
        self._database.scrub()

    def lessons(self, pair_key: str) -> list[Lesson]:
        """Return what each turn of that pair teaches, oldest first.

        Of calibration runs every prompt of the list, voted on or not.
        """
        with self._database.reading() as connection:
            return learning.lessons(connection, pair_key, self._clock.now())

    def questions(self, pair_key: str) -> list[tuple[int, Question]]:
        """Return every prompt asked of that pair as the rule sees it, by its turn, oldest first."""
        with self._database.reading() as connection:
            return learning.questions(connection, pair_key)

    def spot_checks_waiting(self, pair_key: str) -> list[int]:
        """Return the turns of that pair whose spot check waits for a vote, the oldest first."""
        with self._database.reading() as connection:
            return spot_checks.waiting(connection, pair_key, self._clock.now())

    def earlier_versions(self, pair: Pair) -> list[str]:
        """Return the keys of pairs whose models had the same names and were not quite these."""
        with self._database.reading() as connection:
            return learning.earlier_versions(connection, pair)

    def votes_left_out(self, pair_key: str, earlier: Sequence[str] = ()) -> dict[str, int]:
        """Return how many votes do not train, by reason in words."""
        with self._database.reading() as connection:
            return learning.votes_left_out(connection, pair_key, earlier)

    def ledger(self, *, practice: bool) -> list[LedgerTurn]:
        """Return every turn of that world, oldest first, without its texts."""
        with self._database.reading() as connection:
            return ledger.ledger(connection, practice=practice)

    def output_lengths(self, model: ModelRef, after: int, most: int) -> list[OutputLength]:
        """Return how long complete answers of any version of a model were, oldest first."""
        with self._database.reading() as connection:
            return learning.output_lengths(connection, model, after, most)

    def add_calibration(self, run: Run) -> Run:
        """Store a fixed list; InputError when the name is in use."""
        with self._database.writing() as connection:
            return calibrations.add(connection, run, self._clock.now())

    def calibrations(self) -> list[Run]:
        """Return every run with its items, the newest first."""
        with self._database.reading() as connection:
            return calibrations.all_newest_first(connection)

    def calibration(self, name: str) -> Run | None:
        """Return the run of that name (in any case), or None."""
        with self._database.reading() as connection:
            return calibrations.find(connection, name)

    def claim_calibration(self, run_id: int) -> None:
        """Take a run for this program, to ask its prompts; InputError when another one asks."""
        with self._database.writing() as connection:
            calibrations.claim(connection, run_id, self._owner)

    def begin_item(
        self, run_id: int, item_id: int, turn: Turn, spending: SpendingCheck | None = None
    ) -> Turn | None:
        """Store an item's turn and tie them together; None where it may not be asked."""
        with self._database.writing() as connection:
            return calibrations.begin_item(
                connection, run_id, item_id, turn, self._owner.token, self._clock.now(), spending
            )

    def begin_side(
        self, run_id: int, item_id: int, answer: Answer, spending: SpendingCheck | None = None
    ) -> Answer | None:
        """Store one more attempt of a side that did not end well; None where it may not be."""
        with self._database.writing() as connection:
            return calibrations.begin_side(
                connection, run_id, item_id, answer, self._owner.token, self._clock.now(), spending
            )

    def pause_calibration(self, run_id: int, why: Pause) -> None:
        """Let a running run begin nothing more, whichever program asks for it."""
        with self._database.writing() as connection:
            calibrations.pause(connection, run_id, why)

    def release_calibration(self, run_id: int, state: RunState, why: Pause | None) -> None:
        """Let go of a run that this program asked for."""
        with self._database.writing() as connection:
            calibrations.release(connection, run_id, state, why, self._owner.token)

    def limit_calibration(self, run_id: int, limit: Money | None) -> None:
        """Change what a run may spend."""
        with self._database.writing() as connection:
            calibrations.limit(connection, run_id, limit)

    def skip_item(self, item_id: int) -> None:
        """Note that the vote on an item was put off."""
        with self._database.writing() as connection:
            calibrations.skip(connection, item_id, self._clock.now())

    def see_calibration(self, run_id: int) -> None:
        """Note that the count by model is looked at now, if it was not before."""
        with self._database.writing() as connection:
            calibrations.see(connection, run_id, self._clock.now())

    def close_calibration(self, run_id: int) -> None:
        """Note that the voting is ended now, if it was not before."""
        with self._database.writing() as connection:
            calibrations.close(connection, run_id, self._clock.now())

    def delete_calibration(self, run_id: int) -> None:
        """Delete a run and its list, overwritten; the turns that were asked stay."""
        with self._database.writing() as connection:
            calibrations.delete_run(connection, run_id)
        self._database.scrub()

    def close(self) -> None:
        """Close the file, writing the log back; silent when it is closed already."""
        try:
            self._database.close()
        finally:
            self._owner.release()
