"""OpenAI Responses: named events, read by the name inside each object.

Source: OpenAI's API reference and its Python library (types of 3.54, November 2026).
"""

from __future__ import annotations

import re
from dataclasses import replace

from app.adapters.providers.decoder import DONE, Decoder, Json, count, section
from app.adapters.providers.dialect import (
    Amendments,
    Dialect,
    Refusable,
    WireRequest,
    messages_of,
)
from app.adapters.providers.problems import Problems
from app.adapters.providers.quirks import key_headers
from app.adapters.providers.sse import Frame
from app.adapters.providers.wire_error import WireError, error_in
from app.domain.conversation import clean
from app.domain.events import FinishReason, StreamEvent
from app.domain.model import ModelRef
from app.domain.money import Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest

_LIMIT = "max_output_tokens"
# Only models that reason can sum their reasoning up; the others refuse to be asked.
_REASONS = re.compile(r"(?:gpt-(?:[5-9]|\d\d)|o\d|codex)", re.IGNORECASE)
_NEVER_REASONS = re.compile(r"chat-latest|search", re.IGNORECASE)

_INCOMPLETE = {
    "max_output_tokens": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
}


class OpenAiResponses(Dialect):
    """The dialect: request bodies and decoders."""

    limits = ((_LIMIT,),)
    refusable = (
        Refusable(("reasoning",), also=("reasoning summaries",)),
        Refusable(("store",)),
    )

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message; nothing of it is to be stored."""
        body: dict[str, object] = {
            "model": model.model,
            "input": messages_of(asked),
            "stream": True,
            "store": False,
        }
        if model.system_prompt:
            body["instructions"] = clean(model.system_prompt)
        if model.max_output_tokens is not None:
            body[_LIMIT] = model.max_output_tokens
        if reasons(model.model):
            body["reasoning"] = {"summary": "auto"}
        sent = self.packed(body, amendments)
        return WireRequest(endpoint(model.base_url), key_headers(model, key), sent)

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        return OpenAiResponsesDecoder(Problems.about(model), secrets)


def endpoint(base_url: str) -> str:
    """Return the address of the responses of a server."""
    return f"{base_url.rstrip('/').removesuffix('/responses')}/responses"


def reasons(model: str) -> bool:
    """Return whether a model of that id is known to reason."""
    name = model.rpartition("/")[2]
    return _REASONS.match(name) is not None and _NEVER_REASONS.search(name) is None


class OpenAiResponsesDecoder(Decoder):
    """Frames of Responses events to events. Unknown kinds say nothing, as new ones appear."""

    def __init__(self, problems: Problems, secrets: tuple[str, ...] = ()) -> None:
        super().__init__(problems, secrets)
        self._refused = False
        self._spoke = False  # any text or refusal came piece by piece
        self._thought = False

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        if frame.data.strip() in (b"", DONE):
            return
        event = self._object(frame.data)
        match event.get("type"):
            case "response.output_text.delta":
                self._say(event.get("delta"), out)
            case "response.refusal.delta":
                self._refused = True
                self._say(event.get("delta"), out)
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                self._thought = True
                self._reasoning(event.get("delta"), out)
            case "response.reasoning_summary_part.added":
                self._reasoning("\n\n" if self._thought else "", out)
            case "response.created" | "response.in_progress" | "response.queued":
                self._serve(section(event.get("response")).get("model"))
            case "response.completed" | "response.incomplete" | "response.failed":
                self._end(section(event.get("response")), out)
            case "error":
                self._error(error_in(event) or WireError(), out)
            case _ if event.get("error") or frame.event == b"error":
                self._error(error_in(event) or error_in({"error": event}) or WireError(), out)
            case _:
                pass

    def _say(self, text: object, out: list[StreamEvent]) -> None:
        self._spoke = True
        self._text(text, out)

    def _end(self, response: Json, out: list[StreamEvent]) -> None:
        self._serve(response.get("model"))
        self.usage = usage_of(section(response.get("usage")))
        if not self._spoke:
            self._whole_output(response.get("output"), out)
        match response.get("status"):
            case "completed":
                self.reason = FinishReason.REFUSAL if self._refused else FinishReason.STOP
            case "incomplete":
                why = section(response.get("incomplete_details")).get("reason")
                self.reason = _INCOMPLETE.get(why) if isinstance(why, str) else None
            case "failed":
                self._error(error_in(response) or WireError(), out)
                return
            case _:
                pass
        if self.reason is None:
            out.append(self.fail(self._problems.unknown_end(), cut=True))
        else:
            self._finish(out)

    def _whole_output(self, output: object, out: list[StreamEvent]) -> None:
        """Read an answer that came in its last event only."""
        for item in output if isinstance(output, list) else ():
            content = section(item).get("content")
            for part in content if isinstance(content, list) else ():
                match section(part).get("type"):
                    case "output_text":
                        self._text(part.get("text"), out)
                    case "refusal":
                        self._refused = True
                        self._text(part.get("refusal"), out)
                    case _:
                        pass


def usage_of(usage: Json) -> Usage:
    """Return the counts of one usage object; reasoning lies inside the output."""
    given, written = section(usage.get("input_tokens_details")), usage.get("output_tokens_details")
    return replace(
        Usage(count(usage.get("input_tokens")), count(usage.get("output_tokens"))),
        cached_tokens=count(given.get("cached_tokens")),
        cache_write_tokens=count(given.get("cache_write_tokens")),
        reasoning_tokens=count(section(written).get("reasoning_tokens")),
    )
