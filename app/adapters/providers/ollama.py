"""Ollama's own interface, `/api/chat`: one JSON object a line.

Source: Ollama's API reference and server (routes and types of August 2026, read in November 2026).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from app.adapters.providers.decoder import Decoder, count, section
from app.adapters.providers.dialect import Amendments, Dialect, WireRequest, messages_of
from app.adapters.providers.ndjson import LineReader
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

# Changing the context loads the model anew, so it grows in few, large steps.
_CONTEXTS = tuple(8_192 << step for step in range(8))  # to 1,048,576
# Room for an answer, thinking included, where the user set no limit.
_ANSWER_TOKENS = 6_000
# Cautious for any script: English has about four bytes a token, Chinese about three.
_BYTES_PER_TOKEN = 3
_FRAME_TOKENS = 64  # what the model's own template adds

# Models whose name ends so run in Ollama's cloud; others say so in `remote_host`.
_CLOUD_HOST = "ollama.com"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,100}")

_REASONS = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH}


class Ollama(Dialect):
    """The dialect: request bodies and decoders."""

    streams = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})

    def request(
        self, model: ModelRef, asked: ChatRequest, key: ApiKey | None, amendments: Amendments
    ) -> WireRequest:
        """Return the POST for one user message.

        Left alone, Ollama cuts a prompt that is longer than its context, and forgets its beginning
        while it writes, without a word. Both are turned off: then it reports an error.
        """
        messages, system = messages_of(asked), clean(model.system_prompt)
        read = system + "".join(said["content"] for said in messages)
        if system:
            messages.insert(0, {"role": "system", "content": system})
        options: dict[str, object] = {
            "num_ctx": context_for(len(read.encode()), model.max_output_tokens)
        }
        if model.max_output_tokens is not None:
            options["num_predict"] = model.max_output_tokens
        body: dict[str, object] = {
            "model": model.model,
            "messages": messages,
            "stream": True,
            "truncate": False,
            "shift": False,
            "options": options,
        }
        url = f"{server_of(model.base_url)}/api/chat"
        return WireRequest(url, key_headers(model, key), self.packed(body, amendments))

    def decoder(self, model: ModelRef, secrets: tuple[str, ...]) -> Decoder:
        """Return a fresh decoder."""
        return OllamaDecoder(Problems.about(model), secrets, local=model.local)


def server_of(base_url: str) -> str:
    """Return the server's root, also where the address of one of its interfaces was typed."""
    base = base_url.rstrip("/").removesuffix("/chat")
    return base.removesuffix("/api").removesuffix("/v1").rstrip("/")


def host_of(address: object) -> str:
    """Return the host of the address that a cloud model gives, fit to be shown."""
    if not isinstance(address, str) or not address:
        return ""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    return host if _HOST.fullmatch(host) else _CLOUD_HOST


def context_for(prompt_bytes: int, max_output_tokens: int | None) -> int:
    """Return the context, in tokens, that takes this prompt and its answer."""
    needed = (
        prompt_bytes // _BYTES_PER_TOKEN + _FRAME_TOKENS + (max_output_tokens or _ANSWER_TOKENS)
    )
    return next((size for size in _CONTEXTS if size >= needed), _CONTEXTS[-1])


class OllamaDecoder(Decoder):
    """Lines of ChatResponse to events.

    `local`: the user was promised that the model runs here, so an answer from elsewhere is none.
    """

    def __init__(
        self, problems: Problems, secrets: tuple[str, ...] = (), *, local: bool = False
    ) -> None:
        super().__init__(problems, secrets)
        self._local = local

    def reader(self, max_line_bytes: int) -> LineReader:
        """Return a reader of lines."""
        return LineReader(max_line_bytes)

    def _read(self, frame: Frame, out: list[StreamEvent]) -> None:
        line = self._object(frame.data)
        if line.get("error"):
            self._error(error_in(line) or WireError(), out)
            return
        name, host = line.get("model"), host_of(line.get("remote_host"))
        if host and self._local:
            out.append(self.fail(self._problems.not_local(host)))
            return
        self._serve(f"{name} at {host}" if host else name)
        message = section(line.get("message"))
        self._reasoning(message.get("thinking"), out)
        self._answer(message.get("content"), out)
        if line.get("done") is True:
            self.usage = Usage(count(line.get("prompt_eval_count")), count(line.get("eval_count")))
            why = line.get("done_reason", "stop")  # older versions give no reason
            self.reason = _REASONS.get(why) if isinstance(why, str) else None
            if self.reason is None:
                out.append(self.fail(self._problems.unknown_end(), cut=True))
            else:
                self._finish(out)
