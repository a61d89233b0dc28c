"""How each dialect says the same things, so that one fault can be tried in all of them.

speech = SPEECH["anthropic"]
speech.whole("Hel", "lo")        a good answer, usage and end included
speech.opening("Hel", "lo")      the same without an end
speech.reasoned("hm")            an answer that reasons and writes nothing
speech.reply(steps)              a good status with those steps, labelled as the dialect does
speech.base_url(server)          where a model of this dialect is reached
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from app.domain.money import Usage
from tests.fakes.fault_server import FaultServer, Framing, Reply, Step
from tests.fakes.streams import (
    Chunks,
    anthropic_error,
    anthropic_stream,
    gemini_stream,
    line,
    ollama_stream,
    openai_chunk,
    openai_stream,
    responses_stream,
    sse,
)

_FAILED = {"code": "server_error", "message": "upstream"}


@dataclass(frozen=True)
class Speech:
    """One dialect's way of saying things; None where it has no such thing."""

    dialect: str
    base_url: Callable[[FaultServer], str]
    stream: Callable[..., Chunks]
    no_end: Mapping[str, object]  # what leaves the end out
    reasons: str  # how its reasoning is called
    keep_alive: bytes  # a sign of life that is no word
    error: bytes  # an error inside a stream that had begun well
    half: bytes  # the first bytes of an event whose rest never comes
    rubbish: bytes  # an event that is no JSON
    refusal: Chunks | None
    filtered: Chunks | None
    too_long: Chunks
    usage: Usage  # what `whole` counts
    uncounted: Chunks  # "Hello" without usage
    ended_twice: Chunks  # "Hello" with its end said twice
    unmarked: Chunks  # "Hello" without the mark that follows its end
    sse: bool = True
    after_its_end: bool = True  # what comes after its end is told apart from it

    def whole(self, *texts: str) -> Chunks:
        """Return a good answer."""
        return self.stream(texts)

    def opening(self, *texts: str) -> Chunks:
        """Return a stream that begins well and has no end."""
        return self.stream(texts, **self.no_end)

    def reasoned(self, *reasoning: str) -> Chunks:
        """Return an answer that reasons and writes nothing."""
        return self.stream((), **{self.reasons: reasoning})

    def reply(
        self,
        steps: Iterable[Step],
        headers: Mapping[str, str] | None = None,
        *,
        framing: Framing = "chunked",
        before: tuple[Step, ...] = (),
    ) -> Reply:
        """Return a good status with those steps."""
        kind = {} if self.sse else {"Content-Type": "application/x-ndjson"}
        return Reply.stream(steps, {**kind, **(headers or {})}, framing=framing, before=before)

    def __str__(self) -> str:
        return self.dialect


def _root(server: FaultServer) -> str:
    return server.url


def _v1(server: FaultServer) -> str:
    return server.openai_url


def _without(chunks: Chunks, *names: bytes) -> Chunks:
    """Return the chunks with fields of those names called otherwise."""
    for name in names:
        chunks = tuple(chunk.replace(b'"%b"' % name, b'"x_%b"' % name) for chunk in chunks)
    return chunks


def _twice(chunks: Chunks, *parts: bytes) -> Chunks:
    """Return the chunks with those that hold any of the parts said twice."""
    return tuple(
        each
        for chunk in chunks
        for each in [chunk] * (2 if any(part in chunk for part in parts) else 1)
    )


_OPENAI = Speech(
    dialect="openai-chat",
    base_url=_v1,
    stream=openai_stream,
    no_end={"finish": None, "usage": None, "done": False},
    reasons="reasoning",
    keep_alive=b": keep-alive\n\n",
    error=sse({"error": {"code": 502, "message": "upstream"}}),
    half=openai_chunk({"content": " world"})[:30],
    rubbish=b"data: {no json\n\n",
    refusal=openai_stream(["I cannot."], finish="refusal"),
    filtered=openai_stream(["I"], finish="content_filter"),
    too_long=openai_stream(["Half an ans"], finish="length"),
    usage=Usage(20, 8, cached_tokens=4, reasoning_tokens=2),
    uncounted=openai_stream(["Hello"], usage=None),
    ended_twice=_twice(openai_stream(["Hello"]), b'"finish_reason": "stop"', b'"usage"'),
    unmarked=openai_stream(["Hello"], done=False),
)
_ANTHROPIC = Speech(
    dialect="anthropic",
    base_url=_root,
    stream=anthropic_stream,
    no_end={"stop": None, "done": False},
    reasons="thinking",
    keep_alive=sse({"type": "ping"}, event="ping"),
    error=anthropic_error(),
    half=anthropic_stream([" world"])[3][:30],
    rubbish=b"event: content_block_delta\ndata: {no json\n\n",
    refusal=anthropic_stream(["I cannot."], stop="refusal"),
    filtered=None,
    too_long=anthropic_stream(["Half an ans"], stop="max_tokens"),
    usage=Usage(20, 8, cached_tokens=4, cache_write_tokens=2),
    uncounted=_without(anthropic_stream(["Hello"]), b"usage"),
    ended_twice=_twice(anthropic_stream(["Hello"]), b'"message_stop"', b'"message_delta"'),
    unmarked=anthropic_stream(["Hello"], done=False),
)
_RESPONSES = Speech(
    dialect="openai-responses",
    base_url=_v1,
    stream=responses_stream,
    no_end={"status": None},
    reasons="reasoning",
    keep_alive=b": keep-alive\n\n",
    error=sse({"type": "error", **_FAILED}, event="error"),
    half=responses_stream([" world"])[1][:30],
    rubbish=b"event: response.output_text.delta\ndata: {no json\n\n",
    refusal=(
        sse(
            {"type": "response.refusal.delta", "delta": "I cannot."}, event="response.refusal.delta"
        ),
        *responses_stream([]),
    ),
    filtered=responses_stream(
        ["I"], status="incomplete", incomplete_details={"reason": "content_filter"}
    ),
    too_long=responses_stream(
        ["Half an ans"], status="incomplete", incomplete_details={"reason": "max_output_tokens"}
    ),
    usage=Usage(20, 8, cached_tokens=4, cache_write_tokens=2, reasoning_tokens=2),
    uncounted=responses_stream(["Hello"], usage=None),
    ended_twice=_twice(responses_stream(["Hello"]), b'"response.completed"'),
    unmarked=responses_stream(["Hello"]),
)
_GEMINI = Speech(
    dialect="gemini",
    base_url=_root,
    stream=gemini_stream,
    no_end={"finish": None},
    reasons="thoughts",
    keep_alive=b": keep-alive\n\n",
    error=sse({"error": {"code": 503, "message": "upstream", "status": "UNAVAILABLE"}}),
    half=gemini_stream([" world"])[0][:30],
    rubbish=b"data: {no json\n\n",
    refusal=None,
    filtered=gemini_stream(["I"], finish="SAFETY"),
    too_long=gemini_stream(["Half an ans"], finish="MAX_TOKENS"),
    usage=Usage(20, 8, cached_tokens=4, reasoning_tokens=2),
    uncounted=_without(gemini_stream(["Hello"]), b"usageMetadata"),
    ended_twice=(*gemini_stream(["Hello"]), *gemini_stream([])),
    unmarked=gemini_stream(["Hello"]),
    after_its_end=False,
)
_OLLAMA = Speech(
    dialect="ollama",
    base_url=_root,
    stream=ollama_stream,
    no_end={"done": None},
    reasons="thinking",
    keep_alive=b"\n",
    error=line({"error": "upstream"}),
    half=ollama_stream([" world"])[0][:30],
    rubbish=b"{no json\n",
    refusal=None,
    filtered=None,
    too_long=ollama_stream(["Half an ans"], done="length"),
    usage=Usage(20, 8),
    uncounted=_without(ollama_stream(["Hello"]), b"prompt_eval_count", b"eval_count"),
    ended_twice=_twice(ollama_stream(["Hello"]), b'"done": true'),
    unmarked=ollama_stream(["Hello"]),
    sse=False,
)
SPEECH = {speech.dialect: speech for speech in (_OPENAI, _RESPONSES, _ANTHROPIC, _GEMINI, _OLLAMA)}
