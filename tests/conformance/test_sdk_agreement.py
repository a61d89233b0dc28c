"""The vendors' own client libraries read the same bytes to the same text and usage as we do.

They are tools of the developers alone, and talk to a server on this computer only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.domain.events import Finished, TextArrived
from tests.conformance.rows import Provider, Stream, recorded
from tests.conformance.table import STREAMS, named
from tests.conformance.test_streams import decoded
from tests.fakes.fault_server import FaultServer, Reply

# Where ours knows more than OpenAI's library: thoughts inside the text, tokens and usage in fields
# that one vendor alone has, an answer that is no stream.
_CHAT = ("openai-chat", "fireworks", "deepseek", "glm", "openrouter", "azure", "llamacpp",
         "together")  # fmt: skip
_BEYOND = {"in_one_piece", "hit_and_miss_alone", "done_of_another_dialect"}


@dataclass
class Read:
    """What a library made of an answer; None where it counted nothing."""

    text: str = ""
    given: int | None = None
    written: int | None = None
    cached: int | None = None


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with FaultServer() as running:
        yield running


def rows(*names: str) -> pytest.MarkDecorator:
    """Return the rows of these providers whose answers reach their own end."""
    kept = [
        (provider, row)
        for provider, row in STREAMS
        if provider.name in names and not row.problem and row.name not in _BEYOND
    ]
    return pytest.mark.parametrize(("provider", "row"), kept, ids=named)


def serve(server: FaultServer, provider: Provider, row: Stream) -> None:
    body, kind = recorded(provider.name, row.name)
    # One library takes a line separator inside a text for the end of the line.
    body = body.replace("\u2028".encode(), b"\\u2028")
    server.default = Reply(200, {"Content-Type": kind}, (body,))


def compare(provider: Provider, row: Stream, read: Read) -> None:
    """Compare a library's reading with ours of the same bytes."""
    *arrived, end = decoded(provider, row, recorded(provider.name, row.name)[0])
    assert isinstance(end, Finished)
    assert read.text == "".join(event.text for event in arrived if isinstance(event, TextArrived))
    ours = (end.usage.input_tokens, end.usage.output_tokens, end.usage.cached_tokens)
    # A count that is missing is zero to some libraries.
    assert [known or 0 for known in (read.given, read.written, read.cached)] == [
        known or 0 for known in ours
    ]


@rows(*_CHAT)
def test_openais_library_reads_a_chat_as_we_do(
    server: FaultServer, provider: Provider, row: Stream
) -> None:
    from openai import OpenAI

    serve(server, provider, row)
    read = Read()
    with OpenAI(api_key="sk-x", base_url=server.openai_url, max_retries=0) as client:
        stream = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hi"}], stream=True
        )
        for chunk in stream:
            for choice in chunk.choices:
                read.text += choice.delta.content or choice.delta.refusal or ""
            if (usage := chunk.usage) is not None:
                details = usage.prompt_tokens_details
                read.given, read.written = usage.prompt_tokens, usage.completion_tokens
                read.cached = None if details is None else details.cached_tokens
    compare(provider, row, read)


@rows("openai-responses")
def test_openais_library_reads_a_response_as_we_do(
    server: FaultServer, provider: Provider, row: Stream
) -> None:
    from openai import OpenAI

    serve(server, provider, row)
    read = Read()
    with OpenAI(api_key="sk-x", base_url=server.openai_url, max_retries=0) as client:
        for event in client.responses.create(model="m", input="Hi", stream=True):
            if event.type in ("response.output_text.delta", "response.refusal.delta"):
                read.text += event.delta
            elif event.type in ("response.completed", "response.incomplete", "response.failed"):
                usage = event.response.usage
                assert usage is not None
                read.text = read.text or event.response.output_text
                read.given, read.written = usage.input_tokens, usage.output_tokens
                read.cached = usage.input_tokens_details.cached_tokens
    compare(provider, row, read)


@rows("anthropic")
def test_anthropics_library_reads_a_message_as_we_do(
    server: FaultServer, provider: Provider, row: Stream
) -> None:
    from anthropic import Anthropic

    serve(server, provider, row)
    read = Read()
    with (
        Anthropic(api_key="sk-x", base_url=server.anthropic_url, max_retries=0) as client,
        client.messages.stream(
            model="m", max_tokens=9, messages=[{"role": "user", "content": "Hi"}]
        ) as stream,
    ):
        read.text = "".join(stream.text_stream)
        usage = stream.get_final_message().usage
    read.cached = usage.cache_read_input_tokens
    read.given = usage.input_tokens + (usage.cache_creation_input_tokens or 0) + (read.cached or 0)
    read.written = usage.output_tokens
    compare(provider, row, read)


@rows("gemini")
def test_googles_library_reads_an_answer_as_we_do(
    server: FaultServer, provider: Provider, row: Stream
) -> None:
    from google import genai
    from google.genai import types

    serve(server, provider, row)
    read = Read()
    options = types.HttpOptions(base_url=server.url)
    client = genai.Client(api_key="sk-x", http_options=options)
    try:
        for chunk in client.models.generate_content_stream(model="m", contents="Hi"):
            for candidate in chunk.candidates or ():
                for part in (candidate.content.parts if candidate.content else None) or ():
                    read.text += "" if part.thought else part.text or ""
            if (usage := chunk.usage_metadata) is not None:
                tools = usage.tool_use_prompt_token_count or 0
                read.given = (usage.prompt_token_count or 0) + tools
                # Thoughts are counted beside the answer.
                thoughts = usage.thoughts_token_count or 0
                read.written = (usage.candidates_token_count or 0) + thoughts
                read.cached = usage.cached_content_token_count
    finally:
        client.close()
    compare(provider, row, read)


@rows("ollama")
def test_ollamas_library_reads_an_answer_as_we_do(
    server: FaultServer, provider: Provider, row: Stream
) -> None:
    from ollama import Client

    serve(server, provider, row)
    read = Read()
    with Client(host=server.url) as client:
        for part in client.chat(model="m", messages=[], stream=True):
            read.text += part.message.content or ""
            if part.done:
                read.given, read.written = part.prompt_eval_count, part.eval_count
    if row.name == "old_version_without_reason":  # whose thoughts the library leaves in the text
        read.text = read.text.rpartition("</think>")[2].strip()
    compare(provider, row, read)
