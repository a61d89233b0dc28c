"""What a provider can say while it answers. Frozen values: they cross threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import Problem
from app.domain.money import Cost, Usage


class FinishReason(StrEnum):
    """Why a stream reached its terminal event."""

    STOP = "stop"
    LENGTH = "length"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    CONTEXT_OVERFLOW = "context_overflow"


@dataclass(frozen=True, slots=True)
class TextArrived:
    """A piece of the answer, in order."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningArrived:
    """A piece of the model's reasoning; shown folded, never part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider asked for patience or a retry is due; attempt `attempt` follows in `delay_s`.

    A delay of 0 says that the wait is over and that attempt goes out now: until then no request
    is under way, and stopping costs nothing.
    """

    reason: str
    delay_s: float
    attempt: int


ANSWERED = "answered"  # the outcome of an attempt that began to answer


@dataclass(frozen=True, slots=True)
class Attempted:
    """One HTTP request was made. Several may have been billed: each is recorded.

    `may_be_billed` is False where it never left or was turned down before the model could work.
    `besides` is what it may have cost on top of the answer's own cost, an estimate or unknown;
    who sends works it out. None for the attempt whose cost is the answer's own.
    """

    attempt: int
    status: int | None
    outcome: str
    request_id: str = ""
    may_be_billed: bool = False
    besides: Cost | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The stream reached its terminal event."""

    reason: FinishReason
    usage: Usage = field(default_factory=Usage)
    served_model: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The stream ended otherwise; what arrived before is kept, with the usage known so far.

    `cut` tells an answer that had begun (or a connection that broke) from a refusal to begin.
    """

    problem: Problem
    usage: Usage = field(default_factory=Usage)
    cut: bool = False
    may_be_billed: bool = True  # False when the request never left or was turned down


StreamEvent = TextArrived | ReasoningArrived | Waiting | Attempted | Finished | Failed
