"""Gemini's own interface, `streamGenerateContent`.

Source: Google's API reference and its Python library google-genai (types of version 3.4), read in
November 2026.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from app.adapters.providers.decoder import DONE, Decoder, Json, count, section
from app.adapters.providers.dialect import (
    Amendments,
    Dialect,
    Refusable,
    WireRequest,
    messages_of,
)
from app.adapters.providers.json_text import loads
from app.adapters.providers.problems import Problems
from app.adapters.providers.sse import Frame
from app.adapters.providers.wire_error import WireError, error_in
from app.domain.conversation import clean
from app.domain.events import FinishReason, StreamEvent
from app.domain.model import ModelRef
from app.domain.money import Usage
from app.domain.secret import ApiKey
from app.services.ports.providers import ChatRequest

# Only models that think can show their thoughts; the others refuse to be asked.
_THINKS = re.compile(r"gemini-(?:2\.5|[3-9]|\d\d)", re.IGNORECASE)
_NEVER_THINKS = re.compile(r"image|tts|audio|live|embedding", re.IGNORECASE)
_VERSION = re.compile(r"/v\d[a-z0-9]*(?:/|$)")

_REASONS = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    "CONTINUATION": FinishReason.LENGTH,  # it could go on in a further request
    **dict.fromkeys(
        (
            "SAFETY",
            "RECITATION",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "MODEL_ARMOR",
            "ESCALATION",
            "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION",
        ),
        FinishReason.CONTENT_FILTER,
    ),
}


class Gemini(Dialect):
    """The dialect: request bodies and decoders."""

    limits = (("generationConfig", "maxOutputTokens"),)
    refusable = (
        Refusable(
            ("generationConfig", "thinkingConfig"),
            also=("thinking_config", "include_thoughts", "thinking", "thoughts"),
        ),
    )

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message. The key travels in a header, never in the URL."""
        contents = [
            {"role": said["role"], "parts": [{"text": said["content"]}]}
            for said in messages_of(asked, "model")
        ]
        body: dict[str, object] = {"contents": contents}
        if model.system_prompt:
            body["systemInstruction"] = {"parts": [{"text": clean(model.system_prompt)}]}
        settings: dict[str, object] = {}
        if model.max_output_tokens is not None:
            settings["maxOutputTokens"] = model.max_output_tokens
        if thinks(model.model):
            settings["thinkingConfig"] = {"includeThoughts": True}
        if settings:
            body["generationConfig"] = settings
        headers: dict[str, str] = {}
        if key is not None:
            headers["x-goog-api-key"] = key.reveal()
        sent = self.packed(body, amendments)
        return WireRequest(endpoint(model.base_url, model.model), headers, sent)

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        return GeminiDecoder(Problems.about(model), secrets)


def endpoint(base_url: str, model: str) -> str:
    """Return the address of a model's stream; the version part is added where it is missing."""
    base = base_url.rstrip("/").removesuffix("/models")
    if _VERSION.search(urlsplit(base).path) is None:
        base = f"{base}/v1beta"
    name = quote(model.removeprefix("models/"), safe="/-._~")
    folder = "" if name.startswith("tunedModels/") else "models/"
    return f"{base}/{folder}{name}:streamGenerateContent?alt=sse"


def thinks(model: str) -> bool:
    """Return whether a model of that id is known to think."""
    return _THINKS.search(model) is not None and _NEVER_THINKS.search(model) is None


class GeminiDecoder(Decoder):
    """Frames of GenerateContentResponse to events.

    There is no last event: a finish reason is the answer's own end, and the body's end ends it.
    """

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        if frame.data.strip() in (b"", DONE):
            return
        whole = loads(frame.data)
        if isinstance(whole, list):  # all chunks at once, from a server that does not stream
            for chunk in whole:
                self._chunk(section(chunk), out)
        else:
            self._chunk(self._object(frame.data), out)

    def _chunk(self, chunk: Json, out: list[StreamEvent]) -> None:
        if self.ended:
            return
        if isinstance(chunk.get("usageMetadata"), dict):
            self.usage = usage_of(section(chunk.get("usageMetadata")))
        if chunk.get("error"):
            self._error(error_in(chunk) or WireError(), out)
            return
        self._serve(chunk.get("modelVersion"))
        candidates = chunk.get("candidates")
        if isinstance(candidates, list) and candidates:
            self._candidate(section(candidates[0]), out)
        elif section(chunk.get("promptFeedback")).get("blockReason") and self.reason is None:
            self.reason = FinishReason.CONTENT_FILTER

    def _candidate(self, candidate: Json, out: list[StreamEvent]) -> None:
        parts = section(candidate.get("content")).get("parts")
        for part in parts if isinstance(parts, list) else ():
            piece = section(part)
            say = self._reasoning if piece.get("thought") is True else self._text
            say(piece.get("text"), out)
        finish = candidate.get("finishReason")
        if not isinstance(finish, str) or finish == "FINISH_REASON_UNSPECIFIED" or self.reason:
            return
        self.reason = _REASONS.get(finish)
        if self.reason is None:
            # Among them OTHER, LANGUAGE and calls of tools that were never offered.
            out.append(self.fail(self._problems.unknown_end(), cut=True))


def usage_of(usage: Json) -> Usage:
    """Return the counts of one usage object; a missing count beside the prompt's is zero.

    Thoughts are counted beside the candidates, results of tools beside the prompt: both are billed.
    """
    prompt, tools = (
        count(usage.get("promptTokenCount")),
        count(usage.get("toolUsePromptTokenCount")),
    )
    said, thought = count(usage.get("candidatesTokenCount")), count(usage.get("thoughtsTokenCount"))
    return Usage(
        input_tokens=None if prompt is None else prompt + (tools or 0),
        output_tokens=None if said is None and thought is None else (said or 0) + (thought or 0),
        cached_tokens=count(usage.get("cachedContentTokenCount")),
        reasoning_tokens=thought,
    )
