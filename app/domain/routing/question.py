"""What the rule may see of a prompt, and the kinds of work it tells apart by their words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from app.domain.conversation import Prompt
from app.domain.routing.lesson import Lesson

_HEAD_CHARS = 1_500  # an instruction stands at the head or the foot, not amid a pasted document
_FOOT_CHARS = 500


class Task(StrEnum):
    """Kinds of work, told apart by the words of the instruction."""

    SUMMARY = "summary"
    EXTRACTION = "extraction"
    REWRITE = "rewrite"
    DRAFT = "draft"
    ANALYSIS = "analysis"
    QUESTION = "question"

    def in_words(self) -> str:
        """Return the task as a list shows it."""
        return _TASK_NAMES[self]


_TASK_NAMES = {
    Task.SUMMARY: "summaries",
    Task.EXTRACTION: "extraction",
    Task.REWRITE: "rewrites",
    Task.DRAFT: "drafting",
    Task.ANALYSIS: "analysis",
    Task.QUESTION: "questions",
}
# Stems; the earliest match in the instruction names the task.
_TASK_WORDS = {
    Task.SUMMARY: r"summar\w*|outline|recap|digest|overview|key points|gist|condense|tl;dr",
    Task.EXTRACTION: r"extract\w*|list|find|identify|pull out|which dates|what dates|table of|"
    r"locate|quote|classif\w*|categor\w*|tabulate|schedule of",
    Task.REWRITE: r"rewrite\w*|rephras\w*|plain[- ]language|plain english|simplif\w*|shorten|"
    r"translat\w*|proofread|polish|tone|reword\w*|correct the",
    Task.DRAFT: r"draft\w*|write|compose|prepare|letter|e-?mail to|prepare a",
    Task.ANALYSIS: r"analy[sz]\w*|assess\w*|advise|argu\w*|evaluat\w*|compare|critique|"
    r"strengths?|weakness\w*|risks?|research|explain why|limitation|implications?",
}
_TASK_PATTERNS = {task: re.compile(rf"\b(?:{words})\b") for task, words in _TASK_WORDS.items()}
QUESTION_START = re.compile(
    r"^\W*(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|"
    r"may|must|should|would|will|has|have)\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the rule sees: the words, the matter, the tags, and how long the attachments are.

    Pins also look into what is `attached` (as text) and at the `tokens` of it all, where somebody
    counted them; the learner never does.
    """

    text: str
    matter: str
    tags: tuple[str, ...] = ()
    attachment_chars: int = 0
    attached: str = field(default="", repr=False)
    tokens: int | None = None


def question_of(source: Prompt | Lesson) -> Question:
    """Return what the rule sees of a prompt, or of a prompt that was voted on."""
    match source:
        case Prompt():
            size = sum(len(item.text) for item in source.attachments)
            attached = "\n".join(item.text for item in source.attachments)
            return Question(source.text, source.matter, source.tags, size, attached)
        case Lesson():
            return Question(source.text, source.matter, source.tags, source.attachment_chars)


def instruction(text: str) -> str:
    """Return the part of a prompt where its instruction stands, in lower case."""
    if len(text) > _HEAD_CHARS + _FOOT_CHARS:
        text = f"{text[:_HEAD_CHARS]}\n{text[-_FOOT_CHARS:]}"
    return text.casefold()


@lru_cache(maxsize=4096)
def task_positions(text: str) -> Mapping[Task, int]:
    """Return each kind of work that the instruction names, with the place of its first word."""
    words = instruction(text)
    found: dict[Task, int] = {}
    for task, pattern in _TASK_PATTERNS.items():
        if hit := pattern.search(words):
            found[task] = hit.start()
    return MappingProxyType(found)


def task_of(text: str) -> Task | None:
    """Return the kind of work: the one named first, else a question if it reads as one."""
    found = task_positions(text)
    if found:
        return min(found, key=lambda task: found[task])
    words = instruction(text)
    if "?" in words or QUESTION_START.match(words):
        return Task.QUESTION
    return None
