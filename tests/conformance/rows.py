"""What a row of the conformance table is. The table itself is `providers/`, a file a provider.

Hold a file beside the provider's own reference: `STREAMS` says what each recorded stream must
mean, `REFUSALS` what each refusal must mean, `REQUESTS` what is sent.

    Stream("good", (thought("…"), said("…")), COMPLETE, Usage(…), served="gpt-6")
        the file `good.*` of the provider's folder: its events in order, the answer's state, the
        usage, and for what ends badly the `problem`'s kind
    Refusal(429, {…}, "payment")
        status, body, the problem's kind; `tries` is how often it is asked
    Request("…", at(…), {…body…}, path="/v1/…", headers={…}, never=("temperature",))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.domain.answer import AnswerState
from app.domain.events import ReasoningArrived, StreamEvent, TextArrived
from app.domain.model import Dialect, ModelRef, Role
from app.domain.money import Usage
from app.services.ports.providers import Wishes

FOLDER = Path(__file__).parents[1] / "fixtures" / "streams"

COMPLETE = AnswerState.COMPLETE
TRUNCATED = AnswerState.TRUNCATED
REFUSED = AnswerState.REFUSED
FILTERED = AnswerState.FILTERED
TOO_LONG = AnswerState.TOO_LONG
EMPTY = AnswerState.EMPTY
REASONING_ONLY = AnswerState.REASONING_ONLY
INCOMPLETE = AnswerState.INCOMPLETE
FAILED = AnswerState.FAILED

NOTHING = Usage()
# What every provider's "good" stream says, where it streams more than a word.
THOUGHT = "Reading the clause."
LAW = " keeps § 535 “BGB”\u2028in mind 😀."

said, thought = TextArrived, ReasoningArrived


@dataclass(frozen=True)
class Stream:
    """One recorded answer and what it means."""

    name: str
    events: tuple[StreamEvent, ...]
    state: AnswerState
    usage: Usage = NOTHING
    served: str = ""
    problem: str = ""
    local: bool = False  # the model is marked as local


@dataclass(frozen=True)
class Refusal:
    """One response from 400 up and what it means."""

    status: int
    body: Mapping[str, Any] | list[Any] | str
    problem: str
    tries: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What is sent for a model: the body holds at least `body`, and none of `never`."""

    why: str
    model: ModelRef
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    never_headers: tuple[str, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True)
class Provider:
    """One provider's part of the table; `name` is its folder of recorded streams."""

    name: str
    model: ModelRef
    streams: list[Stream]
    refusals: list[Refusal]
    requests: list[Request]


def at(dialect: Dialect, base_url: str, model: str = "m-1", **changes: Any) -> ModelRef:
    """Return a model at an address."""
    return replace(ModelRef("M", dialect, base_url, model, Role.CHEAP), **changes)


def recorded(provider: str, name: str) -> tuple[bytes, str]:
    """Return the bytes of a recorded stream, and the media type under which they come."""
    (path,) = (FOLDER / provider).glob(f"{name}.*")
    kinds = {
        ".sse": "text/event-stream",
        ".ndjson": "application/x-ndjson",
        ".json": "application/json",
    }
    return path.read_bytes(), kinds[path.suffix]


def error(
    message: str, kind: str | None = None, code: str | int | None = None, param: str | None = None
) -> dict[str, Any]:
    """Return an error in the shape of the OpenAI Chat dialect."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}
