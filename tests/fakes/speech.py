"""How each dialect says the same things, so that one fault can be tried in all of them.

speech = SPEECH["anthropic"]
speech.whole("Hel", "lo")        a good answer, usage and end included
speech.opening("Hel", "lo")      the same without an end
speech.keep_alive                a sign of life that is no word
speech.error                     an error inside a stream that had begun well
speech.base_url(server)          where a model of this dialect is reached
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.fault_server import FaultServer
from tests.fakes.streams import (
    Chunks,
    anthropic_error,
    anthropic_stream,
    openai_chunk,
    openai_stream,
    sse,
)


@dataclass(frozen=True)
class Speech:
    """One dialect's way of saying things. `endings` are finish reasons by their own names."""

    dialect: str
    base_url: Callable[[FaultServer], str]
    stream: Callable[..., Chunks]
    keep_alive: bytes
    error: bytes
    half: bytes  # the first bytes of an event whose rest never comes
    rubbish: bytes  # an event that is no JSON
    refusal: Chunks
    filtered: Chunks | None  # None where the dialect has no such end
    too_long: Chunks

    def whole(self, *texts: str) -> Chunks:
        """Return a good answer."""
        return self.stream(texts)

    def opening(self, *texts: str) -> Chunks:
        """Return a stream that begins well and has no end."""
        if self.dialect == "anthropic":
            return self.stream(texts, stop=None, done=False)
        return self.stream(texts, finish=None, usage=None, done=False)

    def reasoned(self, *reasoning: str) -> Chunks:
        """Return an answer that reasons and writes nothing."""
        if self.dialect == "anthropic":
            return self.stream((), thinking=reasoning)
        return self.stream((), reasoning=reasoning)

    def __str__(self) -> str:
        return self.dialect


SPEECH = {
    speech.dialect: speech
    for speech in (
        Speech(
            "openai-chat",
            lambda server: server.openai_url,
            openai_stream,
            b": keep-alive\n\n",
            sse({"error": {"code": 502, "message": "upstream"}}),
            openai_chunk({"content": " world"})[:30],
            b"data: {no json\n\n",
            openai_stream(["I cannot."], finish="refusal"),
            openai_stream(["I"], finish="content_filter"),
            openai_stream(["Half an ans"], finish="length"),
        ),
        Speech(
            "anthropic",
            lambda server: server.anthropic_url,
            anthropic_stream,
            sse({"type": "ping"}, event="ping"),
            anthropic_error(),
            anthropic_stream([" world"])[3][:30],
            b"event: content_block_delta\ndata: {no json\n\n",
            anthropic_stream(["I cannot."], stop="refusal"),
            None,
            anthropic_stream(["Half an ans"], stop="max_tokens"),
        ),
    )
}
