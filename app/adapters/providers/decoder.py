"""Frames to meaning: what all dialects share. A decoder knows nothing of the network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.adapters.providers.json_text import SurrogateMender, loads
from app.adapters.providers.problems import Problems
from app.adapters.providers.sse import Frame, FrameReader, SseReader
from app.adapters.providers.thought_tags import Said, ThoughtTags
from app.adapters.providers.wire_error import Meaning, WireError
from app.domain.errors import Problem
from app.domain.events import (
    Failed,
    Finished,
    FinishReason,
    ReasoningArrived,
    StreamEvent,
    TextArrived,
)
from app.domain.money import Usage

Json = Mapping[str, object]

DONE = b"[DONE]"
"""What ends a stream of OpenAI's; some gateways add it to every dialect, where it says nothing."""


class Decoder(ABC):
    """Reads one answer. After `ended` is set it says nothing more.

    `secrets` are texts (the key, the prompt) that no label taken from an error may be part of.
    """

    def __init__(self, problems: Problems, secrets: tuple[str, ...] = ()) -> None:
        self._problems = problems
        self._secrets = secrets
        self._text_mender = SurrogateMender()
        self._reasoning_mender = SurrogateMender()
        self._tags: ThoughtTags | None = ThoughtTags()
        self.usage = Usage()
        self.served_model = ""
        self.reason: FinishReason | None = None
        self.ended = False
        self.begun = False  # any text or reasoning has arrived
        self.size_bytes = 0

    def reader(self, max_line_bytes: int) -> FrameReader:
        """Return what makes this dialect's frames of the body's bytes."""
        return SseReader(max_line_bytes)

    def feed(self, frames: Iterable[Frame]) -> list[StreamEvent]:
        """Return what these frames mean; the last may be Finished or Failed."""
        out: list[StreamEvent] = []
        for frame in frames:
            if self.ended:
                break  # data after the end is ignored
            try:
                self._read(frame, out)
            except ValueError:
                # Rubbish after the answer's own end takes nothing away from it.
                out.append(self.fail(self._problems.garbled()))
        return out

    def feed_rest(self, frames: Iterable[Frame]) -> list[StreamEvent]:
        """Read what a body left unfinished: half an object there means that it was cut off."""
        events = self.feed(frames)
        last = events[-1] if events else None
        if isinstance(last, Failed) and last.problem.kind == "garbled":
            events[-1] = self.fail(self._problems.cut_off(), cut=True)
        return events

    def close(self) -> StreamEvent:
        """Return what it means that the body ended here."""
        return self.fail(self._problems.cut_off(), cut=True)

    def fail(self, problem: Problem, *, cut: bool = False) -> Finished | Failed:
        """Return how the answer ends with this problem.

        An answer whose finish has been read is whole, whatever happened to the line afterwards.
        """
        if self.reason is not None:
            return self._finished(self.reason)
        self.ended = True
        return Failed(problem, self._counted(), cut=cut or self.begun)

    @abstractmethod
    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        """Add what one frame means to `out`; ValueError when it cannot be read."""

    def _object(self, data: bytes) -> Json:
        value = loads(data)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]  # one vendor wraps its errors in a list
        if not isinstance(value, dict):
            raise ValueError("not an object")  # noqa: TRY004  (one error for all unreadable frames)
        return value

    def _text(self, text: object, out: list[StreamEvent]) -> None:
        if isinstance(text, str) and text and (text := self._text_mender.mend(text)):
            self.begun = True
            self.size_bytes += _size_bytes(text)
            out.append(TextArrived(text))

    def _answer(self, text: object, out: list[StreamEvent]) -> None:
        """Take a piece of what the model wrote, which may begin with thoughts between tags."""
        if self._tags is None:
            self._text(text, out)
        elif isinstance(text, str) and text:
            self._tell(self._tags.read(text), out)
            if self._tags.done:
                self._tags = None

    def _tell(self, pieces: Iterable[Said], out: list[StreamEvent]) -> None:
        for piece in pieces:
            say = self._reasoning if piece.thought else self._text
            say(piece.text, out)

    def _reasoning(self, text: object, out: list[StreamEvent]) -> None:
        if isinstance(text, str) and text and (text := self._reasoning_mender.mend(text)):
            self.begun = True
            self.size_bytes += _size_bytes(text)
            out.append(ReasoningArrived(text))

    def _finish(self, out: list[StreamEvent]) -> None:
        """End the answer at its terminal event."""
        if self.reason is None:
            out.append(self.fail(self._problems.cut_off(), cut=True))
            return
        if self._tags is not None:
            self._tell(self._tags.rest(), out)
        if rest := self._text_mender.rest():
            out.append(TextArrived(rest))
        out.append(self._finished(self.reason))

    def _finished(self, reason: FinishReason) -> Finished:
        self.ended = True
        return Finished(self._finished_reason(reason), self._counted(), self.served_model)

    def _counted(self) -> Usage:
        """Return the usage without the zeros that some servers write where they do not count."""
        usage = self.usage
        if usage.input_tokens == 0:
            usage = replace(usage, input_tokens=None)
        if usage.output_tokens == 0 and self.begun:
            usage = replace(usage, output_tokens=None)
        return usage

    def _finished_reason(self, reason: FinishReason) -> FinishReason:
        """Return the reason, read together with all that arrived; a dialect may know better."""
        return reason

    def _error(self, error: WireError, out: list[StreamEvent]) -> None:
        meaning = error.meaning
        if meaning is Meaning.FILTERED and self.reason is None:
            self.reason = FinishReason.CONTENT_FILTER
            self._finish(out)
            return
        if meaning is Meaning.TOO_LONG and not self.begun:
            self.ended = True
            out.append(Failed(self._problems.too_long(), self._counted()))
            return
        problem = self._problems.provider_error(meaning, error.label(self._secrets))
        out.append(self.fail(problem))

    def _serve(self, name: object) -> None:
        if self.served_model or not isinstance(name, str) or not name.isprintable():
            return
        if not any(secret and secret in name for secret in self._secrets):
            self.served_model = name[:200]


def _size_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def count(value: object) -> int | None:
    """Return a token count, or None for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if value != value or value < 0 or value > 10**12:  # NaN, nonsense
        return None
    return int(value)


def section(value: object) -> Json:
    """Return a nested object, or an empty one where it is missing."""
    return value if isinstance(value, dict) else {}
