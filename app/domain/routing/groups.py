"""Counts by tag, by kind of work and by matter: what the user's comparisons say plainly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.routing.counts import tally
from app.domain.routing.decision import Tally
from app.domain.routing.lesson import Lesson
from app.domain.routing.question import Question, Task, question_of, task_of
from app.domain.vote import Choice, VoteKind
from app.domain.words import counted, interval_text


class GroupKind(StrEnum):
    """What holds a group together; the most telling first."""

    TAG = "tag"
    TASK = "task"
    MATTER = "matter"
    ALL = "all"


GroupKey = tuple[GroupKind, str]
EVERYTHING: GroupKey = (GroupKind.ALL, "")


@dataclass(frozen=True, slots=True)
class Group:
    """Comparisons that share a tag, a kind of work or a matter.

    `good` of `total` comparisons had a cheap answer that was good enough; in `neither` of them
    no answer would do, so paying more would not have helped either.
    """

    kind: GroupKind
    name: str
    good: int
    neither: int
    total: int
    tally: Tally

    def sentence(self) -> str:
        """Return the counts as a decision gives them for its reason."""
        said = (
            f"{self._opening()} the cheap answer {self._good()} "
            f"({interval_text(self.tally.low, self.tally.high)})"
        )
        if self.neither:
            where = "" if self.total == 1 else f"in {self.neither:,} "
            said += f"; {where}neither answer would do, so paying more would not have helped"
        return f"{said}."

    def _good(self) -> str:
        """Return in how many comparisons it was good enough, as one says it of none, one, all."""
        all_of_them = f"your {counted(self.total, 'comparison')}"
        if self.total == 1:
            return f"was {'' if self.good else 'not '}good enough in {all_of_them}"
        if self.good in (0, self.total):
            return f"was good enough in {'all' if self.good else 'none'} of {all_of_them}"
        return f"was good enough in {self.good:,} of {all_of_them}"

    def _opening(self) -> str:
        match self.kind:
            case GroupKind.TAG:
                return f"For prompts tagged {self.name}"
            case GroupKind.TASK:
                return f"For {label_of(self.kind, self.name)}"
            case GroupKind.MATTER:
                return f"In the matter {self.name}"
            case GroupKind.ALL:
                return "Over all your prompts"


def label_of(kind: GroupKind, name: str) -> str:
    """Return a group's name as a row shows it."""
    match kind:
        case GroupKind.TAG:
            return f"tagged {name}"
        case GroupKind.TASK:
            return Task(name).in_words()
        case GroupKind.MATTER:
            return name
        case GroupKind.ALL:
            return "all prompts"


def keys_of(question: Question) -> tuple[GroupKey, ...]:
    """Return the groups that a prompt belongs to, the most specific first."""
    task = task_of(question.text)
    return (
        *((GroupKind.TAG, tag) for tag in sorted(question.tags)),
        *(((GroupKind.TASK, task.value),) if task else ()),
        (GroupKind.MATTER, question.matter),
        EVERYTHING,
    )


def is_comparison(lesson: Lesson) -> bool:
    """Return whether both of the pair's answers were judged; one routed answer compares nothing."""
    seen = lesson.kind in (VoteKind.BLIND, VoteKind.OPEN) and lesson.choice is not None
    return seen and lesson.of_pair


def group_up(lessons: Sequence[Lesson], confidence: float) -> dict[GroupKey, Group]:
    """Return every group with its counts; lessons that compare nothing are left out."""
    members: dict[GroupKey, list[Choice]] = defaultdict(list)
    for lesson in lessons:
        if is_comparison(lesson) and lesson.choice is not None:
            for key in keys_of(question_of(lesson)):
                members[key].append(lesson.choice)
    return {key: _group(key, choices, confidence) for key, choices in members.items()}


def _group(key: GroupKey, choices: Sequence[Choice], confidence: float) -> Group:
    good = sum(choice in (Choice.CHEAP, Choice.EQUAL) for choice in choices)
    neither = sum(choice is Choice.NEITHER for choice in choices)
    counts = tally(label_of(*key), good, len(choices), confidence)
    return Group(*key, good, neither, len(choices), counts)


def most_specific(
    groups: dict[GroupKey, Group], keys: Iterable[GroupKey], enough: int
) -> Group | None:
    """Return the group that says most about a prompt and has enough votes.

    Among several tags the one with the most comparisons speaks; without enough votes anywhere,
    everything together does, and None where there is no comparison at all.
    """
    fit = [groups[key] for key in keys if key in groups and groups[key].total >= enough]
    if not fit:
        return groups.get(EVERYTHING)
    order = list(GroupKind)
    return min(fit, key=lambda group: (order.index(group.kind), -group.total, group.name))
