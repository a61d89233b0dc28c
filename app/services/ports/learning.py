"""What the history tells of the past, for the rule, the savings and the estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.model import ModelRef, Pair
from app.domain.routing.question import Question
from app.domain.turn import LedgerTurn, Lesson


@dataclass(frozen=True, slots=True)
class OutputLength:
    """One complete answer: its id, the beginning of its prompt, and how many tokens it had."""

    answer_id: int
    prompt_start: str
    output_tokens: int


class LearningHistory(Protocol):
    """What the past teaches: the rule, the savings, and how long answers are. Blocking.

    Each method is one transaction; StorageError in words.
    """

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
