"""A thread: earlier prompts with the answers that are continued, sent along before a new prompt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import InputError, Problem
from app.domain.matter import Matter
from app.domain.model import ModelRef, Role
from app.domain.words import counted

_FIRST_CHARS = 72
# What Markdown adds to words; a heading's or a list's signs only where a line begins.
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+]\s+|\d+[.)]\s+)+|[*_`]{1,3}|\|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One earlier prompt and the answer to it that is continued.

    `asked` is the user's message as it was sent, documents included; `answered` the answer's text
    alone. `matter` is the one it was asked under with the policy that it has now: that policy binds
    the exchange wherever it is sent again.
    """

    turn_id: int
    answer_id: int
    asked: str
    answered: str
    matter: Matter

    @property
    def chars(self) -> int:
        """Return how many characters are sent."""
        return len(self.asked) + len(self.answered)


@dataclass(frozen=True, slots=True)
class Thread:
    """What a next prompt continues: the exchanges that are sent along, oldest first.

    `role` and `name` ("answer B") say whose answer is continued, `documents` are the files within
    the exchanges. `cut` tells that what came before the first one has been deleted since and is
    not sent.
    """

    exchanges: tuple[Exchange, ...]
    role: Role
    name: str = "the answer"
    documents: tuple[str, ...] = ()
    cut: bool = False

    @property
    def last(self) -> Exchange:
        """Return the exchange whose answer is continued."""
        return self.exchanges[-1]

    @property
    def first_words(self) -> str:
        """Return the beginning of the answer that is continued, in one line."""
        plain = " ".join(_MARKS.sub("", self.last.answered[: 8 * _FIRST_CHARS]).split())
        if len(plain) <= _FIRST_CHARS:
            return plain
        return f"{plain[:_FIRST_CHARS].rpartition(' ')[0] or plain[:_FIRST_CHARS]}…"

    def sentence(self) -> str:
        """Return what the next prompt does."""
        return f"Continuing {self.name}: “{self.first_words}”"

    def told(self) -> str:
        """Return what a turn that was asked did."""
        return f"Continued {self.name}: “{self.first_words}”"

    def along(self) -> str:
        """Return what is sent along."""
        prompts = counted(len(self.exchanges), "earlier prompt")
        documents = f" and {counted(len(self.documents), 'document')}" if self.documents else ""
        before = "; what came before was deleted" if self.cut else ""
        return f"{prompts}{documents} sent along{before}"


def refused(matter: Matter, earlier: Sequence[Exchange], model: ModelRef) -> Problem | None:
    """Return why a model may not be sent a prompt with what it continues, or None if it may.

    The prompt's own matter decides on all of it; each earlier one still decides on its exchange.
    """
    problem = matter.policy.refuses(model, matter.name)
    for exchange in earlier:
        older = exchange.matter
        problem = problem or older.policy.refuses_again(model, older.name)
    return problem


def gone() -> InputError:
    """Return why a prompt whose earlier exchange was deleted is not asked as if it were alone."""
    return InputError(
        "The answer that this prompt continues has been deleted, so it cannot be sent along.",
        "Nothing was sent. Ask the prompt by itself, or continue another answer.",
        "context_gone",
    )
